// A server process that can be killed at any moment, and the one that takes its place.
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { bareEnvironment } from '../environment.ts'

const root = join(import.meta.dirname, '..', '..', '..')

/** One process at work and one that has read its code and waits for the word, so that a new start is a matter of half a second. `nodeOptions` go before all that they read. */
export function openFleet(nodeOptions: string[] = []) {
  let environment: Record<string, string> = {}
  let working: ChildProcess | undefined
  let standby: ChildProcess | undefined
  let isOver = false
  const waitThenStart = `process.stdin.once('end', () => process.exit(0)).once('data', () => import('#server/main.ts')); await import('#server/app.ts'); (await import('node:module')).flushCompileCache()`
  const prepare = () => spawn(process.execPath, [...nodeOptions, '--input-type=module', '-e', waitThenStart], { cwd: root, stdio: ['pipe', 'ignore', 'inherit'], env: { ...bareEnvironment, ...environment } })
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

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
