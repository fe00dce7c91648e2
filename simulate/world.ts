// One simulated world: an academy's server, the platforms and the hour, each a process or a file of its own, all driven from here.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { freshDatabase } from '../server/test/database.ts'
import { openFleet, pause } from '../server/test/kill/fleet.ts'
import { furnish } from '../server/test/kill/furnish.ts'
import { startSandboxProcess, type Json, type SandboxProcess, type Tenant } from '../server/test/sandbox.ts'
import { askerAt, type Answer, type Asker } from '../server/test/server.ts'
import { freePort } from '../scripts/start/ports.ts'
import { setAhead } from './clock.ts'
import { fillAcademy, type Academy } from './academy.ts'

export type World = {
  academy: Academy
  tenant: Tenant
  /** Where the server listens. */
  url: string
  sandbox: SandboxProcess
  databaseUrl: string
  rows(text: string, values?: unknown[]): Promise<Json[]>
  /** Asks as a patient client: again while nobody is there. A 500 is a finding, and thrown. */
  ask(route: string, body?: unknown, as?: Asker): Promise<Answer>
  sim(method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<Json>
  /** Waits until neither the platforms nor the server have anything to do at this hour. */
  rest(): Promise<void>
  /** The hour, for everybody, in milliseconds. */
  now(): number
  leap(seconds: number): Promise<void>
  /** The server's own clock is wrong by so much. */
  lag(seconds: number): void
  /** What the timetable would begin in this minute. */
  tick(jobs?: string[]): Promise<void>
  kill(afterMs: number): Promise<void>
  stop(): Promise<void>
}

const clock = ['--import', join(import.meta.dirname, 'clock.ts')]

export async function openWorld(): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'shuyuan-world-'))
  const hours = openHours(folder)
  const [database, sandbox, port] = await Promise.all([freshDatabase(), startSandboxProcess(clock, { SIMULATED_HOUR: hours.everybody }), freePort()])
  const tenant = await sandbox.tenant({ publishSeconds: 0, refundSeconds: 1, mode: 'gray', keyRotated: true, also: ['alipay', 'douyin'] })
  const url = `http://127.0.0.1:${port}`
  const environment = {
    ...tenant.env, DATABASE_URL: database.url, DATABASE_POOL: '6', DATA_DIR: folder, SECRET: 'a secret that only tests know, 32+ chars', PORT: String(port), PUBLIC_URL: url,
    SETUP_KEY: 'test-setup-key', SANDBOX_URL: sandbox.url, LOG_LEVEL: 'silent', PARENT_PIPE: '1',
  }
  const fleet = prepareServer({ ...environment, SIMULATED_HOUR: hours.servers })
  const academy = await furnish({ ...environment, PORT: '0' }, sandbox, tenant, fillAcademy)
  await sandbox.ask('PUT', `/__sim/tenants/${tenant.appid}/push-url`, { url: `${url}/api/callbacks/wechat` })
  const pool = new pg.Pool({ connectionString: database.url, max: 4 })
  const rows: World['rows'] = async (text, values = []) => (await pool.query(text, values)).rows
  const server = await startServer(fleet, url, rows)
  const sim: World['sim'] = (method, path, body) => sandbox.ask(method, path, body)
  const ring = () => sim('POST', '/__sim/clock', { tenant: tenant.appid, advanceSeconds: 0 })
  return {
    academy, tenant, url, sandbox, databaseUrl: database.url, rows, sim,
    ask: (route, body, as) => askPatiently(askerAt(url), route, body, as),
    rest: () => rest(rows, ring),
    now: hours.now,
    async leap(seconds) {
      hours.leap(seconds)
      await rows("update pgboss.job set start_after = start_after - $1 * interval '1 second' where state in ('created', 'retry') and start_after > now()", [seconds])
      // Operators stay at their desks: what a password costs to check would be a tenth of a run.
      await rows("update staff_sessions set expires_at = expires_at + $1 * interval '1 second'", [seconds])
      await ring()
    },
    lag: hours.lag,
    tick: server.tick,
    kill: server.kill,
    async stop() {
      await Promise.all([server.stop(), sandbox.stop(), pool.end()])
      await database.drop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Comes when the seed's story is over. */
export const billJob = 'reconciliation.reconcile_due'

/** A process that reads the server's code while the academy is furnished. */
function prepareServer(environment: Record<string, string>): ReturnType<typeof openFleet> {
  const fleet = openFleet(clock)
  fleet.launch(environment)
  return fleet
}

/** The product's own process. Its queue's cron is silenced, so that a round of the timetable comes when the seed says so. */
async function startServer(fleet: ReturnType<typeof openFleet>, url: string, rows: World['rows']) {
  const start = async () => {
    await fleet.start(`${url}/api/health`)
    return rows('delete from pgboss.schedule returning name')
  }
  const jobs = (await start()).map((row) => String(row.name)).filter((name) => name !== billJob).toSorted()
  return {
    async tick(which = jobs) {
      await rows(begin, [which])
    },
    async kill(afterMs: number) {
      await pause(afterMs)
      fleet.kill()
      await start()
    },
    stop: fleet.stop,
  }
}

/** As the queue itself writes a job, for all in one go. */
const begin = `
  insert into pgboss.job (name, data, policy, expire_seconds, deletion_seconds, keep_until, retry_limit, retry_delay, retry_backoff, retry_delay_max, heartbeat_seconds)
  select name, '{}', policy, expire_seconds, deletion_seconds, now() + retention_seconds * interval '1s', retry_limit, retry_delay, retry_backoff, retry_delay_max, heartbeat_seconds
  from pgboss.queue where name = any($1)`

/** The files from which the processes read the hour: the platforms' and, which may go wrong, the servers'. */
function openHours(folder: string) {
  const [everybody, servers] = [join(folder, 'hour'), join(folder, 'hour-of-servers')]
  let [aheadMs, lagMs] = [0, 0]
  const write = () => {
    setAhead(everybody, aheadMs)
    setAhead(servers, aheadMs - lagMs)
  }
  write()
  return {
    everybody, servers,
    now: () => Date.now() + aheadMs,
    leap(seconds: number) {
      aheadMs += seconds * 1000
      write()
    },
    lag(seconds: number) {
      lagMs = seconds * 1000
      write()
    },
  }
}

const busy = `select 1 from pgboss.job where name not like '\\_\\_pgboss%' and (state = 'active' or (state in ('created', 'retry') and start_after <= now())) union all select 1 from notices where handled_at is null limit 1`
const PATIENCE_MS = 90_000

async function rest(rows: World['rows'], ring: () => Promise<unknown>): Promise<void> {
  const end = Date.now() + PATIENCE_MS
  for (let wasBusy = true; wasBusy; ) {
    await ring()
    wasBusy = false
    while ((await rows(busy)).length > 0) {
      wasBusy = true
      if (Date.now() > end) throw new Error(`the server has been busy for ${PATIENCE_MS / 1000} s: ${JSON.stringify(await rows("select name, state, output from pgboss.job where state in ('active', 'retry', 'created') limit 5"))}`)
      await pause(15)
    }
  }
}

async function askPatiently(ask: ReturnType<typeof askerAt>, route: string, body: unknown, as: Asker = {}): Promise<Answer> {
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await pause(50)) {
    const answer = await ask(route, body, as).then((got) => got, () => undefined)
    if (answer?.status === 500) throw new Error(`${route} answered 500: ${answer.text}`)
    if (answer && answer.status !== 503) return answer
  }
  throw new Error(`${route} was never answered`)
}
