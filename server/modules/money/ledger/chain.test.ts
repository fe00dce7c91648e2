// The chain of the ledger: many write at once and it holds; whatever is changed, removed, moved or added afterwards is found.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import pg from 'pg'
import { cents } from '#contracts/words/money.ts'
import { dayOf } from '#contracts/words/time.ts'
import { inTransaction } from '#kernel/ctx.ts'
import { signInOwner, startApp, type TestApp } from '#server/test/server.ts'
import { findBrokenLinks } from '../../../../scripts/ledger/chain.ts'
import { post, saleEntry } from './actions.ts'

let app: TestApp
let client: pg.Client

before(async () => {
  app = await startApp()
  client = new pg.Client({ connectionString: app.databaseUrl })
  await client.connect()
  for (let at = 0; at < 6; at += 1) await sell(`pay_quiet_${at}`, 100 + at)
})
after(async () => {
  await client.end()
  await app.stop()
})

function sell(attempt: string, amount: number): Promise<boolean> {
  return inTransaction(app.app.ctx, (ctx) => post(ctx, saleEntry('wechat_pay', attempt, cents(amount)), null))
}

/** Does something to the rows with the guards switched off, looks, and takes it back. */
async function seenAfter(...statements: string[]): Promise<string[]> {
  await client.query('begin')
  await client.query('set local session_replication_role = replica')
  for (const statement of statements) await client.query(statement)
  const seen = await findBrokenLinks(client)
  await client.query('rollback')
  return seen
}

const at = (position: number) => `(select entry_id from ledger_links where lane = 0 and position = ${position})`

test('a quiet academy has one chain, in the order of its postings', async () => {
  const { rows } = await client.query('select k.lane, k.position::int, e.cause from ledger_links k join ledger_entries e on e.id = k.entry_id order by k.position')
  assert.deepEqual(rows, [0, 1, 2, 3, 4, 5].map((number) => ({ lane: 0, position: number + 1, cause: `sale:pay_quiet_${number}` })))
  assert.deepEqual(await findBrokenLinks(client), [])
})

for (const [name, statements, says] of [
  ['an amount', [`update ledger_lines set amount = amount * 2 where entry_id = ${at(3)}`], /entry ldg_\w+ at link 3 of lane 0 is not what was posted/],
  ['an account', [`update ledger_lines set account = 'asset:wechat_virtual' where entry_id = ${at(3)} and position = 0`], /link 3 of lane 0 is not what was posted/],
  ['two lines that changed places', [`update ledger_lines set position = position + 10 where entry_id = ${at(3)}`, `update ledger_lines set position = 11 - position where entry_id = ${at(3)}`], /link 3 of lane 0 is not what was posted/],
  ['a microsecond of its time', [`update ledger_entries set at = at + interval '1 microsecond' where id = ${at(3)}`], /link 3 of lane 0 is not what was posted/],
  ['its cause', [`update ledger_entries set cause = 'sale:other' where id = ${at(3)}`], /link 3 of lane 0 is not what was posted/],
  ['what it is called', [`update ledger_entries set what = 'gift' where id = ${at(3)}`], /link 3 of lane 0 is not what was posted/],
  ['its order', [`update ledger_entries set order_id = 'ord_other' where id = ${at(3)}`], /link 3 of lane 0 is not what was posted/],
  ['its hash', [`update ledger_links set hash = sha256('x') where lane = 0 and position = 3`], /link 3 of lane 0 is not what was posted/],
  ['a line that was added later', [`insert into ledger_lines select ${at(3)}, 2, 'asset:wechat_pay', 5 union all select ${at(3)}, 3, 'income:courses', -5`], /link 3 of lane 0 is not what was posted/],
  ['a line that was removed', [`delete from ledger_lines where entry_id = ${at(3)} and position = 1`], /link 3 of lane 0 is not what was posted/],
  ['all its lines removed', [`delete from ledger_lines where entry_id = ${at(3)}`], /link 3 of lane 0 is not what was posted/],
  ['the entry removed', [`delete from ledger_entries where id = ${at(3)}`], /the entry ldg_\w+ of link 3 of lane 0 is gone/],
  ['the entry and its link removed', [`delete from ledger_entries where id = ${at(3)}`, 'delete from ledger_links where lane = 0 and position = 3'], /links are missing before link 4 of lane 0/],
  ['the last entry and its link removed', [`delete from ledger_entries where id = ${at(6)}`, 'delete from ledger_links where lane = 0 and position = 6'], /lane 0 ends at link 5, but its head says 6/],
  ['the link removed', ['delete from ledger_links where lane = 0 and position = 3'], /entry ldg_\w+ has no link in the chain/],
  ['the gap closed after a removal', [`delete from ledger_entries where id = ${at(3)}`, 'delete from ledger_links where lane = 0 and position = 3', 'update ledger_links set position = position - 1 where lane = 0 and position > 3'], /entry ldg_\w+ at link 3 of lane 0 is not what was posted/],
  ['two entries that changed places', ['update ledger_links set position = -position where lane = 0 and position in (3, 4)', 'update ledger_links set position = 7 + position where lane = 0 and position < 0'], /link 3 of lane 0 is not what was posted[\s\S]*link 4 of lane 0 is not what was posted/],
  ['two entries under each other\'s hash', [`update ledger_links k set entry_id = 'x' || o.entry_id from ledger_links o where k.lane = 0 and o.lane = 0 and k.position + o.position = 7 and k.position in (3, 4)`, `update ledger_links set entry_id = substr(entry_id, 2) where entry_id like 'x%'`], /link 3 of lane 0 is not what was posted/],
  ['an entry of somebody else at the end', [`insert into ledger_entries values ('ldg_forged', 'sale', null, 'sale:forged', now())`, `insert into ledger_lines values ('ldg_forged', 0, 'asset:wechat_pay', 5), ('ldg_forged', 1, 'income:courses', -5)`], /entry ldg_forged has no link/],
  ['such an entry with a link', [`insert into ledger_entries values ('ldg_forged', 'sale', null, 'sale:forged', now())`, `insert into ledger_lines values ('ldg_forged', 0, 'asset:wechat_pay', 5), ('ldg_forged', 1, 'income:courses', -5)`, `insert into ledger_links values (0, 7, 'ldg_forged', sha256('x'))`], /link 7 of lane 0 is not what was posted[\s\S]*ends at link 7, but its head says 6/],
  ['a lane moved away', ['update ledger_links set lane = 99 where lane = 0'], /stands in a lane that does not exist/],
  ['the head', [`update ledger_lanes set hash = sha256('x') where lane = 0`], /lane 0 ends at link 6, but its head says 6/],
] as const)
  test(`found when changed: ${name}`, async () => {
    const seen = await seenAfter(...statements)
    assert.match(seen.join('\n'), says)
    assert.deepEqual(await findBrokenLinks(client), [], 'and whole again')
  })

