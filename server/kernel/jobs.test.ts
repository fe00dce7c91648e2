// Long work: it has twelve hours, and two of it run at once beside the short.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { freshDatabase } from '../test/database.ts'
import { until } from '../test/server.ts'
import { writersOf, type Ctx } from './ctx.ts'
import { openPool, sql } from './db.ts'
import { openQueue } from './jobs.ts'
import { openLog } from './log.ts'

const database = await freshDatabase()
const pool = openPool(database.url, 2, () => {})
const log = openLog('silent')
after(async () => {
  await pool.end()
  await database.drop()
})

const running = { long: 0, short: 0 }
const most = { long: 0, short: 0 }
let ended = 0
const stay = (kind: 'long' | 'short') => async () => {
  most[kind] = Math.max(most[kind], (running[kind] += 1))
  await new Promise((resolve) => setTimeout(resolve, 300))
  running[kind] -= 1
  ended += 1
}
const rooms = [{ name: 'tests/paces', jobs: { 'paces.long': { long: stay('long') }, 'paces.short': stay('short') } }]
const open = () => openQueue(database.url, rooms, [], log)
const expiry = async (name: string) => (await pool.query<{ seconds: number }>(sql`select expire_seconds as seconds from pgboss.queue where name = ${name}`)).rows[0]?.seconds

test('long work has twelve hours, in a queue of an earlier version too', async () => {
  await (await open()).stop()
  assert.deepEqual([await expiry('paces.long'), await expiry('paces.short')], [43_200, 900])
  await pool.query(sql`update pgboss.queue set expire_seconds = 900 where name = 'paces.long'`)
  await (await open()).stop()
  assert.equal(await expiry('paces.long'), 43_200)
})

test('two long ones run at once while six short ones do, and all come to their end', async () => {
  const queue = await open()
  const { later } = writersOf(pool)
  for (let at = 0; at < 5; at += 1) await later('paces.long' as never, {} as never)
  for (let at = 0; at < 8; at += 1) await later('paces.short' as never, {} as never)
  await queue.work(() => ({ db: pool, log }) as unknown as Ctx)
  await until(async () => ended === 13)
  assert.deepEqual(most, { long: 2, short: 6 })
  await queue.stop()
})
