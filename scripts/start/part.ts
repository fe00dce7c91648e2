// A part of the product that runs as a process of its own: started, watched, started again, stopped.
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync, statSync, truncateSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { problem } from '../problem.ts'

export type Part = {
  name: string
  script: string
  env: Record<string, string | undefined>
  logFile: string
  /** Resolves when the part answers. It is asked again after every restart. */
  isReady: () => Promise<boolean>
}

export type Running = { stop: () => Promise<void>; kill: () => void; process: () => ChildProcess }

const root = join(import.meta.dirname, '..', '..')
const logLimitBytes = 20 * 1024 * 1024
const crashLimit = 5
const crashWindowMs = 60_000

/** Starts the part and keeps it alive; `giveUp` is called when it keeps crashing. The first start must succeed. */
export async function startPart(part: Part, say: (sentence: string) => void, giveUp: (thrown: Error) => void): Promise<Running> {
  let child = launch(part)
  let isStopping = false
  const crashes: number[] = []
  await waitReady(part, child)
  const watch = async () => {
    while (!isStopping) {
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
      if (isStopping) return
      crashes.push(Date.now())
      if (crashes.filter((at) => at > Date.now() - crashWindowMs).length > crashLimit) return giveUp(problem(`${part.name} keeps ending. ${lastWords(part)}`))
      say(`${part.name} ended (${child.signalCode ?? child.exitCode}); starting it again`)
      await sleep(Math.min(200 * crashes.length, 2000))
      if (!isStopping) child = launch(part)
    }
  }
  watch().catch(giveUp)
  return {
    process: () => child,
    kill: () => child.kill('SIGKILL'),
    stop: async () => {
      isStopping = true
      await stopChild(child)
    },
  }
}

/** Detached: a Ctrl-C in the terminal comes to us alone, and we end the parts in order. The stdin pipe ends them when we are killed. */
function launch(part: Part): ChildProcess {
  const handle = openSync(part.logFile, 'a', 0o600)
  if (statSync(part.logFile).size > logLimitBytes) truncateSync(part.logFile)
  const child = spawn(process.execPath, [resolve(root, part.script)], { cwd: root, detached: true, stdio: ['pipe', handle, handle], env: { ...process.env, NODE_COMPILE_CACHE: join(root, '.cache', 'compiled'), ...part.env } })
  closeSync(handle)
  child.stdin?.on('error', () => undefined)
  return child
}

async function waitReady(part: Part, child: ChildProcess) {
  for (;;) {
    if (child.exitCode !== null || child.signalCode !== null) throw problem(`${part.name} did not start. ${lastWords(part)}`)
    if (await part.isReady()) return
    await sleep(50)
  }
}

async function stopChild(child: ChildProcess) {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  const patience = setTimeout(() => child.kill('SIGKILL'), 20_000)
  await ended
  clearTimeout(patience)
}

function lastWords({ logFile }: Part): string {
  const lines = readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-20).join('\n')
  if (/ENOSPC|No space left on device|could not extend file/.test(lines)) return `The disk is full: free some space and start again.`
  return `The last lines of ${logFile}:\n${lines}`
}
