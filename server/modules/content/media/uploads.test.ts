// Files arrive in pieces, are judged by their content, and become playable or say what is wrong.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { chmod, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import installed from '@ffmpeg-installer/ffmpeg'
import sharp from 'sharp'
import { Upload, type DetailedError } from 'tus-js-client'
import type { Asset } from '#contracts/media.ts'
import { signInOwner, startApp, until, type TestApp } from '#server/test/server.ts'

type Sent = { asset: string | undefined; code: string | undefined; url: string | null }

let app: TestApp
let owner: string
let folder: string
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shuyuan-uploads-'))
  const scanner = join(folder, 'scan.sh')
  await writeFile(scanner, '#!/bin/sh\n! grep -q "a bad thing" "$1"\n')
  await chmod(scanner, 0o755)
  app = await startApp({}, undefined, { VIRUS_SCAN_COMMAND: scanner, UPLOAD_LIMIT_MB: '4' })
  owner = await signInOwner(app)
})
after(async () => {
  await app.stop()
  await rm(folder, { recursive: true, force: true })
})

function send(bytes: Buffer, filename: string, { cookie = owner, until = Infinity, url = null as string | null } = {}): Promise<Sent> {
  const sent: Sent = { asset: undefined, code: undefined, url }
  return new Promise((resolve) => {
    const upload: Upload = new Upload(bytes, {
      endpoint: `${app.url}/api/console/uploads`,
      uploadUrl: url,
      chunkSize: 64 * 1024,
      retryDelays: null,
      headers: { 'x-requested-with': 'shuyuan', ...(cookie ? { cookie } : {}) },
      metadata: { filename },
      onAfterResponse: (_request, response) => void (sent.asset = response.getHeader('x-asset-id') ?? sent.asset),
      onProgress: (done) => {
        if (done < until) return
        void upload.abort().then(() => resolve({ ...sent, url: upload.url }))
      },
      onSuccess: () => resolve({ ...sent, url: upload.url }),
      onError: (error) => resolve({ ...sent, code: /"code":"([^"]+)"/.exec((error as DetailedError).originalResponse?.getBody() ?? '')?.[1] ?? String(error) }),
    })
    upload.start()
  })
}

async function assetWhen(id: string | undefined, isSo: (asset: Asset) => boolean): Promise<Asset> {
  let asset: Asset | undefined
  await until(async () => {
    asset = (await app.ask(`GET /console/assets/${id}`, undefined, { cookie: owner })).body as Asset
    return isSo(asset)
  })
  return asset ?? assert.fail()
}

function makeFilm(name: string, seconds: number, size: string): Promise<Buffer> {
  const file = join(folder, name)
  const made = spawnSync(installed.path, ['-y', '-f', 'lavfi', '-i', `testsrc2=s=${size}:r=10:d=${seconds}`, '-f', 'lavfi', '-i', `sine=d=${seconds}`, '-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-c:a', 'aac', file])
  assert.equal(made.status, 0)
  return readFile(file)
}

const leftovers = async () => (await readdir(join(app.app.ctx.knobs.dataDir, 'uploads'))).length

test('a film that is cut off on its way goes on where it was, and becomes playable in every size it has', async () => {
  const film = await makeFilm('film.mp4', 9, '854x480')
  const cut = await send(film, '第一课.mp4', { until: 100_000 })
  assert.ok(cut.url && cut.asset === undefined)
  const { asset: id } = await send(film, '第一课.mp4', { url: cut.url })
  const asset = await assetWhen(id, (one) => one.state !== 'processing')
  assert.deepEqual([asset.state, asset.kind, asset.name, asset.sizeBytes, asset.renditions], ['ready', 'video', '第一课.mp4', film.length, ['audio', '480p']])
  assert.ok(Math.abs((asset.durationSeconds ?? 0) - 9) < 0.3)
  assert.equal(await leftovers(), 0)
})

test('a picture is ready at once', async () => {
  const { asset } = await send(await sharp({ create: { width: 2000, height: 900, channels: 3, background: '#3b7a6b' } }).jpeg().toBuffer(), '封面.jpg')
  const { state, kind, picture } = await assetWhen(asset, () => true)
  assert.deepEqual([state, kind, picture?.width], ['ready', 'image', 1280])
})

test('subtitles of the old kind become WebVTT', async () => {
  const { asset } = await send(Buffer.from('1\n00:00:01,000 --> 00:00:02,500\n抬头\n'), '第一课.srt')
  assert.equal((await assetWhen(asset, () => true)).state, 'ready')
  const shown = await fetch(`${app.url}/api/media/subtitles/${asset}.vtt`)
  assert.match(await shown.text(), /^WEBVTT\n\n1\n00:00:01\.000 --> 00:00:02\.500\n抬头/)
})

test('a file is what its content says, not its name', async () => {
  assert.equal((await send(Buffer.from('#!/bin/sh\necho hello'), '第一课.mp4')).code, 'upload.type_refused')
  assert.equal((await send(Buffer.from('%PDF-1.7\n1 0 obj\n'), '讲义.mp4')).code, 'upload.type_refused')
  assert.equal(await leftovers(), 0)
})

test('a broken film says what is wrong and leaves nothing half made', async () => {
  const film = await makeFilm('long.mp4', 6, '640x360')
  const { asset } = await send(film.subarray(0, Math.floor(film.length / 2)), '断了.mp4')
  const { state, problem, renditions } = await assetWhen(asset, (one) => one.state !== 'processing')
  assert.deepEqual([state, problem, renditions], ['failed', 'file_cut_short', []])
})

