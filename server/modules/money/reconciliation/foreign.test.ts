// What somebody gave back in the platform's own console, and the bill that tells of it: booked once, whichever of the two is heard first.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from '#kernel/db.ts'
import { inBooks, type Books, type Sold } from '#server/test/books.ts'
import type { Json } from '#server/test/sandbox.ts'
import { codeOf, until } from '#server/test/server.ts'
import { reconcileDay } from './actions.ts'

type Past = Sold & { cents: number; tell(): Promise<void> }

/** Its notice comes when the test tells it. */
async function giveBackPast(books: Books, cents = 9900): Promise<Past> {
  const sold = await books.sell()
  await books.fault('drop_notice', { api: 'wechatpay' })
  const refunds = `${books.app.url}/api/callbacks/wechatpay/refunds`
  const { number } = await books.sim('POST', '/__sim/console-refunds', { tenant: books.app.tenant.appid, number: sold.number, cents, notifyUrl: refunds })
  await books.advance(5)
  const held = await until(async () => (await books.deliveries(number)).concat(await books.deliveries(sold.number)).find((one) => one.state === 'dropped'))
  return { ...sold, number, cents, tell: () => books.sim('POST', `/__sim/deliveries/${held.id}/replay`) }
}

const extraOf = async (books: Books): Promise<Json> => (await books.differences('?limit=100')).find((one) => one.subject === 'refund')
const close = (books: Books, { id }: Json, step: string, body?: object) => books.app.ask(`POST /console/differences/${id}/${step}`, body, { cookie: books.owner })
const writeOff = (books: Books, one: Json) => close(books, one, 'resolutions', { how: 'written_off', reason: '在商户平台退的' })
const isAdopted = (books: Books, { order }: Past) => until(async () => (await books.detail(order)).refunds[0]?.state === 'done')

async function isBookedOnce(books: Books, { buyer, order, number, cents }: Past): Promise<void> {
  const { refunds } = await books.detail(order)
  assert.deepEqual(refunds.map((one: Json) => [one.outRefundNo, one.amount, one.state].join(' ')), [`${number} ${cents} done`])
  assert.deepEqual(await books.whatsOf(order), ['sale', 'refund_begun', 'refund_done'])
  assert.equal(await books.opens(buyer, books.course), cents < 9900)
  const [theirs, ours] = await books.bothSides()
  assert.equal(ours, theirs)
}

test('the notice first: the bill tells nothing new', () => inBooks(async (books) => {
  const past = await giveBackPast(books)
  await past.tell()
  await isAdopted(books, past)
  assert.equal((await books.reconcile()).differences, 0)
  await isBookedOnce(books, past)
}))

test('the bill first, the notice later: the difference is not written off any more; asked again it ends', () => inBooks(async (books) => {
  const past = await giveBackPast(books)
  await books.reconcile()
  const found = await extraOf(books)
  assert.deepEqual([found.kind, found.number, found.told, found.gap, found.can], ['extra', past.number, 9900, 9900, ['check', 'explain', 'write_off']])
  await past.tell()
  await isAdopted(books, past)
  assert.equal(codeOf(await writeOff(books, found)), 'thing.changed_meanwhile')
  const { body } = await close(books, found, 'checks')
  assert.deepEqual([body.resolution.how, body.resolution.by, body.can], ['converged', '院长', []])
  await isBookedOnce(books, past)
}))

test('the bill alone: asked again, WeChat Pay says what it was, and it is booked as one of ours', () => inBooks(async (books) => {
  const past = await giveBackPast(books)
  await books.reconcile()
  const found = await extraOf(books)
  await books.fault('refuse', { api: 'refund_query', code: 'SYSTEM_ERROR', status: 500, count: 20 })
  const { body: silent } = await close(books, found, 'checks')
  assert.deepEqual([silent.resolution, silent.can, await books.whatsOf(past.order)], [null, ['check', 'explain', 'write_off'], ['sale']])
  await books.app.sandbox.ask('DELETE', `/__sim/faults?tenant=${books.app.tenant.appid}`)
  assert.deepEqual((await Promise.all([1, 2].map(() => close(books, found, 'checks')))).map((one) => one.body.resolution?.how ?? codeOf(one)), ['converged', 'converged'])
  await isBookedOnce(books, past)
  await past.tell()
  await until(async () => (await books.notices(past.number)).concat(await books.notices((await books.attempts(past.order))[0]?.outTradeNo)).some((one) => one.outcome === 'refund_noted'))
  await isBookedOnce(books, past)
}))

