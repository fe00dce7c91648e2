// Coins over HTTP, inside WeChat: packs, the balance, a course for coins, giving back, what the books say; answers that are lost, sessions that are over, and many at once.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sweepOpen } from '#modules/trade/attempts/actions.ts'
import { sweepRefunds } from '#modules/trade/refunds/actions.ts'
import { openShop, publishCourse, termsOf, type Buyer, type Course, type Shop } from '#server/test/shop.ts'
import { codeOf, until } from '#server/test/server.ts'
import type { Json } from '#server/test/sandbox.ts'

const android = 'wechat/android/device-test'
let shop: Shop
let other: Course
const packs = new Map<number, Course>()

before(async () => {
  shop = await openShop({ publishSeconds: 60 })
  other = await publishCourse(shop.app, shop.desk, 5900)
})
after(() => shop.stop())

const later = (seconds: number) => ({ ...shop.app.app.ctx, now: () => new Date(Date.now() + seconds * 1000) })
const setCoin = (more: object = {}) => shop.app.ask('PUT /console/coin', { name: '书院币', perYuan: 10, onSale: true, ...more }, { cookie: shop.owner })
const begin = (buyer: Buyer, order: Json, more: object = { coins: true }) => shop.app.ask(`POST /orders/${order.id}/payments`, { wide: false, ...more }, { token: buyer.token, client: android })
const atWechat = async (): Promise<Json> => shop.sim('GET', `/__sim/coins?tenant=${shop.app.tenant.appid}`)
const purse = (buyer: Buyer): Promise<Json> => shop.asBuyer(buyer, 'GET /me/coins', undefined, android)
const owed = async (): Promise<number> => (await shop.desk('GET /console/coin')).owed
const linesOf = async (order: Json): Promise<Json[]> => (await shop.desk(`GET /console/ledger/entries?limit=100&order=${order.id}`)).items.toReversed().map(({ what, lines }: Json) => [what, ...lines.map((line: Json) => [line.account, line.debit - line.credit])])
const leave = (buyer: Buyer) => shop.sim('POST', '/__client/expire-session', { appid: shop.app.tenant.appid, user: buyer.user })

async function comeBack(buyer: Buyer): Promise<void> {
  const { code } = await shop.sim('POST', '/__client/login', { appid: shop.app.tenant.appid, user: buyer.user })
  await shop.asBuyer(buyer, 'PUT /me/session-key/wechat', { code })
}

async function packOf(coins: number): Promise<Course> {
  const known = packs.get(coins)
  if (known) return known
  const { id, price } = await shop.desk('POST /console/offers', { kind: 'coins', ...termsOf('', 0), coins })
  const made = { ...shop.course, offer: id, price }
  packs.set(coins, made)
  return made
}

/** Places and opens the sheet of a pack; replies the order and what the sheet said. */
async function fill(buyer: Buyer, coins: number): Promise<{ order: Json; told: Json }> {
  const order = await shop.place(buyer, await packOf(coins), android)
  const { kind, ...sheet } = (await begin(buyer, order, {})).body.action
  assert.deepEqual([kind, sheet.mode], ['wechat_virtual', 'short_series_coin'])
  return { order, told: await shop.sim('POST', '/__client/xpay/pay', { appid: shop.app.tenant.appid, user: buyer.user, ...sheet }) }
}

/** Somebody who has so many coins. */
async function holder(coins: number): Promise<{ buyer: Buyer; order: Json }> {
  const buyer = await shop.buyer()
  const { order } = await fill(buyer, coins)
  await shop.becomes(buyer, order, 'paid')
  return { buyer, order }
}

async function bought(coins = 1000): Promise<{ buyer: Buyer; order: Json }> {
  const { buyer } = await holder(coins)
  const order = await shop.place(buyer, shop.course, android)
  assert.equal((await begin(buyer, order)).body.action.kind, 'paid')
  return { buyer, order }
}

