// A course sold together with a book over HTTP: its price is split when it is bought, and each part comes back by its own rule, once.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { ClaimSum } from '#contracts/claims.ts'
import type { Id } from '#contracts/words/id.ts'
import { newId } from '#kernel/ids.ts'
import { approve, showClaims } from '#modules/trade/claims/actions.ts'
import { sweepRefunds } from '#modules/trade/refunds/actions.ts'
import { openGoodsShop, type GoodsShop } from '#server/test/goods.ts'
import type { Json } from '#server/test/sandbox.ts'
import { codeOf, until } from '#server/test/server.ts'
import { termsOf, type Buyer } from '#server/test/shop.ts'
import { addSoundLesson } from '#server/test/sound.ts'

let shop: GoodsShop
let sound: string
let both: string
before(async () => {
  shop = await openGoodsShop()
  sound = (await addSoundLesson(shop, shop.course.id, 20)).lesson
  both = await sell({})
})
after(() => shop.stop())

const parcel = { goods: '手帐本一册', fee: 800, freeFrom: null, worth: 3900, vat: 'books' }
const sell = async (more: object): Promise<string> => (await shop.desk('POST /console/offers', { kind: 'course', ...termsOf(shop.course.id, 12_900), title: '带书', seats: 50, parcel, ...more })).id
const later = (days: number) => ({ ...shop.app.app.ctx, now: () => new Date(Date.now() + days * 86_400_000) })
const ask = (who: Buyer, order: Json) => shop.app.ask(`POST /orders/${order.id}/claims`, { reason: '没有时间学' }, { token: who.token })
const decide = (claim: Json, more: object = {}) => shop.app.ask(`POST /console/claims/${claim.id}/approvals`, { fault: 'learner', answer: '', ...more }, { cookie: shop.owner })
const takeBack = (order: Json) => shop.app.ask(`POST /console/parcels/${order.id}/returns`, undefined, { cookie: shop.owner })
const now = async (who: Buyer, order: Json): Promise<ClaimSum | null> => (await shop.asBuyer(who, `GET /orders/${order.id}/claims`)).now
const linesOf = async (order: Json, what: string): Promise<[string, number][]> => (await shop.desk(`GET /console/ledger/entries?limit=100&order=${order.id}`)).items.filter((entry: Json) => entry.what === what).flatMap((entry: Json) => entry.lines.map((line: Json) => [line.account, (line.debit ?? 0) - (line.credit ?? 0) || line.amount]))
const listen = (who: Buyer, seconds: number) => shop.asBuyer(who, `PUT /lessons/${sound}/progress`, { ranges: [[0, seconds]], positionSeconds: seconds, at: new Date().toISOString() })

let minutes = 0
/** One payment is given back once a minute; what was told to wait is swept. */
const settled = (order: Json, count: number) => until(async () => {
  await shop.advance(61)
  await sweepRefunds({ ...shop.app.app.ctx, now: () => new Date(Date.now() + (minutes += 1) * 61_000) })
  return (await shop.detail(order)).refunds.filter((refund: Json) => refund.state === 'done').length === count
})

test('what is sold together says what its goods cost alone, and the price tells its parts before anybody buys', async () => {
  const wrong = (more: object) => shop.app.ask('POST /console/offers', { kind: 'course', ...termsOf(shop.course.id, 12_900), title: '带书', parcel: { ...parcel, ...more } }, { cookie: shop.owner })
  assert.deepEqual([codeOf(await wrong({ worth: undefined })), codeOf(await wrong({ worth: 12_901 }))], ['request.invalid', 'request.invalid'])
  const { total, goodsPart } = (await shop.app.ask('POST /quotes', { offer: both })).body
  assert.deepEqual([total, goodsPart, (await shop.app.ask('POST /quotes', { offer: shop.book })).body.goodsPart], [13_700, 3900, null])
})

test('not sent yet: the book comes back whole beside what was not learnt; nothing is sent, the place is free, and each part is booked by its class', async () => {
  const who = await shop.buyer()
  const taken = await shop.seatsTaken(both)
  const order = await shop.buy(who, both)
  assert.deepEqual(await linesOf(order, 'sale'), [['asset:wechat_pay', 13_700], ['income:courses', -9000], ['income:books', -4700]])
  await listen(who, 10)
  const { id: member } = await shop.asBuyer(who, 'GET /me')
  const then = (await showClaims(later(8), member as Id<'mem'>, order.id as Id<'ord'>)).now
  // 9000 for two lessons of which one is half learnt: 9000 × 0.5 ÷ 2 = 2250.
  assert.deepEqual([then?.rule, then?.paid, then?.basis, then?.used, then?.goods?.amount, then?.amount], ['used', 9000, 9000, 2250, 4700, 11_450])
  const { body: claim } = await ask(who, order)
  const by = { kind: 'operator' as const, staff: (await shop.desk('GET /console/me')).operator.id, session: newId('ses'), name: '院长', role: 'owner' as const, may: () => true }
  await approve(later(8), claim.id, { fault: 'learner', answer: '' }, by)
  await settled(order, 1)
  assert.deepEqual(await linesOf(order, 'refund_begun'), [['income:refunds', 6750], ['income:books_refunds', 4700], ['liability:refunds_under_way', -11_450]])
  assert.deepEqual([(await shop.detail(order)).parcel.state, await shop.opens(who, shop.course), await shop.seatsTaken(both)], ['cancelled', false, taken])
  await shop.isBalanced()
})

