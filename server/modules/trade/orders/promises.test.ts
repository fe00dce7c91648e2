// What a buyer was shown must be what their order keeps: a promise that changes between the quote and the order is shown again first.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openShop, publishCourse, termsOf, type Buyer, type Course, type Shop } from '#server/test/shop.ts'
import { codeOf, type Answer } from '#server/test/server.ts'
import type { Json } from '#server/test/sandbox.ts'

let shop: Shop
before(async () => {
  shop = await openShop()
})
after(() => shop.stop())

let keys = 0
const quoteOf = (buyer: Buyer, course: Course): Promise<Json> => shop.asBuyer(buyer, 'POST /quotes', { offer: course.offer })
const wishFor = ({ offer, total, agreementVersion, policy }: Json) => ({ offer, total, agreementVersion, policy, requestKey: `promise-${(keys += 1)}` })
const order = (buyer: Buyer, wish: object): Promise<Answer> => shop.app.ask('POST /orders', wish, { token: buyer.token })
const promise = (days: number, mostPercent: number) => shop.desk('POST /console/refund-policies', { days, mostPercent })
const promiseFor = (course: Course, policy: object | null) => shop.app.ask(`PUT /console/offers/${course.offer}`, { ...termsOf(course.id, course.price), policy }, { cookie: shop.owner })

test("the academy's promise changes between quote and order: refused with the new one, and the new quote is ordered", async () => {
  await promise(15, 20)
  const buyer = await shop.buyer()
  const wish = wishFor(await quoteOf(buyer, shop.course))
  assert.deepEqual(wish.policy, { days: 15, mostPercent: 20 })
  await promise(10, 10)
  const refused = await order(buyer, wish)
  assert.deepEqual([refused.status, codeOf(refused), refused.body.error.details], [409, 'order.promise_changed', { policy: { days: 10, mostPercent: 10 } }])
  const placed = await order(buyer, wishFor(await quoteOf(buyer, shop.course)))
  assert.deepEqual([placed.status, placed.body.policy], [200, { days: 10, mostPercent: 10 }])
})

test("an offer's own promise changes, comes or goes: each is shown again; what the academy promises meanwhile does not touch it", async () => {
  const course = await publishCourse(shop.app, shop.desk, 5900)
  const buyer = await shop.buyer()
  for (const policy of [{ days: 30, mostPercent: 50 }, { days: 30, mostPercent: 40 }, null]) {
    const wish = wishFor(await quoteOf(buyer, course))
    assert.equal((await promiseFor(course, policy)).status, 200)
    assert.equal(codeOf(await order(buyer, wish)), 'order.promise_changed')
  }
  await promiseFor(course, { days: 3, mostPercent: 5 })
  const wish = wishFor(await quoteOf(buyer, course))
  await promise(20, 20)
  assert.deepEqual((await order(buyer, wish)).body.policy, { days: 3, mostPercent: 5 })
})

test('nobody orders by a promise that was never made', async () => {
  const buyer = await shop.buyer()
  const wish = wishFor(await quoteOf(buyer, shop.course))
  assert.equal(codeOf(await order(buyer, { ...wish, policy: { days: 365, mostPercent: 100 } })), 'order.promise_changed')
  const { policy: _policy, ...without } = wish
  assert.equal(codeOf(await order(buyer, without)), 'request.invalid')
})

test('an open order keeps its promise and its price: it answers its own key, and never a wish that was shown others', async () => {
  const course = await publishCourse(shop.app, shop.desk, 6900)
  const buyer = await shop.buyer()
  const wish = wishFor(await quoteOf(buyer, course))
  const placed = (await order(buyer, wish)).body
  await promiseFor(course, { days: 2, mostPercent: 1 })
  assert.deepEqual((await order(buyer, wish)).body.id, placed.id, 'the same request once more')
  const other = await order(buyer, wishFor(await quoteOf(buyer, course)))
  assert.deepEqual([codeOf(other), other.body.error.details.order], ['order.other_open', placed.id])
  await promiseFor({ ...course, price: 4900 }, placed.policy)
  assert.equal(codeOf(await order(buyer, wishFor(await quoteOf(buyer, course)))), 'order.other_open', 'it is cheaper by now')
})
