// The audit log: written with the change, read by owners, changed by nobody; and the settings and agreements it tells of.
import { after, before, test } from 'node:test'
import assert from 'node:assert/strict'
import { inTransaction } from '#kernel/ctx.ts'
import { sql } from '#kernel/db.ts'
import { openDoor, setUpOwner, type Door } from '../../../test/door.ts'
import { audit } from './actions.ts'

let door: Door
let owner: { cookie: string; id: string }
before(async () => {
  door = await openDoor()
  owner = await setUpOwner(door)
})
after(() => door.stop())

const read = async (query = '') => (await door.call('GET', `/console/audit${query}`, { cookie: owner.cookie })).body

test('the database refuses to change, delete or empty the log', async () => {
  const { db } = door.ctx
  for (const statement of [sql`update audit_entries set action = 'nothing'`, sql`delete from audit_entries`, sql`truncate audit_entries`]) {
    await assert.rejects(db.query(statement), /the audit log is never changed/, statement.text)
  }
  assert.ok((await read()).items.length >= 2)
})

test('an entry lives and dies with the change it tells of', async () => {
  const change = inTransaction(door.ctx, async (ctx) => {
    await audit(ctx, { action: 'test.undone', subject: 'test', before: null, after: null })
    throw new Error('the change failed')
  })
  await assert.rejects(change, /the change failed/)
  assert.deepEqual((await read('?q=test.undone')).items, [])
})

test('the newest comes first, with who, where from, before and after', async () => {
  const settings = (await door.call('GET', '/console/academy', { cookie: owner.cookie })).body
  const changed = await door.call('PUT', '/console/academy', { cookie: owner.cookie, address: '10.3.3.3', body: { ...settings, motto: '日拱一卒' } })
  assert.equal(changed.body.motto, '日拱一卒')
  const [newest] = (await read('?limit=1')).items
  assert.deepEqual([newest.action, newest.operator, newest.address, newest.before.motto, newest.after.motto], ['academy.changed', { id: owner.id, name: '许知行' }, '10.3.3.3', '', '日拱一卒'])
  const page = await read('?limit=1')
  assert.notEqual((await read(`?limit=1&cursor=${page.next}`)).items[0].id, newest.id)
  assert.equal((await door.call('GET', '/academy')).body.motto, '日拱一卒')
})

test('a zone that no calendar knows is refused, and so is a field that nobody defined', async () => {
  const settings = (await door.call('GET', '/console/academy', { cookie: owner.cookie })).body
  for (const wrong of [{ ...settings, zone: 'Mars/Olympus' }, { ...settings, colour: 'red' }, { ...settings, deviceLimit: null }]) {
    assert.equal((await door.call('PUT', '/console/academy', { cookie: owner.cookie, body: wrong })).code, 'request.invalid')
  }
  assert.equal((await door.call('GET', '/academy')).body.zone, 'Asia/Shanghai')
})

test('an agreement gets a new version, scripts in it do not survive, and earlier versions stay', async () => {
  assert.equal((await door.call('GET', '/agreements/terms')).code, 'thing.not_found')
  const publish = (markdown: string) => door.call('POST', '/console/agreements', { cookie: owner.cookie, body: { kind: 'terms', title: '用户协议', markdown } })
  assert.equal((await publish('# 第一版')).body.version, 1)
  const second = await publish('# 第二版\n\n<script>alert(1)</script><img src=x onerror=alert(1)>\n\n**要点**')
  assert.equal(second.body.version, 2)
  const { html } = (await door.call('GET', '/agreements/terms')).body
  assert.match(html, /<h1>第二版<\/h1>/)
  assert.match(html, /<strong>要点<\/strong>/)
  assert.doesNotMatch(html, /script|onerror/)
  const { rows } = await door.ctx.db.query<{ version: number }>(sql`select version from agreements where kind = 'terms' order by version`)
  assert.deepEqual(rows.map((row) => row.version), [1, 2])
  assert.equal((await door.call('GET', '/agreements/other')).code, 'request.invalid')
})
