// The running PostgreSQL process: found, adopted, started, stopped.
import { spawn } from 'node:child_process'
import { closeSync, fchownSync, openSync, readFileSync, readdirSync, rmSync, statSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { hasCode, problem } from '../problem.ts'
import { cleanEnvironment, type Runner } from './binaries.ts'
import { explainLog } from './cluster.ts'

export type Postmaster = { pid: number; port: number; socketFolder: string; isReady: boolean }

type Launch = { folder: string; socketFolder: string; postgres: string; runner: Runner; settings: Record<string, string>; deadline: number }

const defaults = {
  listen_addresses: '',
  unix_socket_permissions: '0700',
  timezone: 'UTC',
  log_timezone: 'UTC',
  max_connections: '120',
  shared_buffers: '256MB',
  wal_compression: 'on',
  shared_preload_libraries: '',
}

const logLimitBytes = 20 * 1024 * 1024

/** The live server of this cluster, if there is one. A dead, zombie or recycled process id is none. */
export function findPostmaster(cluster: string): Postmaster | undefined {
  let lines
  try {
    lines = readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n')
  } catch (thrown) {
    if (hasCode(thrown, 'ENOENT')) return undefined
    throw thrown
  }
  const [pid, , , port, socketFolder = '', , , state = ''] = lines
  const found = { pid: Number(pid), port: Number(port), socketFolder, isReady: state.trim() === 'ready' }
  return isPostgresOf(found.pid, cluster) ? found : undefined
}

function isPostgresOf(pid: number, cluster: string): boolean {
  try {
    const state = readFileSync(`/proc/${pid}/stat`, 'utf8')
    if (state.slice(state.lastIndexOf(')') + 2).startsWith('Z')) return false
    const [program = '', ...rest] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
    return program.endsWith('postgres') && rest.includes(cluster)
  } catch {
    return false
  }
}

/** A server that is starting or stopping is waited for; what a dead one left behind is removed. */
export async function adoptPostmaster(cluster: string, socketFolder: string, deadline: number): Promise<Postmaster | undefined> {
  for (;;) {
    const found = findPostmaster(cluster)
    if (!found) break
    if (found.isReady) return found
    if (Date.now() > deadline) throw problem(`An earlier database (process ${found.pid}) neither starts nor ends.`)
    await sleep(25)
  }
  rmSync(join(cluster, 'postmaster.pid'), { force: true })
  for (const name of readdirSync(socketFolder)) rmSync(join(socketFolder, name), { force: true })
  return undefined
}

/** Starts the server; it ends by itself, cleanly, when the process that called this dies, even by kill -9. */
export async function launchPostmaster(launch: Launch): Promise<Postmaster> {
  for (;;) {
    const result = await tryLaunch(launch)
    if (typeof result !== 'string') return result
    const isOldOneDying = /pre-existing shared memory block|lock file .* already exists/.test(result)
    if (!isOldOneDying || Date.now() > launch.deadline) throw problem(explainLog(result) ?? `The database did not start:\n${result}`)
    await sleep(250)
  }
}

async function tryLaunch({ folder, socketFolder, postgres, runner, settings, deadline }: Launch): Promise<Postmaster | string> {
  const cluster = join(folder, 'cluster')
  const log = openLog(folder, runner)
  const options = Object.entries({ ...defaults, unix_socket_directories: socketFolder, ...settings }).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const [program = '', ...rest] = [...runner.prefix, postgres, '-D', cluster, ...options]
  // Detached: a Ctrl-C in the terminal must reach the product first and the database last. A file, for a full pipe would block PostgreSQL.
  const child = spawn(program, rest, { cwd: folder, detached: true, stdio: ['ignore', log.handle, log.handle], env: { ...cleanEnvironment, LC_ALL: 'C' } })
  closeSync(log.handle)
  let failure: string | undefined
  child.on('error', (thrown) => { failure = thrown.message })
  child.on('exit', (code, signal) => { failure = `ended with ${code ?? signal}\n${readFileSync(log.file, 'utf8').slice(log.sizeBytes).slice(-1500)}` })
  child.unref()
  for (;;) {
    if (failure) return failure
    const found = findPostmaster(cluster)
    if (found?.isReady) {
      // What becomes of it later is not ours to tell, and its log may be gone by then.
      child.removeAllListeners('exit')
      return found
    }
    if (Date.now() > deadline) throw problem(`The database is not ready in time; see ${log.file}`)
    await sleep(10)
  }
}

function openLog(folder: string, runner: Runner) {
  const file = join(folder, 'postgres.log')
  const handle = openSync(file, 'a', 0o600)
  if (runner.account) fchownSync(handle, runner.account.uid, runner.account.gid)
  if (statSync(file).size > logLimitBytes) truncateSync(file)
  return { file, handle, sizeBytes: statSync(file).size }
}

/** Fast shutdown: sessions are cut, everything confirmed is kept. Never SIGKILL. */
export async function stopPostmaster(pid: number, cluster: string, patienceMs = 30_000) {
  const deadline = Date.now() + patienceMs
  if (!isPostgresOf(pid, cluster)) return
  process.kill(pid, 'SIGINT')
  while (isPostgresOf(pid, cluster)) {
    if (Date.now() > deadline) return void process.kill(pid, 'SIGQUIT')
    await sleep(10)
  }
}
