// Rights of orders over HTTP: what a refund ended comes back when it fails, once, and only when nothing else ended it.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sweepRefunds } from '#modules/trade/refunds/actions.ts'
import type { Json } from '#server/test/sandbox.ts'
import { until } from '#server/test/server.ts'
import { openShop, termsOf, type Buyer, type Shop } from '#server/test/shop.ts'

const DAY = 86_400_000
let shop: Shop
let reader: Json
let scholar: Json
before(async () => {
  shop = await openShop()
  reader = await shop.desk('POST /console/plans', { title: '书友', about: '', rank: 1, unlocksAll: false, courses: [shop.course.id], discountBasisPoints: null, remindDays: 7 })
  scholar = await shop.desk('POST /console/plans', { title: '学者', about: '', rank: 2, unlocksAll: true, courses: [], discountBasisPoints: null, remindDays: 7 })
})
after(() => shop.stop())

const sell = (plan: Json, period: string, price: number): Promise<Json> => shop.desk('POST /console/offers', { kind: 'plan', ...termsOf('', price), title: `${period}${price}`, plan: plan.id, period })
async function buy(who: Buyer, offer: Json): Promise<Json> {
  const order = await shop.place(who, { ...shop.course, offer: offer.id })
  await shop.cashier(await shop.begin(who, order))
  return shop.becomes(who, order, 'paid')
}
let keys = 0
const giveBack = (order: Json): Promise<Json> => shop.desk(`POST /console/orders/${order.id}/refunds`, { reason: '学员申请', requestKey: `refund-key-${(keys += 1)}` })
const isRefund = (order: Json, at: number, state: string) => until(async () => (await shop.detail(order)).refunds[at]?.state === state)
const own = async (who: Buyer): Promise<string[]> => (await shop.asBuyer(who, 'GET /memberships')).own.map((one: Json) => one.title)
const untilOf = async (who: Buyer): Promise<number> => new Date((await shop.asBuyer(who, 'GET /memberships')).own[0].until).getTime()
const steps = async (who: Buyer, order: Json): Promise<string[]> => (await shop.seen(who, order)).timeline.map((event: Json) => event.what)

/** Begun, and ended CLOSED at the gateway. */
async function failToGiveBack(order: Json): Promise<void> {
  await shop.fault('refund_outcome', { value: 'CLOSED' })
  const { id } = await giveBack(order)
  const standing = async () => (await shop.detail(order)).refunds.find((refund: Json) => refund.id === id).state
  await until(async () => (await standing()) === 'processing')
  await shop.advance(5)
  await until(async () => (await standing()) === 'failed')
}

test('while another refund ends access too, the one that fails gives nothing back; when both failed, the course is open', async () => {
  const who = await shop.buyer()
  const order = await buy(who, { id: shop.course.offer })
  const { id } = await shop.asBuyer(who, `POST /orders/${order.id}/claims`, { reason: '没有时间学' })
  await shop.fault('refund_outcome', { value: 'CLOSED' })
  await shop.desk(`POST /console/claims/${id}/approvals`, { fault: 'academy', amount: 6000, answer: '课程已学' })
  await isRefund(order, 0, 'processing')
  await giveBack(order)
  await until(async () => (await shop.detail(order)).refunds[1]?.problem)
  await shop.advance(70)
  await isRefund(order, 0, 'failed')
  assert.equal(await shop.opens(who, shop.course), false)
  await shop.fault('refund_outcome', { value: 'CLOSED' })
  await sweepRefunds({ ...shop.app.app.ctx, now: () => new Date(Date.now() + 30_000) })
  await isRefund(order, 1, 'processing')
  await shop.advance(5)
  await isRefund(order, 1, 'failed')
  assert.equal(await shop.opens(who, shop.course), true)
  assert.equal((await steps(who, order)).filter((step) => step === 'access_restored').length, 1)
  await shop.isBalanced()
})

test('a plan whose refund fails is had again, and one that is refunded after all is over', async () => {
  const who = await shop.buyer()
  const order = await buy(who, await sell(reader, 'year', 36_500))
  await failToGiveBack(order)
  await shop.advance(60)
  assert.deepEqual([(await shop.seen(who, order)).state, await own(who), await shop.opens(who, shop.course)], ['paid', ['书友'], true])
  assert.deepEqual((await steps(who, order)).slice(-4), ['refund_begun', 'access_revoked', 'refund_failed', 'access_restored'])
  await giveBack(order)
  assert.deepEqual([await own(who), await shop.opens(who, shop.course)], [[], false])
  await isRefund(order, 1, 'processing')
  await shop.advance(5)
  await shop.becomes(who, order, 'refunded')
  assert.equal(await shop.opens(who, shop.course), false)
  await shop.isBalanced()
})

test('the time behind the one that was to be given back moves forward with the refund and back when it fails', async () => {
  const who = await shop.buyer()
  const month = await sell(reader, 'month', 3000)
  const first = await buy(who, month)
  await buy(who, month)
  const before = await untilOf(who)
  await shop.fault('refund_outcome', { value: 'CLOSED' })
  await giveBack(first)
  assert.ok(before - (await untilOf(who)) > 27 * DAY)
  await isRefund(first, 0, 'processing')
  await shop.advance(5)
  await isRefund(first, 0, 'failed')
  assert.ok(Math.abs((await untilOf(who)) - before) < 60_000, `${new Date(before).toISOString()}`)
})

test('an upgrade whose refund fails ends the lower tier again', async () => {
  const who = await shop.buyer()
  await buy(who, await sell(reader, 'year', 36_500))
  const order = await buy(who, await sell(scholar, 'year', 73_000))
  await failToGiveBack(order)
  assert.deepEqual(await own(who), ['学者'])
  await giveBack(order)
  assert.deepEqual(await own(who), ['书友'])
})
