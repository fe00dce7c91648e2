// A file is made by one process at a time; one that was lost or left lying is taken up by another.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import installed from '@ffmpeg-installer/ffmpeg'
import type { Id } from '#contracts/words/id.ts'
import type { Ffmpeg } from '#gateways/ffmpeg/ffmpeg.ts'
import type { Ctx } from '#kernel/ctx.ts'
import { sql } from '#kernel/db.ts'
import { openApp } from '#server/app.ts'
import { readConfig } from '#server/config.ts'
import { freshDatabase } from '#server/test/database.ts'
import { until } from '#server/test/server.ts'
import { importFile, processAsset, showAsset, sweepLeftovers } from './actions.ts'

const dataDir = await mkdtemp(join(tmpdir(), 'shuyuan-turns-'))
const database = await freshDatabase()
// No worker until the last test.
const app = await openApp(readConfig({ DATABASE_URL: database.url, DATABASE_POOL: '4', DATA_DIR: dataDir, SECRET: 'a secret that only this test knows, 32+', LOG_LEVEL: 'silent' }))
const { db } = app.ctx
after(async () => {
  await app.close()
  await database.drop()
  await rm(dataDir, { recursive: true, force: true })
})

const sound = join(dataDir, 'sound.m4a')
assert.equal(spawnSync(installed.path, ['-y', '-f', 'lavfi', '-i', 'sine=d=5', '-c:a', 'aac', '-b:a', '32k', sound]).status, 0)
/** Ffmpeg reads it for ever: nobody writes into it. */
const endless = join(dataDir, 'endless')
assert.equal(spawnSync('mkfifo', [endless]).status, 0)

/** Our ctx with another way of cutting; `real` ends when the work is lost. */
function cutting(cut: (real: Ffmpeg, ...asked: Parameters<Ffmpeg['segment']>) => ReturnType<Ffmpeg['segment']>): Ctx {
  const { ffmpeg } = app.ctx.gateways
  const until = (signal: AbortSignal): Ffmpeg => {
    const real = ffmpeg.until(signal)
    return { ...real, segment: (...asked) => cut(real, ...asked) }
  }
  return { ...app.ctx, gateways: { ...app.ctx.gateways, ffmpeg: { ...ffmpeg, until } } }
}

const arrive = () => importFile(app.ctx, sound, 'audio', '五秒')
const takeOver = (id: Id<'ast'>, secondsAgo: number) => db.query(sql`update assets set maker = 'another', maker_seen_at = now() - make_interval(secs => ${secondsAgo}) where id = ${id}`)
const makerOf = async (id: Id<'ast'>) => (await db.query<{ maker: string | null }>(sql`select maker from assets where id = ${id}`)).rows[0]?.maker
const waiting = async (id: Id<'ast'>) => (await db.query<{ n: number }>(sql`select count(*)::int as n from pgboss.job where name = 'media.process' and state < 'active' and data->>'asset' = ${id}`)).rows[0]?.n

test('asked for twice at once, a file is made once, and both hear when it is', async () => {
  const id = await arrive()
  let cuts = 0
  const counting = cutting((real, ...asked) => ((cuts += 1), real.segment(...asked)))
  const states = await Promise.all([0, 1].map(() => processAsset(counting, id).then(() => showAsset(app.ctx, id))))
  assert.deepEqual(states.map((one) => one.state), ['ready', 'ready'])
  assert.equal(cuts, 1)
  assert.equal(await makerOf(id), null)
})

test('whose file was taken over ends its ffmpeg and leaves the file to the other; a maker not seen for ten seconds is gone', async () => {
  const id = await arrive()
  const isEnded = processAsset(cutting(async (real, _source, ...rest) => {
    await takeOver(id, 0)
    return real.segment(endless, ...rest)
  }), id)
  await assert.rejects(isEnded, /another has taken this work over/)
  assert.deepEqual([(await showAsset(app.ctx, id)).state, await makerOf(id)], ['processing', 'another'])
  await takeOver(id, 11)
  await processAsset(app.ctx, id)
  assert.equal((await showAsset(app.ctx, id)).state, 'ready')
})

test('whose file was taken over neither ends it nor takes it away', async () => {
  const id = await arrive()
  await processAsset(cutting(async () => {
    await takeOver(id, 0)
    return { broken: 'file_unreadable' }
  }), id)
  await takeOver(id, 11)
  await processAsset(cutting(async (real, ...asked) => {
    await takeOver(id, 0)
    return real.segment(...asked)
  }), id)
  const asset = await showAsset(app.ctx, id)
  assert.deepEqual([asset.state, asset.problem, asset.renditions], ['processing', null, []])
  assert.notEqual(await app.ctx.gateways.storage.sizeOf(`assets/${id}/source`), undefined)
})

test('what nobody makes any more is asked for again, once, and made; what is being made is left alone', async () => {
  const [left, held] = [await arrive(), await arrive()]
  await db.query(sql`update pgboss.job set state = 'failed' where name = 'media.process'`)
  await takeOver(left, 11)
  await takeOver(held, 0)
  await sweepLeftovers(app.ctx)
  await sweepLeftovers(app.ctx)
  assert.deepEqual([await waiting(left), await waiting(held)], [1, 0])
  await app.work()
  await until(async () => (await showAsset(app.ctx, left)).state === 'ready')
})
