// Films are made playable, all of them or nothing, and keys reach as far as a ticket does.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { createDecipheriv, randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, readFile, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import installed from '@ffmpeg-installer/ffmpeg'
import sharp from 'sharp'
import type { Id } from '#contracts/words/id.ts'
import { sql } from '#kernel/db.ts'
import { openApp, type App } from '#server/app.ts'
import { readConfig } from '#server/config.ts'
import { freshDatabase } from '#server/test/database.ts'
import { addStills, addressesOf, askForStills, importFile, keyOf, playlistOf, processAsset, showAsset, sweepLeftovers } from './actions.ts'
import { listRenditions } from './store.ts'

let dataDir: string
let app: App
let film: Id<'ast'>
const database = await freshDatabase()
before(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'shuyuan-media-'))
  // No worker: the tests themselves say when a file is processed.
  app = await openApp(readConfig({ DATABASE_URL: database.url, DATABASE_POOL: '4', DATA_DIR: dataDir, SECRET: 'a secret that only this test knows, 32+', LOG_LEVEL: 'silent' }))
  film = await importFile(app.ctx, makeFilm('film.mp4', 40), 'video', '四十秒')
  await processAsset(app.ctx, film)
})
after(async () => {
  await app.close()
  await database.drop()
  await rm(dataDir, { recursive: true, force: true })
})

/** A scene that changes colour every four seconds, with a tone. */
function makeFilm(name: string, seconds: number, size = '1280x720', more: string[] = []): string {
  const file = join(dataDir, name)
  const made = spawnSync(installed.path, ['-y', '-f', 'lavfi', '-i', `testsrc2=s=${size}:r=5:d=${seconds}`, '-f', 'lavfi', '-i', `sine=d=${seconds}`, '-c:v', 'libx264', '-preset', 'ultrafast', '-g', '10', '-pix_fmt', 'yuv420p', '-c:a', 'aac', ...more, file])
  assert.equal(made.status, 0, String(made.stderr))
  return file
}

const ticketFor = (limit: number | null) => ({ play: 'p', asset: film, limit, until: Math.floor(Date.now() / 1000) + 60 })
const filesOf = async (id: Id<'ast'>) => (await readdir(join(dataDir, 'files/assets', id), { recursive: true, withFileTypes: true }).then(undefined, () => [])).filter((one) => one.isFile()).map((one) => join(one.parentPath, one.name)).toSorted()
const scratch = async () => readdir(join(dataDir, 'scratch'))

test('a film has the sizes it fills, its sound alone, a poster, and pictures for the seek bar', async () => {
  const asset = await showAsset(app.ctx, film)
  assert.deepEqual([asset.state, asset.percent, asset.problem, asset.renditions.toSorted()], ['ready', 100, null, ['480p', '720p', 'audio']])
  assert.deepEqual([asset.picture?.width, asset.picture?.height], [1280, 720])
  const play = await addressesOf(app.ctx, ticketFor(null))
  assert.deepEqual(play.qualities.map((one) => one.name), ['480p', '720p'])
  const sheet = await app.http.inject({ url: play.thumbnailsUrl?.replace('.vtt', '.jpg') ?? '' })
  const { width, height, format } = await sharp(sheet.rawPayload).metadata()
  assert.deepEqual([sheet.statusCode, format, width, height], [200, 'jpeg', 1600, 180])
  assert.equal((await app.http.inject({ url: play.posterUrl ?? '' })).headers['content-type'], 'image/webp')
  assert.match((await app.http.inject({ url: play.audioUrl ?? '' })).payload, /audio\/0\.ts/)
  assert.deepEqual(await scratch(), [])
})

test('pictures of the seek bar are for whoever holds a ticket, and a trial is told of its own', async () => {
  const cues = async (limit: number | null) => (await app.http.inject({ url: (await addressesOf(app.ctx, ticketFor(limit))).thumbnailsUrl ?? '' })).payload.match(/-->/g)?.length
  assert.deepEqual([await cues(null), await cues(8)], [20, 4])
  for (const name of ['thumbnails.vtt', 'thumbnails.jpg']) assert.equal((await app.http.inject({ url: `/api/media/${film}/no.ticket/${name}` })).statusCode, 403)
})

