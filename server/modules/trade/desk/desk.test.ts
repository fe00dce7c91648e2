// The desk of orders over HTTP: found by anything, page by page, and taken away as a file that is safe to open.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { newId } from '#kernel/ids.ts'
import type { Json } from '#server/test/sandbox.ts'
import { codeOf, signInLearner, type Answer } from '#server/test/server.ts'
import { openShop, publishCourse, type Buyer, type Course, type Shop } from '#server/test/shop.ts'

let shop: Shop
let other: Course
let lin: Buyer & { id: string }
let su: Buyer & { id: string }
let paid: Json
let open: Json
let virtual: Json
before(async () => {
  shop = await openShop()
  other = await publishCourse(shop.app, shop.desk, 4900)
  lin = await learner('13800006601', '=HYPERLINK("http://e.cn"),林')
  su = await learner('13900007702', '苏,"小"鹿')
  paid = await shop.place(lin, shop.course)
  await shop.cashier(await shop.begin(lin, paid))
  await shop.becomes(lin, paid, 'paid')
  open = await shop.place(lin, other)
  virtual = await shop.place(su, other)
  await shop.begin(su, virtual)
})
after(() => shop.stop())

async function learner(phone: string, nickname: string): Promise<Buyer & { id: string }> {
  const who = { token: await signInLearner(shop.app, phone), user: phone }
  const { id } = await shop.asBuyer(who, 'PATCH /me', { nickname })
  return { ...who, id }
}

async function as(role: string): Promise<string> {
  const password = 'a long enough password'
  await shop.app.ask('POST /console/staff', { name: role, email: `${role}@example.com`, role, password }, { cookie: shop.owner })
  const answer = await shop.app.ask('POST /console/sessions', { email: `${role}@example.com`, password })
  return answer.headers.getSetCookie()[0]?.split(';')[0] ?? ''
}

const list = (query: Record<string, string>): Promise<Json> => shop.desk(`GET /console/orders?${new URLSearchParams(query)}`)
const found = async (query: Record<string, string>): Promise<string[]> => (await list(query)).items.map((row: Json) => row.id)
const exported = (query: Record<string, string>, cookie = shop.owner): Promise<Answer> => shop.app.ask(`GET /console/order-exports?${new URLSearchParams(query)}`, undefined, { cookie })

test('an order is found by its number, the numbers of its payments, who bought it and what', async () => {
  const [attempt] = await shop.attempts(paid)
  for (const q of [paid.number, ` ${paid.number} `, paid.id, attempt.outTradeNo, attempt.transactionNo]) assert.deepEqual(await found({ q }), [paid.id], q)
  for (const q of ['13800006601', '6601', lin.id, 'HYPERLINK', '林']) assert.deepEqual(await found({ q }), [open.id, paid.id], q)
  assert.deepEqual(await found({ q: '7702' }), [virtual.id])
  assert.deepEqual((await found({ q: '把日子' })).length, 3)
  for (const q of ['138000066', '660', '%', '_', '138****6601', `${paid.number}0`]) assert.deepEqual(await found({ q }), [], q)
})

test('state, member and time narrow the search, together with the words', async () => {
  assert.deepEqual(await found({ state: 'paid' }), [paid.id])
  assert.deepEqual(await found({ member: su.id }), [virtual.id])
  assert.deepEqual(await found({ q: '6601', state: 'placed' }), [open.id])
  assert.deepEqual(await found({ member: newId('mem') }), [])
  assert.deepEqual(await found({ from: open.placedAt }), [virtual.id, open.id])
  assert.deepEqual(await found({ to: open.placedAt }), [paid.id], 'the end is not part of it')
})

