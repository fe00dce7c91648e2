// Giving back what was paid by virtual payment over HTTP: parts, failures, Apple's question and Apple's own refunds; F28.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { readConfig } from '#server/config.ts'
import { openShop, type Buyer, type Shop } from '#server/test/shop.ts'
import { codeOf, until } from '#server/test/server.ts'
import type { Json } from '#server/test/sandbox.ts'
import { sweepRefunds } from './actions.ts'

const phone = 'wechat/android/device-test'
let shop: Shop

before(async () => {
  shop = await openShop({ publishSeconds: 1 })
  await shop.itemIsReady(shop.course)
})
after(() => shop.stop())

type Sold = { buyer: Buyer; order: { id: string }; outTradeNo: string }
let keys = 0
const later = (seconds: number) => ({ ...shop.app.app.ctx, now: () => new Date(Date.now() + seconds * 1000) })
const giveBack = ({ order }: Pick<Sold, 'order'>, more: object = {}) => shop.app.ask(`POST /console/orders/${order.id}/refunds`, { reason: '学员申请', requestKey: `key-of-part-${(keys += 1)}`, ...more }, { cookie: shop.owner })
const detail = ({ order }: Sold): Promise<Json> => shop.detail(order)
const statesOf = async (sold: Sold): Promise<string[]> => (await detail(sold)).refunds.map((refund: Json) => refund.state)
const atSandbox = async ({ outTradeNo }: Sold): Promise<Json> => (await shop.sim('GET', `/__sim/orders/${outTradeNo}?tenant=${shop.app.tenant.appid}`)).virtual
const askApple = ({ buyer, outTradeNo }: Sold, overrules = false): Promise<Json> => shop.sim('POST', '/__client/xpay/apple-refund', { appid: shop.app.tenant.appid, user: buyer.user, out_trade_no: outTradeNo, overrules })

async function bought(system = 'android'): Promise<Sold> {
  const buyer = await shop.buyer()
  const order = await shop.place(buyer, shop.course, phone)
  await shop.payVirtual(buyer, order, system, phone)
  await shop.becomes(buyer, order, 'paid')
  const [{ outTradeNo }] = (await shop.attempts(order)) as [{ outTradeNo: string }]
  await until(async () => (await atSandbox({ buyer, order, outTradeNo })).status === 4)
  return { buyer, order, outTradeNo }
}

test('two parts that are asked for at once go one after the other, each is booked, and access ends with the last', async () => {
  const sold = await bought()
  await Promise.all([giveBack(sold, { amount: 3000 }), giveBack(sold, { amount: 3000 })])
  await until(async () => (await statesOf(sold)).includes('processing'))
  assert.deepEqual((await atSandbox(sold)).refunds.map((refund: Json) => refund.cents), [3000])
  await shop.advance(5)
  await until(async () => (await statesOf(sold))[0] === 'done')
  await sweepRefunds(later(30))
  await shop.advance(5)
  await until(async () => (await statesOf(sold)).every((state) => state === 'done'))
  assert.equal(await shop.opens(sold.buyer, shop.course), true)
  await giveBack(sold)
  assert.equal(await shop.opens(sold.buyer, shop.course), false)
  await until(async () => (await statesOf(sold))[2] === 'processing')
  await shop.advance(5)
  await shop.becomes(sold.buyer, sold.order, 'refunded')
  assert.deepEqual((await atSandbox(sold)).refunds.map((refund: Json) => [refund.cents, refund.state]), [[3000, 'done'], [3000, 'done'], [3900, 'done']])
  await shop.isBalanced()
})

test('F7: a part whose answer was lost is asked for again by its number and goes back once', async () => {
  const sold = await bought()
  await shop.fault('lose_answer', { api: 'refund_order' })
  await giveBack(sold, { amount: 2500 })
  await until(async () => (await detail(sold)).refunds[0].problem)
  await sweepRefunds(later(30))
  await shop.advance(5)
  await until(async () => (await statesOf(sold))[0] === 'done')
  assert.equal((await atSandbox(sold)).refundedCents, 2500)
  await shop.isBalanced()
})

test('F4: when the push of a refund is lost, the sweep finds that it arrived', async () => {
  const sold = await bought()
  await shop.fault('drop_notice', { api: 'push' })
  await giveBack(sold)
  await until(async () => (await statesOf(sold))[0] === 'processing')
  await shop.advance(5)
  await sweepRefunds(later(30))
  await shop.becomes(sold.buyer, sold.order, 'refunded')
})

test('a refund that the platform says failed is over, owes nothing, and another may follow', async () => {
  const sold = await bought()
  await shop.fault('refund_outcome', { api: 'refund_order', value: 'FAILED' })
  await giveBack(sold)
  await until(async () => (await statesOf(sold))[0] === 'processing')
  await shop.advance(5)
  await until(async () => (await statesOf(sold))[0] === 'failed')
  await giveBack(sold)
  await until(async () => (await statesOf(sold))[1] === 'processing')
  await shop.advance(5)
  await shop.becomes(sold.buyer, sold.order, 'refunded')
  assert.equal((await atSandbox(sold)).refundedCents, 9900)
  await shop.isBalanced()
})

