// The product as a stranger meets it: its own processes on a fresh database, seeded, with the sandbox beside it.
import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import pg from 'pg'
import { chromium, type Browser } from 'playwright-core'
import { freePort } from '../scripts/start/ports.ts'

export type World = { url: string; sandboxUrl: string; appid: string; operator: { email: string; password: string }; databaseUrl: string; open(): Promise<Browser>; stop(): Promise<void> }

const root = join(import.meta.dirname, '..')
const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync']

/** Needs TEST_DATABASE_URL, an administrator's address of a PostgreSQL server; `npm test` gives it. */
export async function openWorld(): Promise<World> {
  const admin = process.env['TEST_DATABASE_URL']
  if (!admin) throw new Error('TEST_DATABASE_URL is missing: run npm test -- e2e')
  const name = `e2e_${Date.now().toString(36)}`
  await runSql(admin, `create database ${name}`)
  const dataDir = await mkdtemp(join(tmpdir(), 'shuyuan-e2e-'))
  const sandbox = startPart('sandbox/main.ts', { SANDBOX_PORT: '0', SANDBOX_PARENT: '1' })
  const [line] = (await once(createInterface({ input: sandbox.stdout ?? process.stdin }), 'line')) as [string]
  const { url: sandboxUrl } = JSON.parse(line) as { url: string }
  const tenant = (await (await fetch(`${sandboxUrl}/__sim/tenants/default`)).json()) as { appid: string; env: Record<string, string> }
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const database = new URL(admin)
  database.pathname = `/${name}`
  const server = startPart('server/main.ts', { ...tenant.env, DATABASE_URL: database.href, DATA_DIR: dataDir, SECRET: 'a secret that only this story knows, 32+', PORT: String(port), PUBLIC_URL: url, SANDBOX_URL: sandboxUrl, SEED: 'demo', LOG_LEVEL: 'error', PARENT_PIPE: '1' })
  await waitFor(() => fetch(`${url}/api/courses/night-sky`).then((answer) => answer.ok, () => false))
  await fetch(`${sandboxUrl}/__sim/tenants/${tenant.appid}/push-url`, { method: 'PUT', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ url: `${url}/api/callbacks/wechat` }) })
  const operator = JSON.parse(await readFile(join(dataDir, 'demo-operator.json'), 'utf8')) as World['operator']
  return {
    url,
    sandboxUrl,
    appid: tenant.appid,
    operator,
    databaseUrl: database.href,
    open: () => chromium.launch({ executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium', args: flags }),
    async stop() {
      for (const part of [server, sandbox]) await endPart(part)
      await runSql(admin, `drop database if exists ${name} with (force)`)
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

/** What `npm run ledger:check` says last. */
export async function checkLedger({ databaseUrl }: World): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, ['scripts/ledger-check.ts'], { cwd: root, env: { DATABASE_URL: databaseUrl } })
  return stdout.trim().split('\n').at(-1) ?? ''
}

function startPart(file: string, env: Record<string, string>): ChildProcess {
  return spawn(process.execPath, [file], { cwd: root, stdio: ['pipe', 'pipe', 'inherit'], env: { PATH: process.env['PATH'], ...env } })
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