test('every segment opens with the key of its group and with no other', async () => {
  const [rendition] = await listRenditions(app.ctx.db, [film])
  const total = rendition?.seconds.length ?? 0
  assert.ok(total > 8, 'the film needs two groups')
  const open = (bytes: Buffer, key: Buffer, at: number) => {
    const vector = Buffer.alloc(16)
    vector.writeUInt32BE(at, 12)
    const cipher = createDecipheriv('aes-128-cbc', key, vector).setAutoPadding(false)
    return Buffer.concat([cipher.update(bytes), cipher.final()])
  }
  const keys = await Promise.all([0, 1].map((group) => keyOf(app.ctx, ticketFor(null), group)))
  const [first = Buffer.alloc(0), second = Buffer.alloc(0)] = keys
  assert.notDeepEqual(first, second)
  for (const [at, right, wrong] of [[0, first, second], [8, second, first]] as const) {
    const bytes = await readFile(join(dataDir, 'files/assets', film, '480p', `${at}.ts`))
    const isPlain = (text: Buffer) => text[0] === 0x47 && text[188] === 0x47 && text[376] === 0x47
    assert.deepEqual([isPlain(bytes), isPlain(open(bytes, right, at)), isPlain(open(bytes, wrong, at))], [false, true, false])
  }
})

