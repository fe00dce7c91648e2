// One academy with its own database and tenant, and a server process that can be killed and started again at any moment.
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { tmpdir } from 'node:os'
import pg from 'pg'
import { syncItems } from '#modules/trade/offers/actions.ts'
import { openApp } from '#server/app.ts'
import { readConfig } from '#server/config.ts'
import { freshDatabase, withDatabase } from '../database.ts'
import { bareEnvironment } from '../environment.ts'
import { askerAt, type Asker, type TestApp } from '../server.ts'
import { setUpShop, type Course, type Buyer } from '../shop.ts'
import type { Json, SandboxProcess, Tenant } from '../sandbox.ts'
import { openGate, type Gate } from './points.ts'
import { proxyDatabase, proxyHttp } from './wire.ts'
import { freePort } from '../../../scripts/start/ports.ts'

export type Lane = {
  gate: Gate
  tenant: Tenant
  sandbox: SandboxProcess
  course: Course
  owner: string
  buyers: Buyer[]
  databaseUrl: string
  /** Reads the database past the proxy, so that looking is no crossing. */
  rows(text: string, values?: unknown[]): Promise<Json[]>
  /** Asks through the proxy as a patient client: again and again while nobody is there. */
  ask(route: string, body: unknown, as: Asker, orCode?: string): Promise<Json>
  /** Waits until the server has no job to do now. */
  rest(): Promise<void>
  start(): Promise<void>
  stop(): Promise<void>
}

const root = join(import.meta.dirname, '..', '..', '..')

export async function openLane(sandbox: SandboxProcess, buyersWanted: number): Promise<Lane> {
  const database = await freshDatabase()
  const tenant = await sandbox.tenant({ publishSeconds: 0, refundSeconds: 0 })
  const port = await freePort()
  const fleet = openFleet()
  const gate = openGate(fleet.kill)
  const wires = [await proxyDatabase(database.url, gate), await proxyHttp(() => `http://127.0.0.1:${port}`, 'in', gate), await proxyHttp(() => sandbox.url, 'out', gate)] as const
  const [viaDatabase, viaWeb, viaVendors] = wires
  const url = `http://127.0.0.1:${viaWeb.port}`
  const environment = {
    ...tenant.env, DATABASE_POOL: '6', DATA_DIR: join(tmpdir(), `shuyuan-kill-${port}`), SECRET: 'a secret that only tests know, 32+ chars', PORT: String(port), PUBLIC_URL: url,
    SETUP_KEY: 'test-setup-key', SANDBOX_URL: sandbox.url, LOG_LEVEL: 'fatal', PARENT_PIPE: '1',
  }
  const made = await furnish({ ...environment, DATABASE_URL: database.url, PORT: '0' }, sandbox, tenant, buyersWanted)
  await sandbox.ask('PUT', `/__sim/tenants/${tenant.appid}/push-url`, { url: `${url}/api/callbacks/wechat` })
  const vendors = `http://127.0.0.1:${viaVendors.port}`
  fleet.launch({ ...environment, DATABASE_URL: throughProxy(database.url, viaDatabase.port), WECHATPAY_BASE_URL: vendors, WECHAT_BASE_URL: vendors })
  const pool = new pg.Pool({ connectionString: database.url, max: 6 })
  const busy = async () => (await pool.query("select 1 from pgboss.job where state in ('active', 'retry') or (state = 'created' and start_after <= now()) union all select 1 from notices where handled_at is null limit 1")).rows.length > 0
  return {
    ...made,
    gate,
    tenant,
    sandbox,
    databaseUrl: database.url,
    rows: async (text, values = []) => (await pool.query(text, values)).rows,
    ask: (route, body, as, orCode) => askPatiently(askerAt(url), route, body, as, orCode),
    async rest() {
      while (await busy()) await pause(50)
    },
    start: () => fleet.start(`http://127.0.0.1:${port}/api/health`),
    async stop() {
      await fleet.stop()
      await Promise.all(wires.map((wire) => wire.stop()))
      await pool.end()
      await database.drop()
    },
  }
}

/** The course, the item for virtual payment and the buyers, made by the product before the killing begins. */
async function furnish(environment: Record<string, string>, sandbox: SandboxProcess, tenant: Tenant, buyersWanted: number): Promise<Pick<Lane, 'course' | 'owner' | 'buyers'>> {
  const app = await openApp(readConfig(environment))
  try {
    const url = await app.http.listen({ host: '127.0.0.1', port: 0 })
    const shop = await setUpShop({ app, url, databaseUrl: environment['DATABASE_URL'] ?? '', sandbox, tenant, ask: askerAt(url) })
    for (let round = 0; round < 5; round += 1) {
      await syncItems(app.ctx)
      await sandbox.ask('POST', '/__sim/clock', { tenant: tenant.appid, advanceSeconds: 3 })
    }
    const buyers: Buyer[] = []
    while (buyers.length < buyersWanted) buyers.push(await shop.buyer())
    return { course: shop.course, owner: shop.owner, buyers }
  } finally {
    await app.close()
  }
}

/** One process at work and one that has read its code and waits for the word, so that a new start is a matter of half a second. */
function openFleet() {
  let environment: Record<string, string> = {}
  let working: ChildProcess | undefined
  let standby: ChildProcess | undefined
  let isOver = false
  const waitThenStart = `process.stdin.once('end', () => process.exit(0)).once('data', () => import('#server/main.ts')); await import('#server/app.ts'); (await import('node:module')).flushCompileCache()`
  const prepare = () => spawn(process.execPath, ['--input-type=module', '-e', waitThenStart], { cwd: root, stdio: ['pipe', 'ignore', 'inherit'], env: { ...bareEnvironment, ...environment } })
  const hasEnded = (child: ChildProcess | undefined) => child === undefined || child.exitCode !== null || child.signalCode !== null
  return {
    launch(given: Record<string, string>) {
      environment = given
      standby = prepare()
    },
    kill: () => void working?.kill('SIGKILL'),
    /** As a supervisor does: a process that ends while it starts is started again. */
    async start(health: string) {
      if (working && !hasEnded(working)) await once(working, 'exit')
      for (let tries = 0; tries < 20 && hasEnded(working) && !isOver; tries += 1) {
        working = standby && !hasEnded(standby) ? standby : prepare()
        working.stdin?.write('go\n')
        while (!hasEnded(working) && (await fetch(health).then((answer) => answer.status, () => 0)) !== 200) await pause(20)
      }
      if (!isOver) standby = prepare()
    },
    async stop() {
      isOver = true
      for (const child of [working, standby]) {
        if (!child || hasEnded(child)) continue
        child.kill('SIGKILL')
        await once(child, 'exit')
      }
    },
  }
}

async function askPatiently(ask: TestApp['ask'], route: string, body: unknown, as: Asker, orCode: string | undefined): Promise<Json> {
  for (let tries = 0; tries < 600; tries += 1) {
    const answer = await ask(route, body, as).then((got) => got, () => undefined)
    if (answer?.status === 200 || (answer?.body && answer.body.error?.code === orCode)) return answer.body
    if (answer && answer.status < 500) throw new Error(`${route} answered ${answer.text}`)
    await pause(100)
  }
  throw new Error(`${route} was never answered`)
}

function throughProxy(databaseUrl: string, port: number): string {
  const { user, password, database } = new pg.Client({ connectionString: databaseUrl })
  return withDatabase(`postgres://${encodeURIComponent(user ?? '')}:${encodeURIComponent(typeof password === 'string' ? password : '')}@127.0.0.1:${port}/x`, database ?? '')
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