test('before there is a coin nothing of it is seen; once it was sold its name and worth stay', async () => {
  const buyer = await shop.buyer()
  assert.deepEqual(await purse(buyer), { coin: null, balance: null, gap: null })
  assert.deepEqual((await shop.asBuyer(buyer, 'POST /quotes', { offer: shop.course.offer }, android)).inCoins, null)
  assert.equal(codeOf(await shop.app.ask('POST /console/offers', { kind: 'coins', ...termsOf('', 0), coins: 60 }, { cookie: shop.owner })), 'coin.not_on_sale')
  assert.equal((await setCoin({ onSale: false, perYuan: 100 })).body.fixedAt, null)
  assert.notEqual((await setCoin()).body.fixedAt, null)
  assert.equal(codeOf(await setCoin({ perYuan: 1 })), 'coin.fixed')
  assert.equal(codeOf(await setCoin({ name: '学分' })), 'coin.fixed')
  assert.equal((await setCoin({ name: ' 书院币 ' })).status, 200)
})

test('a pack costs what its coins are worth, is bought inside WeChat alone, and its coins are owed', async () => {
  const before = await owed()
  const { buyer, order } = await holder(300)
  assert.deepEqual([order.title, order.coins, order.total, order.can], ['300 书院币', 300, 3000, ['pay', 'close']])
  assert.deepEqual(await linesOf(order), [['coins_sold', ['asset:wechat_virtual', 3000], ['liability:coins', -3000]]])
  assert.deepEqual((await purse(buyer)).balance, { total: 300, given: 0 })
  assert.equal((await owed()) - before, 3000)
  assert.deepEqual((await shop.app.ask('GET /coins/packs', undefined, { client: android })).body.items, [{ offer: packs.get(300)?.offer, coins: 300, price: 3000 }])
  for (const client of ['h5/windows/device-test', 'wechat/ios/device-test', 'alipay/android/device-test']) {
    assert.deepEqual((await shop.app.ask('GET /coins/packs', undefined, { client })).body.items, [], client)
    const wish = { offer: packs.get(300)?.offer, total: 3000, agreementVersion: 0, policy: { days: 0, mostPercent: 0 }, requestKey: `elsewhere-${client.length}` }
    assert.equal(codeOf(await shop.app.ask('POST /orders', wish, { token: buyer.token, client })), 'payment.channel_closed', client)
  }
})

test('a course is bought with coins: they leave the purse, what was owed is earned, and the course opens', async () => {
  const { buyer } = await holder(1000)
  const before = await owed()
  const quote = await shop.asBuyer(buyer, 'POST /quotes', { offer: shop.course.offer }, android)
  assert.deepEqual([quote.channels, quote.inCoins], [['wechat_virtual', 'wechat_coins'], { name: '书院币', count: 990 }])
  const order = await shop.place(buyer, shop.course, android)
  assert.equal((await begin(buyer, order)).body.action.kind, 'paid')
  await shop.soldOnce(buyer, order, shop.course)
  assert.deepEqual((await purse(buyer)).balance, { total: 10, given: 0 })
  assert.deepEqual(await linesOf(order), [['sale', ['liability:coins', 9900], ['income:courses', -9900]]])
  assert.equal(before - (await owed()), 9900)
  assert.equal(codeOf(await begin(buyer, order)), 'order.state_forbids')
})

test('too few coins take nothing; with enough of them the next try has a number of its own', async () => {
  const { buyer } = await holder(300)
  const order = await shop.place(buyer, shop.course, android)
  assert.equal(codeOf(await begin(buyer, order)), 'coin.not_enough')
  assert.equal((await shop.seen(buyer, order)).state, 'placed')
  await shop.becomes(buyer, (await fill(buyer, 690)).order, 'paid')
  assert.equal((await begin(buyer, order)).body.action.kind, 'paid')
  const attempts = await shop.attempts(order)
  assert.deepEqual(attempts.map((attempt) => [attempt.channel, attempt.state]), [['wechat_coins', 'failed'], ['wechat_coins', 'paid']])
  assert.equal(new Set(attempts.map((attempt) => attempt.outTradeNo)).size, 2)
  await shop.soldOnce(buyer, order, shop.course)
})

