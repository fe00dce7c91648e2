// Giving money back over HTTP: F2, F6, F7, F22 and a button pressed twice.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { cents } from '#contracts/words/money.ts'
import { inTransaction } from '#kernel/ctx.ts'
import { openWechatPay } from '#gateways/wechatpay/client.ts'
import { checkForeign, writeOffForeign } from '#modules/trade/foreign/actions.ts'
import { sweepRefunds } from '#modules/trade/refunds/actions.ts'
import { readConfig } from '#server/config.ts'
import { openShop, type Buyer, type Shop } from '#server/test/shop.ts'
import { codeOf, until } from '#server/test/server.ts'
import type { Json } from '#server/test/sandbox.ts'

let shop: Shop

before(async () => {
  shop = await openShop()
})
after(() => shop.stop())

const later = (seconds: number) => ({ ...shop.app.app.ctx, now: () => new Date(Date.now() + seconds * 1000) })
const refund = (order: { id: string }, requestKey = 'refund-key-1') => shop.app.ask(`POST /console/orders/${order.id}/refunds`, { reason: '学员申请', requestKey }, { cookie: shop.owner })
const firstRefund = async (order: { id: string }): Promise<Json> => (await shop.detail(order)).refunds[0]
const refundIs = (order: { id: string }, state: string) => until(async () => (await firstRefund(order))?.state === state)
const atSandbox = async (order: { id: string }): Promise<Json[]> => {
  const [attempt] = await shop.attempts(order)
  return (await shop.sim('GET', `/__sim/orders/${attempt.outTradeNo}?tenant=${shop.app.tenant.appid}`)).refunds
}

async function bought() {
  const buyer = await shop.buyer()
  const order = await shop.place(buyer, shop.course)
  await shop.cashier(await shop.begin(buyer, order))
  await shop.becomes(buyer, order, 'paid')
  return { buyer, order }
}

/** Given back once: at the sandbox, in the books and on the timeline, and the course is shut. */
async function returnedOnce(buyer: Buyer, order: { id: string }) {
  const seen = await shop.becomes(buyer, order, 'refunded')
  assert.equal(seen.refunded, seen.total)
  assert.deepEqual((await atSandbox(order)).map((one) => [one.refundCents, one.state]), [[9900, 'SUCCESS']])
  assert.deepEqual(await shop.whatsOf(order), ['sale', 'refund_begun', 'refund_done'])
  const steps = seen.timeline.map((event: Json) => event.what)
  for (const what of ['refund_begun', 'access_revoked', 'refunded']) assert.equal(steps.filter((step: string) => step === what).length, 1, what)
  assert.equal(await shop.opens(buyer, shop.course), false)
  await shop.isBalanced()
}

test('F2: the notice of a refund that comes before the notice of its payment crashes nothing, and both end right', async () => {
  const buyer = await shop.buyer()
  const order = await shop.place(buyer, shop.course)
  const code = await shop.begin(buyer, order)
  await shop.fault('delay_notice', { delaySeconds: 3600 })
  await shop.cashier(code)
  assert.equal((await shop.asBuyer(buyer, `POST /orders/${order.id}/checks`)).state, 'paid')
  await refund(order)
  await refundIs(order, 'processing')
  await shop.advance(5)
  await shop.becomes(buyer, order, 'refunded')
  await shop.advance(3600)
  const [{ outTradeNo }] = (await shop.attempts(order)) as [{ outTradeNo: string }]
  const notices = await until(async () => {
    const all = await shop.notices(outTradeNo)
    return all.length === 2 && all.every((notice) => notice.handledAt) && all
  })
  assert.deepEqual(notices.map((notice) => [notice.event, notice.outcome]), [['TRANSACTION.SUCCESS', 'repeated'], ['REFUND.SUCCESS', 'refund_noted']])
  await returnedOnce(buyer, order)
})

