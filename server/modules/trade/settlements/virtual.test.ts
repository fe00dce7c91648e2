// Virtual payment settles by itself: what it keeps is booked once and follows a refund, and what is late becomes a difference.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { reconcileDue } from '#modules/money/reconciliation/actions.ts'
import { openShop, type Buyer, type Shop } from '#server/test/shop.ts'
import { until } from '#server/test/server.ts'
import type { Json } from '#server/test/sandbox.ts'
import { sweepSettlements } from './actions.ts'

const phone = 'wechat/android/device-test'
const DAY = 86_400
let shop: Shop

before(async () => {
  shop = await openShop({ publishSeconds: 1, refundSeconds: 1 })
  await shop.itemIsReady(shop.course)
})
after(() => shop.stop())

type Sold = { buyer: Buyer; order: { id: string }; number: string }
const later = (days: number) => ({ ...shop.app.app.ctx, now: () => new Date(Date.now() + days * DAY * 1000) })
const expected = async (): Promise<Json[]> => (await shop.desk('GET /console/settlements')).items
const booked = async (account: string): Promise<number> => (await shop.desk('GET /console/ledger/accounts')).items.find((one: Json) => one.account === account).balance
/** What the sandbox holds for us of virtual payment; nothing else is sold here. */
const held = async (): Promise<number> => (await shop.sim('GET', `/__sim/ledger?tenant=${shop.app.tenant.appid}`)).balances.merchant

async function sell(system = 'android'): Promise<Sold> {
  const buyer = await shop.buyer()
  const order = await shop.place(buyer, shop.course, phone)
  const before = (await expected()).reduce((sum, one) => sum + one.count, 0)
  await shop.payVirtual(buyer, order, system)
  await shop.becomes(buyer, order, 'paid')
  await until(async () => (await expected()).reduce((sum, one) => sum + one.count, 0) > before)
  return { buyer, order, number: (await shop.attempts(order))[0]?.outTradeNo }
}

test('three days after the sale, and not before, the fee is booked once, however often it is looked for', async () => {
  await sell()
  const [one] = await expected()
  assert.deepEqual([one?.rail, one?.count, one?.amount, one?.late], ['wechat_virtual', 1, 9900, false])
  assert.ok(one?.from < one?.by)
  await sweepSettlements(later(4))
  assert.equal(await booked('expense:channel_fees'), 0, 'the rail has not settled it')
  await shop.advance(3 * DAY)
  await shop.fault('lose_answer', { api: 'query_order' })
  await sweepSettlements(later(5))
  await Promise.all([1, 2, 3].map(() => sweepSettlements(later(6))))
  assert.deepEqual([await booked('expense:channel_fees'), await booked('asset:wechat_virtual'), await held()], [99, 9801, 9801])
  assert.deepEqual(await expected(), [])
  await shop.isBalanced()
})

test('a part that goes back after it was settled takes its fee along', async () => {
  const fees = await booked('expense:channel_fees')
  const sold = await sell()
  await shop.advance(3 * DAY)
  await sweepSettlements(later(4))
  assert.equal(await booked('expense:channel_fees'), fees + 99)
  await shop.desk(`POST /console/orders/${sold.order.id}/refunds`, { reason: '学员申请', requestKey: 'part-after-settling', amount: 4900 })
  await until(async () => {
    await shop.advance(2)
    return (await shop.detail(sold.order)).refunds[0].state === 'done'
  })
  await until(async () => (await expected()).length > 0)
  await sweepSettlements(later(5))
  assert.equal(await booked('expense:channel_fees'), fees + 50)
  assert.equal(await booked('asset:wechat_virtual'), await held())
  await shop.isBalanced()
})

test('what is not settled in its time is a difference until the rail has settled it', async () => {
  await shop.fault('late_settlement')
  const sold = await sell()
  await shop.advance(4 * DAY)
  await sweepSettlements(later(5))
  await Promise.all([reconcileDue(later(7)), reconcileDue(later(7))])
  const found = async (): Promise<Json[]> => (await shop.desk('GET /console/differences?rail=wechat_virtual')).items
  assert.deepEqual(await found(), [], 'working days are waited for')
  await Promise.all([reconcileDue(later(9)), reconcileDue(later(9))])
  const [one, ...others] = await found()
  assert.deepEqual([others.length, one?.subject, one?.kind, one?.number, one?.order, one?.booked, one?.gap, one?.can], [0, 'settlement', 'state', sold.number, sold.order.id, 9900, 0, ['check', 'explain']])
  assert.equal((await shop.desk(`POST /console/differences/${one?.id}/checks`)).resolution, null)
  await shop.advance(7 * DAY)
  assert.equal((await shop.desk(`POST /console/differences/${one?.id}/checks`)).resolution.how, 'converged')
  assert.equal(await booked('asset:wechat_virtual'), await held())
  await shop.isBalanced()
})