for (const [fault, way] of [['lose_answer', 'the client asks'], ['lose_request', 'the client asks'], ['lose_answer', 'the sweep asks'], ['lose_request', 'the sweep asks']] as const)
  test(`an unknown outcome (${fault}) is no failure: when ${way} it is told again under the same number, and coins leave once`, async () => {
    const { buyer } = await holder(1000)
    const order = await shop.place(buyer, shop.course, android)
    await shop.fault(fault, { api: 'currency_pay' })
    assert.equal((await begin(buyer, order)).body.action.kind, 'wait')
    if (way === 'the client asks') assert.equal((await shop.asBuyer(buyer, `POST /orders/${order.id}/checks`)).state, 'paid')
    else await sweepOpen(later(34))
    await shop.soldOnce(buyer, order, shop.course)
    const [{ outTradeNo }, ...more] = (await shop.attempts(order)) as [Json, ...Json[]]
    assert.deepEqual(more, [])
    assert.deepEqual((await atWechat()).moves.filter((move: Json) => move.number === outTradeNo).map((move: Json) => move.coins), [990])
    assert.deepEqual((await purse(buyer)).balance, { total: 10, given: 0 })
  })

test('while nobody knows what became of the coins the order is not closed, and a second press takes no more of them', async () => {
  const { buyer } = await holder(2000)
  const order = await shop.place(buyer, shop.course, android)
  await shop.fault('lose_answer', { api: 'currency_pay', count: 3 })
  assert.equal((await begin(buyer, order)).body.action.kind, 'wait')
  assert.equal((await begin(buyer, order)).body.action.kind, 'wait')
  assert.equal(codeOf(await shop.app.ask(`POST /orders/${order.id}/closings`, undefined, { token: buyer.token })), 'payment.gateway_unavailable')
  assert.equal((await begin(buyer, order)).body.action.kind, 'paid')
  await shop.soldOnce(buyer, order, shop.course)
  assert.deepEqual((await purse(buyer)).balance, { total: 1010, given: 0 })
})

test('a session that is over asks for a fresh sign-in, and takes nothing before', async () => {
  const { buyer } = await holder(1000)
  const order = await shop.place(buyer, shop.course, android)
  await leave(buyer)
  assert.deepEqual([(await purse(buyer)).balance, (await purse(buyer)).gap], [null, 'session_stale'])
  assert.equal(codeOf(await begin(buyer, order)), 'payment.session_stale')
  await comeBack(buyer)
  assert.deepEqual((await purse(buyer)).balance, { total: 1000, given: 0 })
  assert.equal((await begin(buyer, order)).body.action.kind, 'paid')
  await shop.soldOnce(buyer, order, shop.course)
})

test('ten presses at once on one order take its coins once', async () => {
  const { buyer } = await holder(2000)
  const order = await shop.place(buyer, shop.course, android)
  const answers = await Promise.all(Array.from({ length: 10 }, () => begin(buyer, order)))
  for (const answer of answers) assert.ok(['paid', 'wait'].includes(answer.body.action?.kind) || codeOf(answer) === 'order.state_forbids', answer.text)
  await shop.becomes(buyer, order, 'paid')
  await shop.soldOnce(buyer, order, shop.course)
  assert.deepEqual((await shop.attempts(order)).map((attempt) => attempt.state), ['paid'])
  assert.deepEqual((await purse(buyer)).balance, { total: 1010, given: 0 })
})