for (const [name, kind, more] of [
  ['F6: SYSTEM_ERROR on a refund', 'refuse', { code: 'SYSTEM_ERROR', status: 500 }],
  ['F6: a refund request that was lost', 'lose_request', {}],
  ['F7: an answer to a refund that was lost, with the effect', 'lose_answer', {}],
  ['F10: FREQUENCY_LIMITED on a refund', 'refuse', { code: 'FREQUENCY_LIMITED', status: 429 }],
  ['F29: an answer to a refund that cannot be believed', 'forge_answer', { how: 'wrong_key' }],
] as const)
  test(`${name}: asked again under the same number, and the money goes back once`, async () => {
    const { buyer, order } = await bought()
    await shop.fault(kind, { api: 'refund', ...more })
    const { body } = await refund(order)
    await until(async () => (await firstRefund(order)).problem)
    assert.equal((await firstRefund(order)).state, 'begun')
    assert.equal(await shop.opens(buyer, shop.course), false)
    await sweepRefunds(later(25))
    await shop.advance(5)
    await returnedOnce(buyer, order)
    assert.deepEqual((await atSandbox(order)).map((one) => one.outRefundNo), [body.outRefundNo])
  })

test('F4: when the notice of a refund is lost for ever, the sweep asks and settles it', async () => {
  const { buyer, order } = await bought()
  await shop.fault('drop_notice')
  await refund(order)
  await refundIs(order, 'processing')
  await shop.advance(5)
  assert.equal((await shop.seen(buyer, order)).state, 'paid')
  await sweepRefunds(later(25))
  await returnedOnce(buyer, order)
})

test('F22: a refund that ends CLOSED is shown with its reason, the books owe nothing, and another may follow', async () => {
  const { buyer, order } = await bought()
  await shop.fault('refund_outcome', { value: 'CLOSED' })
  await refund(order)
  await refundIs(order, 'processing')
  await shop.advance(5)
  await refundIs(order, 'failed')
  assert.equal((await firstRefund(order)).problem, 'CLOSED')
  assert.deepEqual((await shop.seen(buyer, order)).timeline.slice(-4).map((event: Json) => event.what), ['refund_begun', 'access_revoked', 'refund_failed', 'access_restored'])
  assert.equal(await shop.opens(buyer, shop.course), true, 'neither the money nor the course would be with the buyer')
  assert.deepEqual(await shop.whatsOf(order), ['sale', 'refund_begun', 'refund_failed'])
  await shop.advance(60)
  assert.equal((await refund(order, 'refund-key-2')).status, 200)
  await until(async () => (await shop.detail(order)).refunds[1]?.state === 'processing')
  await shop.advance(5)
  assert.equal((await shop.becomes(buyer, order, 'refunded')).refunded, 9900)
  await shop.isBalanced()
})

test('F22: a refund that the account of the payer does not take is still owed, tells so once, and ends when somebody has sent it elsewhere', async () => {
  const { buyer, order } = await bought()
  await shop.fault('refund_outcome', { value: 'ABNORMAL' })
  await refund(order)
  await refundIs(order, 'processing')
  await shop.advance(5)
  await until(async () => (await firstRefund(order)).problem === 'ABNORMAL')
  await shop.fault('lose_request', { api: 'refund_query' })
  for (const seconds of [30, 60, 90]) await sweepRefunds(later(seconds))
  assert.deepEqual([(await firstRefund(order)).state, (await firstRefund(order)).problem], ['processing', 'ABNORMAL'])
  assert.equal((await shop.seen(buyer, order)).timeline.filter((event: Json) => event.what === 'refund_failed').length, 1)
  assert.deepEqual(await shop.whatsOf(order), ['sale', 'refund_begun'])
  assert.equal(codeOf(await refund(order, 'refund-key-2')), 'refund.state_forbids', 'no second one, which would give back twice')
  await shop.sim('POST', `/__sim/refunds/${(await firstRefund(order)).outRefundNo}/finish`, { tenant: shop.app.tenant.appid })
  await returnedOnce(buyer, order)
})

test('a refund pressed ten times at once, and again later, is one refund', async () => {
  const { buyer, order } = await bought()
  const same = await Promise.all(Array.from({ length: 10 }, () => refund(order, 'the-same-key')))
  assert.equal(new Set(same.map((answer) => answer.body.id)).size, 1)
  const others = await Promise.all(['another-key', 'a-third-key'].map((key) => refund(order, key)))
  assert.deepEqual(others.map(codeOf), ['refund.state_forbids', 'refund.state_forbids'])
  await refundIs(order, 'processing')
  await shop.advance(5)
  await returnedOnce(buyer, order)
  assert.equal((await shop.detail(order)).refunds.length, 1)
})

