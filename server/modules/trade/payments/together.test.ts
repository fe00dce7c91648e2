// Everything at once: whatever happens in the same instant has exactly one effect, also with two server processes on one database.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openApp } from '#server/app.ts'
import { readConfig } from '#server/config.ts'
import { inTransaction } from '#kernel/ctx.ts'
import { sweepOpen } from '#modules/trade/attempts/actions.ts'
import { lockedOrder, noteEvent } from '#modules/trade/orders/actions.ts'
import { closeUnpaid } from '#modules/trade/payments/actions.ts'
import { beginRefund, sweepRefunds } from '#modules/trade/refunds/actions.ts'
import { insertSettlement } from '#modules/trade/settlements/store.ts'
import { openShop, publishCourse, type Buyer, type Shop } from '#server/test/shop.ts'
import { codeOf, until } from '#server/test/server.ts'
import type { Json } from '#server/test/sandbox.ts'

let shop: Shop

before(async () => {
  shop = await openShop()
})
after(() => shop.stop())

const later = (seconds: number) => ({ ...shop.app.app.ctx, now: () => new Date(Date.now() + seconds * 1000) })
const times = <T>(count: number, act: (at: number) => Promise<T>): Promise<T[]> => Promise.all(Array.from({ length: count }, (_, at) => act(at)))
const payNumber = (number: string) => shop.sim('POST', '/__client/cashier', { out_trade_no: number, tenant: shop.app.tenant.appid, do: 'pay' })
const check = (buyer: Buyer, order: { id: string }) => shop.app.ask(`POST /orders/${order.id}/checks`, undefined, buyer)
const refund = (order: { id: string }, requestKey: string) => shop.app.ask(`POST /console/orders/${order.id}/refunds`, { reason: '学员申请', requestKey }, { cookie: shop.owner })
const atSandbox = async (number: string): Promise<Json> => shop.sim('GET', `/__sim/orders/${number}?tenant=${shop.app.tenant.appid}`)

async function begun() {
  const buyer = await shop.buyer()
  const order = await shop.place(buyer, shop.course)
  const code = await shop.begin(buyer, order)
  return { buyer, order, code }
}

const refundsDone = (order: { id: string }, count: number) => until(async () => {
  await shop.advance(5)
  const { refunds } = await shop.detail(order)
  return refunds.length === count && refunds.every((one: Json) => one.state === 'done')
})

test('twenty presses of the order button, with one key or with many, are one order', async () => {
  const buyer = await shop.buyer()
  const quote = await shop.asBuyer(buyer, 'POST /quotes', { offer: shop.course.offer })
  const wish = (requestKey: string) => shop.app.ask('POST /orders', { offer: shop.course.offer, total: quote.total, agreementVersion: quote.agreementVersion, policy: quote.policy, requestKey }, buyer)
  const answers = await times(20, (at) => wish(at % 2 ? 'the-same-key' : `key-number-${at}`))
  assert.deepEqual([...new Set(answers.map((answer) => answer.status))], [200])
  assert.equal(new Set(answers.map((answer) => answer.body.id)).size, 1)
  assert.equal((await shop.asBuyer(buyer, 'GET /orders')).items.length, 1)
})

test('a free course enrolled twenty times at once is one order and one right', async () => {
  const free = await publishCourse(shop.app, shop.desk, 0)
  const buyer = await shop.buyer()
  const { agreementVersion, policy } = await shop.asBuyer(buyer, 'POST /quotes', { offer: free.offer })
  const wish = { offer: free.offer, total: 0, agreementVersion, policy }
  const answers = await times(20, (at) => shop.app.ask('POST /orders', { ...wish, requestKey: `press-${String(at).padStart(4, '0')}` }, buyer))
  const told = [...new Set(answers.map((answer) => (answer.status === 200 ? 'enrolled' : codeOf(answer))))]
  assert.ok(told.every((one) => one === 'enrolled' || one === 'offer.already_owned'), String(told))
  const access = await shop.asBuyer(buyer, `GET /courses/${free.id}/access`)
  assert.deepEqual(access.entitlements.map((right: Json) => [right.reason, right.live]), [['free', true]])
  const { items } = await shop.asBuyer(buyer, 'GET /orders')
  assert.deepEqual(items.map((order: Json) => order.state), ['paid'])
  assert.deepEqual(await shop.whatsOf(items[0]), [])
})

test('one order paid by four attempts at once is sold once, and the other three go back', async () => {
  const { buyer, order } = await begun()
  await times(3, (at) => shop.asBuyer(buyer, `POST /orders/${order.id}/payments`, { wide: at === 0 }))
  const attempts = await shop.attempts(order)
  assert.equal(attempts.length, 4)
  await Promise.all(attempts.map((attempt) => payNumber(attempt.outTradeNo)))
  await shop.becomes(buyer, order, 'paid')
  await refundsDone(order, 3)
  assert.deepEqual((await shop.attempts(order)).map((attempt) => attempt.state).toSorted(), ['paid', 'surplus', 'surplus', 'surplus'])
  const all = await Promise.all(attempts.map((attempt) => atSandbox(attempt.outTradeNo)))
  assert.equal(all.filter((one) => one.refunds.length === 1).length, 3)
  await shop.soldOnce(buyer, order, shop.course)
})

