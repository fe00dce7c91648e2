// Starts database, sandbox, clients and server in order, keeps them alive, and stops them in the opposite order.
import { randomBytes } from 'node:crypto'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { startDatabase } from '../database.ts'
import { withLock } from '../database/lock.ts'
import { explain, problem } from '../problem.ts'
import { banner } from './banner.ts'
import { buildClients } from './builds.ts'
import { isSeeded, loadSecret, openFolder, readDemoOperator, readPorts, writePorts } from './folder.ts'
import { startPart, type Running } from './part.ts'
import { choosePort } from './ports.ts'
import { say, step } from './steps.ts'
import { registerPush, startSandbox, type Vendors } from './vendors.ts'

const env = process.env
const root = join(import.meta.dirname, '..', '..')
const dir = resolve(root, env['DATA_DIR'] ?? 'data')
const host = env['HOST'] ?? '127.0.0.1'
/** Whoever has seen this terminal may set up the first operator of an empty academy. */
const setupKey = env['SETUP_KEY'] ?? randomBytes(9).toString('base64url')
const isEmpty = process.argv.includes('--empty')

/** Undone in the opposite order when the product ends, for whatever reason. */
const undo: (() => Promise<void>)[] = []
const ending = Promise.withResolvers<Error | undefined>()

async function run() {
  const unknown = process.argv.slice(2).filter((word) => word !== '--empty')
  if (unknown.length > 0) throw problem(`npm start knows --empty only; not ${unknown.join(' ')}.`)
  openFolder(dir)
  const busy = `Shuyuan already runs on ${dir} (http://127.0.0.1:${readPorts(dir).server ?? '?'}/). Stop it first, or set DATA_DIR to another folder.`
  await withLock({ file: join(dir, 'running.lock'), seconds: 2, busy }, bringUpAndWait)
}

async function bringUpAndWait() {
  try {
    await bringUp()
    const cause = await ending.promise
    if (cause) throw cause
  } finally {
    await takeDown()
  }
}

async function bringUp() {
  const secret = env['SECRET'] ?? loadSecret(dir)
  const ports = readPorts(dir)
  const port = await choosePort(host, env['PORT'], [ports.server ?? 3000, 3000, 8080])
  const localUrl = `http://${host === '0.0.0.0' ? '127.0.0.1' : host}:${port}`
  const publicUrl = env['PUBLIC_URL'] ?? localUrl
  const databaseUrl = env['DATABASE_URL'] ?? (await step('starting the database', () => keepDatabase()))
  const vendors = env['SANDBOX'] === 'off' ? undefined : await step('starting the sandbox', () => startSandbox({ dir, likedPort: ports.sandbox, say, giveUp: ending.resolve }))
  if (vendors) undo.push(vendors.running.stop)
  await buildClients()
  const server = await step('starting the server', () => startServer({ secret, port, localUrl, publicUrl, databaseUrl, vendors }))
  undo.push(server.stop)
  writePorts(dir, { server: port, ...(vendors ? { sandbox: vendors.port } : {}) })
  if (vendors) await registerPush(vendors, publicUrl)
  if (!isEmpty && env['ROLE'] !== 'web') await Promise.race([ending.promise, step('making the demo academy, once', untilSeeded)])
  const operator = readDemoOperator(dir)
  if (isEmpty && operator) say(`${dir} already holds the demo academy; for an empty one: DATA_DIR=./academy npm start -- --empty`)
  console.log(banner({ publicUrl, sandboxUrl: vendors?.url, operator, setupKey: (await needsSetup(localUrl)) ? setupKey : undefined, dir }))
}

/** The embedded database, looked at every second and started again when something killed it. Its address stays the same. */
async function keepDatabase(): Promise<string> {
  const start = () => startDatabase({ dir: join(dir, 'database'), log: say })
  let database = await start()
  let isWatching = true
  undo.push(async () => {
    isWatching = false
    await database.stop()
  })
  const watch = async () => {
    while (isWatching) {
      await sleep(1000, undefined, { ref: false })
      if (!isWatching || database.isRunning()) continue
      say('The database ended; starting it again')
      database = await start()
    }
  }
  watch().catch(ending.resolve)
  return database.url
}

type ServerNeeds = { secret: string; port: number; localUrl: string; publicUrl: string; databaseUrl: string; vendors: Vendors | undefined }

function startServer({ secret, port, localUrl, publicUrl, databaseUrl, vendors }: ServerNeeds): Promise<Running> {
  return startPart({
    name: 'The server',
    script: 'server/main.ts',
    logFile: join(dir, 'log', 'server.log'),
    env: {
      ...vendors?.env,
      ROLE: env['ROLE'] ?? 'all', HOST: host, PORT: String(port), PUBLIC_URL: publicUrl, DATABASE_URL: databaseUrl, DATA_DIR: dir, SECRET: secret,
      SEED: isEmpty ? undefined : 'demo', SETUP_KEY: setupKey, SANDBOX_URL: vendors?.url, PARENT_PIPE: '1',
    },
    isReady: () => isHealthy(`${localUrl}/api/health`),
  }, say, ending.resolve)
}

/** The seed ends with this mark; films take it most of its time. */
async function untilSeeded() {
  while (!isSeeded(dir)) await sleep(200, undefined, { ref: false })
}

/** An academy without an operator waits for its first one. */
async function needsSetup(localUrl: string): Promise<boolean> {
  const reply = await fetch(`${localUrl}/api/console/setup`)
  return reply.ok && ((await reply.json()) as { needed: boolean }).needed
}

async function isHealthy(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(2000) })).ok
  } catch {
    return false
  }
}

async function takeDown() {
  for (const stop of undo.splice(0).reverse()) await stop()
}

let signals = 0
function onSignal() {
  signals += 1
  if (signals === 1) console.log('\n  stopping …')
  // Ctrl-C reaches this process and the one that installed, which passes it on: two signals each time.
  if (signals > 4) process.exit(1)
  ending.resolve(undefined)
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal)
// The process that installed and started us is gone: so are we.
if (process.channel) process.on('disconnect', onSignal)

run().then(
  () => process.exit(0),
  (thrown: unknown) => {
    console.error(`\n  ${explain(thrown).replaceAll('\n', '\n  ')}\n`)
    process.exit(1)
  },
)
