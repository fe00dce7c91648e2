// Paying over HTTP, on a real database against the real sandbox: the first sale, and F4 to F6, F8 to F10, F12, F20, F21, F29.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sweepOpen } from '#modules/trade/attempts/actions.ts'
import { closeUnpaid } from '#modules/trade/payments/actions.ts'
import { sweepRefunds } from '#modules/trade/refunds/actions.ts'
import { openShop, type Buyer, type Shop } from '#server/test/shop.ts'
import { codeOf, until } from '#server/test/server.ts'
import type { Json } from '#server/test/sandbox.ts'

let shop: Shop

before(async () => {
  shop = await openShop()
})
after(() => shop.stop())

/** The product's ctx some seconds from now, for what the timetable would do then. */
const later = (seconds: number) => ({ ...shop.app.app.ctx, now: () => new Date(Date.now() + seconds * 1000) })

async function placed() {
  const buyer = await shop.buyer()
  return { buyer, order: await shop.place(buyer, shop.course) }
}

async function begun() {
  const { buyer, order } = await placed()
  return { buyer, order, code: await shop.begin(buyer, order) }
}

const numbers = async (order: { id: string }): Promise<string[]> => (await shop.attempts(order)).map((attempt) => attempt.outTradeNo)
const payNumber = (number: string | undefined) => shop.sim('POST', '/__client/cashier', { out_trade_no: number, tenant: shop.app.tenant.appid, do: 'pay' })
const check = (buyer: Buyer, order: { id: string }) => shop.asBuyer(buyer, `POST /orders/${order.id}/checks`)
const whats = (order: Json): string[] => order.timeline.map((event: Json) => event.what)
const merchantCents = async (): Promise<number> => (await shop.sim('GET', `/__sim/ledger?tenant=${shop.app.tenant.appid}`)).balances?.merchant ?? 0

test('a stranger buys, learns, and gets the money back', async () => {
  const { buyer, order, code } = await begun()
  const lesson = async () => (await shop.asBuyer(buyer, `GET /lessons/${shop.course.lesson}`))
  assert.equal((await lesson()).access.mode, 'closed')
  await shop.cashier(code)
  assert.deepEqual(whats(await shop.becomes(buyer, order, 'paid')), ['placed', 'payment_begun', 'paid', 'access_granted'])
  assert.equal((await lesson()).access.reason, 'bought')
  assert.match((await lesson()).articleHtml, /第二段/)
  const refund = await shop.desk(`POST /console/orders/${order.id}/refunds`, { reason: '学员申请', requestKey: 'refund-key-1' })
  assert.equal(refund.amount, 9900)
  assert.equal((await lesson()).access.reason, 'revoked')
  await until(async () => (await shop.detail(order)).refunds[0].state === 'processing')
  await shop.advance(30)
  await shop.becomes(buyer, order, 'refunded')
  await shop.isBalanced()
})

test('F4: when the notice is lost for ever, the sweep asks half a minute later and grants', async () => {
  const { buyer, order, code } = await begun()
  await shop.fault('drop_notice')
  await shop.cashier(code)
  await sweepOpen(later(20))
  assert.equal((await shop.seen(buyer, order)).state, 'placed')
  await sweepOpen(later(34))
  await shop.soldOnce(buyer, order, shop.course)
})

test('F5: a notice that overtakes the answer to prepay is one sale', async () => {
  const { buyer, order } = await placed()
  await shop.fault('pay_before_answer', { api: 'native' })
  await shop.begin(buyer, order)
  await shop.becomes(buyer, order, 'paid')
  await shop.soldOnce(buyer, order, shop.course)
})

for (const [name, kind, more] of [
  ['SYSTEM_ERROR without effect', 'refuse', { code: 'SYSTEM_ERROR', status: 500 }],
  ['a lost request', 'lose_request', {}],
  ['a lost answer, with the effect', 'lose_answer', {}],
  ['an answer that cannot be believed', 'forge_answer', { how: 'wrong_key' }],
] as const)
  test(`F6: after ${name} prepay is asked again under the same number`, async () => {
    const { buyer, order } = await placed()
    await shop.fault(kind, { api: 'native', ...more })
    await shop.cashier(await shop.begin(buyer, order))
    await shop.becomes(buyer, order, 'paid')
    assert.equal((await shop.attempts(order)).length, 1)
    await shop.soldOnce(buyer, order, shop.course)
  })

