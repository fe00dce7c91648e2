// Offers over HTTP: tiers, bundles, windows, seats, and why a price is what it is.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { signInByWechat } from '#modules/people/members/actions.ts'
import { settleAttempt } from '#modules/trade/attempts/actions.ts'
import type { Json } from '#server/test/sandbox.ts'
import { codeOf, until } from '#server/test/server.ts'
import { openShop, publishCourse, termsOf, type Buyer, type Course, type Shop } from '#server/test/shop.ts'

let shop: Shop
let second: Course
before(async () => {
  shop = await openShop()
  second = await publishCourse(shop.app, shop.desk, 19_900)
})
after(() => shop.stop())

const later = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString()
const bundleOf = (price: number, more: object = {}) => shop.desk('POST /console/offers', { kind: 'bundle', ...termsOf('', price), title: '写作套装', courses: [shop.course.id, second.id], ...more })
const tierOf = (price: number, more: object) => shop.desk('POST /console/offers', { kind: 'course', ...termsOf(shop.course.id, price), ...more })
const pay = async (who: Buyer, offer: string): Promise<Json> => {
  const order = await shop.place(who, { ...shop.course, offer })
  await shop.cashier(await shop.begin(who, order))
  return shop.becomes(who, order, 'paid')
}
const quoteCode = async (offer: string) => codeOf(await shop.app.ask('POST /quotes', { offer }))

test('a tier has its own price and name, and whoever has the short one may still buy the long one', async () => {
  const short = await tierOf(3900, { title: '入门', accessDays: 30 })
  const who = await shop.buyer()
  const order = await pay(who, short.id)
  assert.deepEqual([order.title, order.total, order.courses.length], ['把日子记下来 · 入门', 3900, 1])
  assert.equal((await shop.asBuyer(who, 'POST /quotes', { offer: short.id })).total, 3900)
  assert.equal(codeOf(await buyAgain(who, short.id)), 'offer.already_owned')
  await pay(who, shop.course.offer)
  assert.equal((await shop.asBuyer(who, `GET /courses/${shop.course.id}/access`)).lessons[0].access.until, null)
  assert.equal(codeOf(await buyAgain(who, shop.course.offer)), 'offer.already_owned')
  const { choices, action } = await shop.asBuyer(await shop.buyer(), `GET /courses/${shop.course.id}`)
  assert.deepEqual(choices.map((choice: Json) => [choice.kind, choice.title, choice.price]), [['course', '入门', 3900], ['course', '', 9900]])
  assert.deepEqual([action.offer, action.price], [short.id, 3900])
  await shop.desk(`PUT /console/offers/${short.id}`, { ...termsOf(shop.course.id, 3900), title: '入门', onSale: false })
})

async function buyAgain(who: Buyer, offer: string) {
  const { total, agreementVersion, policy } = await shop.asBuyer(who, 'POST /quotes', { offer })
  return shop.app.ask('POST /orders', { offer, total, agreementVersion, policy, requestKey: 'once-more-please' }, { token: who.token })
}

test('a bundle opens every course of it; what is owned is taken off, the same in preview and order, and both sides read why', async () => {
  const bundle = await bundleOf(19_900)
  const [fresh, owner] = [await shop.buyer(), await shop.buyer()]
  const order = await pay(fresh, bundle.id)
  assert.deepEqual([await shop.opens(fresh, shop.course), await shop.opens(fresh, second), order.course], [true, true, null])
  await pay(owner, shop.course.offer)
  const quote = await shop.asBuyer(owner, 'POST /quotes', { offer: bundle.id })
  assert.deepEqual(quote.lines.map((line: Json) => [line.step, line.amount, line.count]), [['list', 19_900, null], ['owned_part', -6611, 1]])
  const bought = await pay(owner, bundle.id)
  assert.deepEqual([bought.total, bought.lines], [13_289, quote.lines])
  assert.deepEqual((await shop.detail(bought)).lines, quote.lines)
  await shop.desk(`POST /console/orders/${bought.id}/refunds`, { reason: '学员申请', requestKey: 'refund-of-bundle' })
  assert.deepEqual([await shop.opens(owner, shop.course), await shop.opens(owner, second)], [true, false])
  assert.equal(codeOf(await buyAgain(fresh, bundle.id)), 'offer.already_owned')
})

test('an offer stands from its first instant and ends before its last', async () => {
  const early = await tierOf(100, { title: '早鸟', from: later(3600), until: later(7200) })
  const past = await tierOf(100, { title: '旧价', until: later(-1) })
  const open = await tierOf(100, { title: '限时', from: later(-60), until: later(60) })
  assert.deepEqual([await quoteCode(early.id), await quoteCode(past.id)], ['offer.not_on_sale', 'offer.not_on_sale'])
  assert.equal((await shop.asBuyer(await shop.buyer(), 'POST /quotes', { offer: open.id })).until, open.until)
  for (const offer of [early, past, open]) await shop.desk(`PUT /console/offers/${offer.id}`, { ...termsOf(shop.course.id, 100), title: offer.title, onSale: false })
})

