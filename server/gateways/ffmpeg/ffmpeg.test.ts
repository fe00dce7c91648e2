// ffmpeg may be slow but not stand still, and it does not outlive whoever started it.
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { readFileSync, readdirSync } from 'node:fs'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import installed from '@ffmpeg-installer/ffmpeg'
import { until } from '#server/test/server.ts'
import { openFfmpeg, type Probe } from './ffmpeg.ts'

const folder = await mkdtemp(join(tmpdir(), 'shuyuan-ffmpeg-'))
after(() => rm(folder, { recursive: true, force: true }))

/** Read for ever: nobody writes into it. */
const endless = join(folder, 'endless')
assert.equal(spawnSync('mkfifo', [endless]).status, 0)
const probe: Probe = { durationSeconds: 10, width: 0, height: 0, hasVideo: false, hasAudio: true, isPlain: false, isPlainSound: false, isUneven: false }

/** Processes that have the file in hand, the shells around them among them. */
function holders(file: string): string[] {
  const argumentsOf = (pid: string) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
    } catch {
      return ''
    }
  }
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name) && argumentsOf(name).includes(file))
}

test('one that stands still is ended and says so', async () => {
  const made = await openFfmpeg(undefined, { stillMs: 500 }).segment(endless, join(folder, 'still'), 'sound', probe, () => undefined)
  assert.deepEqual(made, { broken: 'stood_still' })
  assert.deepEqual(holders(endless), [])
})

test('one that is slow, and says that it moves, is waited for', async () => {
  const slow = join(folder, 'slow.sh')
  const list = join(folder, 'slow', 'list.m3u8')
  await writeFile(slow, `#!/bin/sh\nfor at in 1 2 3 4 5 6 7 8; do sleep 0.5; echo "size= 1kB time=00:00:0$at.00 bitrate= 1" >&2; done\nprintf '#EXTINF:4.0,\\n0.ts\\n' > ${list}\n`)
  await chmod(slow, 0o755)
  const shares: number[] = []
  const made = await openFfmpeg(slow, { stillMs: 2500 }).segment('a film', join(folder, 'slow'), 'sound', probe, (share) => shares.push(share))
  assert.deepEqual(made, [{ seconds: 4, file: join(folder, 'slow', '0.ts') }])
  assert.equal(shares.at(-1), 0.8)
})

test('one that says the same again and again stands still', async () => {
  const stuck = join(folder, 'stuck.sh')
  await writeFile(stuck, '#!/bin/sh\nwhile true; do echo "frame= 7 time=00:00:03.00 speed=0.$(date +%N)x" >&2; sleep 0.1; done\n')
  await chmod(stuck, 0o755)
  assert.deepEqual(await openFfmpeg(stuck, { stillMs: 1500 }).segment('a film', join(folder, 'stuck'), 'sound', probe, () => undefined), { broken: 'stood_still' })
  assert.deepEqual(holders(stuck), [])
})

test('a sheet of small pictures says how far it is, though it is written last', async () => {
  const [film, telling] = [join(folder, 'film.mp4'), join(folder, 'telling.sh')]
  assert.equal(spawnSync(installed.path, ['-y', '-f', 'lavfi', '-i', 'testsrc2=s=320x180:r=10:d=8', '-c:v', 'libx264', '-preset', 'ultrafast', '-g', '10', film]).status, 0)
  await writeFile(telling, `#!/bin/sh\nexec ${installed.path} "$@" 2>"$0.said"\n`)
  await chmod(telling, 0o755)
  assert.equal(await openFfmpeg(telling).sheet(film, { everySeconds: 2, width: 160, height: 90, columns: 2, rows: 2 }, join(folder, 'sheet.jpg')), undefined)
  assert.deepEqual([...readFileSync(`${telling}.said`, 'utf8').matchAll(/pts_time:(\d+)/g)].map((found) => Number(found[1])).slice(0, 4), [0, 2, 4, 6])
})

test('one whose worker is killed ends with it', async () => {
  const source = `import { openFfmpeg } from '${import.meta.dirname}/ffmpeg.ts'
    await openFfmpeg(undefined).segment(${JSON.stringify(endless)}, ${JSON.stringify(join(folder, 'killed'))}, 'sound', ${JSON.stringify(probe)}, () => undefined)`
  const worker = spawn(process.execPath, ['--input-type=module', '-e', source], { stdio: 'ignore' })
  const isBegun = () => holders(endless).some((pid) => pid !== String(worker.pid) && readFileSync(`/proc/${pid}/comm`, 'utf8').startsWith('ffmpeg'))
  await until(async () => isBegun())
  worker.kill('SIGKILL')
  await until(async () => holders(endless).length === 0)
})
