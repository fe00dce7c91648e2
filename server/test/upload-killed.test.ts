// A server that is killed while a film arrives, or while it takes the film over: after the next start nothing is sent twice and nothing is made twice.
import assert from 'node:assert/strict'
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import installed from '@ffmpeg-installer/ffmpeg'
import { freshDatabase, type FreshDatabase } from './database.ts'
import { freePort } from '../../scripts/start/ports.ts'
import { bareEnvironment } from './environment.ts'
import { askerAt, signInOwner, until, type TestApp } from './server.ts'

const root = join(import.meta.dirname, '..', '..')
let database: FreshDatabase
let folder: string
let port: number
let server: ChildProcess | undefined
let ask: TestApp['ask']
let owner: string
let film: Buffer
before(async () => {
  database = await freshDatabase()
  folder = await mkdtemp(join(tmpdir(), 'shuyuan-killed-'))
  port = await freePort()
  ask = askerAt(`http://127.0.0.1:${port}`)
  film = await makeFilm()
  // Scanning takes as long as the file `slow` is there.
  await writeFile(join(folder, 'scan.sh'), `#!/bin/sh\ntouch ${folder}/scanning\nwhile [ -e ${folder}/slow ]; do sleep 0.05; done\n`)
  await chmod(join(folder, 'scan.sh'), 0o755)
  await start()
  owner = await signInOwner({ ask })
})
after(async () => {
  await kill()
  await database.drop()
  await rm(folder, { recursive: true, force: true })
})

async function start(): Promise<void> {
  const environment = { DATABASE_URL: database.url, DATABASE_POOL: '4', DATA_DIR: join(folder, 'data'), SECRET: 'a secret that only tests know, 32+ chars', PORT: String(port), PUBLIC_URL: `http://127.0.0.1:${port}`, SETUP_KEY: 'test-setup-key', LOG_LEVEL: 'fatal', PARENT_PIPE: '1', VIRUS_SCAN_COMMAND: join(folder, 'scan.sh') }
  server = spawn(process.execPath, ['server/main.ts'], { cwd: root, stdio: ['pipe', 'ignore', 'inherit'], env: { ...bareEnvironment, ...environment } })
  for (const end = Date.now() + 60_000; (await fetch(`http://127.0.0.1:${port}/api/health`).then((answer) => answer.status, () => 0)) !== 200; await pause(50)) assert.ok(Date.now() < end, 'the server did not start')
}

async function kill(): Promise<void> {
  if (!server || server.exitCode !== null || server.signalCode !== null) return
  server.kill('SIGKILL')
  await once(server, 'exit')
}

async function makeFilm(): Promise<Buffer> {
  const file = join(folder, 'film.mp4')
  const made = spawnSync(installed.path, ['-y', '-f', 'lavfi', '-i', 'testsrc2=s=320x180:r=5:d=6', '-c:v', 'libx264', '-preset', 'ultrafast', '-qp', '0', '-pix_fmt', 'yuv420p', file])
  assert.equal(made.status, 0, String(made.stderr))
  return readFile(file)
}

const send = (path: string, method: string, headers: Record<string, string> = {}, body?: Buffer) => fetch(`http://127.0.0.1:${port}${path}`, { method, headers: { 'tus-resumable': '1.0.0', 'x-requested-with': 'shuyuan', cookie: owner, ...headers }, ...(body ? { body } : {}) })
const piece = (path: string, at: number, bytes: Buffer) => send(path, 'PATCH', { 'upload-offset': String(at), 'content-type': 'application/offset+octet-stream' }, bytes)
const assets = async () => (await ask('GET /console/assets?limit=100', undefined, { cookie: owner })).body.items
const uploads = async () => (await readdir(join(folder, 'data', 'uploads'))).length
const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))
const exists = (name: string) => stat(join(folder, name)).then(() => true, () => false)

async function begin(): Promise<string> {
  const answer = await send('/api/console/uploads', 'POST', { 'upload-length': String(film.length), 'upload-metadata': `filename ${Buffer.from('夜空.mp4').toString('base64')}` })
  return new URL(answer.headers.get('location') ?? '', `http://127.0.0.1:${port}`).pathname
}

/** The film is playable and is the only one more than before. */
async function isWholeOnce(asset: string | null, known: number): Promise<void> {
  await until(async () => (await ask(`GET /console/assets/${asset}`, undefined, { cookie: owner })).body?.state === 'ready')
  const all = await assets()
  assert.equal(all.length, known + 1)
  assert.equal(all[0].sizeBytes, film.length)
  assert.equal(await uploads(), 0)
}

test('killed in the middle of a piece: the client goes on where the bytes that were kept end', async () => {
  const known = (await assets()).length
  const path = await begin()
  const half = Math.floor(film.length / 2)
  const body = new ReadableStream<Uint8Array>({
    async start(stream) {
      stream.enqueue(film.subarray(0, half))
      await until(async () => (await stat(join(folder, 'data', 'uploads', path.split('/').at(-1) ?? ''))).size >= half)
      await kill()
      stream.close()
    },
  })
  const broken = await fetch(`http://127.0.0.1:${port}${path}`, { method: 'PATCH', headers: { 'tus-resumable': '1.0.0', 'x-requested-with': 'shuyuan', cookie: owner, 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' }, body, duplex: 'half' } as RequestInit).then(() => false, () => true)
  assert.ok(broken)
  await start()
  const at = Number((await send(path, 'HEAD')).headers.get('upload-offset'))
  assert.equal(at, half)
  const last = await piece(path, at, film.subarray(at))
  assert.equal(last.status, 204)
  await isWholeOnce(last.headers.get('x-asset-id'), known)
})

test('killed while the whole film is taken over: the client asks, and it is taken over now', async () => {
  const known = (await assets()).length
  const path = await begin()
  await rm(join(folder, 'scanning'), { force: true })
  await writeFile(join(folder, 'slow'), '')
  const last = piece(path, 0, film).then(() => 'answered', () => 'lost')
  await until(() => exists('scanning'))
  await kill()
  assert.equal(await last, 'lost')
  await rm(join(folder, 'slow'))
  await start()
  assert.equal((await assets()).length, known)
  const look = await send(path, 'HEAD')
  assert.deepEqual([look.status, look.headers.get('upload-offset')], [200, String(film.length)])
  await isWholeOnce(look.headers.get('x-asset-id'), known)
})

test('killed after it was taken over and before anybody heard: the client asks, and hears of the same film', async () => {
  const known = (await assets()).length
  const path = await begin()
  const asset = (await piece(path, 0, film)).headers.get('x-asset-id')
  await kill()
  await start()
  assert.equal((await send(path, 'HEAD')).headers.get('x-asset-id'), asset)
  await isWholeOnce(asset, known)
})
