// Writes the eight films of the demo academy with their subtitles; `--still SECOND` writes one PNG of each to /tmp instead.
import { writeFile } from 'node:fs/promises'
import sharp from 'sharp'
import { rise } from './chance.ts'
import { shootFilm, svgOf, vttOf, type Film } from './film.ts'
import { nights, type Night } from './nights.ts'
import { backdrop, hazeOf, hills, labelOf, lineOf, milkyWay, starsOf, titleOf, type Camera } from './sky.ts'
import { filmMusic } from './soundscapes.ts'
import { moonFrame, moonSaid, moonSeconds, poleFrame, poleSaid, poleSeconds } from './turning.ts'

/** Films whose picture moves all over cost more bytes a second, so they are pressed harder; all media together stay below 9 MB. */
const busy = new Set(['01', '04', '06', '07'])
const numerals = ['〇', '一', '二', '三', '四', '五', '六', '七', '八']

function frameOf(night: Night, t: number): string {
  const share = rise(t, 0, night.seconds * 0.8)
  const blend = (from: number, to: number) => from + (to - from) * share
  const camera: Camera = { ra: blend(night.from.ra, unwind(night)), dec: blend(night.from.dec, night.to.dec), roll: blend(night.from.roll, night.to.roll), zoom: blend(night.from.zoom, night.to.zoom) }
  const lines = night.drawn.map(({ at, over, path, style }) => lineOf(path, camera, rise(t, at, at + over), style)).join('')
  const labels = night.named.map(({ at, star, text, dx, dy }) => labelOf(star, text, camera, rise(t, at, at + 1), dx, dy)).join('')
  return `${backdrop}${night.milky ? milkyWay(camera) : ''}${starsOf(camera, t)}${hazeOf('m31', camera)}${lines}${labels}${hills(night.hills)}${titleOf(night.title, numerals[Number(night.key)] ?? '', rise(t, 0.4, 2))}`
}

/** The shorter way round for right ascension. */
function unwind({ from, to }: Night): number {
  return to.ra - from.ra > 12 ? to.ra - 24 : from.ra - to.ra > 12 ? to.ra + 24 : to.ra
}

function films(): Map<string, Film> {
  const all = new Map<string, Film>([['01', { seconds: poleSeconds, tall: 720, music: filmMusic(101, poleSeconds), frame: poleFrame, said: poleSaid }]])
  for (const night of nights) all.set(night.key, { seconds: night.seconds, tall: night.tall, music: filmMusic(100 + Number(night.key), night.seconds), frame: (t) => frameOf(night, t), said: night.said })
  all.set('08', { seconds: moonSeconds, tall: 720, music: filmMusic(108, moonSeconds), frame: moonFrame, said: moonSaid })
  return all
}

const folder = new URL('../../server/seeds/academy/courses/night-sky/', import.meta.url)
const still = process.argv.indexOf('--still')
const only = process.argv.slice(2).filter((word) => /^0\d$/.test(word))

for (const [key, film] of films()) {
  if (only.length > 0 && !only.includes(key)) continue
  if (still > 0) {
    await sharp(svgOf(film.frame(Number(process.argv[still + 1]) * film.seconds))).png().toFile(`/tmp/still-${key}.png`)
    continue
  }
  await writeFile(new URL(`subtitles/${key}.vtt`, folder), vttOf(film.said))
  await shootFilm(film, busy.has(key) ? 33 : 29, new URL(`media/${key}.mp4`, folder).pathname)
  process.stdout.write(`${key} ${film.seconds}s\n`)
}