test('F6: when every answer to prepay is lost the buyer waits, and a payment that the gateway took all the same is found', async () => {
  const { buyer, order } = await placed()
  await shop.fault('lose_answer', { api: 'native', count: 2 })
  const { action } = await shop.asBuyer(buyer, `POST /orders/${order.id}/payments`, { wide: true })
  assert.equal(action.kind, 'wait')
  await payNumber((await numbers(order))[0])
  await shop.becomes(buyer, order, 'paid')
  await shop.soldOnce(buyer, order, shop.course)
})

test('F6: a prepay that never arrived stays open while it may be on its way, then ends, and the order is paid by another attempt', async () => {
  const { buyer, order } = await placed()
  await shop.fault('lose_request', { api: 'native', count: 2 })
  assert.equal((await shop.asBuyer(buyer, `POST /orders/${order.id}/payments`, { wide: true })).action.kind, 'wait')
  await check(buyer, order)
  assert.deepEqual((await shop.attempts(order)).map((attempt) => attempt.state), ['begun'])
  await sweepOpen(later(150))
  assert.deepEqual((await shop.attempts(order)).map((attempt) => attempt.state), ['closed'])
  await shop.cashier(await shop.begin(buyer, order))
  await shop.becomes(buyer, order, 'paid')
  await shop.soldOnce(buyer, order, shop.course)
})

test('a prepay that the gateway refuses ends its attempt and is told to the buyer', async () => {
  const { buyer, order } = await placed()
  await shop.fault('refuse', { api: 'native', code: 'RULE_LIMIT', status: 403 })
  const answer = await shop.app.ask(`POST /orders/${order.id}/payments`, { wide: true }, { token: buyer.token })
  assert.equal(codeOf(answer), 'payment.gateway_unavailable')
  assert.deepEqual((await shop.attempts(order)).map((attempt) => [attempt.state, attempt.problem]), [['failed', 'RULE_LIMIT']])
})

test('F8: closing an order that was paid meanwhile makes it paid and granted', async () => {
  const { buyer, order, code } = await begun()
  await shop.fault('drop_notice')
  await shop.fault('slow_answer', { api: 'close', delaySeconds: 1 })
  const closing = shop.asBuyer(buyer, `POST /orders/${order.id}/closings`)
  await new Promise((resolve) => setTimeout(resolve, 400))
  await shop.cashier(code)
  assert.equal((await closing).state, 'paid')
  await shop.soldOnce(buyer, order, shop.course)
})

for (const [name, arrange] of [
  ['FREQUENCY_LIMITED', () => shop.fault('refuse', { api: 'close', code: 'FREQUENCY_LIMITED', status: 429 })],
  ['USER_PAYING', (code: string) => shop.cashier(code, 'enter_password')],
  ['an unknown outcome', () => shop.fault('lose_request', { api: 'close' })],
] as const)
  test(`F9: a close that meets ${name} leaves the order open, and the payment that follows counts`, async () => {
    const { buyer, order, code } = await begun()
    await arrange(code)
    const answer = await shop.app.ask(`POST /orders/${order.id}/closings`, undefined, { token: buyer.token })
    assert.equal(codeOf(answer), 'payment.gateway_unavailable')
    assert.equal((await shop.seen(buyer, order)).state, 'placed')
    await shop.cashier(code)
    await shop.becomes(buyer, order, 'paid')
    await shop.soldOnce(buyer, order, shop.course)
  })

