// The data folder of the embedded database: made whole or not at all, and never opened by another version.
import { randomBytes } from 'node:crypto'
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, readdirSync, renameSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { problem } from '../problem.ts'
import { own, runAs, type Binaries, type Runner } from './binaries.ts'

export const databaseUser = 'shuyuan'

const megabyte = 1024 * 1024
const firstStartBytes = 160 * megabyte
const nextStartBytes = 24 * megabyte

/** Makes the cluster unless it is there. A kill in the middle leaves only a folder `init-…`, which the next start removes. */
export function ensureCluster(folder: string, binaries: Binaries, runner: Runner) {
  const cluster = join(folder, 'cluster')
  const isNew = !existsSync(join(cluster, 'PG_VERSION'))
  checkSpace(folder, isNew ? firstStartBytes : nextStartBytes)
  if (isNew) createCluster(folder, cluster, binaries, runner)
  const version = readFileSync(join(cluster, 'PG_VERSION'), 'utf8').trim()
  if (version === binaries.major) return
  throw problem(`${cluster} was made by PostgreSQL ${version}, but this version of Shuyuan brings PostgreSQL ${binaries.major}. Start the Shuyuan that made it, export, and import here; or set DATA_DIR to another folder.`)
}

export function readPassword(folder: string): string {
  return readFileSync(join(folder, 'password'), 'utf8').trim()
}

function createCluster(folder: string, cluster: string, binaries: Binaries, runner: Runner) {
  for (const name of readdirSync(folder)) {
    if (name.startsWith('init-') || name === 'cluster') rmSync(join(folder, name), { recursive: true, force: true })
  }
  const password = join(folder, 'password')
  writeFileSync(password, `${randomBytes(24).toString('hex')}\n`, { mode: 0o600 })
  own(password, runner.account, 0o600)
  const draft = join(folder, `init-${process.pid}`)
  const ended = runAs(runner.prefix, [binaries.initdb, '-D', draft, '-U', databaseUser, `--pwfile=${password}`, ...recipe()], folder)
  if (ended.status !== 0) {
    rmSync(draft, { recursive: true, force: true })
    throw problem(explainLog(`${ended.error?.message ?? ''}${ended.stderr}`) ?? `The database could not be made: ${ended.stderr}`)
  }
  renameSync(draft, cluster)
  syncFolder(folder)
}

/** Code point order of the built-in provider is the same on every machine; LC_CTYPE must be UTF-8 or trigrams skip every Chinese character. */
function recipe(): string[] {
  const known = spawnSync('locale', ['-a'], { encoding: 'utf8' }).stdout?.split('\n') ?? []
  const ctype = ['C.UTF-8', 'C.utf8', 'en_US.UTF-8', 'en_US.utf8'].find((name) => known.includes(name)) ?? 'C.UTF-8'
  return ['--auth=scram-sha-256', '--encoding=UTF8', '--locale=C', `--lc-ctype=${ctype}`, '--lc-messages=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--data-checksums']
}

/** Makes the rename itself survive a power cut. */
function syncFolder(folder: string) {
  const handle = openSync(folder, 'r')
  fsyncSync(handle)
  closeSync(handle)
}

function checkSpace(folder: string, neededBytes: number) {
  const { bavail, bsize } = statfsSync(folder)
  const freeBytes = bavail * bsize
  if (freeBytes >= neededBytes) return
  throw problem(`The disk is full: ${folder} has ${Math.floor(freeBytes / megabyte)} MB left, the database needs ${neededBytes / megabyte} MB to start. Nothing was changed.`)
}

/** The sentence for the causes a reader can mend; undefined for the others. */
export function explainLog(text: string): string | undefined {
  if (/No space left on device|ENOSPC/.test(text)) return 'The disk is full: the database cannot write. Free some space and start again; nothing that was confirmed is lost.'
  if (/Permission denied|EACCES/.test(text)) return `The database may not use its folder:\n${text.trim()}`
  if (/incompatible with server/.test(text)) return `The data folder belongs to another version of PostgreSQL:\n${text.trim()}`
  return undefined
}