for (const [name, statement, says] of [
  ['an update of an entry', "update ledger_entries set what = 'x'", /never changed/],
  ['an update of a line', 'update ledger_lines set amount = 1', /never changed/],
  ['an update of a link', "update ledger_links set hash = sha256('x')", /never changed/],
  ['a removal of a link', 'delete from ledger_links', /never changed/],
  ['emptying the lines', 'truncate ledger_lines', /never changed/],
  ['emptying everything', 'truncate ledger_entries, ledger_lines, ledger_links, ledger_lanes', /never changed/],
  ['a link by hand', "insert into ledger_links values (5, 1, 'ldg_x', sha256('x'))", /only the database itself writes/],
  ['a head by hand', 'update ledger_lanes set position = 0', /only the database itself writes/],
  ['a removal of a lane', 'delete from ledger_lanes', /never changed/],
  ['an entry without lines', "insert into ledger_entries values ('ldg_x', 'x', null, 'x', now())", /does not sum to zero/],
  ['an entry that is a fen off', "with e as (insert into ledger_entries values ('ldg_x', 'x', null, 'x', now()) returning id) insert into ledger_lines select id, n, 'income:courses', 9 - 5 * n from e, generate_series(1, 2) n", /does not sum to zero/],
  ['balanced lines for a posted entry', `insert into ledger_lines select ${at(3)}, n, 'asset:wechat_pay', case n when 2 then 5 else -5 end from generate_series(2, 3) n`, /takes no more lines/],
] as const)
  test(`the database refuses ${name}`, () => assert.rejects(client.query(statement), says))

test('many post at once: each is chained once, none waits for another, and the chain holds', async () => {
  const causes = Array.from({ length: 400 }, (_, number) => `pay_busy_${number % 300}`)
  const posted = await Promise.all(causes.map((cause, number) => sell(cause, 1000 + (number % 300))))
  assert.equal(posted.filter(Boolean).length, 300, 'a cause is posted once, also when two post it in the same moment')
  assert.deepEqual(await findBrokenLinks(client), [])
  const { rows } = await client.query('select count(*)::int as links, count(distinct entry_id)::int as entries, count(distinct lane)::int as lanes from ledger_links')
  assert.deepEqual([rows[0].links, rows[0].entries], [306, 306])
  assert.ok(rows[0].lanes > 1, 'side by side in lanes of their own')
  const { rows: [sum] } = await client.query('select sum(amount)::int as amount, (select sum(position)::int from ledger_lanes) as heads from ledger_lines')
  assert.deepEqual(sum, { amount: 0, heads: 306 })
})

test('what is rolled back leaves no link and no gap', async () => {
  await assert.rejects(inTransaction(app.app.ctx, async (ctx) => {
    await post(ctx, saleEntry('wechat_pay', 'pay_undone', cents(5)), null)
    throw new Error('undone')
  }), /undone/)
  assert.deepEqual(await findBrokenLinks(client), [])
  assert.equal((await client.query("select 1 from ledger_entries where cause = 'sale:pay_undone'")).rowCount, 0)
})

test('the accountant takes a month away as a file that is a copy of the chain', async () => {
  const cookie = await signInOwner(app)
  const month = dayOf(new Date(), 'Asia/Shanghai').slice(0, 7)
  const answer = await app.ask(`GET /console/ledger/exports/${month}`, undefined, { cookie })
  assert.equal(answer.headers.get('content-type'), 'text/csv; charset=utf-8')
  const [, ...rows] = answer.text.trim().split('\r\n').map((line) => line.split('","'))
  const { rows: links } = await client.query("select k.lane || '-' || k.position as place, encode(k.hash, 'hex') as hash from ledger_links k")
  assert.equal(rows.length, links.length * 2, 'a row a line')
  assert.deepEqual(new Set(rows.map((row) => `${row[9]} ${row[10]?.replace('"', '')}`)), new Set(links.map((link) => `${link.place} ${link.hash}`)))
  assert.equal((await app.ask('GET /console/ledger/exports/2026-13', undefined, { cookie })).status, 400)
  assert.equal((await app.ask('GET /console/ledger/exports/2001-01', undefined, { cookie })).text.trim().split('\r\n').length, 1)
  assert.equal((await app.ask('GET /console/audit?q=ledger.exported', undefined, { cookie })).body.items.length, 2)
})