test('F9: the close timer comes back until the gateway is sure', async () => {
  const { buyer, order } = await begun()
  await shop.fault('refuse', { api: 'close', code: 'FREQUENCY_LIMITED', status: 429 })
  await closeUnpaid(shop.app.app.ctx, order.id)
  assert.equal((await shop.seen(buyer, order)).state, 'placed')
  await closeUnpaid(shop.app.app.ctx, order.id)
  assert.equal((await shop.seen(buyer, order)).state, 'closed')
  const again = await shop.app.ask(`POST /orders/${order.id}/payments`, { wide: true }, { token: buyer.token })
  assert.equal(codeOf(again), 'order.state_forbids')
})

test('F9: a payment error at the cashier ends nothing: the same code can still be paid', async () => {
  const { buyer, order, code } = await begun()
  await shop.cashier(code, 'fail')
  assert.equal((await check(buyer, order)).state, 'placed')
  assert.deepEqual((await shop.attempts(order)).map((attempt) => attempt.state), ['begun'])
  await shop.fault('drop_notice')
  await shop.cashier(code)
  assert.equal((await check(buyer, order)).state, 'paid')
  await shop.soldOnce(buyer, order, shop.course)
})

test('F10: when the gateway limits queries the sweep lets go, and the next one loses nothing', async () => {
  await sweepOpen(later(30))
  const sales = await Promise.all([begun(), begun(), begun(), begun()])
  await shop.fault('drop_notice', { count: 4 })
  for (const { code } of sales) await shop.cashier(code)
  await shop.fault('refuse', { api: 'query', code: 'FREQUENCY_LIMITED', status: 429, count: 3 })
  const asked = async () => (await shop.sim('GET', `/__sim/requests?tenant=${shop.app.tenant.appid}`)).items.filter((one: Json) => one.method === 'GET' && one.url.includes('/out-trade-no/')).length
  const before = await asked()
  await sweepOpen(later(40))
  assert.equal((await asked()) - before, 3)
  await sweepOpen(later(400))
  for (const { buyer, order } of sales) await shop.soldOnce(buyer, order, shop.course)
})

test('F12: a coupon of the platform makes the payer pay less, and the course opens', async () => {
  const { buyer, order, code } = await begun()
  await shop.cashier(code, 'pay_with_coupon', { couponCents: 1000 })
  await shop.becomes(buyer, order, 'paid')
  await shop.soldOnce(buyer, order, shop.course)
})

test('F20: the second payment of one order goes back by itself', async () => {
  const { buyer, order } = await begun()
  await shop.asBuyer(buyer, `POST /orders/${order.id}/payments`, { wide: false })
  const before = await merchantCents()
  for (const number of await numbers(order)) await payNumber(number)
  await until(async () => (await shop.detail(order)).refunds[0]?.state === 'processing')
  await shop.advance(5)
  await until(async () => (await shop.detail(order)).refunds[0]?.state === 'done')
  assert.deepEqual((await shop.attempts(order)).map((attempt) => attempt.state).toSorted(), ['paid', 'surplus'])
  assert.deepEqual((await shop.whatsOf(order)).toSorted(), ['refund_begun', 'refund_done', 'sale', 'surplus_payment'])
  assert.equal((await merchantCents()) - before, 9900)
  await shop.soldOnce(buyer, order, shop.course)
})

test('F20, F22: what came twice and could not go back is sent once more a day later, by a new number', async () => {
  const { buyer, order } = await begun()
  await shop.asBuyer(buyer, `POST /orders/${order.id}/payments`, { wide: false })
  const before = await merchantCents()
  await shop.fault('refund_outcome', { api: 'refund', value: 'CLOSED' })
  for (const number of await numbers(order)) await payNumber(number)
  const becomes = (at: number, state: string) => until(async () => (await shop.detail(order)).refunds[at]?.state === state)
  await becomes(0, 'processing')
  await shop.advance(5)
  await becomes(0, 'failed')
  const later = (hours: number) => ({ ...shop.app.app.ctx, now: () => new Date(Date.now() + hours * 3_600_000) })
  await sweepRefunds(later(23))
  assert.equal((await shop.detail(order)).refunds.length, 1)
  await shop.advance(60)
  await Promise.all([1, 2, 3].map(() => sweepRefunds(later(25))))
  await becomes(1, 'processing')
  await shop.advance(5)
  await becomes(1, 'done')
  const { refunds } = await shop.detail(order)
  assert.deepEqual([refunds.length, refunds[0].outRefundNo === refunds[1].outRefundNo], [2, false])
  assert.equal((await merchantCents()) - before, 9900)
  await shop.soldOnce(buyer, order, shop.course)
})

