// The first page of the console against real orders: placed, paid at the cashier, given back, learnt.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Json } from '#server/test/sandbox.ts'
import { openShop, publishCourse, type Buyer, type Course, type Shop } from '#server/test/shop.ts'

let shop: Shop
let other: Course
before(async () => {
  shop = await openShop()
  other = await publishCourse(shop.app, shop.desk, 4900)
})
after(() => shop.stop())

const today = (): Promise<Json> => shop.desk('GET /console/reports/today')

async function buy(who: Buyer, course: Course): Promise<Json> {
  const order = await shop.place(who, course)
  await shop.cashier(await shop.begin(who, order))
  return shop.becomes(who, order, 'paid')
}

test('takings, orders, members, learners and the best courses are those of the orders made', async () => {
  const [lin, su, mo] = [await shop.buyer(), await shop.buyer(), await shop.buyer()]
  await shop.place(mo, shop.course)
  const paid = await buy(lin, shop.course)
  await buy(su, shop.course)
  await buy(lin, other)
  const free = await publishCourse(shop.app, shop.desk, 0)
  await shop.place(su, free)
  let now = await today()
  assert.deepEqual([now.takings.today, now.orders.today, now.newMembers.today, now.activeLearners.today], [9900 * 2 + 4900, 3, 3, 0])
  assert.deepEqual([now.days.at(-1).takings, now.days.at(-1).orders], [24_700, 3])
  assert.deepEqual(now.bestCourses.map((one: Json) => [one.takings, one.orders]), [[19_800, 2], [4900, 1]])
  const ledger = await shop.desk('GET /console/ledger/accounts')
  assert.equal(ledger.balanced, true)

  await shop.desk(`POST /console/orders/${paid.id}/refunds`, { reason: '学员申请', requestKey: 'refund-of-a-day' })
  await shop.becomes(lin, paid, 'refunded')
  now = await today()
  assert.deepEqual([now.takings.today, now.orders.today, now.bestCourses.map((one: Json) => [one.takings, one.orders])], [14_800, 3, [[9900, 2], [4900, 1]]])
  const spent = async (who: Buyer) => (await shop.desk(`GET /console/members/${(await shop.asBuyer(who, 'GET /me')).id}`))
  assert.deepEqual([(await spent(lin)).spent, (await spent(lin)).courses, (await spent(su)).spent, (await spent(su)).courses, (await spent(mo)).spent], [4900, 1, 9900, 2, 0])
})
