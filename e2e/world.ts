// The product as a stranger meets it: its own processes on a fresh database, seeded, with the sandbox beside it.
import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { cp, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import pg from 'pg'
import { chromium, type Browser } from 'playwright-core'
import { withLock } from '../scripts/database/lock.ts'
import { bareEnvironment } from '../server/test/environment.ts'
import { freePort } from '../scripts/start/ports.ts'

export type World = { url: string; sandboxUrl: string; appid: string; operator: { email: string; password: string }; databaseUrl: string; open(): Promise<Browser>; stop(): Promise<void> }

const root = join(import.meta.dirname, '..')
const academy = 'e2e_academy'
const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync']

/** Needs TEST_DATABASE_URL, an administrator's address of a PostgreSQL server; `npm test` gives it, and a folder in which the stories of one run share the making of the demo academy. */
export async function openWorld(): Promise<World> {
  const admin = process.env['TEST_DATABASE_URL']
  if (!admin) throw new Error('TEST_DATABASE_URL is missing: run npm test -- e2e')
  const shared = process.env['E2E_ACADEMY']
  const dataDir = await mkdtemp(join(tmpdir(), 'shuyuan-e2e-'))
  const database = `e2e_${process.pid}_${Date.now().toString(36)}`
  if (shared) {
    await withLock({ file: join(shared, 'lock'), seconds: 300, busy: 'the demo academy was not made in five minutes' }, () => makeAcademy(admin, shared))
    await cp(join(shared, 'data'), dataDir, { recursive: true })
  }
  await runSql(admin, `create database ${database}${shared ? ` template ${academy} strategy file_copy` : ''}`)
  const running = await startProduct(admin, database, dataDir)
  const operator = JSON.parse(await readFile(join(dataDir, 'demo-operator.json'), 'utf8')) as World['operator']
  return {
    ...running,
    operator,
    open: () => chromium.launch({ executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium', args: flags }),
    async stop() {
      await running.stop()
      await runSql(admin, `drop database if exists ${database} with (force)`)
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

/** The first story of a run makes it and the others copy it, for its films take a minute. */
async function makeAcademy(admin: string, shared: string): Promise<void> {
  if (existsSync(join(shared, 'data'))) return
  const making = join(shared, 'making')
  await rm(making, { recursive: true, force: true })
  await mkdir(making)
  await runSql(admin, `drop database if exists ${academy} with (force)`)
  await runSql(admin, `create database ${academy}`)
  const running = await startProduct(admin, academy, making)
  await running.stop()
  await rename(making, join(shared, 'data'))
}

type Running = Pick<World, 'url' | 'sandboxUrl' | 'appid' | 'databaseUrl' | 'stop'>

async function startProduct(admin: string, database: string, dataDir: string): Promise<Running> {
  const parts: ChildProcess[] = []
  const stop = async () => {
    for (const part of parts.toReversed()) await endPart(part)
  }
  try {
    return { ...(await bringUp(admin, database, dataDir, parts)), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function bringUp(admin: string, database: string, dataDir: string, parts: ChildProcess[]): Promise<Omit<Running, 'stop'>> {
  const sandbox = startPart('sandbox/main.ts', { SANDBOX_PORT: '0', SANDBOX_PARENT: '1', SANDBOX_STATE: join(dataDir, 'sandbox') })
  parts.push(sandbox)
  const [line] = (await once(createInterface({ input: sandbox.stdout ?? process.stdin }), 'line')) as [string]
  const { url: sandboxUrl } = JSON.parse(line) as { url: string }
  const tenant = (await (await fetch(`${sandboxUrl}/__sim/tenants/default`)).json()) as { appid: string; env: Record<string, string> }
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const databaseUrl = new URL(admin)
  databaseUrl.pathname = `/${database}`
  parts.push(startPart('server/main.ts', { ...tenant.env, DATABASE_URL: databaseUrl.href, DATA_DIR: dataDir, SECRET: 'a secret that only this story knows, 32+', PORT: String(port), PUBLIC_URL: url, SANDBOX_URL: sandboxUrl, SEED: 'demo', LOG_LEVEL: 'error', PARENT_PIPE: '1' }))
  await waitFor(async () => existsSync(join(dataDir, 'demo-seeded')) && (await fetch(`${url}/api/courses/night-sky`).then((answer) => answer.ok, () => false)))
  await fetch(`${sandboxUrl}/__sim/tenants/${tenant.appid}/push-url`, { method: 'PUT', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ url: `${url}/api/callbacks/wechat` }) })
  return { url, sandboxUrl, appid: tenant.appid, databaseUrl: databaseUrl.href }
}

/** What `npm run ledger:check` says last. */
export async function checkLedger({ databaseUrl }: World): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, ['scripts/ledger-check.ts'], { cwd: root, env: { ...bareEnvironment, DATABASE_URL: databaseUrl } })
  return stdout.trim().split('\n').at(-1) ?? ''
}

/** So many days go by for an order, as if it had been placed and paid then. */
export async function passDays({ databaseUrl }: World, order: string, days: number): Promise<void> {
  await runSql(databaseUrl, `update orders set placed_at = placed_at - interval '${days} days', paid_at = paid_at - interval '${days} days' where id = '${order}'`)
}

function startPart(file: string, env: Record<string, string>): ChildProcess {
  return spawn(process.execPath, [file], { cwd: root, stdio: ['pipe', 'pipe', 'inherit'], env: { ...bareEnvironment, ...env } })
}

async function endPart(part: ChildProcess): Promise<void> {
  if (part.exitCode !== null || part.signalCode !== null) return
  part.kill('SIGTERM')
  await once(part, 'exit')
}

/** Waits up to four minutes: the seed cuts every clip into segments first. */
async function waitFor(look: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 240_000; Date.now() < end; await sleep(200)) if (await look()) return
  throw new Error('the server did not become ready in four minutes')
}

async function runSql(url: string, text: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(text)
  await client.end()
}
