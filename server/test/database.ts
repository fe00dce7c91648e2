// A fresh, migrated database for every test file that asks.
import { createHash, randomBytes } from 'node:crypto'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { openQueue } from '#kernel/jobs.ts'
import { openLog } from '#kernel/log.ts'
import { migrate } from '#kernel/migrate.ts'
import { timetable } from '#server/timetable.ts'
import { startDatabase } from '../../scripts/database.ts'

export type FreshDatabase = { url: string; drop: () => Promise<void> }

const root = join(import.meta.dirname, '..', '..')
const migrations = join(root, 'server', 'migrations')

/** Nothing in a test has to survive a power cut. */
export const fastSettings = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '400', max_wal_size: '2GB' }

/** A new database, copied from a template that the migrations and the queue made once. `drop` it when the test file is done. */
export async function freshDatabase(): Promise<FreshDatabase> {
  const server = await serverUrl()
  const name = `t_${randomBytes(8).toString('hex')}`
  const template = await ensureTemplate(server)
  // A copy of the files: a tenth of the work of writing every page to the log, and nothing here has to survive.
  await query(server, `create database ${name} template ${template} strategy file_copy`)
  return {
    url: withDatabase(server, name),
    drop: () => query(server, `drop database if exists ${name} with (force)`),
  }
}

let ownServer: Promise<string> | undefined

/** `npm test` starts one server for all files and hands it down; a test file run by itself starts its own, which ends with it. */
function serverUrl(): Promise<string> {
  const given = process.env['TEST_DATABASE_URL']
  if (given) return Promise.resolve(given)
  ownServer ??= startFreeServer(0)
  return ownServer
}

/** A server that another process started would end with that process, so this one takes the next folder. */
async function startFreeServer(slot: number): Promise<string> {
  const server = await startDatabase({ dir: join(root, '.cache', 'test-database', String(slot)), settings: fastSettings })
  return server.adopted ? startFreeServer(slot + 1) : server.url
}

/** The template carries the hash of the migrations in its name; the advisory lock lets one process make it. */
async function ensureTemplate(url: string): Promise<string> {
  const files = readdirSync(migrations).filter((name) => name.endsWith('.sql')).sort()
  const hash = createHash('sha256')
  for (const file of files) hash.update(file).update(readFileSync(join(migrations, file)))
  const name = `template_${hash.digest('hex').slice(0, 12)}`
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(`select pg_advisory_lock(727001)`)
    const { rows } = await client.query(`select datname from pg_database where datname = '${name}'`)
    if (rows.length > 0) return name
    await client.query(`drop database if exists draft_template with (force)`)
    await client.query(`create database draft_template`)
    await prepare(withDatabase(url, 'draft_template'))
    await client.query(`alter database draft_template rename to ${name}`)
    return name
  } finally {
    await client.end()
  }
}

/** The tables and the queues, as a first start of the server leaves them. */
async function prepare(url: string): Promise<void> {
  await migrate(url)
  const { rooms } = await import('#server/modules.ts')
  const queue = await openQueue(url, rooms, timetable, openLog('error'))
  await queue.stop()
}

export function withDatabase(url: string, name: string): string {
  const changed = new URL(url)
  changed.pathname = `/${name}`
  return changed.href
}

async function query(url: string, text: string) {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(text)
  } finally {
    await client.end()
  }
}
