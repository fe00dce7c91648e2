// F30 over HTTP: while our clock is six minutes off nothing can be begun or closed, an alarm says why, and no order is lost.
import assert from 'node:assert/strict'
import { after, afterEach, before, test } from 'node:test'
import { sweepOpen } from '#modules/trade/attempts/actions.ts'
import { closeUnpaid } from '#modules/trade/payments/actions.ts'
import { sweepRefunds } from '#modules/trade/refunds/actions.ts'
import { openShop, type Shop } from '#server/test/shop.ts'
import { codeOf, readCounters, until } from '#server/test/server.ts'

let shop: Shop
let aheadMs = 0

before(async () => {
  shop = await openShop({}, undefined, {}, () => new Date(Date.now() + aheadMs))
})
after(() => shop.stop())
afterEach(() => {
  aheadMs = 0
})

async function begun() {
  const buyer = await shop.buyer()
  const order = await shop.place(buyer, shop.course)
  return { buyer, order, code: await shop.begin(buyer, order) }
}

async function counted(pattern: RegExp): Promise<number> {
  return Number(pattern.exec(await readCounters(shop.app.url))?.[1] ?? 0)
}

const clockAlarms = () => counted(/^gateway_distrusts_us_total\{vendor="wechat_pay",reason="CLOCK_OFF"\} (\d+)$/m)

for (const minutes of [6, -6])
  test(`F30: with our clock ${minutes} minutes off every request is refused under an alarm of its own; when it is right again the payment is found`, async () => {
    const { buyer, order, code } = await begun()
    const before = await clockAlarms()
    aheadMs = minutes * 60_000
    await shop.cashier(code)
    const [{ outTradeNo }] = (await shop.attempts(order)) as [{ outTradeNo: string }]
    assert.equal((await until(async () => (await shop.deliveries(outTradeNo))[0]?.attempts[0])).status, 401)
    assert.equal((await shop.asBuyer(buyer, `POST /orders/${order.id}/checks`)).state, 'placed')
    assert.equal(await clockAlarms(), before + 1)
    const again = await shop.app.ask(`POST /orders/${order.id}/payments`, { wide: true }, { token: buyer.token })
    assert.deepEqual([codeOf(again), again.body.error.details.code], ['payment.gateway_unavailable', 'CLOCK_OFF'])
    assert.equal(codeOf(await shop.app.ask(`POST /orders/${order.id}/closings`, undefined, { token: buyer.token })), 'payment.gateway_unavailable')
    await closeUnpaid(shop.app.app.ctx, order.id)
    assert.equal((await shop.seen(buyer, order)).state, 'placed')
    assert.deepEqual((await shop.attempts(order)).map((attempt) => `${attempt.state} ${attempt.problem}`).toSorted(), ['begun null', 'failed CLOCK_OFF'])
    await shop.notSold(buyer, order, shop.course)
    aheadMs = 0
    await shop.advance(15)
    await shop.becomes(buyer, order, 'paid')
    await shop.soldOnce(buyer, order, shop.course)
  })

test('F30: a payment whose notices were all refused while the clock was off is found by the sweep', async () => {
  const { buyer, order, code } = await begun()
  aheadMs = 360_000
  await shop.fault('drop_notice')
  await shop.cashier(code)
  await sweepOpen(shop.app.app.ctx)
  assert.equal((await shop.seen(buyer, order)).state, 'placed')
  aheadMs = 0
  await sweepOpen({ ...shop.app.app.ctx, now: () => new Date(Date.now() + 900_000) })
  await shop.soldOnce(buyer, order, shop.course)
})

test('F30: a refund that was begun while the clock was off waits with its reason, and goes out once when it is right', async () => {
  const { buyer, order, code } = await begun()
  await shop.cashier(code)
  await shop.becomes(buyer, order, 'paid')
  aheadMs = 360_000
  await shop.desk(`POST /console/orders/${order.id}/refunds`, { reason: '学员申请', requestKey: 'refund-key-1' })
  await until(async () => (await shop.detail(order)).refunds[0].problem === 'CLOCK_OFF')
  aheadMs = 0
  await sweepRefunds({ ...shop.app.app.ctx, now: () => new Date(Date.now() + 600_000) })
  await shop.advance(5)
  await shop.becomes(buyer, order, 'refunded')
  assert.deepEqual(await shop.whatsOf(order), ['sale', 'refund_begun', 'refund_done'])
  await shop.isBalanced()
})
