// Reviews over HTTP: by those who have the course, once each, answered by the academy, and added up.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { newId } from '#kernel/ids.ts'
import { lecturerOf } from '#server/test/lecturers.ts'
import type { Json } from '#server/test/sandbox.ts'
import { codeOf, type Answer } from '#server/test/server.ts'
import { openShop, publishCourse, type Buyer, type Shop } from '#server/test/shop.ts'

let shop: Shop
before(async () => {
  shop = await openShop()
})
after(() => shop.stop())

const path = () => `/courses/${shop.course.id}/reviews`
const write = (who: Buyer, stars = 5, text = '讲得清楚'): Promise<Answer> => shop.app.ask(`POST ${path()}`, { stars, text }, { token: who.token })
const read = (who: Buyer, query = '') => shop.asBuyer(who, `GET ${path()}${query}`)

async function owner(): Promise<Buyer> {
  const who = await shop.buyer()
  const { id } = await shop.asBuyer(who, 'GET /me')
  await shop.desk(`POST /console/members/${id}/entitlements`, { course: shop.course.id, until: null, note: '测试' })
  return who
}

test('a buyer writes once, and from then on is not asked again', async () => {
  const who = await shop.buyer()
  assert.equal(codeOf(await write(who)), 'review.not_owner_of_course')
  assert.equal((await read(who)).canWrite, false)
  const order = await shop.place(who, shop.course)
  await shop.cashier(await shop.begin(who, order))
  await shop.becomes(who, order, 'paid')
  assert.equal((await read(who)).canWrite, true)
  const tries = await Promise.all([write(who), write(who), write(who)])
  assert.deepEqual(tries.map((answer) => answer.status).toSorted(), [200, 409, 409])
  assert.equal(codeOf(await write(who, 1, '改主意了')), 'review.already_written')
  const { canWrite, items } = await read(who)
  assert.deepEqual([canWrite, items.length, items[0].mine, items[0].reply], [false, 1, true, null])
  assert.equal((await shop.app.ask(`GET ${path()}`)).body.items[0].mine, false)
})

test('after a refund nobody writes; what was written stays', async () => {
  const who = await shop.buyer()
  const order = await shop.place(who, shop.course)
  await shop.cashier(await shop.begin(who, order))
  await shop.becomes(who, order, 'paid')
  await shop.desk(`POST /console/orders/${order.id}/refunds`, { reason: '学员申请', requestKey: 'refund-of-a-review' })
  assert.equal(codeOf(await write(who)), 'review.not_owner_of_course')
})

test('stars, text and course are what the contract says, or refused', async () => {
  const who = await owner()
  for (const [stars, text] of [[0, '讲得清楚'], [6, '讲得清楚'], [4.5, '讲得清楚'], [5, '好'], [5, '长'.repeat(1001)]] as const) assert.equal(codeOf(await write(who, stars, text)), 'request.invalid', `${stars} ${text.slice(0, 4)}`)
  assert.equal(codeOf(await shop.app.ask(`POST ${path()}`, { stars: 5, text: '讲得清楚' })), 'sign_in.needed')
  assert.equal(codeOf(await shop.app.ask(`POST /courses/${newId('crs')}/reviews`, { stars: 5, text: '讲得清楚' }, { token: who.token })), 'thing.not_found')
  assert.equal(codeOf(await shop.app.ask(`GET /courses/${newId('crs')}/reviews`)), 'thing.not_found')
})

test('what is written stays text', async () => {
  const who = await owner()
  const text = '<script>alert(1)</script> & "好"'
  assert.equal((await write(who, 5, text)).body.text, text)
})

test('the summary and the card add up all reviews; pages of the list hold each once', async () => {
  for (const stars of [5, 4, 4, 1]) assert.equal((await write(await owner(), stars)).status, 200)
  const who = await shop.buyer()
  const { summary } = await read(who)
  const total = summary.byStars.reduce((sum: number, count: number, at: number) => sum + count * (at + 1), 0)
  assert.deepEqual([summary.count, summary.byStars[0], summary.byStars[3]], [6, 1, 2])
  assert.equal(summary.average, Math.round((total / 6) * 10) / 10)
  const { card, reviews } = await shop.asBuyer(who, `GET /courses/${shop.course.id}`)
  assert.deepEqual([card.rating, card.ratings, reviews.length], [summary.average, 6, 6])
  const seen: string[] = []
  for (let next: string | null = '0'; next !== null; ) {
    const page: Json = await read(who, `?limit=4&cursor=${next}`)
    seen.push(...page.items.map((one: Json) => one.id))
    next = page.next
  }
  assert.deepEqual([seen.length, new Set(seen).size], [6, 6])
})

