// What went into an upgrade over HTTP: it comes back with the upgrade and never beside it, and an upgrade whose lower tier is gone is not sold.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Json } from '#server/test/sandbox.ts'
import { codeOf, until } from '#server/test/server.ts'
import { openShop, termsOf, type Buyer, type Shop } from '#server/test/shop.ts'

let shop: Shop
let low: Json
let high: Json
before(async () => {
  shop = await openShop()
  const plan = (title: string, rank: number, unlocksAll: boolean) => shop.desk('POST /console/plans', { title, about: '', rank, unlocksAll, courses: unlocksAll ? [] : [shop.course.id], discountBasisPoints: null, remindDays: 7 })
  const sell = (one: Json, price: number) => shop.desk('POST /console/offers', { kind: 'plan', ...termsOf('', price), title: `一年${price}`, plan: one.id, period: 'year' })
  low = await sell(await plan('书友', 1, false), 36_500)
  high = await sell(await plan('学者', 2, true), 73_000)
})
after(() => shop.stop())

const place = (who: Buyer, offer: Json): Promise<Json> => shop.place(who, { ...shop.course, offer: offer.id })
async function pay(who: Buyer, order: Json): Promise<Json> {
  await shop.cashier(await shop.begin(who, order))
  return shop.becomes(who, order, 'paid')
}
const buy = async (who: Buyer, offer: Json): Promise<Json> => pay(who, await place(who, offer))
let keys = 0
const giveBack = (order: Json, amount?: number) => shop.app.ask(`POST /console/orders/${order.id}/refunds`, { reason: '学员申请', requestKey: `refund-key-${(keys += 1)}`, ...(amount ? { amount } : {}) }, { cookie: shop.owner })
const ask = (who: Buyer, order: Json) => shop.app.ask(`POST /orders/${order.id}/claims`, { reason: '不想要了' }, { token: who.token })
const approve = (claim: Json) => shop.app.ask(`POST /console/claims/${claim.id}/approvals`, { fault: 'academy', answer: '' }, { cookie: shop.owner })
const own = async (who: Buyer): Promise<string[]> => (await shop.asBuyer(who, 'GET /memberships')).own.map((one: Json) => one.title)
const quoted = async (who: Buyer): Promise<number> => (await shop.asBuyer(who, 'POST /quotes', { offer: high.id })).total
async function isReturned(who: Buyer, order: Json): Promise<void> {
  await until(async () => (await shop.detail(order)).refunds.at(-1)?.state === 'processing')
  await shop.advance(5)
  await shop.becomes(who, order, 'refunded')
}

// These two first: a refund of another test that is still on its way would take their fault.
test('what went back in part is not credited: an upgrade costs as much more, and as much less again when that refund fails', async () => {
  const who = await shop.buyer()
  const lower = await buy(who, low)
  const before = await quoted(who)
  await shop.fault('refund_outcome', { value: 'CLOSED' })
  assert.equal((await giveBack(lower, 10_000)).status, 200)
  const meanwhile = await quoted(who)
  assert.ok(meanwhile - before >= 9900 && meanwhile - before <= 10_000, `${before} ${meanwhile}`)
  assert.deepEqual(await own(who), ['书友'])
  await until(async () => (await shop.detail(lower)).refunds[0]?.state === 'processing')
  await shop.advance(5)
  await until(async () => (await shop.detail(lower)).refunds[0]?.state === 'failed')
  assert.equal(await quoted(who), before)
})

test('a claim on it that fails at the gateway leaves the tier in the upgrade', async () => {
  const who = await shop.buyer()
  const lower = await buy(who, low)
  await buy(who, high)
  const { body: claim } = await ask(who, lower)
  await shop.fault('refund_outcome', { value: 'CLOSED' })
  await approve(claim)
  await until(async () => (await shop.detail(lower)).refunds[0]?.state === 'processing')
  await shop.advance(5)
  await until(async () => (await shop.detail(lower)).refunds[0]?.state === 'failed')
  assert.deepEqual(await own(who), ['学者'])
})

test('of a tier that was traded in goes back what the upgrade did not take, by the desk and by a claim alike; after the upgrade, all of it', async () => {
  const who = await shop.buyer()
  const [lower, upgrade] = [await buy(who, low), await buy(who, high)]
  const taken = 73_000 - upgrade.total
  assert.equal(codeOf(await giveBack(lower, 36_500)), 'order.upgraded')
  assert.equal((await shop.detail(lower)).refundable, 36_500 - taken)
  const { now } = await shop.asBuyer(who, `GET /orders/${lower.id}/claims`)
  assert.equal(now?.amount ?? 0, 36_500 - taken)
  assert.equal((await giveBack(upgrade)).status, 200)
  assert.deepEqual(await own(who), ['书友'])
  await isReturned(who, upgrade)
  assert.equal((await shop.detail(lower)).refundable, 36_500)
  assert.equal((await giveBack(lower)).status, 200)
  await isReturned(who, lower)
  assert.deepEqual(await own(who), [])
  await shop.isBalanced()
})

