// Douyin pays out what it was asked for once, a week after the sale, and what it keeps is in the books.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from '#kernel/db.ts'
import { sweepRefunds } from '#modules/trade/refunds/actions.ts'
import { openShop, type Buyer, type Shop } from '#server/test/shop.ts'
import { until } from '#server/test/server.ts'
import type { Json } from '#server/test/sandbox.ts'
import { sweepSettlements } from './actions.ts'

const client = 'douyin/android/device-test'
const DAY = 86_400
let shop: Shop
before(async () => {
  shop = await openShop({ also: ['douyin'] })
})
after(() => shop.stop())

const later = (seconds: number) => ({ ...shop.app.app.ctx, now: () => new Date(Date.now() + seconds * 1000) })
const atDouyin = (): Promise<Json> => shop.sim('GET', `/__sim/ledger?tenant=${shop.app.tenant.appid}`)
const feesOf = async (order: { id: string }): Promise<[string, number, number][]> => (await shop.desk(`GET /console/ledger/entries?limit=100&order=${order.id}`)).items.filter((entry: Json) => entry.what === 'fees').flatMap((entry: Json) => entry.lines.map((line: Json) => [line.account, line.debit, line.credit]))
const planned = (order: { id: string }) => until(async () => (await shop.app.app.ctx.db.query<{ state: string }>(sql`select state from settlements where order_id = ${order.id}`)).rows[0])

async function sold() {
  const buyer = await shop.buyer()
  const order = await shop.place(buyer, shop.course, client)
  await shop.payDouyin(buyer, order)
  await shop.becomes(buyer, order, 'paid')
  await planned(order)
  return { buyer, order }
}

test('a week after the sale, and not before, the money is asked for once; what Douyin keeps is a cost', async () => {
  const { order } = await sold()
  await sweepSettlements(later(6 * DAY))
  await shop.advance(10)
  assert.equal((await atDouyin()).balances.merchant ?? 0, 0)
  await shop.fault('lose_answer', { api: 'settle_create' })
  await sweepSettlements(later(7 * DAY + 60))
  await Promise.all([1, 2, 3].map(() => sweepSettlements(later(7 * DAY + 120))))
  await shop.advance(10)
  await Promise.all([1, 2, 3].map(() => sweepSettlements(later(7 * DAY + 180))))
  assert.deepEqual((await atDouyin()).balances, { payer: -9900, douyin: 0, merchant: 9702, douyin_rake: 198 })
  assert.deepEqual(await feesOf(order), [['expense:channel_fees', 198, 0], ['asset:douyin', 0, 198]])
  await shop.isBalanced()
})

async function giveBack(buyer: Buyer, order: { id: string }, requestKey: string) {
  await shop.desk(`POST /console/orders/${order.id}/refunds`, { reason: '课程不合适', requestKey })
  await until(async () => {
    await shop.advance(5)
    await sweepRefunds(later(60))
    return (await shop.seen(buyer, order)).state === 'refunded'
  })
}

test('what was given back within the week is never asked for', async () => {
  const { buyer, order } = await sold()
  await giveBack(buyer, order, 'refund-key-1')
  const before = (await atDouyin()).balances.merchant
  for (const days of [8, 9, 10]) await sweepSettlements(later(days * DAY))
  await shop.advance(10)
  assert.equal((await atDouyin()).balances.merchant, before)
  assert.deepEqual(await feesOf(order), [])
  assert.equal((await planned(order)).state, 'void')
})

test('what Douyin paid out before a refund is booked after it, also when the answer was lost', async () => {
  for (const isLost of [false, true]) {
    const { buyer, order } = await sold()
    if (isLost) await shop.fault('lose_answer', { api: 'settle_create' })
    await sweepSettlements(later(8 * DAY))
    assert.equal((await planned(order)).state, isLost ? 'waiting' : 'asked')
    await shop.advance(10)
    await giveBack(buyer, order, `late-key-${isLost}`)
    await sweepSettlements(later(8 * DAY + 60))
    assert.deepEqual([(await planned(order)).state, (await feesOf(order)).length], ['done', 2])
  }
  await shop.isBalanced()
})

test('a Douyin that refuses or is silent is asked again by the same number', async () => {
  const { order } = await sold()
  await shop.fault('refuse', { api: 'settle_create', code: 12001 })
  await sweepSettlements(later(8 * DAY))
  assert.equal((await planned(order)).state, 'waiting')
  await sweepSettlements(later(8 * DAY + 60))
  assert.equal((await planned(order)).state, 'asked')
  await shop.advance(10)
  await shop.fault('refuse', { api: 'settle_query', code: 13000 })
  await sweepSettlements(later(8 * DAY + 120))
  await sweepSettlements(later(8 * DAY + 180))
  assert.equal((await feesOf(order)).length, 2)
})
