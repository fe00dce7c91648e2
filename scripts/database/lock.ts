// One starter at a time: a kernel lock that cannot outlive its holder.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { problem } from '../problem.ts'

type Lock = { file: string; seconds: number; busy: string }

/** Runs `work` while no other process does the same with this lock file; `busy` is said when the wait is over. `flock` lets go by itself when we die. */
export async function withLock<T>({ file, seconds, busy }: Lock, work: () => Promise<T>): Promise<T> {
  const holder = spawn('flock', ['--timeout', String(seconds), file, 'sh', '-c', 'echo held; cat'], { detached: true, stdio: ['pipe', 'pipe', 'inherit'] })
  holder.stdin.on('error', () => undefined)
  const won = await Promise.race([
    once(holder.stdout, 'data').then(() => true),
    once(holder, 'exit').then(() => false),
  ])
  if (!won) throw problem(busy)
  try {
    return await work()
  } finally {
    const ended = once(holder, 'exit')
    holder.stdin.end()
    await ended
  }
}
