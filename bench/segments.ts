// Encrypted segment bytes a second: ours alone, @fastify/static, nginx bare, and ours behind nginx, in turns in one run.
import { load, median, percent, warmUp } from './load.ts'
import { findNginx, startNginx, stopNginx, type Nginx } from './baselines/nginx.ts'
import { inWorld, listSegments, type World } from './world.ts'

const ROUNDS = Number(process.env['ROUNDS'] ?? 9)
const SECONDS = Number(process.env['SECONDS'] ?? 1.5)
const CONNECTIONS = 16
const WARM_ANSWERS = 20_000

type Way = { name: string; url: string; paths: string[]; figures: number[] }

await inWorld({}, async (world) => {
  const program = findNginx()
  if (!program) console.log('nginx is missing (apt install nginx-light, or NGINX_PATH): only ours alone and @fastify/static are measured')
  const nginx = program ? await startNginx(program, world.files, await world.another({ NGINX_ACCEL: '/kept' })) : undefined
  const ways = await waysOf(world, nginx)
  for (const way of ways) await warmUp(way.url, way.paths, WARM_ANSWERS, CONNECTIONS)
  for (let round = 0; round < ROUNDS; round += 1) for (const way of ways) way.figures.push((await load(way.url, way.paths, SECONDS, CONNECTIONS)).bytesPerSecond)
  if (nginx) await stopNginx(nginx)
  report(ways)
})

async function waysOf(world: World, nginx: Nginx | undefined): Promise<Way[]> {
  const { signed, plain } = await playableSegments(world)
  const bare = await world.run('bench/baselines/static.ts', [world.files])
  console.log(`${plain.length} segments, ${CONNECTIONS} connections, ${ROUNDS} rounds of ${SECONDS} s`)
  return [
    { name: 'ours alone', url: world.url, paths: signed, figures: [] },
    { name: '@fastify/static', url: bare, paths: plain, figures: [] },
    ...(nginx ? [{ name: 'nginx bare', url: nginx.bare, paths: plain, figures: [] }, { name: 'ours behind nginx', url: nginx.front, paths: signed, figures: [] }] : []),
  ]
}

/** A visitor opens a free lesson; what its play may fetch is what is measured, and the same files by their plain names. */
async function playableSegments(world: World): Promise<{ signed: string[]; plain: string[] }> {
  const page = (await (await fetch(`${world.url}/api/courses/night-sky`)).json()) as { outline: { lessons: { id: string; free: boolean }[] }[] }
  const lesson = page.outline.flatMap((chapter) => chapter.lessons).find((one) => one.free)
  const opened = await fetch(`${world.url}/api/lessons/${lesson?.id}/plays`, { method: 'POST', headers: { 'x-client': 'h5/android/device-bench' } })
  const play = (await opened.json()) as { manifestUrl: string }
  const base = play.manifestUrl.replace('/master.m3u8', '')
  const asset = base.split('/')[3] ?? ''
  const own = listSegments(world.files, '480p').filter((one) => one.startsWith(`${asset}/`))
  if (own.length === 0) throw new Error('the demo academy has no segments of a free lesson')
  return { signed: own.map((one) => `${base}/${one.slice(asset.length + 1)}`), plain: own.map((one) => `/assets/${one}`) }
}

function report(ways: Way[]): void {
  const figures = (name: string) => ways.find((way) => way.name === name)?.figures ?? []
  const ratio = (name: string, to: string) => median(figures(name).map((one, round) => one / (figures(to)[round] ?? 1)))
  for (const way of ways) console.log(`${way.name.padEnd(18)} ${(median(way.figures) / 1e6).toFixed(0).padStart(6)} MB/s`)
  console.log(`ours alone / @fastify/static: ${ratio('ours alone', '@fastify/static').toFixed(2)} (aim 2)`)
  if (figures('nginx bare').length > 0) console.log(`ours behind nginx / nginx bare: ${percent(ratio('ours behind nginx', 'nginx bare'), 1)} (aim 70 %); @fastify/static / nginx bare: ${percent(ratio('@fastify/static', 'nginx bare'), 1)}`)
}