test('two operators who press with keys of their own at once make one refund', async () => {
  const { buyer, order } = await bought()
  const answers = await Promise.all(Array.from({ length: 6 }, (_, at) => refund(order, `key-of-operator-${at}`)))
  assert.equal(answers.filter((answer) => answer.status === 200).length, 1)
  assert.deepEqual([...new Set(answers.filter((answer) => answer.status !== 200).map(codeOf))], ['refund.state_forbids'])
  await refundIs(order, 'processing')
  await shop.advance(5)
  await returnedOnce(buyer, order)
})

test('an order that was not paid, or was given back, cannot be given back', async () => {
  const buyer = await shop.buyer()
  const order = await shop.place(buyer, shop.course)
  assert.equal(codeOf(await refund(order)), 'refund.state_forbids')
  await shop.cashier(await shop.begin(buyer, order))
  await shop.becomes(buyer, order, 'paid')
  await refund(order)
  await refundIs(order, 'processing')
  await shop.advance(5)
  await shop.becomes(buyer, order, 'refunded')
  assert.equal(codeOf(await refund(order, 'one-more-time')), 'refund.state_forbids')
})

test('F10: while the gateway is deaf the sweep of refunds lets go after three, and the next one sends all of them', async () => {
  await sweepRefunds(later(25))
  const sales = []
  for (let at = 0; at < 5; at += 1) sales.push(await bought())
  await shop.fault('lose_request', { api: 'refund', count: 8 })
  for (const { order } of sales) await refund(order)
  for (const { order } of sales) await until(async () => (await firstRefund(order)).problem)
  await sweepRefunds(later(25))
  const left = (await shop.sim('GET', `/__sim/faults?tenant=${shop.app.tenant.appid}`)).items.map((fault: Json) => fault.count)
  assert.deepEqual(left, [], 'five sent at once and three by the sweep')
  await sweepRefunds(later(60))
  await sweepRefunds(later(90))
  await shop.advance(5)
  for (const { buyer, order } of sales) await returnedOnce(buyer, order)
})

test('a refund that cannot be booked stands in the way of the others once, not for ever', async () => {
  const [broken, sound] = [await bought(), await bought()]
  await shop.fault('lose_request', { api: 'refund', count: 2 })
  for (const { order } of [broken, sound]) {
    await refund(order)
    await until(async () => (await firstRefund(order)).problem)
  }
  const { db } = shop.app.app.ctx
  await db.query({ text: `alter table refunds add constraint broken check (order_id <> '${broken.order.id}' or state = 'begun')`, values: [], __sql: true })
  await assert.rejects(sweepRefunds(later(25)), /broken/)
  await sweepRefunds(later(26))
  await db.query({ text: 'alter table refunds drop constraint broken', values: [], __sql: true })
  await shop.advance(5)
  await returnedOnce(sound.buyer, sound.order)
  await sweepRefunds(later(60))
  await shop.advance(5)
  await returnedOnce(broken.buyer, broken.order)
})

/** As somebody does in the merchant's console: under a number that we never gave, with notices to us all the same. */
async function giveBackElsewhere(order: Json, outRefundNo: string, amount: number): Promise<void> {
  const [{ outTradeNo }] = (await shop.attempts(order)) as [{ outTradeNo: string }]
  const gateway = openWechatPay(readConfig({ ...shop.app.tenant.env, DATABASE_URL: 'postgres://unused', SECRET: 'a secret that only tests know, 32+ chars' }).wechatPay, () => new Date())
  await shop.fault('duplicate_notice', { copies: 3 })
  await gateway.refund({ outTradeNo, outRefundNo, refund: cents(amount), total: cents(order['total']), notifyUrl: `${shop.app.url}/api/callbacks/wechatpay/refunds` })
  await shop.advance(5)
}

