// Money and answers that come when nobody expects them: late, twice, under other numbers, or behind five hundred others.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from '#kernel/db.ts'
import { sweepOpen } from '#modules/trade/attempts/actions.ts'
import { openShop, type Buyer, type Shop } from '#server/test/shop.ts'
import { until } from '#server/test/server.ts'
import type { Json } from '#server/test/sandbox.ts'

let shop: Shop

before(async () => {
  shop = await openShop()
})
after(() => shop.stop())

const later = (seconds: number) => ({ ...shop.app.app.ctx, now: () => new Date(Date.now() + seconds * 1000) })
const payNumber = (number: string) => shop.sim('POST', '/__client/cashier', { out_trade_no: number, tenant: shop.app.tenant.appid, do: 'pay' })
const check = (buyer: Buyer, order: { id: string }) => shop.asBuyer(buyer, `POST /orders/${order.id}/checks`)
const close = (buyer: Buyer, order: { id: string }) => shop.asBuyer(buyer, `POST /orders/${order.id}/closings`)

async function begun() {
  const buyer = await shop.buyer()
  const order = await shop.place(buyer, shop.course)
  const code = await shop.begin(buyer, order)
  const [{ outTradeNo }] = (await shop.attempts(order)) as [{ outTradeNo: string }]
  return { buyer, order, code, outTradeNo }
}

async function handled(number: string): Promise<Json> {
  return until(async () => (await shop.notices(number)).find((notice) => notice.handledAt))
}

test('F4: however often a client asks meanwhile, the sweep keeps its times', async () => {
  const { buyer, order, code } = await begun()
  for (let times = 0; times < 8; times += 1) await check(buyer, order)
  await shop.fault('drop_notice')
  await shop.cashier(code)
  await sweepOpen(later(34))
  await shop.soldOnce(buyer, order, shop.course)
})

test('F4: a payment is found in its time although seven hundred other tries wait for their hour', async () => {
  const { buyer, order, code } = await begun()
  await shop.app.app.ctx.db.query(sql`
    insert into payment_attempts (id, order_id, channel, out_trade_no, state, amount, expected, begun_at, settled_at, checked_at, checks)
    select 'pay_crowd' || n, ${order.id}, 'wechat_virtual', 'SCROWD' || n, 'closed', 9900, '{}', now() - interval '9 hours', now() - interval '8 hours', now() - interval '1 minute', 9
    from generate_series(1, 700) as n`)
  await shop.fault('drop_notice')
  await shop.cashier(code)
  await sweepOpen(later(34))
  await shop.soldOnce(buyer, order, shop.course)
  await shop.app.app.ctx.db.query(sql`delete from payment_attempts where id like 'pay_crowd%'`)
})

test('F4: a try that cannot be handled stands in the way of the next ones once, not for ever', async () => {
  const broken = await begun()
  const { buyer, order, code } = await begun()
  await shop.fault('drop_notice', { count: 2 })
  await shop.cashier(broken.code)
  await shop.cashier(code)
  const { db } = shop.app.app.ctx
  await db.query({ text: `alter table entitlements add constraint broken check (order_id <> '${broken.order.id}')`, values: [], __sql: true })
  await assert.rejects(sweepOpen(later(34)), /broken/)
  await sweepOpen(later(35))
  await shop.soldOnce(buyer, order, shop.course)
  await db.query(sql`alter table entitlements drop constraint broken`)
  await sweepOpen(later(140))
  await shop.soldOnce(broken.buyer, broken.order, shop.course)
})

test('F8: when the answer to closing is lost, the gateway is asked, and the order is closed at once', async () => {
  const { buyer, order } = await begun()
  await shop.fault('lose_answer', { api: 'close' })
  assert.equal((await close(buyer, order)).state, 'closed')
  assert.deepEqual((await shop.attempts(order)).map((attempt) => [attempt.state, attempt.problem]), [['closed', 'CLOSED']])
})

test('F15: a notice that names a paid number with another transaction sells nothing more and waits for a person', async () => {
  const { buyer, order, code, outTradeNo } = await begun()
  await shop.fault('mismatch_transaction', { api: 'wechatpay' })
  await shop.fault('delay_notice', { delaySeconds: 3600 })
  await shop.cashier(code)
  assert.equal((await check(buyer, order)).state, 'paid')
  await shop.advance(3601)
  const notice = await handled(outTradeNo)
  assert.deepEqual([notice.outcome, notice.why], ['mismatched', 'transaction_differs'])
  assert.equal((await shop.seen(buyer, order)).timeline.at(-1).what, 'mismatch')
  assert.deepEqual((await shop.attempts(order)).map((attempt) => attempt.state), ['paid'])
  await shop.soldOnce(buyer, order, shop.course)
})

test('F21: a second code that is paid after the order was given back goes back too, and opens nothing', async () => {
  const { buyer, order, code, outTradeNo } = await begun()
  await shop.asBuyer(buyer, `POST /orders/${order.id}/payments`, { wide: false })
  const second = (await shop.attempts(order)).find((attempt) => attempt.outTradeNo !== outTradeNo)
  await shop.cashier(code)
  await shop.becomes(buyer, order, 'paid')
  await shop.desk(`POST /console/orders/${order.id}/refunds`, { reason: '学员申请', requestKey: 'refund-key-1' })
  await until(async () => (await shop.detail(order)).refunds[0].state === 'processing')
  await shop.advance(5)
  await shop.becomes(buyer, order, 'refunded')
  await payNumber(second?.outTradeNo)
  await until(async () => {
    await shop.advance(5)
    const { refunds } = await shop.detail(order)
    return refunds.length === 2 && refunds.every((refund: Json) => refund.state === 'done')
  })
  assert.equal((await shop.seen(buyer, order)).state, 'refunded')
  assert.equal(await shop.opens(buyer, shop.course), false)
  assert.deepEqual((await shop.whatsOf(order)).toSorted(), ['refund_begun', 'refund_begun', 'refund_done', 'refund_done', 'sale', 'surplus_payment'])
  const { balances } = await shop.sim('GET', `/__sim/ledger?tenant=${shop.app.tenant.appid}`)
  assert.equal((await shop.attempts(order)).map((attempt) => attempt.state).toSorted().join(' '), 'paid surplus')
  assert.ok(balances.merchant >= 0)
  await shop.isBalanced()
})

test('a key that was answered with an order standing open under another key means that order ever after', async () => {
  const buyer = await shop.buyer()
  const { total, agreementVersion, policy } = await shop.asBuyer(buyer, 'POST /quotes', { offer: shop.course.offer })
  const place = (requestKey: string): Promise<Json> => shop.asBuyer(buyer, 'POST /orders', { offer: shop.course.offer, total, agreementVersion, policy, requestKey })
  const first = await place('standing-key-1')
  assert.deepEqual([(await place('standing-key-2')).id, (await place('standing-key-2')).id], [first.id, first.id])
  await shop.cashier(await shop.begin(buyer, first))
  await shop.becomes(buyer, first, 'paid')
  for (const key of ['standing-key-2', 'standing-key-1']) assert.deepEqual(await place(key).then((order) => [order.id, order.state]), [first.id, 'paid'])
  await shop.desk(`POST /console/orders/${first.id}/refunds`, { reason: '学员申请', requestKey: 'standing-refund' })
  await shop.becomes(buyer, first, 'refunded')
  assert.deepEqual([(await place('standing-key-2')).id, (await place('standing-key-3')).id === first.id], [first.id, false])
})
