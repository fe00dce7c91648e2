// Giving an order back in parts over HTTP: sums that hold under pressure, access that ends with the last fen, and money that an account did not take.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sweepRefunds } from '#modules/trade/refunds/actions.ts'
import { openShop, type Shop } from '#server/test/shop.ts'
import { codeOf, until } from '#server/test/server.ts'
import type { Json } from '#server/test/sandbox.ts'

let shop: Shop

before(async () => {
  shop = await openShop()
})
after(() => shop.stop())

type Order = { id: string }
let keys = 0
const later = (seconds: number) => ({ ...shop.app.app.ctx, now: () => new Date(Date.now() + seconds * 1000) })
const giveBack = (order: Order, more: object = {}) => shop.app.ask(`POST /console/orders/${order.id}/refunds`, { reason: '学员申请', requestKey: `key-of-part-${(keys += 1)}`, ...more }, { cookie: shop.owner })
const refunds = async (order: Order): Promise<Json[]> => (await shop.detail(order)).refunds
const states = async (order: Order): Promise<string[]> => (await refunds(order)).map((refund) => refund.state)
const steps = async (order: Order): Promise<string[]> => (await shop.detail(order)).timeline.map((event: Json) => event.what)
const atSandbox = async (order: Order): Promise<Json[]> => (await shop.sim('GET', `/__sim/orders/${(await shop.attempts(order))[0]?.outTradeNo}?tenant=${shop.app.tenant.appid}`)).refunds

async function bought() {
  const buyer = await shop.buyer()
  const order: Order = await shop.place(buyer, shop.course)
  await shop.cashier(await shop.begin(buyer, order))
  await shop.becomes(buyer, order, 'paid')
  return { buyer, order }
}

/** The refund was told to the gateway, and the gateway's clock has gone on until it ended. */
async function arrives(order: Order, at: number) {
  await until(async () => (await states(order))[at] === 'processing')
  await shop.advance(5)
  await until(async () => (await states(order))[at] === 'done')
}

test('three parts: access stays until the last fen went back, and each part is booked', async () => {
  const { buyer, order } = await bought()
  for (const [at, amount] of [3000, 900].entries()) {
    const { body } = await giveBack(order, { amount })
    assert.deepEqual([body.amount, body.state], [amount, 'begun'])
    await arrives(order, at)
    assert.equal((await shop.seen(buyer, order)).state, 'paid')
    assert.equal(await shop.opens(buyer, shop.course), true)
    await shop.advance(60)
  }
  const seen = await shop.detail(order)
  assert.deepEqual([seen.refundable, seen.row.refunded, seen.can], [6000, 3900, ['refund']])
  await giveBack(order)
  assert.equal(await shop.opens(buyer, shop.course), false, 'with the last part access ends at once')
  await arrives(order, 2)
  assert.equal((await shop.becomes(buyer, order, 'refunded')).refunded, 9900)
  assert.deepEqual((await atSandbox(order)).map((one) => [one.refundCents, one.state]), [[3000, 'SUCCESS'], [900, 'SUCCESS'], [6000, 'SUCCESS']])
  assert.deepEqual((await shop.whatsOf(order)).filter((what) => what === 'refund_done').length, 3)
  assert.deepEqual((await steps(order)).slice(4), ['refund_begun', 'refunded', 'refund_begun', 'refunded', 'refund_begun', 'access_revoked', 'refunded'])
  await shop.isBalanced()
})

test('a part may end access when the operator says so', async () => {
  const { buyer, order } = await bought()
  await giveBack(order, { amount: 100, endsAccess: true })
  assert.equal(await shop.opens(buyer, shop.course), false)
  await arrives(order, 0)
  assert.deepEqual([(await shop.seen(buyer, order)).state, (await steps(order)).filter((step) => step === 'access_revoked').length], ['paid', 1])
})

test('more than is left is refused with what is left, also while a part is on its way', async () => {
  const { order } = await bought()
  await giveBack(order, { amount: 9000 })
  const refused = await giveBack(order, { amount: 901 })
  assert.deepEqual([codeOf(refused), refused.body.error.details], ['refund.more_than_paid', { left: 900 }])
  assert.equal(codeOf(await giveBack(order, { amount: 0 })), 'request.invalid')
  assert.equal((await giveBack(order, { amount: 900 })).status, 200)
  assert.equal(codeOf(await giveBack(order, { amount: 1 })), 'refund.state_forbids')
})