test('pages hold each order once, newest first, also while new ones arrive', async () => {
  const first = await list({ limit: '1' })
  assert.deepEqual([first.items[0].id, first.next], [virtual.id, virtual.id])
  const late = await shop.place(su, shop.course)
  const second = await list({ limit: '2', cursor: first.next })
  assert.deepEqual([second.items.map((row: Json) => row.id), second.next], [[open.id, paid.id], null])
  assert.deepEqual((await found({ limit: '1' }))[0], late.id)
  for (const cursor of ['x', 'mem_0000000000000000000000000']) assert.equal(codeOf(await shop.app.ask(`GET /console/orders?cursor=${cursor}`, undefined, { cookie: shop.owner })), 'request.invalid')
})

test('numbers of phones are masked in lists, details and files', async () => {
  const { items } = await list({ q: '6601' })
  assert.equal(items[0].member.phone, '138****6601')
  const detail = await shop.detail(paid)
  assert.equal(detail.row.member.phone, '138****6601')
  for (const text of [JSON.stringify(items), JSON.stringify(detail), (await exported({})).text]) assert.ok(!/13800006601|13900007702/.test(text))
})

test('the file opens in a spreadsheet as what it is: marked as UTF-8, quoted, and nothing in it a formula', async () => {
  const answer = await exported({})
  assert.equal(answer.headers.get('content-type'), 'text/csv; charset=utf-8')
  const bytes = Buffer.from(await (await fetch(`${shop.app.url}/api/console/order-exports`, { headers: { cookie: shop.owner } })).arrayBuffer())
  assert.deepEqual([...bytes.subarray(0, 3)], [0xef, 0xbb, 0xbf])
  const rows = readCsv(bytes.toString('utf8').slice(1))
  assert.deepEqual(rows[0], ['订单号', '状态', '课程', '学员', '手机', '金额（元）', '已退（元）', '渠道', '税目', '下单时间', '支付时间'])
  const row = rows.find((cells) => cells[0] === paid.number) ?? assert.fail()
  assert.deepEqual(row.slice(1, 8), ['已支付', '把日子记下来', `'=HYPERLINK("http://e.cn"),林`, '138****6601', '99.00', '0.00', '微信支付（扫码）'])
  assert.equal(row[8], '服务 6%')
  assert.match(row[9] ?? '', /^\d{4}-\d\d-\d\d \d\d:\d\d$/)
  assert.equal(rows.find((cells) => cells[0] === virtual.number)?.[3], '苏,"小"鹿')
  assert.equal(new Set(rows.map((cells) => cells.length)).size, 1)
})

test('the file holds what the same search shows, and taking it is written down', async () => {
  const rows = readCsv((await exported({ q: '6601', state: 'placed' })).text.replace(/^\ufeff/, ''))
  assert.deepEqual(rows.slice(1).map((cells) => cells[0]), [open.number])
  const { items } = await shop.desk('GET /console/audit?q=orders.exported')
  assert.deepEqual(items[0].after, { q: '6601', state: 'placed' })
})

test('support reads orders and takes no file; lecturers and editors read none; strangers nothing', async () => {
  const support = await as('support')
  assert.equal((await shop.app.ask('GET /console/orders', undefined, { cookie: support })).status, 200)
  assert.equal(codeOf(await exported({}, support)), 'staff.not_permitted')
  assert.equal((await exported({}, await as('finance'))).status, 200)
  for (const role of ['lecturer', 'editor']) assert.equal(codeOf(await shop.app.ask('GET /console/orders', undefined, { cookie: await as(role) })), 'staff.not_permitted')
  assert.equal(codeOf(await shop.app.ask('GET /console/orders')), 'staff.sign_in_needed')
  assert.equal(codeOf(await shop.app.ask(`GET /console/orders/${newId('ord')}`, undefined, { cookie: support })), 'thing.not_found')
})

/** A strict reader: every cell quoted, quotes doubled, lines end with CR LF. */
function readCsv(text: string): string[][] {
  assert.match(text, /^(?:"(?:[^"]|"")*"(?:,|\r\n))+$/)
  return text.split(/\r\n(?=")|\r\n$/).filter(Boolean).map((line) => [...line.matchAll(/"((?:[^"]|"")*)"(?:,|$)/g)].map((cell) => (cell[1] ?? '').replaceAll('""', '"')))
}