test('ten notices, checks, sweeps and the close timer in the same instant are one sale', async () => {
  const { buyer, order, code } = await begun()
  await shop.fault('duplicate_notice', { copies: 10 })
  const sweeping = times(3, () => sweepOpen(later(40)))
  const closing = times(3, () => closeUnpaid(shop.app.app.ctx, order.id as never))
  await Promise.all([shop.cashier(code), ...Array.from({ length: 5 }, () => check(buyer, order)), sweeping, closing])
  await until(async () => ['paid', 'closed'].includes((await shop.seen(buyer, order)).state))
  const [attempt] = await shop.attempts(order)
  const isPaidThere = ['SUCCESS', 'REFUND'].includes((await atSandbox(attempt.outTradeNo)).order.trade_state)
  if (isPaidThere) {
    await shop.becomes(buyer, order, 'paid')
    await shop.soldOnce(buyer, order, shop.course)
  } else await shop.notSold(buyer, order, shop.course)
})

for (const round of [1, 2, 3, 4, 5])
  test(`the cashier against the close button, round ${round}: closed and unpaid, or paid and sold`, async () => {
    const { buyer, order, code } = await begun()
    const close = async () => {
      await new Promise((resolve) => setTimeout(resolve, round * 4))
      return shop.app.ask(`POST /orders/${order.id}/closings`, undefined, buyer)
    }
    const [, closed] = await Promise.all([shop.cashier(code), close()])
    assert.ok([200, 409, 502].includes(closed.status), closed.text)
    const [attempt] = await shop.attempts(order)
    const isPaidThere = (await atSandbox(attempt.outTradeNo)).order.trade_state === 'SUCCESS'
    await shop.becomes(buyer, order, isPaidThere ? 'paid' : 'closed')
    await (isPaidThere ? shop.soldOnce(buyer, order, shop.course) : shop.notSold(buyer, order, shop.course))
  })

test('a refund, its notice ten times over, sweeps, checks and a late copy of the payment at once give back once', async () => {
  const { buyer, order, code } = await begun()
  await shop.cashier(code)
  await shop.becomes(buyer, order, 'paid')
  const [attempt] = await shop.attempts(order)
  const [delivery] = await shop.deliveries(attempt.outTradeNo)
  await shop.fault('duplicate_notice', { copies: 10 })
  await Promise.all([
    ...Array.from({ length: 5 }, (_, at) => refund(order, `refund-key-${at}`)),
    ...Array.from({ length: 5 }, () => shop.sim('POST', `/__sim/deliveries/${delivery.id}/replay`)),
    ...Array.from({ length: 3 }, () => check(buyer, order)),
  ])
  await Promise.all([refundsDone(order, 1), times(3, () => sweepRefunds(later(30)))])
  await shop.becomes(buyer, order, 'refunded')
  assert.equal((await atSandbox(attempt.outTradeNo)).refunds.length, 1)
  assert.deepEqual(await shop.whatsOf(order), ['sale', 'refund_begun', 'refund_done'])
  assert.equal(await shop.opens(buyer, shop.course), false)
  await shop.isBalanced()
})

test('two server processes that share a database handle each notice once', async (t) => {
  const { app } = shop
  const second = await openApp(readConfig({ ...app.tenant.env, DATABASE_URL: app.databaseUrl, DATABASE_POOL: '8', DATA_DIR: '/tmp', SECRET: 'a secret that only tests know, 32+ chars', PUBLIC_URL: app.url, LOG_LEVEL: 'fatal' }))
  t.after(() => second.close())
  await second.work()
  const other = await second.http.listen({ host: '127.0.0.1', port: 0 })
  const sales = await times(8, begun)
  await shop.fault('duplicate_notice', { copies: 6, count: 8 })
  await Promise.all(sales.map(({ code }) => shop.cashier(code)))
  await Promise.all([...sales.map(({ buyer, order }) => check(buyer, order)), ...sales.map(({ buyer, order }) => fetch(`${other}/api/orders/${order.id}/checks`, { method: 'POST', headers: { authorization: `Bearer ${buyer.token}` } }))])
  for (const { buyer, order } of sales) {
    await shop.becomes(buyer, order, 'paid')
    await shop.soldOnce(buyer, order, shop.course)
    const [attempt] = await shop.attempts(order)
    await until(async () => (await shop.notices(attempt.outTradeNo)).every((notice) => notice.handledAt))
    assert.equal((await shop.notices(attempt.outTradeNo)).length, 1)
  }
})

test('an order that is locked, and a payment whose refund is being written, hold up nothing that only points at them', { timeout: 20_000 }, async () => {
  const { buyer, order, code } = await begun()
  await shop.cashier(code)
  await shop.becomes(buyer, order, 'paid')
  const { attempts: [attempt] } = await shop.detail(order)
  const { ctx } = shop.app.app
  await inTransaction(ctx, async (inside) => {
    await lockedOrder(inside, order.id)
    await beginRefund(inside, order.id, { reason: '学员申请', requestKey: 'held-open' }, null)
    await insertSettlement(ctx.db, { attempt: attempt.id, order: order.id, channel: 'douyin', outSettleNo: 'beside-a-refund', amount: attempt.amount, dueAt: later(86_400).now(), lateAt: later(86_400).now() })
    await noteEvent(ctx, order.id, 'payment_begun')
  })
})
