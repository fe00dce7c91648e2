// The promises of the embedded database: it starts, ends and recovers whatever was killed.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { startDatabase } from './database.ts'
import { isProblem } from './problem.ts'

const isRoot = process.getuid?.() === 0
const settings = { fsync: 'off' }
const folders: string[] = []
after(() => { for (const folder of folders) rmSync(folder, { recursive: true, force: true }) })

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sydb-'))
  folders.push(folder)
  return folder
}

const dir = join(newFolder(), 'data', 'database')

async function ask(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(text)).rows
  } finally {
    await client.end()
  }
}

function postmasterOf(folder: string): number {
  return Number(readFileSync(join(folder, 'cluster', 'postmaster.pid'), 'utf8').split('\n')[0])
}

/** Another process that starts the database and stays. */
async function startElsewhere(folder: string): Promise<ChildProcess> {
  const source = `import { startDatabase } from '${import.meta.dirname}/database.ts'
    await startDatabase({ dir: process.argv[1], settings: { fsync: 'off' } }); console.log('ready'); setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', source, folder], { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(child.stdout, 'data')
  return child
}

async function until(isTrue: () => boolean) {
  for (let n = 0; n < 400 && !isTrue(); n += 1) await sleep(25)
  assert.ok(isTrue())
}

test('a new database sorts by code point, finds Chinese trigrams and listens on no port', async () => {
  const database = await startDatabase({ dir, settings })
  await ask(database.url, 'create extension pg_trgm')
  const [row] = await ask(database.url, `select current_setting('listen_addresses') as port, current_setting('server_encoding') as encoding,
    cardinality(show_trgm('人工智能')) > 0 as finds, '一' < '丁' as sorts, current_setting('data_checksums') as sums`)
  assert.deepEqual(row, { port: '', encoding: 'UTF8', finds: true, sorts: true, sums: 'on' })
  await database.stop()
  assert.equal(database.isRunning(), false)
  assert.equal(existsSync(join(dir, 'cluster', 'postmaster.pid')), false)
})

test('a second process adopts a running database and does not end it', async () => {
  const first = await startDatabase({ dir, settings })
  const second = await startDatabase({ dir, settings })
  assert.deepEqual([first.adopted, second.adopted, second.url === first.url], [false, true, true])
  await second.stop()
  assert.equal(first.isRunning(), true)
  await first.stop()
})

test('five starters at once make one database', async () => {
  const folder = newFolder()
  const all = await Promise.all([1, 2, 3, 4, 5].map(() => startDatabase({ dir: folder, settings })))
  assert.equal(all.filter((one) => !one.adopted).length, 1)
  for (const one of all) await one.stop()
})

test('kill -9 of the starter ends the database cleanly', async () => {
  const child = await startElsewhere(dir)
  const pid = postmasterOf(dir)
  child.kill('SIGKILL')
  await until(() => !existsSync(join(dir, 'cluster', 'postmaster.pid')))
  assert.ok(pid > 1)
})

test('kill -9 of everything at once loses no confirmed row', async () => {
  const child = await startElsewhere(dir)
  const database = await startDatabase({ dir })
  await ask(database.url, 'create table kept (n int)')
  await ask(database.url, 'insert into kept select generate_series(1, 1000)')
  process.kill(postmasterOf(dir), 'SIGKILL')
  child.kill('SIGKILL')
  const again = await startDatabase({ dir, settings })
  assert.equal(again.adopted, false)
  assert.deepEqual(await ask(again.url, 'select count(*)::int as n from kept'), [{ n: 1000 }])
  await again.stop()
})

test('a process id that now belongs to somebody else is no obstacle', async () => {
  writeFileSync(join(dir, 'cluster', 'postmaster.pid'), `${process.pid}\n${join(dir, 'cluster')}\n1\n5432\n${join(dir, 'run')}\n\n\nready\n`)
  const database = await startDatabase({ dir, settings })
  assert.equal(database.adopted, false)
  await database.stop()
})

test('a half-made cluster is thrown away', async () => {
  const folder = newFolder()
  mkdirSync(join(folder, 'init-1', 'base'), { recursive: true })
  mkdirSync(join(folder, 'cluster'))
  const database = await startDatabase({ dir: folder, settings })
  assert.equal(existsSync(join(folder, 'init-1')), false)
  await database.stop()
})

test('a path too long for a socket gets a short one', async () => {
  const folder = join(newFolder(), 'x'.repeat(120))
  const database = await startDatabase({ dir: folder, settings })
  const socketFolder = decodeURIComponent(new URL(database.url).hostname)
  folders.push(socketFolder)
  assert.ok(socketFolder.length < 80)
  assert.deepEqual(await ask(database.url, 'select 1 as one'), [{ one: 1 }])
  await database.stop()
})

test('a cluster of another version is refused with a sentence, and left as it was', async () => {
  const version = join(dir, 'cluster', 'PG_VERSION')
  writeFileSync(version, '17\n')
  await assert.rejects(startDatabase({ dir }), (thrown) => isProblem(thrown) && /made by PostgreSQL 17.*brings PostgreSQL 18/.test(thrown.message))
  writeFileSync(version, '18\n')
})

test('root works below a folder that only root may enter', { skip: !isRoot }, async () => {
  const secret = newFolder()
  chmodSync(secret, 0o700)
  const database = await startDatabase({ dir: join(secret, 'project', 'data', 'database'), settings })
  assert.deepEqual(await ask(database.url, `select current_setting('data_directory') as folder`), [{ folder: join(secret, 'project/data/database/cluster') }])
  await database.stop()
})

const nobody = ['--reuid', '65534', '--regid', '65534', '--clear-groups']
const canReachUs = isRoot && spawnSync('setpriv', [...nobody, 'test', '-r', import.meta.filename]).status === 0

test('a normal user works, and a folder of another user is refused with a sentence', { skip: !canReachUs }, async () => {
  const folder = newFolder()
  chmodSync(folder, 0o777)
  const source = `import { startDatabase } from '${import.meta.dirname}/database.ts'
    const database = await startDatabase({ dir: process.argv[1] }); console.log('pid', database.adopted); await database.stop()
    await startDatabase({ dir: process.argv[2] }).catch((thrown) => console.log(thrown.message))`
  const child = spawn('setpriv', [...nobody, process.execPath, '--input-type=module', '-e', source, join(folder, 'own'), dir], { stdio: ['ignore', 'pipe', 'pipe'] })
  let text = ''
  child.stdout.on('data', (chunk) => { text += chunk })
  child.stderr.on('data', (chunk) => { text += chunk })
  await once(child, 'exit')
  assert.match(text, /pid false\n.*belongs to another user/)
})
