// What a transaction promises about statements that travel together.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { freshDatabase, type FreshDatabase } from '../test/database.ts'
import { openPool, sql, type Db, type Pool } from './db.ts'

let database: FreshDatabase
let pool: Pool
const lost: Error[] = []

before(async () => {
  database = await freshDatabase()
  pool = openPool(database.url, 1, (error) => lost.push(error))
  await pool.query(sql`create table notes (id int primary key, at_rank bigint generated always as identity)`)
})

after(async () => {
  await pool.end()
  await database.drop()
})

const write = (db: Db, id: number) => db.query(sql`insert into notes (id) values (${id})`)
const count = async (db: Db) => (await db.query<{ n: number }>(sql`select count(*)::int as n from notes`)).rows[0]?.n
const kept = async () => (await pool.query<{ id: number }>(sql`select id from notes order by at_rank`)).rows.map((row) => row.id)

test('statements asked for together run in the order they were asked for, a first write included', async () => {
  const counts = await pool.transaction(async (db) => {
    const [first, , second, , third] = await Promise.all([count(db), write(db, 1), count(db), write(db, 2), count(db)])
    return [first, second, third]
  })
  assert.deepEqual(counts, [0, 1, 2])
  const again = await pool.transaction(async (db) => (await Promise.all([write(db, 3), count(db), write(db, 4), count(db)])).filter((told) => typeof told === 'number'))
  assert.deepEqual(again, [3, 4])
  assert.deepEqual(await kept(), [1, 2, 3, 4])
})

test('one of them failing takes all of them back, and its own error is the one that is told', async () => {
  const before = await kept()
  await assert.rejects(pool.transaction((db) => Promise.all([write(db, 10), write(db, 1), write(db, 11)])), { code: '23505' })
  assert.deepEqual(await kept(), before)
})

test('what fails first elsewhere leaves nothing to a statement that comes after the end', async () => {
  let late: Promise<unknown> = Promise.resolve()
  const failing = pool.transaction(async (db) => {
    late = new Promise((wake) => setTimeout(wake, 50)).then(() => write(db, 20))
    late.catch(() => {})
    await Promise.all([late, count(db).then(() => Promise.reject(new Error('refused')))])
  })
  await assert.rejects(failing, /refused/)
  await assert.rejects(late, /after the end of its transaction/)
  assert.equal((await kept()).includes(20), false)
})

test('a failure that the work kept to itself is not called a commit', async () => {
  const hidden = pool.transaction(async (db) => {
    await write(db, 30)
    await write(db, 30).catch(() => {})
  })
  await assert.rejects(hidden, /had failed before its commit/)
  assert.equal((await kept()).includes(30), false)
})

test('a connection lost in the middle keeps nothing, and the next transaction has a new one', async () => {
  await assert.rejects(pool.transaction((db) => Promise.all([write(db, 40), db.query(sql`select pg_terminate_backend(pg_backend_pid())`), write(db, 41)])))
  await pool.transaction((db) => write(db, 42))
  assert.deepEqual((await kept()).filter((id) => id >= 40), [42])
})
