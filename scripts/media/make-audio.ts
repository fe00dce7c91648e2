// Writes the eight audio lessons of the demo academy.
import { runFfmpeg, writeTo } from './ffmpeg.ts'
import { soundscapes } from './soundscapes.ts'
import { toWav } from './sound.ts'

const folder = new URL('../../server/seeds/academy/courses/evening-sounds/media/', import.meta.url)
const only = process.argv.slice(2)

for (const { key, peak, make } of soundscapes) {
  if (only.length > 0 && !only.includes(key)) continue
  const wav = toWav(make(), peak, 2.5)
  const target = new URL(`${key}.m4a`, folder).pathname
  await runFfmpeg(['-f', 'wav', '-i', 'pipe:0', '-c:a', 'aac', '-b:a', '48k', '-ac', '1', '-movflags', '+faststart', target], (into) => writeTo(into, wav))
  process.stdout.write(`${target}\n`)
}
