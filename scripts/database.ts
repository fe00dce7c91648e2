// Starts the embedded PostgreSQL: the same engine as in a cluster, a unix socket only, nothing to install.
import { createHash } from 'node:crypto'
import { lstatSync, mkdirSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { chooseRunner, findBinaries, own, type Binaries, type Runner } from './database/binaries.ts'
import { databaseUser, ensureCluster, readPassword } from './database/cluster.ts'
import { withLock } from './database/lock.ts'
import { adoptPostmaster, findPostmaster, launchPostmaster, stopPostmaster, type Postmaster } from './database/postmaster.ts'
import { hasCode, problem } from './problem.ts'

type Wanted = { dir: string; log?: (sentence: string) => void; settings?: Record<string, string>; timeoutMs?: number }

/** `adopted`: another process started it and will end it; then `stop` leaves it alone. */
export type Database = { url: string; adopted: boolean; isRunning: () => boolean; stop: () => Promise<void> }

/** Linux gives a socket path 108 bytes; the longest name in the folder is `.s.PGSQL.5432.lock`. */
const socketPathBytes = 103

export async function startDatabase({ dir, log = () => undefined, settings = {}, timeoutMs = 60_000 }: Wanted): Promise<Database> {
  const binaries = findBinaries()
  const { folder, runner } = prepareFolder(resolve(dir), binaries, log)
  const socketFolder = prepareSocketFolder(folder, runner)
  const cluster = join(folder, 'cluster')
  const deadline = Date.now() + timeoutMs
  const lock = { file: join(folder, 'start.lock'), seconds: timeoutMs / 1000, busy: `Another process has been starting the database for ${timeoutMs / 1000} s: ${folder}` }
  const { server, adopted } = await withLock(lock, async () => {
    ensureCluster(folder, binaries, runner)
    const running = await adoptPostmaster(cluster, socketFolder, deadline)
    if (running) return { server: running, adopted: true }
    return { server: await launchPostmaster({ folder, socketFolder, postgres: binaries.postgres, runner, settings, deadline }), adopted: false }
  })
  return {
    url: urlOf(server, readPassword(folder)),
    adopted,
    isRunning: () => findPostmaster(cluster)?.pid === server.pid,
    stop: async () => { if (!adopted) await stopPostmaster(server.pid, cluster) },
  }
}

function prepareFolder(wanted: string, binaries: Binaries, log: (sentence: string) => void): { folder: string; runner: Runner } {
  makeOwnFolder(wanted)
  const runner = chooseRunner(binaries, wanted)
  if (runner) return { folder: wanted, runner }
  const folder = join('/var/lib/shuyuan', shortHash(wanted))
  mkdirSync(folder, { recursive: true, mode: 0o711 })
  const second = chooseRunner(binaries, folder)
  if (!second) throw problem(`PostgreSQL may not run as root, and no other user can reach ${wanted}. Start as a normal user, move the project (for example to /srv), or set DATABASE_URL.`)
  log(`${wanted} cannot be reached by the user of the database; its data lives in ${folder}`)
  return { folder, runner: second }
}

/** Root may open anybody's folder; a normal user only his own. */
function makeOwnFolder(folder: string) {
  const foreign = () => problem(`${folder} belongs to another user. Start as that user, or set DATA_DIR to a folder of your own.`)
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
  } catch (thrown) {
    throw hasCode(thrown, 'EACCES') ? foreign() : thrown
  }
  const uid = process.getuid?.()
  if (uid !== 0 && statSync(folder).uid !== uid) throw foreign()
}

function prepareSocketFolder(folder: string, runner: Runner): string {
  const near = join(folder, 'run')
  const isShort = Buffer.byteLength(join(near, '.s.PGSQL.5432.lock')) <= socketPathBytes
  const chosen = isShort ? near : join(tmpdir(), `shuyuan-${shortHash(folder)}`)
  mkdirSync(chosen, { recursive: true, mode: 0o700 })
  const found = lstatSync(chosen)
  const friends = [0, process.getuid?.(), runner.account?.uid]
  if (!found.isDirectory() || !friends.includes(found.uid)) throw problem(`${chosen} belongs to somebody else; remove it.`)
  own(chosen, runner.account)
  return chosen
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12)
}

/** The socket folder stands, percent-encoded, where a host would: `pg`, libpq and `new URL` all understand it. */
function urlOf(server: Postmaster, password: string): string {
  return `postgresql://${databaseUser}:${password}@${encodeURIComponent(server.socketFolder)}:${server.port}/postgres`
}
