// Files as phones and browsers write them: turned pictures, and recordings that do not say how long they are.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import installed from '@ffmpeg-installer/ffmpeg'
import { openFfmpeg } from '#gateways/ffmpeg/ffmpeg.ts'
import { openApp } from '#server/app.ts'
import { readConfig } from '#server/config.ts'
import { freshDatabase } from '#server/test/database.ts'
import { importFile, processAsset, showAsset } from './actions.ts'
import { listRenditions } from './store.ts'

const folder = await mkdtemp(join(tmpdir(), 'shuyuan-sources-'))
const database = await freshDatabase()
const app = await openApp(readConfig({ DATABASE_URL: database.url, DATABASE_POOL: '2', DATA_DIR: folder, SECRET: 'a secret that only this test knows, 32+', LOG_LEVEL: 'silent' }))
const ffmpeg = openFfmpeg(undefined)
after(async () => {
  await app.close()
  await database.drop()
  await rm(folder, { recursive: true, force: true })
})

function run(...args: string[]): string {
  const { status, stderr } = spawnSync(installed.path, ['-hide_banner', '-y', ...args], { encoding: 'utf8', cwd: folder })
  assert.equal(status, 0, stderr)
  return stderr
}

/** Makes a film; then cuts every rendition that the product would cut, and replies their sizes as a player shows them. */
async function sizesMade(source: string): Promise<{ [name: string]: string }> {
  const file = join(folder, source)
  const cut: { [name: string]: string } = {}
  const { ffmpeg: real } = app.ctx.gateways
  const until = (signal: AbortSignal) => ({
    ...real.until(signal),
    async segment(...asked: Parameters<typeof real.segment>) {
      const made = await real.segment(...asked)
      const shown = 'broken' in made || asked[2] === 'sound' ? undefined : await real.probe(made[0]?.file ?? '')
      if (shown && !('broken' in shown)) cut[JSON.stringify(asked[2])] = `${shown.width}x${shown.height}`
      return made
    },
  })
  const id = await importFile(app.ctx, file, 'video', source)
  await processAsset({ ...app.ctx, gateways: { ...app.ctx.gateways, ffmpeg: { ...real, until } } }, id)
  assert.equal((await showAsset(app.ctx, id)).state, 'ready')
  return cut
}

test('a film that its camera turned is upright in every size, and made no larger than it is seen', async () => {
  const film = (size: string) => run('-f', 'lavfi', '-i', `testsrc2=s=${size}:r=10:d=4`, '-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '40', '-g', '20', '-pix_fmt', 'yuv420p', `${size}.mp4`)
  const turn = (from: string, degrees: number, to: string) => run('-i', `${from}.mp4`, '-c', 'copy', '-metadata:s:v:0', `rotate=${degrees}`, to)
  film('640x480')
  film('360x720')
  turn('640x480', 90, 'upright.mp4')
  turn('640x480', 180, 'over.mp4')
  turn('360x720', 270, 'sideways.mp4')
  assert.deepEqual(await sizesMade('640x480.mp4'), { '"as_is"': '640x480' })
  assert.deepEqual(await sizesMade('upright.mp4'), { '{"height":480}': '360x480' })
  assert.deepEqual(await sizesMade('over.mp4'), { '{"height":480}': '640x480' })
  assert.deepEqual(await sizesMade('sideways.mp4'), { '{"height":360}': '720x360' })
})

test('a recording of a browser, which says neither how long it is nor how many frames a second it has, is made in its whole length', async () => {
  const odd = "select='not(mod(n,37))+not(mod(n,53))'"
  run('-f', 'lavfi', '-i', 'testsrc2=s=160x120:r=1000:d=6', '-f', 'lavfi', '-i', 'sine=d=6', '-vf', odd, '-vsync', 'vfr', '-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8', '-c:a', 'libopus', '-live', '1', 'recorded.webm')
  const said = run('-i', 'recorded.webm', '-t', '0.1', '-f', 'null', '-')
  assert.match(said, /Duration: N\/A/)
  assert.match(said, /1k tbr/)
  const id = await importFile(app.ctx, join(folder, 'recorded.webm'), 'video', '录屏')
  await processAsset(app.ctx, id)
  const asset = await showAsset(app.ctx, id)
  assert.deepEqual([asset.state, asset.problem, asset.renditions.toSorted()], ['ready', null, ['480p', 'audio']])
  assert.ok(Math.abs((asset.durationSeconds ?? 0) - 6) < 0.2, `${asset.durationSeconds}`)
  for (const { name, seconds } of await listRenditions(app.ctx.db, [id])) assert.ok(Math.abs(seconds.reduce((sum, one) => sum + one, 0) - 6) < 0.3, `${name}: ${seconds}`)
  const probe = await ffmpeg.probe(join(folder, 'recorded.webm'))
  assert.ok(!('broken' in probe))
  const made = await ffmpeg.segment(join(folder, 'recorded.webm'), join(folder, 'cut'), { height: 120 }, probe, () => {})
  assert.ok(!('broken' in made))
  const frames = made.map(({ file }) => Number(/frame= *(\d+)(?!.*frame=)/s.exec(run('-i', file, '-f', 'null', '-'))?.[1]))
  assert.ok(Math.abs(frames.reduce((sum, one) => sum + one, 0) - 180) < 10, `${frames}`)
})
