// Turns drawings into films: draws each frame, feeds it to ffmpeg beside its music, and writes what is said as WebVTT.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { runFfmpeg, writeTo } from './ffmpeg.ts'
import type { Said } from './nights.ts'
import { height, width } from './sky.ts'
import { toWav, type Track } from './sound.ts'

export const framesPerSecond = 15

export interface Film { seconds: number, tall: 720 | 1080, music: Track, frame: (seconds: number) => string, said: readonly Said[] }

export function svgOf(inside: string): Buffer {
  return Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">${inside}</svg>`)
}

/** `crf` is x264's constant quality: higher is smaller. */
export async function shootFilm(film: Film, crf: number, target: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'film-'))
  const music = join(folder, 'music.wav')
  await writeFile(music, toWav(film.music, 0.6, 2))
  const wide = (film.tall * 16) / 9
  await runFfmpeg(
    ['-f', 'rawvideo', '-pix_fmt', 'rgb24', '-s', `${wide}x${film.tall}`, '-r', String(framesPerSecond), '-i', 'pipe:0', '-i', music,
      '-c:v', 'libx264', '-preset', 'medium', '-tune', 'animation', '-crf', String(crf), '-pix_fmt', 'yuv420p', '-threads', '1', '-g', '60',
      '-c:a', 'aac', '-b:a', '56k', '-ac', '1', '-shortest', '-movflags', '+faststart', target],
    async (into) => {
      for (let i = 0; i < film.seconds * framesPerSecond; i++) {
        const picture = sharp(svgOf(film.frame(i / framesPerSecond)), { density: (72 * film.tall) / height })
        await writeTo(into, await picture.removeAlpha().raw().toBuffer())
      }
    },
  )
  await rm(folder, { recursive: true })
}

export function vttOf(said: readonly Said[]): string {
  return `WEBVTT\n\n${said.map(({ from, to, text }) => `${clock(from)} --> ${clock(to)}\n${text}\n`).join('\n')}`
}

function clock(seconds: number): string {
  const whole = Math.floor(seconds)
  const thousandths = Math.round((seconds - whole) * 1000)
  return `00:${String(Math.floor(whole / 60)).padStart(2, '0')}:${String(whole % 60).padStart(2, '0')}.${String(thousandths).padStart(3, '0')}`
}
