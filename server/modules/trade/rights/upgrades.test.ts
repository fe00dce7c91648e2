// What went into an upgrade over HTTP: it comes back with the upgrade and never beside it, and an upgrade whose lower tier is gone is not sold.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { cents } from '#contracts/words/money.ts'
import { openWechatPay } from '#gateways/wechatpay/client.ts'
import { adviseApple } from '#modules/trade/notices/actions.ts'
import { readConfig } from '#server/config.ts'
import { showClaims } from '#modules/trade/claims/actions.ts'
import { sweepRefunds } from '#modules/trade/refunds/actions.ts'
import type { Json } from '#server/test/sandbox.ts'
import { codeOf, until } from '#server/test/server.ts'
import { openShop, termsOf, type Buyer, type Shop } from '#server/test/shop.ts'

let shop: Shop
let low: Json
let high: Json
let brief: Json
let summit: Json
before(async () => {
  shop = await openShop()
  const plan = (title: string, rank: number, unlocksAll: boolean) => shop.desk('POST /console/plans', { title, about: '', rank, unlocksAll, courses: unlocksAll ? [] : [shop.course.id], discountBasisPoints: null, remindDays: 7 })
  const sell = (one: Json, price: number, period = 'year') => shop.desk('POST /console/offers', { kind: 'plan', ...termsOf('', price), title: `${period}${price}`, plan: one.id, period })
  low = await sell(await plan('书友', 1, false), 36_500)
  const scholar = await plan('学者', 2, true)
  high = await sell(scholar, 73_000)
  brief = await sell(scholar, 6000, 'month')
  summit = await sell(await plan('院士', 3, true), 100_000)
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

test('an upgrade that cost nothing beside its lower tier comes back with that one: all of it within seven days, once, and both are over', async () => {
  const who = await shop.buyer()
  const lower = await buy(who, low)
  const upgrade = await place(who, brief)
  assert.deepEqual([upgrade.total, upgrade.state, await own(who)], [0, 'paid', ['学者']])
  assert.deepEqual([codeOf(await ask(who, upgrade)), codeOf(await giveBack(upgrade)), (await shop.detail(upgrade)).cannotRefundWhy], ['order.upgrade_free', 'order.upgrade_free', 'order.upgrade_free'])
  const { body: claim } = await ask(who, lower)
  const answers = await Promise.all([approve(claim), approve(claim), giveBack(lower, 30_000), giveBack(lower, 30_000)])
  assert.ok(answers.some((one) => one.status === 200))
  const refunds: Json[] = (await shop.detail(lower)).refunds
  assert.ok(refunds.reduce((sum, one) => sum + one.amount, 0) <= 36_500)
  if (answers.slice(0, 2).every((one) => one.status !== 200)) assert.equal((await giveBack(lower)).status, 200)
  assert.deepEqual(await own(who), [])
  for (let at = 0; at < refunds.length; at += 1) {
    await shop.advance(61)
    await sweepRefunds({ ...shop.app.app.ctx, now: () => new Date(Date.now() + 60_000 * (at + 1)) })
  }
  await shop.advance(5)
  await until(async () => {
    await sweepRefunds({ ...shop.app.app.ctx, now: () => new Date(Date.now() + 600_000) })
    return (await shop.seen(who, upgrade)).state === 'refunded'
  })
  assert.equal(await quoted(who), 73_000)
  await shop.isBalanced()
})

test('what such an upgrade used more than the lower tier is not given back with it', async () => {
  const who = await shop.buyer()
  const lower = await buy(who, low)
  await place(who, brief)
  const { id: member } = await shop.asBuyer(who, 'GET /me')
  const ends = new Date((await shop.asBuyer(who, 'GET /memberships')).own[0].until)
  const month = Math.round((ends.getTime() - Date.now()) / 86_400_000)
  const now = (await showClaims({ ...shop.app.app.ctx, now: () => new Date(Date.now() + 10 * 86_400_000 + 60_000) }, member, lower.id)).now
  const [own10, brief10] = [Math.floor((36_500 * 10) / (now?.days ?? 1)), Math.floor((6000 * 10) / month)]
  assert.deepEqual([now?.rule, now?.above, now?.used, now?.amount], ['used', brief10 - own10, brief10, 36_500 - brief10])
})

test('a refund of both that fails leaves the upgrade, and the lower tier in it', async () => {
  const who = await shop.buyer()
  const lower = await buy(who, low)
  const upgrade = await place(who, brief)
  await shop.fault('refund_outcome', { value: 'CLOSED' })
  assert.equal((await giveBack(lower)).status, 200)
  assert.deepEqual(await own(who), [])
  await until(async () => (await shop.detail(lower)).refunds[0]?.state === 'processing')
  await shop.advance(5)
  await until(async () => (await shop.detail(lower)).refunds[0]?.state === 'failed')
  assert.deepEqual([await own(who), (await shop.seen(who, upgrade)).state, (await shop.seen(who, lower)).state], [['学者'], 'paid', 'paid'])
  await shop.isBalanced()
})

test('a chain: while a paid upgrade lives on one that cost nothing, what went through both stays; afterwards it all comes back', async () => {
  const who = await shop.buyer()
  const lower = await buy(who, low)
  const free = await place(who, brief)
  const top = await buy(who, summit)
  const taken = 100_000 - top.total
  assert.ok(taken > 5000 && taken <= 6000, String(taken))
  assert.deepEqual([(await shop.detail(lower)).refundable, codeOf(await giveBack(lower, 36_500))], [36_500 - 6000, 'order.upgraded'])
  assert.equal((await giveBack(top)).status, 200)
  assert.deepEqual(await own(who), ['学者'])
  await isReturned(who, top)
  assert.equal((await shop.detail(lower)).refundable, 36_500)
  assert.equal((await giveBack(lower)).status, 200)
  await isReturned(who, lower)
  await until(async () => (await shop.seen(who, free)).state === 'refunded')
  assert.deepEqual(await own(who), [])
  await shop.isBalanced()
})

test('approving the lower tier while the upgrade on top of the free one is bought: never had for less than was paid, in every round', async () => {
  for (let round = 0; round < 3; round += 1) {
    const who = await shop.buyer()
    const lower = await buy(who, low)
    await place(who, brief)
    const top = await place(who, summit)
    const code = await shop.begin(who, top)
    await Promise.all([shop.cashier(code), giveBack(lower)])
    const { state } = await until(async () => {
      const seen = await shop.seen(who, top)
      return seen.state !== 'placed' && seen
    })
    const back = (await shop.detail(lower)).refunds.reduce((sum: number, refund: Json) => sum + refund.amount, 0)
    if (state === 'paid') assert.ok(lower.total - back + top.total >= 100_000, `${back} ${top.total}`)
    else assert.deepEqual([state, await own(who)], ['closed', []])
  }
  await shop.isBalanced()
})

test("what went into an upgrade, at the other doors: Apple is advised against it, and a refund past us is booked and told to a person", async () => {
  const who = await shop.buyer()
  const lower = await buy(who, low)
  const upgrade = await buy(who, high)
  const [{ outTradeNo }] = (await shop.attempts(lower)) as [{ outTradeNo: string }]
  const advice = await adviseApple(shop.app.app.ctx, { payOrderNo: outTradeNo, product: undefined, provided: true })
  assert.equal(advice.refund, false)
  assert.match(advice.evidence, /已抵扣会员升级/)
  const gateway = openWechatPay(readConfig({ ...shop.app.tenant.env, DATABASE_URL: 'postgres://unused', SECRET: 'a secret that only tests know, 32+ chars' }).wechatPay, () => new Date())
  await gateway.refund({ outTradeNo, outRefundNo: 'CONSOLE-UPGRADED', refund: cents(36_500), total: cents(36_500), notifyUrl: `${shop.app.url}/api/callbacks/wechatpay/refunds` })
  await shop.advance(5)
  await shop.becomes(who, lower, 'refunded')
  const { timeline } = await shop.detail(lower)
  assert.deepEqual(timeline.filter((event: Json) => event.what === 'mismatch').map((event: Json) => event.detail), ['spent_on_upgrade'])
  assert.deepEqual([await own(who), (await shop.seen(who, upgrade)).state], [['学者'], 'paid'], 'a person decides about what lives on that money')
  await giveBack(upgrade)
  assert.deepEqual(await own(who), [], 'the lower tier does not live again')
  await shop.isBalanced()
})
