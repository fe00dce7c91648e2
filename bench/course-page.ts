// Course pages read by visitors a second, against a bare Fastify that answers the same bytes.
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { load, median, percent, warmUp } from './load.ts'
import { inWorld } from './world.ts'

const ROUNDS = Number(process.env['ROUNDS'] ?? 41)
const SECONDS = Number(process.env['SECONDS'] ?? 0.3)
const CONNECTIONS = 32
const WARM_ANSWERS = 50_000
const PATH = '/api/courses/night-sky'

await inWorld({}, async (world) => {
  const text = await (await fetch(world.url + PATH)).text()
  const file = join(mkdtempSync(join(tmpdir(), 'shuyuan-page-')), 'page.json')
  writeFileSync(file, text)
  const bare = await world.run('bench/baselines/json.ts', [file])
  console.log(`${Buffer.byteLength(text)} bytes, ${CONNECTIONS} connections, ${ROUNDS} rounds of ${SECONDS} s`)
  const ours: number[] = []
  const theirs: number[] = []
  for (const url of [world.url, bare]) await warmUp(url, [PATH], WARM_ANSWERS, CONNECTIONS)
  for (let round = 0; round < ROUNDS; round += 1) {
    ours.push((await load(world.url, [PATH], SECONDS, CONNECTIONS)).perSecond)
    theirs.push((await load(bare, [PATH], SECONDS, CONNECTIONS)).perSecond)
  }
  console.log(`course page      ${median(ours).toFixed(0).padStart(6)} /s`)
  console.log(`bare Fastify     ${median(theirs).toFixed(0).padStart(6)} /s`)
  console.log(`course page / bare Fastify: ${percent(median(ours.map((one, round) => one / (theirs[round] ?? 1))), 1)} (aim 60 %; the middle of the rounds)`)
})
