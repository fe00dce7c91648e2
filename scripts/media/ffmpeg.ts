// Runs the ffmpeg of the dependencies, one at a time and on one thread, because other people share the machine.
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import installer from '@ffmpeg-installer/ffmpeg'

export async function runFfmpeg(args: readonly string[], feed: (into: NonNullable<ChildProcess['stdin']>) => Promise<void>): Promise<void> {
  const child = spawn(installer.path, ['-hide_banner', '-loglevel', 'error', '-y', '-threads', '1', ...args], { stdio: ['pipe', 'inherit', 'inherit'] })
  const ended = once(child, 'exit')
  await feed(child.stdin)
  child.stdin.end()
  const [code] = await ended
  if (code !== 0) throw new Error(`ffmpeg ended with ${String(code)}: ${args.join(' ')}`)
}

export async function writeTo(stream: NonNullable<ChildProcess['stdin']>, bytes: Buffer): Promise<void> {
  if (!stream.write(bytes)) await once(stream, 'drain')
}