test('two courses at once from a purse that holds one of them: one is bought, the other is not', async () => {
  const { buyer } = await holder(1000)
  const [first, second] = [await shop.place(buyer, shop.course, android), await shop.place(buyer, other, android)]
  const answers = await Promise.all([begin(buyer, first), begin(buyer, second)])
  assert.deepEqual(answers.map((answer) => answer.body.action?.kind ?? codeOf(answer)).toSorted(), ['coin.not_enough', 'paid'])
  const { total } = (await purse(buyer)).balance
  assert.ok(total === 10 || total === 410, String(total))
  assert.equal((await atWechat()).addsUp, true)
  await shop.isBalanced()
})

test('a refund puts the coins back into the purse, closes the course, and owes them again', async () => {
  const { buyer, order } = await bought()
  const before = await owed()
  await shop.fault('lose_answer', { api: 'cancel_currency_pay' })
  await shop.desk(`POST /console/orders/${order.id}/refunds`, { reason: '学员申请', requestKey: 'coins-back-1' })
  await until(async () => {
    await sweepRefunds(later(40))
    return (await shop.seen(buyer, order)).state === 'refunded'
  })
  assert.deepEqual((await purse(buyer)).balance, { total: 1000, given: 0 })
  assert.equal(await shop.opens(buyer, shop.course), false)
  assert.deepEqual((await linesOf(order)).slice(1), [['refund_begun', ['income:refunds', 9900], ['liability:refunds_under_way', -9900]], ['refund_done', ['liability:refunds_under_way', 9900], ['liability:coins', -9900]]])
  assert.equal((await owed()) - before, 9900)
})

test('without a session of the learner the coins wait, and return after the next sign-in; a part is whole coins, rounded up', async () => {
  const { buyer, order } = await bought()
  await leave(buyer)
  const refund = await shop.desk(`POST /console/orders/${order.id}/refunds`, { reason: '一部分', requestKey: 'coins-part-1', amount: 3333 })
  assert.equal(refund.amount, 3340)
  await until(async () => (await shop.detail(order)).refunds[0].problem === 'session_over')
  await comeBack(buyer)
  await until(async () => {
    await sweepRefunds(later(40))
    return (await shop.detail(order)).refunds[0].state === 'done'
  })
  assert.deepEqual((await purse(buyer)).balance, { total: 344, given: 0 })
  assert.equal((await shop.seen(buyer, order)).refunded, 3340)
  await shop.isBalanced()
})

test('money for a pack goes back when its coins are still there: first the coins leave, then the money', async () => {
  const { buyer, order } = await holder(300)
  const before = await owed()
  await shop.fault('lose_answer', { api: 'refund_order' })
  await shop.desk(`POST /console/orders/${order.id}/refunds`, { reason: '不想要了', requestKey: 'pack-back-1' })
  await until(async () => {
    await Promise.all([shop.advance(5), sweepRefunds(later(40))])
    return (await shop.seen(buyer, order)).state === 'refunded'
  })
  assert.deepEqual((await purse(buyer)).balance, { total: 0, given: 0 })
  assert.deepEqual((await linesOf(order)).slice(1), [['refund_begun', ['liability:coins', 3000], ['liability:refunds_under_way', -3000]], ['refund_done', ['liability:refunds_under_way', 3000], ['asset:wechat_virtual', -3000]]])
  assert.equal(before - (await owed()), 3000)
  const [{ outTradeNo }] = (await shop.attempts(order)) as [Json]
  assert.equal((await shop.sim('GET', `/__sim/orders/${outTradeNo}?tenant=${shop.app.tenant.appid}`)).virtual.refundedCents, 3000)
})

test('coins that were spent are not paid out: the refund fails with its reason, and the books are as before', async () => {
  const { buyer, order } = await holder(300)
  const rest = await shop.place(buyer, other, android)
  await shop.becomes(buyer, (await fill(buyer, 300)).order, 'paid')
  assert.equal((await begin(buyer, rest)).body.action.kind, 'paid')
  const before = await owed()
  await shop.desk(`POST /console/orders/${order.id}/refunds`, { reason: '已花完', requestKey: 'pack-spent-1' })
  const refund = await until(async () => (await shop.detail(order)).refunds.find((one: Json) => one.state === 'failed'))
  assert.equal(refund.problem, 'COINS_SPENT')
  assert.equal((await shop.seen(buyer, order)).state, 'paid')
  assert.equal(await owed(), before)
  assert.deepEqual((await purse(buyer)).balance, { total: 10, given: 0 })
})