test('when nothing beside the credit is left, a claim and the desk are told to give back the upgrade first', async () => {
  const who = await shop.buyer()
  const lower = await buy(who, low)
  const upgrade = await buy(who, high)
  const rest = 36_500 - (73_000 - upgrade.total)
  if (rest > 0) assert.equal((await giveBack(lower, rest)).status, 200)
  assert.deepEqual([codeOf(await ask(who, lower)), codeOf(await giveBack(lower)), (await shop.detail(lower)).cannotRefundWhy], ['order.upgraded', 'order.upgraded', 'order.upgraded'])
  assert.deepEqual(await own(who), ['学者'])
})

test('a tier whose claim was approved stays over when the upgrade is given back after it', async () => {
  const who = await shop.buyer()
  const [lower, upgrade] = [await buy(who, low), await buy(who, high)]
  const { body: claim, status } = await ask(who, lower)
  assert.equal(status, 200)
  assert.equal((await approve(claim)).status, 200)
  assert.deepEqual(await own(who), ['学者'])
  await giveBack(upgrade)
  assert.deepEqual(await own(who), [])
})

test('an upgrade that waits to be paid keeps what it took; when its lower tier ends all the same, what is paid for it goes back and it closes', async () => {
  const who = await shop.buyer()
  const lower = await buy(who, low)
  const upgrade = await place(who, high)
  assert.equal(codeOf(await giveBack(lower, 36_500)), 'order.upgraded')
  const code = await shop.begin(who, upgrade)
  const { body: claim } = await ask(who, lower)
  await approve(claim)
  await shop.cashier(code)
  const seen = await shop.becomes(who, upgrade, 'closed')
  assert.ok(seen.timeline.some((event: Json) => event.detail === 'surplus'))
  await until(async () => (await shop.detail(upgrade)).refunds[0]?.state === 'processing')
  await shop.advance(5)
  await until(async () => (await shop.detail(upgrade)).refunds[0]?.state === 'done')
  assert.deepEqual([await own(who), await shop.whatsOf(upgrade), await quoted(who)], [[], ['surplus_payment', 'refund_begun', 'refund_done'], 73_000])
  await shop.isBalanced()
})

test('giving back the lower tier while the upgrade is paid: the upgrade is had for both prices, or its money goes back', async () => {
  for (let round = 0; round < 3; round += 1) {
    const who = await shop.buyer()
    const lower = await buy(who, low)
    const upgrade = await place(who, high)
    const code = await shop.begin(who, upgrade)
    const { body: claim } = await ask(who, lower)
    await Promise.all([shop.cashier(code), approve(claim)])
    const { state } = await until(async () => {
      const seen = await shop.seen(who, upgrade)
      return seen.state !== 'placed' && seen
    })
    const back = (await shop.detail(lower)).refunds.reduce((sum: number, refund: Json) => sum + refund.amount, 0)
    if (state === 'paid') assert.deepEqual([await own(who), lower.total - back + upgrade.total >= 73_000], [['学者'], true])
    else assert.deepEqual([state, await own(who), (await shop.whatsOf(upgrade)).includes('surplus_payment')], ['closed', [], true])
  }
  await shop.isBalanced()
})

test('giving back the lower tier while the upgrade is ordered: one of the two waits for the other', async () => {
  const who = await shop.buyer()
  const lower = await buy(who, low)
  const { total, agreementVersion, policy } = await shop.asBuyer(who, 'POST /quotes', { offer: high.id })
  const [ordered, back] = await Promise.all([shop.app.ask('POST /orders', { offer: high.id, total, agreementVersion, policy, requestKey: 'upgrade-at-once' }, { token: who.token }), giveBack(lower, 36_500)])
  if (back.status === 200 && ordered.status === 200) {
    await shop.cashier(await shop.begin(who, ordered.body))
    await shop.becomes(who, ordered.body, 'closed')
    assert.deepEqual(await own(who), [])
  } else if (back.status === 200) assert.deepEqual([codeOf(ordered), await own(who)], ['order.price_changed', []])
  else assert.deepEqual([codeOf(back), (await pay(who, ordered.body)).state, await own(who)], ['order.upgraded', 'paid', ['学者']])
})
