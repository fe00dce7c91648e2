// A course given by hand: to somebody who exists, taken back once, and never instead of a refund.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { newId } from '#kernel/ids.ts'
import { openShop, type Shop } from '#server/test/shop.ts'
import { codeOf, type Answer } from '#server/test/server.ts'

let shop: Shop
let ask: (route: string, body: unknown) => Promise<Answer>
before(async () => {
  shop = await openShop()
  ask = (route, body) => shop.app.ask(route, body, { cookie: shop.owner })
})
after(() => shop.stop())

const gift = () => ({ course: shop.course.id, until: null, note: '感谢校对' })

test('a course is not given to a member who does not exist, and nothing of it is recorded', async () => {
  const known = (await shop.desk('GET /console/audit?limit=100')).items.length
  const answer = await ask(`POST /console/members/${newId('mem')}/entitlements`, gift())
  assert.equal(answer.status, 404, answer.text)
  assert.deepEqual([codeOf(answer), answer.body.error.details.what], ['thing.not_found', 'member'])
  assert.equal((await shop.desk('GET /console/audit?limit=100')).items.length, known)
})

test('what is given opens the course with its note, and what is taken back closes it with the reason', async () => {
  const buyer = await shop.buyer()
  const { id: member } = await shop.asBuyer(buyer, 'GET /me')
  const right = await shop.desk(`POST /console/members/${member}/entitlements`, gift())
  assert.equal(await shop.opens(buyer, shop.course), true)
  await shop.desk(`POST /console/entitlements/${right.id}/revocations`, { why: '给错了人' })
  const { open, entitlements } = await shop.asBuyer(buyer, `GET /courses/${shop.course.id}/access`)
  assert.equal(open, false)
  assert.deepEqual([entitlements[0].note, entitlements[0].revokedWhy, entitlements[0].live], ['感谢校对', '给错了人', false])
})

test('taken back twice keeps the first reason', async () => {
  const { id: member } = await shop.asBuyer(await shop.buyer(), 'GET /me')
  const right = await shop.desk(`POST /console/members/${member}/entitlements`, gift())
  const first = await shop.desk(`POST /console/entitlements/${right.id}/revocations`, { why: '给错了人' })
  const second = await shop.desk(`POST /console/entitlements/${right.id}/revocations`, { why: '改个说法' })
  assert.deepEqual([second.revokedWhy, second.revokedAt], ['给错了人', first.revokedAt])
})

test('what was bought is not taken back by hand, and still opens', async () => {
  const buyer = await shop.buyer()
  const order = await shop.place(buyer, shop.course)
  await shop.cashier(await shop.begin(buyer, order))
  await shop.becomes(buyer, order, 'paid')
  const { entitlements } = await shop.asBuyer(buyer, `GET /courses/${shop.course.id}/access`)
  assert.equal(entitlements[0].reason, 'bought')
  const answer = await ask(`POST /console/entitlements/${entitlements[0].id}/revocations`, { why: '不想给了' })
  assert.equal(codeOf(answer), 'thing.not_found')
  assert.equal(await shop.opens(buyer, shop.course), true)
})