test('twenty operators who each give back a fifth at once give back five fifths', async () => {
  const { order } = await bought()
  const answers = await Promise.all(Array.from({ length: 20 }, () => giveBack(order, { amount: 1980 })))
  assert.equal(answers.filter((answer) => answer.status === 200).length, 5)
  assert.deepEqual([...new Set(answers.filter((answer) => answer.status !== 200).map(codeOf))], ['refund.state_forbids'])
  // The gateway takes one refund of an order a minute: the others wait for the sweep.
  for (let minute = 1; minute <= 6; minute += 1) {
    await shop.advance(61)
    await sweepRefunds(later(30 * minute))
  }
  await shop.advance(5)
  await sweepRefunds(later(300))
  await until(async () => (await states(order)).every((state) => state === 'done'))
  assert.deepEqual((await atSandbox(order)).map((one) => one.refundCents), [1980, 1980, 1980, 1980, 1980])
  assert.equal((await shop.detail(order)).row.state, 'refunded')
  await shop.isBalanced()
})

test('the database itself refuses refunds that exceed the payment', async () => {
  const { order } = await bought()
  await giveBack(order, { amount: 9000 })
  const { db } = shop.app.app.ctx
  const bypass = { text: "insert into refunds select 'rfd_x', order_id, attempt_id, 'another', 'RX', 901, 'begun', reason, by_staff, begun_at from refunds where order_id = $1", values: [order.id], __sql: true as const }
  await assert.rejects(db.query(bypass), /exceed what was paid/)
  await arrives(order, 0)
})

test('a part that ends CLOSED can be given back again', async () => {
  const { order } = await bought()
  await shop.fault('refund_outcome', { value: 'CLOSED' })
  await giveBack(order, { amount: 4000 })
  await until(async () => (await states(order))[0] === 'processing')
  await shop.advance(5)
  await until(async () => (await states(order))[0] === 'failed')
  assert.equal((await shop.detail(order)).refundable, 9900)
  await shop.advance(60)
  await giveBack(order, { amount: 4000 })
  await arrives(order, 1)
  assert.equal((await shop.detail(order)).row.refunded, 4000)
  await shop.isBalanced()
})

const card = { bank: 'CMB_DEBIT', account: '6225880100000001', name: '林晓' }
const redirect = (refund: Json, body: object = card) => shop.app.ask(`POST /console/refunds/${refund.id}/redirections`, body, { cookie: shop.owner })

async function abnormal() {
  const { buyer, order } = await bought()
  await shop.fault('refund_outcome', { value: 'ABNORMAL' })
  await giveBack(order)
  const refund = await until(async () => {
    await shop.advance(5)
    const [one] = await refunds(order)
    return one?.problem === 'ABNORMAL' && one
  })
  return { buyer, order, refund }
}

test('F22: what an account did not take goes to a card of the learner; the card is sealed on the wire and kept nowhere', async () => {
  const { buyer, order, refund } = await abnormal()
  assert.deepEqual(refund.can, ['redirect'])
  const { body } = await redirect(refund)
  assert.deepEqual([body.state, body.problem, body.can], ['processing', null, []])
  await shop.advance(5)
  await shop.becomes(buyer, order, 'refunded')
  assert.deepEqual((await atSandbox(order)).map((one) => [one.state, one.receivedBy]), [['SUCCESS', 'CMB_DEBIT0001']])
  const told = JSON.stringify([await shop.detail(order), await shop.desk('GET /console/audit?limit=100')])
  assert.equal(told.includes(card.account), false)
  assert.equal(told.includes('CMB_DEBIT 0001'), true)
  await shop.isBalanced()
})

test('a lost answer to the card changes nothing twice: what came of it is asked for', async () => {
  const { buyer, order, refund } = await abnormal()
  await shop.fault('lose_answer', { api: 'refund_redirect' })
  assert.equal((await redirect(refund)).body.state, 'processing')
  assert.equal(codeOf(await redirect(refund)), 'refund.not_abnormal')
  await shop.advance(5)
  await shop.becomes(buyer, order, 'refunded')
  assert.equal((await atSandbox(order)).length, 1)
})

test('only an abnormal refund goes to a card, and only to one that can be read', async () => {
  const { order } = await bought()
  const { body: refund } = await giveBack(order)
  assert.equal(codeOf(await redirect(refund)), 'refund.not_abnormal')
  for (const wrong of [{ account: '6225' }, { account: 'x'.repeat(16) }, { bank: 'CMB' }, { name: '' }]) assert.equal(codeOf(await redirect(refund, { ...card, ...wrong })), 'request.invalid')
})
