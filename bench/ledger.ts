// Ledger entries a second by 16 connections: chained in lanes as the product does, in one lane only, and without any chain.
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { startDatabase } from '../scripts/database.ts'
import { percent } from './load.ts'

const CALLERS = 16
const ROUNDS = Number(process.env['ROUNDS'] ?? 5)
const SECONDS = Number(process.env['SECONDS'] ?? 1)
const SLOW_MS = 5

const ways = {
  'without a chain': { trigger: 'disable', waits: false },
  // Every entry waits for the one before it, as a plain chain would have it.
  'in one lane': { trigger: 'enable', waits: true },
  'in 64 lanes': { trigger: 'enable', waits: false },
}

const dir = await mkdtemp(join(tmpdir(), 'shuyuan-bench-ledger-'))
const database = await startDatabase({ dir: join(dir, 'database') })
const client = new pg.Client({ connectionString: database.url })
await client.connect()
const migrations = join(import.meta.dirname, '..', 'server', 'migrations')
for (const file of (await readdir(migrations)).toSorted()) await client.query(await readFile(join(migrations, file), 'utf8'))
await compare('on this disk', 0)
await compare(`on a disk that takes ${SLOW_MS} ms more`, SLOW_MS)
await client.end()
await database.stop()
await rm(dir, { recursive: true, force: true })

/** The database waits so long before each flush of its log, as it would for a slower disk. */
async function compare(where: string, slowMs: number): Promise<void> {
  const pool = new pg.Pool({ connectionString: database.url, max: CALLERS, options: `-c commit_delay=${slowMs * 1000} -c commit_siblings=0` })
  // Connections that the database closes at the end are nothing to hear of.
  pool.on('error', () => undefined)
  const rates: Record<string, number[]> = {}
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const [way, { trigger, waits }] of Object.entries(ways)) {
      await client.query(`alter table ledger_entries ${trigger} trigger ledger_entries_sealed`)
      const rate = await measure(pool, `${where} ${round} ${way}`, waits)
      // The first round only warms up.
      if (round > 0) (rates[way] ??= []).push(rate)
    }
  }
  await pool.end()
  const middle = (all: number[]) => all.toSorted((one, other) => one - other)[all.length >> 1] ?? 0
  const bare = middle(rates['without a chain'] ?? [])
  console.log(where)
  for (const [way, all] of Object.entries(rates)) console.log(`  ${way.padEnd(18)} ${middle(all).toFixed(0).padStart(6)} entries /s  ${percent(middle(all), bare)}`)
}

async function measure(pool: pg.Pool, name: string, waits: boolean): Promise<number> {
  let posted = 0
  const end = performance.now() + SECONDS * 1000
  await Promise.all(Array.from({ length: CALLERS }, async (_, caller) => {
    for (let at = 0; performance.now() < end; at += 1) {
      await postOne(pool, `${name} ${caller} ${at}`, waits)
      posted += 1
    }
  }))
  return posted / SECONDS
}

async function postOne(pool: pg.Pool, cause: string, waits: boolean): Promise<void> {
  const connection = await pool.connect()
  await connection.query('begin')
  await connection.query({ name: 'entry', text: "insert into ledger_entries (id, what, cause, at) values ($1, 'sale', $1, now())", values: [cause] })
  await connection.query({ name: 'lines', text: "insert into ledger_lines values ($1, 0, 'asset:wechat_pay', 9900), ($1, 1, 'income:courses', -9900)", values: [cause] })
  if (waits) await connection.query({ name: 'wait', text: 'select 1 from ledger_lanes where lane = 0 for update' })
  await connection.query('commit')
  connection.release()
}