test('a trial has the keys and segments it reaches and is refused the next', async () => {
  const trial = ticketFor(10)
  assert.equal((await keyOf(app.ctx, trial, 0)).length, 16)
  await assert.rejects(keyOf(app.ctx, trial, 1), { code: 'play.token_refused' })
  await assert.rejects(keyOf(app.ctx, ticketFor(null), 2), { code: 'play.token_refused' })
  const whole = (await playlistOf(app.ctx, ticketFor(null), '480p', 't')).match(/#EXTINF/g)?.length ?? 0
  const shown = (await playlistOf(app.ctx, trial, '480p', 't')).match(/#EXTINF/g)?.length ?? 0
  assert.ok(shown >= 2 && shown < whole, `${shown} of ${whole}`)
})

test('a film whose making was killed half-way is made whole the next time, once', async () => {
  const id = await importFile(app.ctx, makeFilm('again.mp4', 12), 'video', '再来')
  const { storage } = app.ctx.gateways
  let puts = 0
  const dying = { ...app.ctx, gateways: { ...app.ctx.gateways, storage: { ...storage, put: async (key: string, bytes: Parameters<typeof storage.put>[1]) => ((puts += 1) > 4 ? Promise.reject(new Error('killed')) : storage.put(key, bytes)) } } }
  await assert.rejects(processAsset(dying, id), /killed/)
  assert.equal((await showAsset(app.ctx, id)).state, 'processing')
  assert.deepEqual((await showAsset(app.ctx, id)).renditions, [])
  assert.deepEqual(await scratch(), [])
  await processAsset(app.ctx, id)
  const files = await filesOf(id)
  await processAsset(app.ctx, id)
  assert.deepEqual(await filesOf(id), files)
  const renditions = await listRenditions(app.ctx.db, [id])
  assert.deepEqual(renditions.map((one) => one.name).toSorted(), ['480p', '720p', 'audio'])
  assert.equal(files.filter((file) => file.endsWith('.ts')).length, renditions.reduce((sum, one) => sum + one.seconds.length, 0))
})

test('each broken file is named for what is wrong with it and leaves no file behind', async () => {
  const whole = await readFile(makeFilm('faststart.mp4', 12, '640x360', ['-movflags', '+faststart']))
  const cases: [string, Buffer, 'video' | 'audio' | 'image' | 'subtitle', string][] = [
    ['end-missing', whole.subarray(0, Math.floor(whole.length * 0.6)), 'video', 'file_cut_short'],
    ['noise', randomBytes(50_000), 'video', 'file_unreadable'],
    ['no-sound', randomBytes(50_000), 'audio', 'file_unreadable'],
    ['no-picture', randomBytes(5_000), 'image', 'picture_unreadable'],
    ['a-story', Buffer.from('从前有座山'), 'subtitle', 'not_a_subtitle'],
  ]
  for (const [name, bytes, kind, problem] of cases) {
    await writeFile(join(dataDir, name), bytes)
    const id = await importFile(app.ctx, join(dataDir, name), kind, name)
    await processAsset(app.ctx, id)
    const asset = await showAsset(app.ctx, id)
    assert.deepEqual([asset.state, asset.problem, asset.renditions, asset.picture], ['failed', problem, [], null], name)
    assert.deepEqual(await filesOf(id), [], name)
  }
  assert.deepEqual(await scratch(), [])
})

test('what a killed process left in the clear is gone after a day, what is being made stays', async () => {
  for (const name of ['making-old', 'making-new']) await mkdir(join(dataDir, 'scratch', name))
  await utimes(join(dataDir, 'scratch/making-old'), new Date(), new Date(Date.now() - 25 * 3_600_000))
  await sweepLeftovers(app.ctx)
  assert.deepEqual(await scratch(), ['making-new'])
})

test('sound becomes segments of its whole length, whether it is taken as it is or made anew', async () => {
  for (const [name, more] of [['plain.m4a', ['-c:a', 'aac', '-b:a', '64k']], ['heavy.m4a', ['-c:a', 'aac', '-b:a', '320k', '-ac', '2', '-ar', '48000']], ['raw.wav', []]] as const) {
    const file = join(dataDir, name)
    assert.equal(spawnSync(installed.path, ['-y', '-f', 'lavfi', '-i', 'anoisesrc=d=21', ...more, file]).status, 0)
    const id = await importFile(app.ctx, file, 'audio', name)
    await processAsset(app.ctx, id)
    const [rendition] = await listRenditions(app.ctx.db, [id])
    const total = rendition?.seconds.reduce((sum, one) => sum + one, 0) ?? 0
    assert.ok(Math.abs(total - 21) < 0.5 && (rendition?.seconds.length ?? 0) >= 5, `${name}: ${rendition?.seconds}`)
    const asset = await showAsset(app.ctx, id)
    assert.deepEqual([asset.state, asset.picture, asset.renditions], ['ready', null, ['audio']], name)
    const files = (await filesOf(id)).filter((one) => one.endsWith('.ts')).length
    assert.equal(files, rendition?.seconds.length, name)
  }
})

test('a film of an earlier version gets its poster and the pictures of its seek bar, once; one that cannot is not tried again', async () => {
  const id = await importFile(app.ctx, makeFilm('earlier.mp4', 6, '640x360'), 'video', '旧片')
  await processAsset(app.ctx, id)
  const made = await filesOf(id)
  const { db, gateways: { storage } } = app.ctx
  const forget = async () => {
    await db.query(sql`update assets set thumbnail_seconds = null, width = null, height = null, tint = null where id = ${id}`)
    for (const name of ['picture.webp', 'thumbnails.jpg']) await storage.remove(`assets/${id}/${name}`)
  }
  await forget()
  await addStills(app.ctx, id)
  assert.deepEqual(await filesOf(id), made)
  assert.equal((await showAsset(app.ctx, id)).picture?.width, 640)
  await storage.remove(`assets/${id}/thumbnails.jpg`)
  await addStills(app.ctx, id)
  assert.equal(await storage.sizeOf(`assets/${id}/thumbnails.jpg`), undefined, 'it was not made a second time')
  await forget()
  await storage.remove(`assets/${id}/source`)
  await addStills(app.ctx, id)
  const asset = await showAsset(app.ctx, id)
  assert.deepEqual([asset.state, asset.picture, (await addressesOf(app.ctx, { ...ticketFor(null), asset: id })).thumbnailsUrl], ['ready', null, null])
  await forget()
  await askForStills(app.ctx)
  await askForStills(app.ctx)
  const { rows } = await db.query<{ n: number }>(sql`select count(*)::int as n from pgboss.job where name = 'media.add_stills' and data->>'asset' = ${id}`)
  assert.equal(rows[0]?.n, 1)
})