test("F22: a refund from the merchant's own console is booked once and ends access, as one of ours would", async () => {
  const { buyer, order } = await bought()
  await giveBackElsewhere(order, 'CONSOLE-0001', 4000)
  await until(async () => (await shop.detail(order)).refunds[0]?.state === 'done')
  assert.deepEqual([(await shop.detail(order)).row.refunded, (await shop.detail(order)).refundable, await shop.opens(buyer, shop.course)], [4000, 5900, true], 'a part leaves access')
  await shop.advance(61)
  await giveBackElsewhere(order, 'CONSOLE-0002', 5900)
  await shop.becomes(buyer, order, 'refunded')
  assert.equal(await shop.opens(buyer, shop.course), false)
  const { refunds, timeline } = await shop.detail(order)
  assert.deepEqual(refunds.map((one: Json) => [one.outRefundNo, one.amount, one.reason, one.by]), [['CONSOLE-0001', 4000, '在微信商户平台退款', null], ['CONSOLE-0002', 5900, '在微信商户平台退款', null]])
  assert.deepEqual(timeline.map((event: Json) => event.what).filter((what: string) => what === 'mismatch'), [])
  assert.deepEqual((await shop.whatsOf(order)).toSorted(), ['refund_begun', 'refund_begun', 'refund_done', 'refund_done', 'sale'])
  await shop.isBalanced()
})

test('F22: what cannot be one of ours, for as much is on its way back already, is told to a person once', async () => {
  const { buyer, order } = await bought()
  await giveBackElsewhere(order, 'CONSOLE-0003', 9900)
  await shop.becomes(buyer, order, 'refunded')
  const attempt = (await shop.attempts(order))[0]?.['outTradeNo']
  const again = () => checkForeign(shop.app.app.ctx, { outRefundNo: 'CONSOLE-NEVER', outTradeNo: attempt })
  await Promise.all([again(), again(), again()])
  assert.deepEqual((await shop.detail(order)).timeline.filter((event: Json) => event.what === 'mismatch').map((event: Json) => event.detail), ['refunded_elsewhere CONSOLE-NEVER'])
  assert.equal((await shop.detail(order)).refunds.length, 1)
})

test('F22: a refund of more than somebody left at the platform ends with a word of why, access is given again, and the rest can follow', async () => {
  const { buyer, order } = await bought()
  const [{ outTradeNo }] = (await shop.attempts(order)) as [{ outTradeNo: string }]
  await shop.sim('POST', '/__sim/console-refunds', { tenant: shop.app.tenant.appid, number: outTradeNo, cents: 4000 })
  await shop.advance(61)
  await refund(order)
  await refundIs(order, 'failed')
  assert.deepEqual([(await firstRefund(order)).problem, await shop.whatsOf(order)], ['LESS_LEFT', ['sale', 'refund_begun', 'refund_failed']])
  assert.equal(await shop.opens(buyer, shop.course), true)
  assert.equal((await shop.app.ask(`POST /console/orders/${order.id}/refunds`, { reason: '退余下的', requestKey: 'refund-key-2', amount: 5900 }, { cookie: shop.owner })).status, 200)
  await until(async () => (await shop.detail(order)).refunds.find((one: Json) => one.amount === 5900)?.state === 'processing')
  await shop.advance(5)
  await until(async () => (await shop.detail(order)).refunds.find((one: Json) => one.amount === 5900)?.state === 'done')
  assert.deepEqual((await atSandbox(order)).map((one) => [one.refundCents, one.state]), [[4000, 'SUCCESS'], [5900, 'SUCCESS']])
})

test('F22: what an operator wrote off is not booked when its notice comes after all; at once only one of both has it', async () => {
  const { ctx } = shop.app.app
  const writeOff = (number: string) => inTransaction(ctx, (ctx) => writeOffForeign(ctx, number))
  const { order } = await bought()
  await writeOff('CONSOLE-0004')
  await giveBackElsewhere(order, 'CONSOLE-0004', 4000)
  await until(async () => (await shop.detail(order)).timeline.some((event: Json) => event.detail === 'refunded_elsewhere CONSOLE-0004'))
  assert.deepEqual([(await shop.detail(order)).refunds, await shop.whatsOf(order)], [[], ['sale']])

  await shop.advance(61)
  const [, closed] = await Promise.all([giveBackElsewhere(order, 'CONSOLE-0005', 900), until(async () => writeOff('CONSOLE-0005').then(() => 'written off', () => 'booked'))])
  await until(async () => closed === 'booked' || (await shop.detail(order)).timeline.some((event: Json) => event.detail === 'refunded_elsewhere CONSOLE-0005'))
  assert.equal((await shop.detail(order)).refunds.length, closed === 'booked' ? 1 : 0)
})