test('a platform that refuses the money of a pack for good gives the coins back to the purse', async () => {
  const { buyer, order } = await holder(300)
  await shop.fault('refund_outcome', { api: 'refund_order', value: 'FAILED' })
  await shop.desk(`POST /console/orders/${order.id}/refunds`, { reason: '不想要了', requestKey: 'pack-fails-1' })
  await until(async () => {
    await shop.advance(5)
    return (await shop.detail(order)).refunds.some((one: Json) => one.state === 'failed')
  })
  await until(async () => (await purse(buyer)).balance?.total === 300)
  assert.equal((await shop.seen(buyer, order)).state, 'paid')
  await shop.isBalanced()
})

test('a push that tells of other coins fills nothing in the books; one that is lost is found by asking', async () => {
  const wrong = await shop.buyer()
  await shop.fault('mismatch_quantity', { api: 'push' })
  const told = await fill(wrong, 300)
  await until(async () => (await shop.attempts(told.order))[0]?.state === 'mismatched')
  assert.deepEqual(await linesOf(told.order), [])
  const buyer = await shop.buyer()
  await shop.fault('drop_notice', { api: 'push' })
  const { order } = await fill(buyer, 300)
  await sweepOpen(later(34))
  assert.equal((await shop.seen(buyer, order)).state, 'paid')
  await shop.isBalanced()
})

test('an upgrade takes whole coins of a tier that was paid with them: no part of a coin is owed back, and nothing waits for ever', async () => {
  const plan = async (title: string, rank: number, price: number): Promise<Course> => {
    const { id } = await shop.desk('POST /console/plans', { title, about: '', rank, unlocksAll: true, courses: [], discountBasisPoints: null, remindDays: 7 })
    return { ...shop.course, offer: (await shop.desk('POST /console/offers', { kind: 'plan', ...termsOf('', price), title, plan: id, period: 'year' })).id }
  }
  const [low, high] = [await plan('书友', 1, 3660), await plan('学者', 2, 7300)]
  const { buyer } = await holder(366)
  const lower = await shop.place(buyer, low, android)
  assert.equal((await begin(buyer, lower)).body.action.kind, 'paid')
  const upgrade = await shop.place(buyer, high)
  await shop.cashier(await shop.begin(buyer, upgrade))
  await shop.becomes(buyer, upgrade, 'paid')
  const { refundable, cannotRefundWhy } = await shop.detail(lower)
  assert.ok(7300 - upgrade.total < 3660, 'a moment of the year has passed')
  assert.deepEqual([refundable % 10, cannotRefundWhy], [0, refundable === 0 ? 'order.upgraded' : null])
  const told = await shop.app.ask(`POST /console/orders/${lower.id}/refunds`, { reason: '学员申请', requestKey: 'coins-beside-upgrade' }, { cookie: shop.owner })
  assert.equal(told.status === 200 ? told.body.amount : codeOf(told), refundable || 'order.upgraded')
})

test('a coin that is no longer sold can still be spent', async () => {
  const { buyer } = await holder(1000)
  await setCoin({ onSale: false })
  assert.deepEqual((await shop.app.ask('GET /coins/packs', undefined, { client: android })).body.items, [])
  assert.equal(codeOf(await shop.app.ask('POST /quotes', { offer: packs.get(300)?.offer }, { token: buyer.token, client: android })), 'offer.not_on_sale')
  const order = await shop.place(buyer, shop.course, android)
  assert.equal((await begin(buyer, order)).body.action.kind, 'paid')
  await shop.soldOnce(buyer, order, shop.course)
})