test('what the scanner does not like is refused and gone', async () => {
  const picture = await sharp({ create: { width: 20, height: 20, channels: 3, background: '#000' } }).png().toBuffer()
  assert.equal((await send(Buffer.concat([picture, Buffer.from('a bad thing')]), '图.png')).code, 'upload.virus_found')
  assert.equal(await leftovers(), 0)
})

test('strangers, operators without the permission and files too large are refused before a byte is kept', async () => {
  const bytes = Buffer.alloc(1000)
  assert.equal((await send(bytes, 'a.mp4', { cookie: '' })).code, 'staff.sign_in_needed')
  assert.equal((await send(Buffer.alloc(5 * 1024 * 1024), 'a.mp4')).code, 'upload.too_large')
  const password = 'a long enough password'
  await app.ask('POST /console/staff', { name: '客服', email: 'support@example.com', role: 'support', password }, { cookie: owner })
  const signed = await app.ask('POST /console/sessions', { email: 'support@example.com', password })
  assert.equal((await send(bytes, 'a.mp4', { cookie: signed.headers.getSetCookie()[0]?.split(';')[0] ?? '' })).code, 'staff.not_permitted')
  assert.equal(await leftovers(), 0)
})

const answerOf = async (path: string, method: string, headers: Record<string, string> = {}, body?: Buffer) => fetch(`${app.url}${path}`, { method, headers: { 'tus-resumable': '1.0.0', 'x-requested-with': 'shuyuan', cookie: owner, ...headers }, ...(body ? { body } : {}) })

/** The address of an upload begun for so many bytes. */
async function begin(sizeBytes: number, filename = '封面.png', more: Record<string, string> = {}): Promise<string> {
  const answer = await answerOf('/api/console/uploads', 'POST', { ...(sizeBytes < 0 ? { 'upload-defer-length': '1' } : { 'upload-length': String(sizeBytes) }), 'upload-metadata': `filename ${Buffer.from(filename).toString('base64')}`, ...more })
  assert.equal(answer.status, 201)
  return new URL(answer.headers.get('location') ?? '', app.url).pathname
}

const piece = (path: string, at: number, bytes: Buffer, more: Record<string, string> = {}) => answerOf(path, 'PATCH', { 'upload-offset': String(at), 'content-type': 'application/offset+octet-stream', ...more }, bytes)
const makePicture = (colour: string) => sharp({ create: { width: 64, height: 64, channels: 3, background: colour } }).png().toBuffer()
const countAssets = async () => (await app.ask('GET /console/assets?limit=100', undefined, { cookie: owner })).body.items.length

test('whoever did not hear the last answer asks again and finds the file whole, with its asset, made once', async () => {
  const bytes = await makePicture('#123456')
  const path = await begin(bytes.length)
  const last = await piece(path, 0, bytes)
  const known = await countAssets()
  for (let round = 0; round < 2; round += 1) {
    const again = await answerOf(path, 'HEAD')
    assert.deepEqual([again.status, again.headers.get('upload-offset'), again.headers.get('upload-length'), again.headers.get('x-asset-id')], [200, String(bytes.length), String(bytes.length), last.headers.get('x-asset-id')])
  }
  const resumed = await send(bytes, '封面.png', { url: `${app.url}${path}` })
  assert.deepEqual([resumed.asset, resumed.code, await countAssets()], [last.headers.get('x-asset-id'), undefined, known])
  assert.equal((await answerOf('/api/console/uploads/00000000000000000000000000000000', 'HEAD')).status, 404)
})

test('many who ask at once whether a file has arrived get one asset', async () => {
  const bytes = await makePicture('#654321')
  const path = await begin(bytes.length)
  await piece(path, 0, bytes.subarray(0, -1))
  const known = await countAssets()
  const [, ...looks] = await Promise.all([piece(path, bytes.length - 1, bytes.subarray(-1)), ...Array.from({ length: 6 }, () => answerOf(path, 'HEAD'))])
  const assets = new Set(looks.map((look) => look.headers.get('x-asset-id')).filter(Boolean))
  assert.ok(assets.size <= 1)
  const after = await answerOf(path, 'HEAD')
  assert.match(after.headers.get('x-asset-id') ?? '', /^ast_/)
  for (const asset of assets) assert.equal(asset, after.headers.get('x-asset-id'))
  assert.equal(await countAssets(), known + 1)
  assert.equal(await leftovers(), 0)
})

test('two files at once, their pieces in turn, become two assets of their own', async () => {
  const files = [await makePicture('#ff0000'), await makePicture('#00ff00')]
  const sent = await Promise.all(files.map((bytes, at) => send(bytes, `${at}.png`)))
  assert.equal(new Set(sent.map((one) => one.asset)).size, 2)
  const tints = await Promise.all(sent.map(async ({ asset }) => (await assetWhen(asset, (one) => one.state === 'ready')).picture?.tint))
  assert.notEqual(tints[0], tints[1])
})

test('a file that says its length late, or a wrong one, stays within the limit and within its word', async () => {
  const path = await begin(-1)
  const whole = Buffer.alloc(3 * 1024 * 1024)
  assert.equal((await piece(path, 0, whole)).status, 204)
  const beyond = await piece(path, whole.length, whole)
  assert.equal(beyond.status, 413)
  assert.equal((await piece(path, whole.length, Buffer.alloc(0), { 'upload-length': String(5 * 1024 * 1024) })).status, 413)
  const short = await begin(10)
  assert.equal((await piece(short, 0, Buffer.alloc(11))).status, 413)
  assert.equal((await piece(short, 5, Buffer.alloc(5))).status, 409)
  for (const one of [path, short]) assert.equal((await answerOf(one, 'DELETE')).status, 204)
  assert.equal(await leftovers(), 0)
})