test('what does not fit together is refused by field', async () => {
  const ask = async (body: object) => (await shop.app.ask('POST /console/offers', { kind: 'course', ...termsOf(shop.course.id, 100), ...body }, { cookie: shop.owner })).body.error?.details.field
  assert.equal(await ask({ kind: 'bundle', title: '套装' }), 'courses')
  assert.equal(await ask({ kind: 'bundle', courses: [shop.course.id, second.id] }), 'title')
  assert.equal(await ask({ courses: [shop.course.id, second.id] }), 'courses')
  assert.equal(await ask({ from: later(60), until: later(30) }), 'until')
})

test('the last seat is one order; closing gives it back, money after that finds it taken and returns', async () => {
  const scarce = await tierOf(5000, { title: '小班', seats: 1 })
  const [first, next] = [await shop.buyer(), await shop.buyer()]
  const order = await shop.place(first, { ...shop.course, offer: scarce.id })
  await shop.begin(first, order)
  assert.equal(codeOf(await buyAgain(next, scarce.id)), 'offer.sold_out')
  assert.equal((await shop.app.ask(`PUT /console/offers/${scarce.id}`, { ...termsOf(shop.course.id, 5000), title: '小班', seats: 0 }, { cookie: shop.owner })).body.error.code, 'offer.seats_taken')
  await shop.asBuyer(first, `POST /orders/${order.id}/closings`)
  const other = await pay(next, scarce.id)
  await payLate(order)
  assert.deepEqual([(await shop.seen(first, order)).state, (await shop.attempts(order))[0]?.state, await takenOf(scarce)], ['closed', 'surplus', 1])
  await shop.desk(`POST /console/orders/${other.id}/refunds`, { reason: '学员申请', requestKey: 'refund-of-seat' })
  await shop.becomes(next, other, 'refunded')
  await until(async () => (await takenOf(scarce)) === 0)
})

test('money after closing takes its seat again while there is one', async () => {
  const scarce = await tierOf(5000, { title: '晚到', seats: 1 })
  const who = await shop.buyer()
  const order = await shop.place(who, { ...shop.course, offer: scarce.id })
  await shop.begin(who, order)
  await shop.asBuyer(who, `POST /orders/${order.id}/closings`)
  assert.equal(await takenOf(scarce), 0)
  await payLate(order)
  assert.deepEqual([(await shop.seen(who, order)).state, await takenOf(scarce)], ['paid', 1])
})

const takenOf = async (offer: Json): Promise<number> => (await shop.desk(`GET /console/offers?course=${shop.course.id}`)).items.find((one: Json) => one.id === offer.id).seatsTaken

/** The money of a slow payer, as a channel that cannot shut an open pay sheet tells of it. */
async function payLate(order: Json): Promise<void> {
  const [attempt] = await shop.attempts(order)
  await settleAttempt(shop.app.app.ctx, { id: attempt?.id, order: order.id }, { transactionNo: `late-${order.number}`, amount: order.total })
}

/** Signed in past the door, which lets one address in only so often a minute. */
async function newcomer(user: string): Promise<Buyer> {
  const { code } = await shop.sim('POST', '/__client/login', { appid: shop.app.tenant.appid, user })
  return { user, token: (await signInByWechat(shop.app.app.ctx, code)).token }
}

test('two hundred people at once buy the last ten seats: exactly ten orders, and closing them all frees exactly ten', async () => {
  const scarce = await tierOf(5000, { title: '大课', seats: 10 })
  const people = await Promise.all(Array.from({ length: 200 }, (_, at) => newcomer(`rush-${at}`)))
  const { total, agreementVersion, policy } = await shop.asBuyer(people[0] ?? (await shop.buyer()), 'POST /quotes', { offer: scarce.id })
  const answers = await Promise.all(people.map((who, at) => shop.app.ask('POST /orders', { offer: scarce.id, total, agreementVersion, policy, requestKey: `rush-hour-${at}` }, { token: who.token })))
  const won = answers.flatMap((answer, at) => (answer.status === 200 ? [{ who: people[at], order: answer.body }] : []))
  assert.equal(won.length, 10)
  assert.deepEqual([...new Set(answers.filter((answer) => answer.status !== 200).map(codeOf))], ['offer.sold_out'])
  assert.equal(await takenOf(scarce), 10)
  await Promise.all(won.map(({ who, order }) => who && shop.asBuyer(who, `POST /orders/${order.id}/closings`)))
  assert.equal(await takenOf(scarce), 0)
  assert.equal((await shop.place(people[150] ?? (await shop.buyer()), { ...shop.course, offer: scarce.id })).state, 'placed')
})