test('an answer is shown below the review, replaces an earlier one, and is written down', async () => {
  const { items: waiting } = await shop.desk('GET /console/reviews?unanswered=true&limit=100')
  const review = waiting[0]
  assert.deepEqual([review.course, review.courseTitle], [shop.course.id, '把日子记下来'])
  await shop.desk(`PUT /console/reviews/${review.id}/reply`, { text: '谢谢' })
  const replaced = await shop.desk(`PUT /console/reviews/${review.id}/reply`, { text: '谢谢你来' })
  assert.equal(replaced.reply.text, '谢谢你来')
  const shown = (await shop.app.ask(`GET ${path()}`)).body.items.find((one: Json) => one.id === review.id)
  assert.equal(shown.reply.text, '谢谢你来')
  assert.equal((await shop.desk('GET /console/reviews?unanswered=true&limit=100')).items.length, waiting.length - 1)
  const { items } = await shop.desk(`GET /console/audit?q=${review.id}`)
  assert.deepEqual(items.map((one: Json) => [one.before, one.after]), [['谢谢', '谢谢你来'], [null, '谢谢']])
  const refused = await shop.app.ask(`PUT /console/reviews/${newId('rvw')}/reply`, { text: '谢谢' }, { cookie: shop.owner })
  assert.equal(codeOf(refused), 'thing.not_found')
})

test('a hidden review is out of lists, pages and ratings, waits for no answer, and is kept with the reason', async () => {
  const who = await owner()
  const { body: { id } } = await write(who, 1, '加我微信领资料')
  const before = (await read(who)).summary.count
  const hidden = await shop.desk(`PUT /console/reviews/${id}/hiding`, { why: '广告' })
  assert.deepEqual([hidden.hiddenWhy, hidden.text], ['广告', '加我微信领资料'])
  const after = await read(who)
  assert.deepEqual([after.summary.count, after.canWrite], [before - 1, false])
  const page = (await shop.app.ask(`GET /courses/${shop.course.id}`)).body
  for (const shown of [after.items, page.reviews]) assert.ok(!shown.some((one: Json) => one.id === id))
  assert.equal(page.card.ratings, before - 1)
  const listed = async (query: string) => (await shop.desk(`GET /console/reviews?limit=100${query}`)).items.some((one: Json) => one.id === id)
  assert.deepEqual([await listed(''), await listed('&unanswered=true')], [true, false])
  const again = await shop.desk(`PUT /console/reviews/${id}/hiding`, { why: null })
  assert.deepEqual([again.hiddenWhy, (await read(who)).summary.count], [null, before])
  const { items } = await shop.desk(`GET /console/audit?q=${id}`)
  assert.deepEqual(items.map((one: Json) => [one.action, one.after.why]), [['review.shown_again', null], ['review.hidden', '广告']])
  assert.equal(codeOf(await shop.app.ask(`PUT /console/reviews/${newId('rvw')}/hiding`, { why: '广告' }, { cookie: shop.owner })), 'thing.not_found')
})

test('a lecturer reads and answers the reviews of their own courses, and no others', async () => {
  const { body: { id } } = await write(await owner(), 4, '例子很多')
  const other = await publishCourse(shop.app, shop.desk, 100)
  const { lecturer, staff, setAccount, asLecturer } = await lecturerOf(shop, other)
  await setAccount(staff)
  const asks: [string, object][] = [[`PUT /console/reviews/${id}/reply`, { text: '谢谢' }], [`PUT /console/reviews/${id}/hiding`, { why: '广告' }]]
  const listed = async (query = '') => (await asLecturer(`GET /console/reviews?limit=100${query}`)).body.items.map((one: Json) => one.id)
  for (const [route, body] of asks) assert.equal(codeOf(await asLecturer(route, body)), 'staff.not_permitted', route)
  assert.deepEqual([await listed(), await listed(`&course=${shop.course.id}`)], [[], []])

  const { version } = await shop.desk(`GET /console/courses/${shop.course.id}`)
  await shop.desk(`PATCH /console/courses/${shop.course.id}`, { version, lecturer })
  assert.ok((await listed()).includes(id))
  assert.ok((await listed(`&course=${shop.course.id}`)).includes(id))
  assert.equal((await asLecturer(`PUT /console/reviews/${id}/reply`, { text: '谢谢' })).body.reply.text, '谢谢')
})
