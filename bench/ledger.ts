// Ledger entries a second by 16 connections: chained in lanes as the product does, in one lane only, and without any chain.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { migrate } from '#kernel/migrate.ts'
import { startDatabase } from '../scripts/database.ts'
import { percent } from './load.ts'

const CALLERS = 16
const ROUNDS = Number(process.env['ROUNDS'] ?? 5)
const SECONDS = Number(process.env['SECONDS'] ?? 2)

/** One lane: every entry waits for the one before it, as a plain chain would have it. */
const ways = {
  'without a chain': 'alter table ledger_entries disable trigger ledger_entries_sealed',
  'in one lane': "alter table ledger_entries enable trigger ledger_entries_sealed; set session_replication_role = replica; update ledger_lanes set lane = lane + 1000 where lane between 1 and 63; set session_replication_role = origin",
  'in 64 lanes': 'set session_replication_role = replica; update ledger_lanes set lane = lane - 1000 where lane > 1000; set session_replication_role = origin',
}

const dir = await mkdtemp(join(tmpdir(), 'shuyuan-bench-ledger-'))
const database = await startDatabase({ dir: join(dir, 'database') })
await migrate(database.url)
const client = new pg.Client({ connectionString: database.url })
await client.connect()
const pool = new pg.Pool({ connectionString: database.url, max: CALLERS })
const rates: Record<string, number[]> = {}
for (let round = 0; round <= ROUNDS; round += 1) {
  for (const [way, prepare] of Object.entries(ways)) {
    await client.query(prepare)
    const rate = await measure(`${round} ${way}`)
    // The first round only warms up.
    if (round > 0) (rates[way] ??= []).push(rate)
  }
}
await pool.end()
await client.end()
await database.stop()
await rm(dir, { recursive: true, force: true })

const middle = (all: number[]) => all.toSorted((one, other) => one - other)[all.length >> 1] ?? 0
const bare = middle(rates['without a chain'] ?? [])
for (const [way, all] of Object.entries(rates)) console.log(`${way.padEnd(18)} ${middle(all).toFixed(0).padStart(6)} entries /s  ${percent(middle(all), bare)}`)

async function measure(name: string): Promise<number> {
  let posted = 0
  const end = performance.now() + SECONDS * 1000
  await Promise.all(Array.from({ length: CALLERS }, async (_, caller) => {
    for (let at = 0; performance.now() < end; at += 1) {
      await postOne(`${name} ${caller} ${at}`)
      posted += 1
    }
  }))
  return posted / SECONDS
}

async function postOne(cause: string): Promise<void> {
  const connection = await pool.connect()
  await connection.query('begin')
  await connection.query({ name: 'entry', text: "insert into ledger_entries (id, what, cause, at) values ($1, 'sale', $1, now())", values: [cause] })
  await connection.query({ name: 'lines', text: "insert into ledger_lines values ($1, 0, 'asset:wechat_pay', 9900), ($1, 1, 'income:courses', -9900)", values: [cause] })
  await connection.query('commit')
  connection.release()
}