for (const format of ['json', 'xml'])
  test(`Apple asks whether to give the money back, in ${format}: it is answered within three seconds, and what it gives back ends access and is booked once`, async () => {
    const sold = await bought('ios')
    await shop.app.sandbox.ask('PATCH', `/__sim/tenants/${shop.app.tenant.appid}`, { pushFormat: format })
    await shop.fault('duplicate_notice', { api: 'push', copies: 4 })
    const { advice, refunded } = await askApple(sold)
    assert.deepEqual([advice.result_code, refunded], [0, true])
    const [question] = (await shop.deliveries(sold.outTradeNo)).filter((one) => one.event === 'xpay_subscribe_ios_refund_query_notify')
    assert.deepEqual([question.attempts.length, question.attempts[0].accepted, question.attempts[0].durationMs < 3000], [1, true, true])
    await shop.advance(5)
    assert.equal((await shop.becomes(sold.buyer, sold.order, 'refunded')).refunded, 9900)
    assert.equal(await shop.opens(sold.buyer, shop.course), false)
    assert.deepEqual(await shop.whatsOf(sold.order), ['sale', 'refund_begun', 'refund_done'])
    assert.deepEqual((await detail(sold)).timeline.map((event: Json) => event.what).slice(4), ['refund_asked', 'refund_begun', 'access_revoked', 'refunded'])
    await shop.app.sandbox.ask('PATCH', `/__sim/tenants/${shop.app.tenant.appid}`, { pushFormat: 'json' })
    await shop.isBalanced()
  })

test('after seven days what was never used may go back; what was used is not to, with the record of use as evidence; Apple may do it all the same', async () => {
  const [unused, sold] = [await bought('ios'), await bought('ios')]
  await shop.app.app.ctx.db.query({ text: "update orders set paid_at = paid_at - interval '8 days' where id = $1", values: [unused.order.id], __sql: true })
  assert.deepEqual([(await askApple(unused)).advice.result_code, (await detail(unused)).timeline.some((event: Json) => event.what === 'refund_asked')], [0, true])
  await shop.asBuyer(sold.buyer, `PUT /lessons/${shop.course.lesson}/progress`, { ranges: [[0, 5000]], positionSeconds: 0, at: new Date().toISOString() })
  await shop.app.app.ctx.db.query({ text: "update orders set paid_at = paid_at - interval '8 days' where id = $1", values: [sold.order.id], __sql: true })
  const { advice, refunded } = await askApple(sold)
  assert.deepEqual([advice.result_code, refunded], [1, false])
  assert.match(advice.evidence, /把日子记下来.*已 8 天，1 个课时已学 0\.5 个，占 50%/)
  await shop.soldOnce(sold.buyer, sold.order, shop.course)
  assert.equal((await askApple(sold, true)).refunded, true)
  await shop.advance(5)
  await shop.becomes(sold.buyer, sold.order, 'refunded')
})

test('what Apple sold only Apple gives back: our own try ends as failed and is told', async () => {
  const sold = await bought('ios')
  await giveBack(sold, { amount: 100 })
  await until(async () => (await statesOf(sold))[0] === 'failed')
  assert.equal((await detail(sold)).refunds[0].problem, 'APPLE_ONLY')
  assert.equal(await shop.opens(sold.buyer, shop.course), true)
  await giveBack(sold)
  await until(async () => (await statesOf(sold))[1] === 'failed')
  assert.deepEqual((await detail(sold)).timeline.slice(-3).map((event: Json) => event.what), ['access_revoked', 'refund_failed', 'access_restored'])
  await shop.soldOnce(sold.buyer, sold.order, shop.course)
  await shop.isBalanced()
})

test('a refund by the platform that does not fit what we owe waits for a person', async () => {
  const sold = await bought('ios')
  await shop.app.app.ctx.db.query({ text: "update payment_attempts set expected = expected || '{\"openid\":\"oSomebodyElse\"}' where order_id = $1", values: [sold.order.id], __sql: true })
  await askApple(sold)
  await shop.advance(5)
  await until(async () => (await detail(sold)).timeline.some((event: Json) => event.what === 'mismatch'))
  assert.deepEqual(await statesOf(sold), [])
  assert.equal((await shop.seen(sold.buyer, sold.order)).state, 'paid')
})

test("F28: the platform's own sandbox is never believed: neither its pushes nor its setting where courses are sold", async () => {
  const buyer = await shop.buyer()
  const order = await shop.place(buyer, shop.course, phone)
  const { body } = await shop.app.ask(`POST /orders/${order.id}/payments`, { wide: false }, { token: buyer.token, client: phone })
  await shop.app.app.ctx.db.query({ text: "update payment_attempts set expected = expected || '{\"env\":1}' where order_id = $1", values: [order.id], __sql: true })
  await shop.fault('mismatch_env', { api: 'push' })
  const { kind: _kind, ...action } = body.action
  await shop.sim('POST', '/__client/xpay/pay', { appid: shop.app.tenant.appid, user: buyer.user, ...action })
  await until(async () => (await shop.attempts(order))[0]?.state === 'mismatched')
  await shop.notSold(buyer, order, shop.course)
  const base = { ...shop.app.tenant.env, DATABASE_URL: 'postgres://unused', SECRET: 'a secret that only tests know, 32+ chars', XPAY_ENV: '1' }
  assert.throws(() => readConfig(base), /TRIAL_RUN/)
  assert.equal(readConfig({ ...base, TRIAL_RUN: '1' }).wechat.xpayEnv, 1)
  assert.throws(() => readConfig({ ...base, XPAY_ENV: '2' }), /XPAY_ENV/)
})

test('the order says when the money of virtual payment arrives', async () => {
  const { settlement } = await detail(await bought())
  assert.ok(settlement.from < settlement.by)
})

test('an order that an iPhone placed is not given back by us', async () => {
  const sold = await bought('ios')
  await shop.app.app.ctx.db.query({ text: "update orders set system = 'ios' where id = $1", values: [sold.order.id], __sql: true })
  assert.equal(codeOf(await giveBack(sold)), 'refund.channel_cannot')
})