test('written off first: neither the notice nor asking again books it once more', () => inBooks(async (books) => {
  const past = await giveBackPast(books, 4000)
  await books.reconcile()
  const found = await extraOf(books)
  assert.equal((await writeOff(books, found)).status, 200)
  assert.equal(codeOf(await close(books, found, 'checks')), 'difference.state_forbids')
  await past.tell()
  await until(async () => (await books.detail(past.order)).timeline.some((event: Json) => event.detail === `refunded_elsewhere ${past.number}`))
  assert.deepEqual([(await books.detail(past.order)).refunds, await books.whatsOf(past.order)], [[], ['sale']])
  const [theirs, ours] = await books.bothSides()
  assert.equal(ours, theirs)
}))

test('a refund of ours that a second bill tells again did not go back past us: it is written off, not asked about', () => inBooks(async (books) => {
  const number = await books.giveBack(await books.sell())
  await books.reconcile()
  await books.app.app.ctx.db.query(sql`delete from reconciled_days`)
  assert.equal(await reconcileDay(books.later(2), 'wechat_pay', books.today), 'done')
  const found = await extraOf(books)
  assert.deepEqual([found.kind, found.number, found.can], ['extra', number, ['explain', 'write_off']])
  assert.equal((await writeOff(books, found)).status, 200)
}))

test('bill and notice at once, then asking, writing off and a notice at once: one of them books it', () => inBooks(async (books) => {
  const [met, torn] = [await giveBackPast(books), await giveBackPast(books, 4000)]
  await books.advance(36 * 3600)
  await Promise.all([reconcileDay(books.later(2), 'wechat_pay', books.today), met.tell()])
  await isAdopted(books, met)
  const other = (await books.differences('?open=true')).find((one) => one.number === torn.number)
  assert.ok(other)
  const [, written] = await Promise.all([close(books, other, 'checks'), writeOff(books, other), torn.tell()])
  if (written.status !== 200) await isAdopted(books, torn)
  for (const one of await books.differences('?open=true')) assert.equal((await close(books, one, 'checks')).body.resolution?.how, 'converged')
  assert.deepEqual(await books.whatsOf(met.order), ['sale', 'refund_begun', 'refund_done'])
  assert.deepEqual(await books.whatsOf(torn.order), written.status === 200 ? ['sale'] : ['sale', 'refund_begun', 'refund_done'])
  const [theirs, ours] = await books.bothSides()
  assert.equal(ours, theirs)
}))

const atAlipay = (books: Books, { number }: Sold, cents: number): Promise<Json> => books.sim('POST', '/__sim/console-refunds', { tenant: books.app.tenant.appid, number, cents })

async function agreesAtAlipay(books: Books): Promise<void> {
  const { rails } = await books.sim('GET', `/__sim/ledger?tenant=${books.app.tenant.appid}`)
  const { items } = await books.desk('GET /console/ledger/accounts')
  assert.equal(items.find((one: Json) => one.account === 'asset:alipay').balance, rails.alipay.merchant + rails.alipay.merchant_fees)
}

test("Alipay's notice first: the bill tells nothing new", () => inBooks(async (books) => {
  const sold = await books.sellAtAlipay()
  await atAlipay(books, sold, 9900)
  await books.becomes(sold.buyer, sold.order, 'refunded')
  await books.advance(36 * 3600)
  assert.equal(await reconcileDay(books.later(2), 'alipay', books.today), 'done')
  assert.deepEqual(await books.differences('?rail=alipay'), [])
  await agreesAtAlipay(books)
}, { also: ['alipay'] }))

test("Alipay's bill alone: asked again by two at once it is booked once", () => inBooks(async (books) => {
  const sold = await books.sellAtAlipay()
  await books.fault('drop_notice', { api: 'alipay' })
  await atAlipay(books, sold, 9900)
  await books.advance(36 * 3600)
  assert.equal(await reconcileDay(books.later(2), 'alipay', books.today), 'done')
  const found = (await books.differences('?rail=alipay')).find((one) => one.subject === 'refund')
  assert.ok(found)
  assert.deepEqual([found.kind, found.told, found.can], ['extra', 9900, ['check', 'explain', 'write_off']])
  assert.deepEqual((await Promise.all([1, 2].map(() => close(books, found, 'checks')))).map((one) => one.body.resolution?.how ?? codeOf(one)), ['converged', 'converged'])
  await books.becomes(sold.buyer, sold.order, 'refunded')
  assert.deepEqual([await books.whatsOf(sold.order), await books.opens(sold.buyer, books.course)], [['sale', 'refund_begun', 'refund_done'], false])
  await agreesAtAlipay(books)
}, { also: ['alipay'] }))
