// Ciphertext by signed address: whole, in parts, from memory, or handed to nginx.
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import type { Id } from '#contracts/words/id.ts'
import { newId } from '#kernel/ids.ts'
import { openApp } from '#server/app.ts'
import { readConfig } from '#server/config.ts'
import { freshDatabase } from '#server/test/database.ts'
import { addressesOf } from './actions.ts'

const dataDir = await mkdtemp(join(tmpdir(), 'shuyuan-segments-'))
const database = await freshDatabase()
const environment = { DATABASE_URL: database.url, DATABASE_POOL: '2', DATA_DIR: dataDir, SECRET: 'a secret that only this test knows, 32+', LOG_LEVEL: 'silent', HOT_SEGMENT_MB: '1' }
const app = await openApp(readConfig(environment))
const behindNginx = await openApp(readConfig({ ...environment, NGINX_ACCEL: '/kept' }))
after(async () => {
  await app.close()
  await behindNginx.close()
  await database.drop()
  await rm(dataDir, { recursive: true, force: true })
})

const asset = newId('ast')
const bytes = randomBytes(40_000)
await app.ctx.gateways.storage.put(`assets/${asset}/480p/0.ts`, bytes)

async function baseOf(seconds: number, of: Id<'ast'> = asset): Promise<string> {
  const until = Math.floor(Date.now() / 1000) + seconds
  const { manifestUrl } = await addressesOf(app.ctx, { play: 'a-play', asset: of, limit: null, until })
  return manifestUrl.replace('/master.m3u8', '')
}

const get = (url: string, headers: Record<string, string> = {}) => app.http.inject({ url, headers })

test('a segment comes whole, with its length, and may be kept for good', async () => {
  const answer = await get(`${await baseOf(60)}/480p/0.ts`)
  assert.equal(answer.statusCode, 200)
  assert.ok(bytes.equals(answer.rawPayload))
  assert.equal(answer.headers['content-length'], '40000')
  assert.equal(answer.headers['content-type'], 'video/mp2t')
  assert.match(String(answer.headers['cache-control']), /immutable/)
  const again = await get(`${await baseOf(60)}/480p/0.ts`, { 'if-none-match': String(answer.headers.etag) })
  assert.equal(again.statusCode, 304)
  assert.equal(again.rawPayload.length, 0)
})

test('a part is sent with its place; one that is not there is refused with the length', async () => {
  const url = `${await baseOf(60)}/480p/0.ts`
  const part = await get(url, { range: 'bytes=100-199' })
  assert.equal(part.statusCode, 206)
  assert.equal(part.headers['content-range'], 'bytes 100-199/40000')
  assert.equal(part.headers['content-length'], '100')
  assert.ok(bytes.subarray(100, 200).equals(part.rawPayload))
  const beyond = await get(url, { range: 'bytes=40000-' })
  assert.equal(beyond.statusCode, 416)
  assert.equal(beyond.headers['content-range'], 'bytes */40000')
  const changed = await get(url, { range: 'bytes=0-9', 'if-range': '"another"' })
  assert.equal(changed.statusCode, 200)
  assert.equal(changed.rawPayload.length, 40_000)
})

test('a token that was changed, is for another title or is over is refused', async () => {
  const base = await baseOf(60)
  const other = newId('ast')
  await app.ctx.gateways.storage.put(`assets/${other}/480p/0.ts`, bytes)
  const changed = base.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'))
  for (const refused of [changed, base.replace(asset, other), await baseOf(-1), `/api/media/${asset}/x.y`, `/api/media/${asset}/x`]) {
    for (const name of ['480p/0.ts', 'master.m3u8', '480p.m3u8']) {
      const answer = await get(`${refused}/${name}`)
      assert.equal(answer.statusCode, 403, `${refused}/${name}`)
      assert.equal(answer.json().error.code, 'play.token_refused')
      assert.equal(answer.headers['cache-control'], 'no-store')
    }
  }
})

test('there are no other files behind the address', async () => {
  const base = await baseOf(60)
  await app.ctx.gateways.storage.put(`assets/${asset}/source`, Buffer.from('in the clear'))
  for (const name of ['480p/1.ts', '720p/0.ts', 'source/0.ts', '480p/..%2F..%2Fsource.ts', '..%2Fsource.ts', '480p/0x0.ts']) assert.equal((await get(`${base}/${name}`)).statusCode, 404, name)
})

test('memory stays within its bound while more than it holds is played', async () => {
  const many = newId('ast')
  for (let at = 0; at < 8; at += 1) await app.ctx.gateways.storage.put(`assets/${many}/480p/${at}.ts`, Buffer.alloc(200_000, at))
  const base = await baseOf(60, many)
  for (let at = 0; at < 8; at += 1) assert.equal((await get(`${base}/480p/${at}.ts`)).rawPayload[0], at)
  const held = Array.from({ length: 8 }, (_, at) => app.ctx.gateways.hotFiles.held(`assets/${many}/480p/${at}.ts`)?.length ?? 0)
  assert.deepEqual(held.map(Boolean), [false, false, false, true, true, true, true, true])
  await app.ctx.gateways.storage.remove(`assets/${many}`)
  assert.equal((await get(`${base}/480p/7.ts`)).statusCode, 404)
})

test('behind nginx we check the token and name the file, and send no bytes of it', async () => {
  const base = await baseOf(60)
  const answer = await behindNginx.http.inject({ url: `${base}/480p/0.ts` })
  assert.equal(answer.statusCode, 200)
  assert.equal(answer.headers['x-accel-redirect'], `/kept/assets/${asset}/480p/0.ts`)
  assert.equal(answer.rawPayload.length, 0)
  const refused = await behindNginx.http.inject({ url: `${await baseOf(-1)}/480p/0.ts` })
  assert.equal(refused.statusCode, 403)
  assert.equal(refused.headers['x-accel-redirect'], undefined)
})
