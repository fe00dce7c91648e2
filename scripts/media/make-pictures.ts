// Writes the drawn pictures of the demo academy: covers, portraits, illustrations and the logo.
import { mkdir, writeFile } from 'node:fs/promises'
import sharp from 'sharp'
import { covers } from './covers.ts'
import { illustrations } from './illustrations.ts'
import { logo, portraits } from './portraits.ts'

const academy = new URL('../../server/seeds/academy/', import.meta.url)

async function draw(inside: string, wide: number, tall: number, target: string): Promise<void> {
  const svg = Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${wide} ${tall}" width="${wide}" height="${tall}">${inside}</svg>`)
  await sharp(svg).webp({ quality: 82, effort: 6 }).toFile(new URL(target, academy).pathname)
}

for (const { slug, draw: drawn } of covers) {
  await mkdir(new URL(`courses/${slug}/`, academy), { recursive: true })
  await draw(drawn(1280, 800), 1280, 800, `courses/${slug}/cover.webp`)
  await draw(drawn(800, 800), 800, 800, `courses/${slug}/cover-square.webp`)
}

for (const { key, draw: drawn } of portraits) await draw(drawn(), 480, 480, `lecturers/${key}.webp`)

await mkdir(new URL('courses/write-your-days/images/', academy), { recursive: true })
for (const { key, draw: drawn } of illustrations) await draw(drawn(), 960, 540, `courses/write-your-days/images/${key}.webp`)

await writeFile(new URL('logo.svg', academy), `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 256 256" role="img" aria-label="灯下书院">${logo()}</svg>\n`)
await draw(`<rect width="256" height="256" fill="#FAF8F5"/>${logo()}`, 256, 256, 'logo.webp')
