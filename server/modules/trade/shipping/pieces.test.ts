// Several pieces of one thing over HTTP: priced and held together, sent as so many, and given back by the piece.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sweepRefunds } from '#modules/trade/refunds/actions.ts'
import { openGoodsShop, type GoodsShop } from '#server/test/goods.ts'
import type { Json } from '#server/test/sandbox.ts'
import { codeOf, until } from '#server/test/server.ts'

let shop: GoodsShop
before(async () => {
  shop = await openGoodsShop()
})
after(() => shop.stop())

test('several pieces are one order: priced together, held in stock, and sent as so many', async () => {
  const who = await shop.buyer()
  const pile = await shop.newBook({ title: '一摞本子', seats: 5 })
  const ask = (more: object) => shop.app.ask('POST /quotes', { offer: pile, ...more }, { token: who.token })
  const { body: quote } = await ask({ pieces: 3 })
  assert.deepEqual([quote.pieces, quote.mostPieces, quote.total, quote.lines.map((line: Json) => [line.reason, line.amount])], [3, 5, 14_700, [['pieces', 14_700], ['shipping_free', 0]]])
  assert.deepEqual([codeOf(await ask({ pieces: 0 })), codeOf(await shop.app.ask('POST /quotes', { offer: shop.course.offer, pieces: 2 }, { token: who.token }))], ['request.invalid', 'offer.one_by_one'])
  const open = await shop.order(who, pile, undefined, 2)
  assert.deepEqual([open.title, open.total, open.parcel.goods, await shop.seatsTaken(pile)], ['一摞本子 × 2', 9800 + 800, '手帐本一册 × 2', 2])
  const wish = { offer: pile, pieces: 3, total: 14_700, agreementVersion: quote.agreementVersion, policy: quote.policy, requestKey: 'three-of-them', address: await shop.addressOf(who) }
  const other = await shop.app.ask('POST /orders', wish, { token: who.token })
  assert.deepEqual([codeOf(other), other.body.error.details.order], ['order.other_open', open.id], 'an open order for two is not paid in the place of three')
  assert.equal(codeOf(await shop.app.ask('POST /orders', { ...wish, total: 4900 }, { token: (await shop.buyer()).token })), 'order.price_changed')
  await shop.cashier(await shop.begin(who, open))
  await shop.becomes(who, open, 'paid')
  const bought = await shop.buy(who, pile, 3)
  assert.equal(await shop.seatsTaken(pile), 5)
  assert.equal(codeOf(await shop.app.ask('POST /orders', { ...wish, total: 14_700, requestKey: 'more-than-there-are' }, { token: who.token })), 'offer.sold_out')
  assert.equal((await shop.rowOf(bought, 'to_ship')).goods, '手帐本一册 × 3')
})

test('ten people want two of five copies: two orders, and one copy stays', async () => {
  const last = await shop.newBook({ title: '最后五本', seats: 5 })
  const buyers = await Promise.all(Array.from({ length: 10 }, () => shop.buyer()))
  const wishes = await Promise.all(buyers.map(async (who) => ({ who, address: await shop.addressOf(who), quote: await shop.asBuyer(who, 'POST /quotes', { offer: last, pieces: 2 }) })))
  const answers = await Promise.all(wishes.map(({ who, address, quote }) => shop.app.ask('POST /orders', { offer: last, pieces: 2, total: quote.total, agreementVersion: quote.agreementVersion, policy: quote.policy, requestKey: 'two-of-the-last', address }, { token: who.token })))
  assert.deepEqual([answers.filter((one) => one.status === 200).length, answers.filter((one) => one.status !== 200 && codeOf(one) === 'offer.sold_out').length], [2, 8])
  assert.equal(await shop.seatsTaken(last), 4)
})

let minutes = 0
/** One payment is given back once a minute; what was told to wait is swept. */
async function minute(): Promise<void> {
  const at = (minutes += 1)
  await shop.advance(61)
  await sweepRefunds({ ...shop.app.app.ctx, now: () => new Date(Date.now() + at * 61_000) })
}

test('some pieces go back: their share of the price, fewer in the parcel, and those that never left return to the stock', async () => {
  const pile = await shop.newBook({ title: '四本装', price: 3333, seats: 9, parcel: { goods: '手帐本一册', fee: 800, freeFrom: null } })
  const bought = await shop.buy(await shop.buyer(), pile, 4)
  assert.deepEqual((await shop.detail(bought)).pieceSums, [3333, 6666, 9999, 14_132], 'with the last goes what sending cost')
  const back = (pieces: number, key: string, more: object = {}) => shop.app.ask(`POST /console/orders/${bought.id}/refunds`, { reason: '多买了', requestKey: `pieces-${key}`, pieces, ...more }, { cookie: shop.owner })
  const answers = await Promise.all(['one', 'two', 'three', 'four', 'five', 'six'].map((key) => back(2, key)))
  assert.deepEqual(answers.map((answer) => (answer.status === 200 ? answer.body.amount : codeOf(answer))).toSorted().slice(0, 2), [6666, 7466], 'two by two, and no more than were bought')
  assert.equal(answers.filter((answer) => answer.status === 200).length, 2)
  await until(async () => {
    await minute()
    return (await shop.detail(bought)).row.state === 'refunded'
  })
  assert.equal(await until(async () => ((await shop.seatsTaken(pile)) === 0 ? true : undefined)), true)
  await shop.isBalanced()
})

