// Brings a database to the newest schema: numbered SQL files, forward only, one starter at a time.
import { readdir, readFile } from 'node:fs/promises'
import pg from 'pg'

const folder = new URL('../migrations/', import.meta.url)
const LOCK = 7_305_114

/** Applies what is missing, each file in a transaction of its own. Safe to call from many processes at once. */
export async function migrate(url: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query('select pg_advisory_lock($1)', [LOCK])
    await client.query('create table if not exists migrations (name text primary key, applied_at timestamptz not null default now())')
    const { rows } = await client.query<{ name: string }>('select name from migrations')
    const done = new Set(rows.map((row) => row.name))
    const files = (await readdir(folder)).filter((name) => name.endsWith('.sql')).toSorted()
    const missing = files.filter((name) => !done.has(name))
    for (const name of missing) await applyOne(client, name)
    return missing
  } finally {
    await client.end()
  }
}

async function applyOne(client: pg.Client, name: string): Promise<void> {
  const text = await readFile(new URL(name, folder), 'utf8')
  await client.query(`begin; set local lock_timeout = '5s';\n${text}\n; insert into migrations (name) values ('${name.replaceAll("'", '')}'); commit`)
}