test('sent and kept it is paid for; once it is back its price follows, what sending it cost does not, and its copy is in stock', async () => {
  const who = await shop.buyer()
  const taken = await shop.seatsTaken(both)
  const order = await shop.buy(who, both)
  await shop.ship(order)
  const first = await now(who, order)
  assert.deepEqual([first?.amount, first?.goods?.state, first?.goods?.amount, first?.goods?.ifReturned], [9000, 'kept', 0, 3900])
  assert.equal((await decide((await ask(who, order)).body)).status, 200)
  await settled(order, 1)
  assert.deepEqual([(await shop.detail(order)).row.state, (await shop.detail(order)).parcel.state, await shop.seatsTaken(both)], ['paid', 'shipped', taken + 1])
  const { body: claim } = await ask(who, order)
  assert.equal(codeOf(await decide(claim)), 'claim.goods_not_back')
  assert.equal((await takeBack(order)).body.state, 'returned')
  assert.equal(codeOf(await takeBack(order)), 'parcel.state_forbids')
  assert.equal(await shop.seatsTaken(both), taken)
  assert.deepEqual([(await now(who, order))?.amount, (await decide(claim)).body.amount], [3900, 3900])
  await settled(order, 2)
  assert.deepEqual([(await shop.detail(order)).row.refunded, await now(who, order)], [12_900, null])
  assert.deepEqual((await linesOf(order, 'refund_begun')).toSorted(), [['income:books_refunds', 3900], ['income:refunds', 9000], ['liability:refunds_under_way', -3900], ['liability:refunds_under_way', -9000]])
  await shop.isBalanced()
})

test("by the academy's doing what sending cost comes back as well", async () => {
  const who = await shop.buyer()
  const order = await shop.buy(who, both)
  await shop.ship(order)
  await takeBack(order)
  const { body: claim } = await ask(who, order)
  assert.deepEqual([(await decide(claim, { fault: 'academy' })).body.amount, (await shop.detail(order)).refundable], [13_700, 0])
})

test('a discount and what was had before leave the book its share', async () => {
  const plan = await shop.desk('POST /console/plans', { title: '九折会员', about: '', rank: 1, unlocksAll: false, courses: [], discountBasisPoints: 9000, remindDays: 7 })
  const offer = await shop.desk('POST /console/offers', { kind: 'plan', ...termsOf('', 0), title: '一月', plan: plan.id, period: 'month' })
  const who = await shop.buyer()
  await shop.place(who, { ...shop.course, offer: offer.id })
  const { total, goodsPart } = await shop.asBuyer(who, 'POST /quotes', { offer: both })
  assert.deepEqual([total, goodsPart], [11_610 + 800, 3510])
})

test('shipping and approving at the same instant: the book leaves or its money does, never both, in every round', async () => {
  for (let round = 0; round < 6; round += 1) {
    const who = await shop.buyer()
    const order = await shop.buy(who, both)
    const { body: claim } = await ask(who, order)
    const [shipped, decided] = await Promise.all([shop.ship(order), decide(claim)])
    assert.equal(decided.status, 200)
    assert.equal(decided.body.amount, shipped.status === 200 ? 9000 : 13_700)
    assert.equal((await shop.detail(order)).parcel.state, shipped.status === 200 ? 'shipped' : 'cancelled')
  }
})

test('a claim, the desk and a second claim at once: neither part comes back twice, and both together are never more than was paid', async () => {
  for (let round = 0; round < 4; round += 1) {
    const who = await shop.buyer()
    const order = await shop.buy(who, both)
    await shop.ship(order)
    await takeBack(order)
    const { body: claim } = await ask(who, order)
    const giveBack = (key: number) => shop.app.ask(`POST /console/orders/${order.id}/refunds`, { reason: '学员申请', requestKey: `at-once-${round}-${key}`, amount: 4000 }, { cookie: shop.owner })
    await Promise.all([decide(claim, { fault: 'academy' }), ...[1, 2, 3, 4].map(giveBack)])
    const refunds: Json[] = (await shop.detail(order)).refunds
    assert.ok(refunds.reduce((sum, one) => sum + one.amount, 0) <= 13_700)
    const back = await linesOf(order, 'refund_begun')
    const sumOf = (account: string) => back.filter(([name]) => name === account).reduce((sum, [, amount]) => sum + amount, 0)
    assert.ok(sumOf('income:refunds') <= 9000 && sumOf('income:books_refunds') <= 4700, JSON.stringify(back))
  }
  await shop.isBalanced()
})