test('shipping and giving a piece back at the same instant: what is in the parcel and what is in stock agree, in every round', async () => {
  const pile = await shop.newBook({ title: '同时发与退', seats: 20 })
  let inParcels = 0
  for (let round = 0; round < 5; round += 1) {
    const bought = await shop.buy(await shop.buyer(), pile, 3)
    const [shipped, refunded] = await Promise.all([shop.ship(bought), shop.app.ask(`POST /console/orders/${bought.id}/refunds`, { reason: '少要一本', requestKey: `at-once-${round}`, pieces: 1 }, { cookie: shop.owner })])
    assert.deepEqual([shipped.status, refunded.status], [200, 200])
    await until(async () => {
      await shop.advance(10)
      return (await shop.detail(bought)).refunds[0].state === 'done'
    })
    inParcels += Number(/× (\d)$/.exec((await shop.rowOf(bought, 'shipped')).goods)?.[1])
  }
  assert.ok(inParcels >= 10 && inParcels <= 15, String(inParcels))
  assert.equal(await shop.seatsTaken(pile), inParcels)
  await shop.isBalanced()
})

test('pieces of what has left come back by hand; a refund that fails puts its pieces into the parcel again', async () => {
  const pile = await shop.newBook({ title: '三本装', seats: 9 })
  const back = (one: Json, key: string) => shop.app.ask(`POST /console/orders/${one.id}/refunds`, { reason: '破损', requestKey: `piece-${key}`, pieces: 1 }, { cookie: shop.owner })
  const settled = (one: Json, count: number) => until(async () => {
    await minute()
    return (await shop.detail(one)).refunds.filter((refund: Json) => refund.state === 'done' || refund.state === 'failed').length === count
  })
  const [here, gone] = [await shop.buy(await shop.buyer(), pile, 3), await shop.buy(await shop.buyer(), pile, 3)]
  await shop.fault('refund_outcome', { value: 'CLOSED' })
  assert.equal((await back(here, 'fails-then')).status, 200)
  assert.equal((await shop.rowOf(here, 'to_ship')).goods, '手帐本一册 × 2')
  await settled(here, 1)
  assert.deepEqual([(await shop.rowOf(here, 'to_ship')).goods, (await shop.detail(here)).refunds[0].state], ['手帐本一册 × 3', 'failed'])
  await back(here, 'goes-well')
  await settled(here, 2)
  assert.deepEqual([(await shop.rowOf(here, 'to_ship')).goods, await shop.seatsTaken(pile), (await shop.detail(here)).pieceSums.length], ['手帐本一册 × 2', 5, 2])
  await shop.ship(gone)
  await back(gone, 'is-sent-by-then')
  await settled(gone, 1)
  assert.deepEqual([(await shop.rowOf(gone, 'shipped')).goods, await shop.seatsTaken(pile), (await shop.detail(gone)).refunds[0].pieces], ['手帐本一册 × 3', 5, 1])
  await shop.isBalanced()
})

test('what a refund stopped is not taken up again while that refund is on its way: goods and money would both leave', async () => {
  const who = await shop.buyer()
  const order = await shop.buy(who)
  const takeUp = () => shop.app.ask(`POST /console/parcels/${order.id}/resumptions`, undefined, { cookie: shop.owner })
  await shop.fault('refund_outcome', { value: 'CLOSED' })
  await shop.desk(`POST /console/orders/${order.id}/refunds`, { reason: '不想要了', requestKey: 'stopped-by-refund' })
  assert.deepEqual([codeOf(await takeUp()), (await shop.rowOf(order, 'cancelled')).can], ['parcel.order_ends', []])
  await until(async () => (await shop.detail(order)).refunds[0]?.state === 'processing')
  assert.equal(codeOf(await takeUp()), 'parcel.order_ends')
  await shop.advance(5)
  await until(async () => (await shop.detail(order)).refunds[0]?.state === 'failed')
  assert.deepEqual([(await shop.rowOf(order, 'cancelled')).can, (await takeUp()).status, (await shop.rowOf(order, 'to_ship')).can], [['resume'], 200, ['ship']])
})
