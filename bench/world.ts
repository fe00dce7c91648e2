// The seeded product in processes of its own, on a folder kept between runs, for benches to load.
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { startDatabase } from '../scripts/database.ts'
import { loadSecret, writePorts } from '../scripts/start/folder.ts'
import { freePort } from '../scripts/start/ports.ts'

export type Tenant = { appid: string; env: Record<string, string> }
export type World = {
  url: string
  sandboxUrl: string
  databaseUrl: string
  tenant: Tenant
  files: string
  /** One more server on the same data, with other knobs; replies its address. */
  another(env: Record<string, string>): Promise<string>
  /** A program of ours that prints one line when it is ready; ended with the world. */
  run(file: string, args: string[]): Promise<string>
  adopt(child: ChildProcess): void
}

const root = join(import.meta.dirname, '..')
const dir = join(root, '.cache', 'bench-data')

/** Brings everything up, works, and ends every process, also when the work throws. The first run seeds the demo academy, which takes a minute or two. */
export async function inWorld(env: Record<string, string>, work: (world: World) => Promise<void>): Promise<void> {
  const children: ChildProcess[] = []
  const adopt = (child: ChildProcess) => void children.push(child)
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  const database = await startDatabase({ dir: join(dir, 'database') })
  try {
    const run = (file: string, args: string[]) => startReady(file, args, adopt)
    const { url: sandboxUrl } = JSON.parse(await startReady('sandbox/main.ts', [], adopt, { SANDBOX_PORT: '0', SANDBOX_PARENT: '1' })) as { url: string }
    const tenant = (await (await fetch(`${sandboxUrl}/__sim/tenants/default`)).json()) as Tenant
    const secret = loadSecret(dir)
    writePorts(dir, {})
    const base = { ...tenant.env, DATABASE_URL: database.url, DATA_DIR: dir, SECRET: secret, SANDBOX_URL: sandboxUrl, LOG_LEVEL: 'error', TRUST_PROXY: '1', PARENT_PIPE: '1' }
    const serve = async (more: Record<string, string>) => {
      const port = await freePort()
      const url = `http://127.0.0.1:${port}`
      adopt(startPart('server/main.ts', [], { PUBLIC_URL: url, ...base, PORT: String(port), ...more }))
      await waitFor(() => fetch(`${url}/api/courses/night-sky`).then((answer) => answer.ok, () => false))
      return url
    }
    const url = await serve({ SEED: 'demo', ...env })
    if (!existsSync(join(dir, 'demo-seeded'))) await waitFor(async () => existsSync(join(dir, 'demo-seeded')))
    await work({ url, sandboxUrl, databaseUrl: database.url, tenant, files: join(dir, 'files'), another: (more) => serve({ ROLE: 'web', ...more }), run, adopt })
  } finally {
    for (const child of children.toReversed()) await endPart(child)
    await database.stop()
  }
}

/** Files of encrypted segments as players ask for them: `asset/rendition/number`. */
export function listSegments(files: string, rendition: string): string[] {
  const assets = join(files, 'assets')
  return readdirSync(assets).flatMap((asset) => {
    const folder = join(assets, asset, rendition)
    return existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.ts')).map((name) => `${asset}/${rendition}/${name}`) : []
  })
}

export function seededSecret(): string {
  return readFileSync(join(dir, 'secret'), 'utf8').trim()
}

async function startReady(file: string, args: string[], adopt: (child: ChildProcess) => void, env: Record<string, string> = {}): Promise<string> {
  const child = startPart(file, args, env)
  adopt(child)
  if (!child.stdout) throw new Error(`${file} has no output`)
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
  return line
}

function startPart(file: string, args: string[], env: Record<string, string>): ChildProcess {
  return spawn(process.execPath, [file, ...args], { cwd: root, stdio: ['pipe', 'pipe', 'inherit'], env: { PATH: process.env['PATH'], NODE_OPTIONS: process.env['BENCH_NODE_OPTIONS'], NODE_ENV: 'production', ...env } })
}

async function endPart(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGTERM')
  await once(child, 'exit')
}

async function waitFor(look: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 300_000; Date.now() < end; await sleep(100)) if (await look()) return
  throw new Error('the server did not become ready in five minutes')
}
