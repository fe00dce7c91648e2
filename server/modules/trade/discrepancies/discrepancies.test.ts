// Payments that do not fit wait for a person: shown with what is wrong, settled when the gateway confirms, closed once with a word.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from '#kernel/db.ts'
import { newId } from '#kernel/ids.ts'
import { codeOf, until } from '#server/test/server.ts'
import type { Json } from '#server/test/sandbox.ts'
import { markMismatched, settleAttempt } from '#modules/trade/attempts/actions.ts'
import { openShop, type Shop } from '#server/test/shop.ts'

let shop: Shop
before(async () => {
  shop = await openShop()
})
after(() => shop.stop())

const listed = async (): Promise<Json[]> => (await shop.desk('GET /console/discrepancies?open=true')).items
const waiting = async (): Promise<number> => (await shop.desk('GET /console/reports/today')).attention.find((one: Json) => one.kind === 'notices_to_check').count

/** A payment whose notice is told wrongly while the fault lasts. */
async function payWrongly(kind: string, more: object = {}) {
  const buyer = await shop.buyer()
  const order = await shop.place(buyer, shop.course)
  const code = await shop.begin(buyer, order)
  await shop.fault(kind, { api: 'wechatpay', ...more })
  const known = new Set((await listed()).map((one) => one.id))
  await shop.cashier(code)
  const found: Json = await until(async () => (await listed()).find((one) => !known.has(one.id) || one.order?.id === order.id))
  return { buyer, order, found }
}

test('a wrong sum is shown with what was asked and told; when the gateway confirms the right one, the order is paid', async () => {
  const { buyer, order, found } = await payWrongly('mismatch_amount')
  assert.deepEqual([found.kind, found.reasons, found.asked, found.order.id, found.can], ['mismatched', ['total'], order.total, order.id, ['check', 'give_back', 'resolve']])
  assert.notEqual(found.told.amount, found.asked)
  assert.equal(found.told.currency, 'CNY')
  await shop.notSold(buyer, order, shop.course)
  assert.deepEqual(await shop.desk(`POST /console/discrepancies/${found.id}/checks`), { standing: 'paid' })
  await shop.soldOnce(buyer, order, shop.course)
  const again = await shop.app.ask(`POST /console/discrepancies/${found.id}/checks`, undefined, { cookie: shop.owner })
  assert.equal(codeOf(again), 'order.state_forbids')
  assert.deepEqual((await listed()).find((one) => one.id === found.id)?.can, ['resolve'])
})

test('a number that is not ours waits without an order; a word closes it once, is recorded, and takes it from the tasks of the day', async () => {
  const { found } = await payWrongly('mismatch_out_trade_no', { value: 'X00000000000000000002' })
  assert.deepEqual([found.kind, found.order, found.asked, found.can], ['unknown_order', null, null, ['resolve']])
  const before = await waiting()
  const shown = await shop.desk(`POST /console/discrepancies/${found.id}/resolutions`, { note: '属于线下收款，已转给财务' })
  assert.deepEqual([shown.resolution.note, shown.can], ['属于线下收款，已转给财务', []])
  assert.equal(await waiting(), before - 1)
  const twice = await shop.app.ask(`POST /console/discrepancies/${found.id}/resolutions`, { note: '再写一次' }, { cookie: shop.owner })
  assert.equal(codeOf(twice), 'thing.changed_meanwhile')
  assert.equal((await listed()).some((one) => one.id === found.id), false)
  const all = (await shop.desk('GET /console/discrepancies')).items
  assert.equal(all.at(-1).id, found.id, 'what is closed stands behind what is open')
  assert.equal((await shop.desk('GET /console/audit?q=payment.put_aside')).items[0].after.note, '属于线下收款，已转给财务')
})

test('one payment told rightly and wrongly in the same instant: neither waits for the other for ever, and no paid order is lost', async () => {
  const { ctx } = shop.app.app
  const buyers = await Promise.all(Array.from({ length: 12 }, () => shop.buyer()))
  const attempts = await Promise.all(buyers.map(async (buyer) => {
    const order = await shop.place(buyer, shop.course)
    await shop.begin(buyer, order)
    return { ...(await shop.attempts(order))[0], order: order.id, buyer }
  }))
  await Promise.all(attempts.flatMap((attempt) => [
    markMismatched(ctx, attempt, ['total']),
    settleAttempt(ctx, attempt, { transactionNo: `T${attempt.outTradeNo}`, amount: attempt.amount }),
  ]))
  for (const { buyer, order } of attempts) assert.equal((await shop.seen(buyer, { id: order })).state, 'paid')
})

test('a sum that is really another one goes back as it came, once, booked as the payer\'s; nothing is granted for it', async () => {
  const { db } = shop.app.app.ctx
  const buyer = await shop.buyer()
  const order = await shop.place(buyer, shop.course)
  const code = await shop.begin(buyer, order)
  await db.query(sql`update payment_attempts set amount = 9800 where order_id = ${order.id}`)
  await shop.cashier(code)
  const found: Json = await until(async () => (await listed()).find((one) => one.order?.id === order.id && one.told))
  assert.deepEqual([found.asked, found.told.amount, found.can], [9800, 9900, ['check', 'give_back', 'resolve']])
  const answers = await Promise.all([1, 2, 3].map(() => shop.app.ask(`POST /console/discrepancies/${found.id}/refunds`, { note: '价格改动，退回重付' }, { cookie: shop.owner })))
  assert.deepEqual(answers.map((answer) => answer.status).toSorted(), [200, 409, 409])
  const refund: Json = await until(async () => (await shop.detail(order)).refunds[0])
  assert.equal(refund.amount, 9900)
  await until(async () => {
    await shop.advance(5)
    return (await shop.detail(order)).refunds[0].state === 'done'
  })
  assert.equal((await shop.detail(order)).refunds.length, 1)
  await shop.notSold(buyer, order, shop.course)
  const { items } = await shop.desk(`GET /console/ledger/entries?order=${order.id}`)
  assert.deepEqual(items.map((one: Json) => one.what).toSorted(), ['refund_begun', 'refund_done', 'surplus_payment'])
  assert.equal((await shop.desk('GET /console/audit?q=payment.given_back')).items[0].after.amount, 9900)
  await shop.isBalanced()
})

test('what fits after all, or never came, is not given back', async () => {
  const { buyer, order, found } = await payWrongly('mismatch_amount')
  const back = (id: string) => shop.app.ask(`POST /console/discrepancies/${id}/refunds`, { note: '退回' }, { cookie: shop.owner })
  assert.equal(codeOf(await back(found.id)), 'order.state_forbids')
  await shop.soldOnce(buyer, order, shop.course)
  const other = await shop.buyer()
  const waits = await shop.place(other, shop.course)
  await shop.begin(other, waits)
  const [attempt] = await shop.attempts(waits)
  await markMismatched(shop.app.app.ctx, { ...attempt, order: waits.id }, ['total'])
  assert.equal(codeOf(await back(attempt.id)), 'discrepancy.nothing_came')
})

test('what is not a discrepancy cannot be asked about or closed', async () => {
  for (const step of ['checks', 'resolutions']) {
    const answer = await shop.app.ask(`POST /console/discrepancies/${newId('ntc')}/${step}`, step === 'checks' ? undefined : { note: '无' }, { cookie: shop.owner })
    assert.equal(codeOf(answer), 'thing.not_found')
  }
})