test('F21: a payment after closing still opens the course, and the timeline says that it was late', async () => {
  const { buyer, order, code } = await begun()
  await shop.fault('mismatch_state', { api: 'query', value: 'CLOSED' })
  assert.equal((await shop.asBuyer(buyer, `POST /orders/${order.id}/closings`)).state, 'closed')
  await shop.cashier(code)
  const paid = await shop.becomes(buyer, order, 'paid')
  assert.deepEqual(whats(paid), ['placed', 'payment_begun', 'closed', 'paid_late', 'access_granted'])
  await shop.soldOnce(buyer, order, shop.course)
})

test('F21: a payment after closing for a course bought meanwhile goes back by itself', async () => {
  const { buyer, order, code } = await begun()
  await shop.fault('mismatch_state', { api: 'query', value: 'CLOSED' })
  await shop.asBuyer(buyer, `POST /orders/${order.id}/closings`)
  const second = await shop.place(buyer, shop.course)
  await shop.cashier(await shop.begin(buyer, second))
  await shop.becomes(buyer, second, 'paid')
  await shop.cashier(code)
  await until(async () => (await shop.detail(order)).refunds[0]?.state === 'processing')
  await shop.advance(5)
  await until(async () => (await shop.detail(order)).refunds[0]?.state === 'done')
  assert.deepEqual(await shop.whatsOf(order), ['surplus_payment', 'refund_begun', 'refund_done'])
  await shop.soldOnce(buyer, second, shop.course)
})

test('F29: a query whose answer is not signed rightly changes nothing', async () => {
  const { buyer, order, code } = await begun()
  await shop.fault('drop_notice')
  await shop.cashier(code)
  for (const how of ['wrong_key', 'other_body', 'no_signature', 'stale_timestamp', 'unknown_serial']) {
    await shop.fault('forge_answer', { api: 'query', how })
    assert.equal((await check(buyer, order)).state, 'placed', how)
  }
  assert.equal((await check(buyer, order)).state, 'paid')
  await shop.soldOnce(buyer, order, shop.course)
})

test('F11: an order query that tells another sum grants nothing', async () => {
  const { buyer, order, code } = await begun()
  await shop.fault('drop_notice')
  await shop.cashier(code)
  await shop.fault('mismatch_amount', { api: 'query' })
  const seen = await check(buyer, order)
  assert.equal(seen.state, 'placed')
  assert.equal(whats(seen).at(-1), 'mismatch')
  await shop.notSold(buyer, order, shop.course)
})

test("nobody else sees or pays an order, and the price is the server's", async () => {
  const { buyer, order } = await placed()
  const other = await shop.buyer()
  for (const route of ['GET /orders/:', 'POST /orders/:/checks', 'POST /orders/:/closings']) assert.equal((await shop.app.ask(route.replace(':', order.id), undefined, other)).status, 404)
  assert.equal((await shop.app.ask(`POST /orders/${order.id}/payments`, { wide: true }, other)).status, 404)
  assert.equal(codeOf(await shop.app.ask(`GET /orders/${order.id}`)), 'sign_in.needed')
  const wish = { offer: shop.course.offer, total: 1, agreementVersion: 0, policy: { days: 0, mostPercent: 0 }, requestKey: 'a-key-of-mine' }
  assert.equal(codeOf(await shop.app.ask('POST /orders', wish, other)), 'order.price_changed')
  const wrong = await shop.app.ask('POST /orders', { ...wish, total: null }, other)
  assert.deepEqual([wrong.status, wrong.body.error.details.field], [400, 'total'])
  assert.equal((await shop.asBuyer(buyer, `POST /orders/${order.id}/closings`)).state, 'closed')
})
