// A day of WeChat Pay held against its bills, over HTTP against the sandbox: what fits, what differs, and how each difference is closed.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import pg from 'pg'
import { newId } from '#kernel/ids.ts'
import { codeOf, until } from '#server/test/server.ts'
import type { Json } from '#server/test/sandbox.ts'
import { sweepOpen } from '#modules/trade/attempts/actions.ts'
import { sweepShares } from '#modules/trade/shares/actions.ts'
import { openShop, type Buyer, type Shop } from '#server/test/shop.ts'
import { reconcileDue } from './actions.ts'

const today = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10)
const month = today.slice(0, 7)

type Sold = { buyer: Buyer; order: Json; number: string }

/** Each story has a shop of its own: a day is reconciled once. */
async function inShop(story: (shop: Shop) => Promise<void>): Promise<void> {
  const shop = await openShop({ refundSeconds: 1 })
  try {
    await story(shop)
  } finally {
    await shop.stop()
  }
}

async function sell(shop: Shop, how = 'pay'): Promise<Sold> {
  const buyer = await shop.buyer()
  const order = await shop.place(buyer, shop.course)
  await shop.cashier(await shop.begin(buyer, order), how)
  await shop.becomes(buyer, order, 'paid')
  return { buyer, order, number: (await shop.attempts(order))[0]?.outTradeNo }
}

async function giveBack(shop: Shop, { buyer, order }: Sold): Promise<string> {
  await shop.desk(`POST /console/orders/${order.id}/refunds`, { reason: '学员申请', requestKey: `refund-${order.id.slice(-6)}` })
  await until(async () => (await shop.detail(order)).refunds[0].state === 'processing')
  await shop.advance(5)
  await shop.becomes(buyer, order, 'refunded')
  return (await shop.detail(order)).refunds[0].outRefundNo
}

const monthOf = (shop: Shop) => shop.desk(`GET /console/reconciliation/months/${month}`)
const dayOf = async (shop: Shop): Promise<Json> => (await monthOf(shop)).days.find((day: Json) => day.day === today)
const differences = async (shop: Shop, query = ''): Promise<Json[]> => (await shop.desk(`GET /console/differences${query}`)).items
const spoil = (shop: Shop, fault: object) => shop.fault('bill_difference', fault)

async function reconcile(shop: Shop, seconds = 36 * 3600): Promise<Json> {
  if (seconds > 0) await shop.advance(seconds)
  assert.deepEqual(await shop.desk('POST /console/reconciliation/days', { day: today }), { begun: true })
  return until(async () => {
    const day = await dayOf(shop)
    return day && day.state !== 'waiting' && day
  })
}

/** What the sandbox's own ledger holds for us at WeChat Pay, and what ours says of it. */
async function bothSides(shop: Shop): Promise<[number, number]> {
  const { balances } = await shop.sim('GET', `/__sim/ledger?tenant=${shop.app.tenant.appid}`)
  const { items, balanced } = await shop.desk('GET /console/ledger/accounts')
  assert.equal(balanced, true)
  return [balances.merchant + balances.merchant_fees, items.find((one: Json) => one.account === 'asset:wechat_pay').balance]
}

test('a day on which everything fits: sums, fees, balance, and both ledgers say the same', () => inShop(async (shop) => {
  await sell(shop)
  await giveBack(shop, await sell(shop))
  await sell(shop, 'pay_with_coupon')
  await shop.sim('POST', '/__sim/ledger', { tenant: shop.app.tenant.appid, subject: 'withdraw W1', cents: -10000 })
  const day = await reconcile(shop)
  assert.deepEqual([day.state, day.payments, day.paid, day.refunds, day.refunded, day.fees, day.coupons, day.withdrawn, day.differences, day.open], ['done', 3, 29700, 1, 9900, 118, 0, 10000, 0, 0])
  const [theirs, ours] = await bothSides(shop)
  assert.deepEqual([theirs, ours, day.balance], [9682, 9682, 9682])
  const { total, missingDays } = await monthOf(shop)
  assert.deepEqual([total.payments, total.fees, missingDays], [3, 118, 0])
  const entry = (await shop.desk('GET /console/ledger/entries?q=fees')).items[0]
  assert.deepEqual(entry.lines, [{ account: 'expense:channel_fees', debit: 118, credit: 0 }, { account: 'asset:wechat_pay', debit: 0, credit: 118 }])
  await reconcileAgain(shop)
}))

/** However often and at once it is asked for: a day is reconciled once. */
async function reconcileAgain(shop: Shop): Promise<void> {
  const before = await dayOf(shop)
  const { app } = shop.app
  const { reconcileDay } = await import('./actions.ts')
  await Promise.all([1, 2, 3].map(() => reconcileDay(app.ctx, 'wechat_pay', today)))
  assert.deepEqual(await dayOf(shop), before)
  assert.equal((await shop.desk('GET /console/ledger/entries?q=fees')).items.length, 1)
}

test('money that was booked a day late: reconciling begins with the day on which it came', () => inShop(async (shop) => {
  const at = (days: number) => ({ ...shop.app.app.ctx, now: () => new Date(Date.now() + days * 86_400_000) })
  await shop.fault('drop_notice', { api: 'wechatpay' })
  const buyer = await shop.buyer()
  const order = await shop.place(buyer, shop.course)
  await shop.cashier(await shop.begin(buyer, order))
  await sweepOpen(at(1))
  await shop.becomes(buyer, order, 'paid')
  await shop.advance(3 * 86_400)
  await reconcileDue(at(3))
  assert.deepEqual([(await dayOf(shop)).payments, (await differences(shop)).length], [1, 0])
  const [theirs, ours] = await bothSides(shop)
  assert.equal(theirs, ours)
}))

test('a day waits for the one before it, but not for ever', () => inShop(async (shop) => {
  const at = (days: number) => ({ ...shop.app.app.ctx, now: () => new Date(Date.now() + days * 86_400_000) })
  const states = async () => (await shop.desk('GET /console/reconciliation/months/' + month)).days.filter((day: Json) => day.day >= today).map((day: Json) => day.state)
  await sell(shop)
  await shop.advance(20 * 86_400)
  await shop.fault('bill_wrong_hash', { api: 'trade' })
  await reconcileDue(at(3))
  assert.deepEqual([(await dayOf(shop)).state, (await states()).filter((state: string) => state === 'empty').length], ['waiting', 0])
  await shop.fault('bill_wrong_hash', { api: 'trade' })
  await reconcileDue(at(12))
  assert.equal((await dayOf(shop)).state, 'waiting')
  const { rows } = await query(shop, "select count(*)::int as days from reconciled_days where state = 'empty'")
  assert.equal(rows[0].days, 11)
  await reconcileDue(at(12))
  assert.equal((await dayOf(shop)).state, 'done')
  assert.equal((await differences(shop)).length, 0)
}))

async function query(shop: Shop, text: string): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: shop.app.databaseUrl })
  await client.connect()
  try {
    return await client.query(text)
  } finally {
    await client.end()
  }
}

test('rows that are missing, strange, of another sum or state are found, each once, and nothing is repaired by itself', () => inShop(async (shop) => {
  const [missing, wrong] = [await sell(shop), await sell(shop)]
  const back = await giveBack(shop, await sell(shop))
  await spoil(shop, { api: 'trade', how: 'missing', number: missing.number })
  await spoil(shop, { api: 'trade', how: 'amount', number: wrong.number, amountCents: 9800 })
  await spoil(shop, { api: 'trade', how: 'state', number: back })
  await spoil(shop, { api: 'trade', how: 'extra', number: wrong.number, amountCents: 500 })
  await shop.sim('POST', '/__sim/ledger', { tenant: shop.app.tenant.appid, subject: 'penalty P1', cents: -700 })
  const before = await bothSides(shop)
  const day = await reconcile(shop)
  const found = await differences(shop)
  assert.deepEqual(found.map((one) => [one.subject, one.kind, one.told, one.booked, one.gap].join(' ')).toSorted(), [
    'flow amount 9900 9800 -100', 'flow extra -59  59', 'flow extra -700  700', 'flow extra 9900  -9900', 'flow missing  500 500',
    'payment amount 9800 9900 100', 'payment extra 500  -500', 'payment missing  9900 9900', 'refund state 9900 9900 0',
  ])
  assert.deepEqual([day.differences, day.open], [found.length, found.length])
  const one = found.find((other) => other.subject === 'payment' && other.kind === 'missing')
  assert.deepEqual([one?.number, one?.order, one?.ourState, one?.can], [missing.number, missing.order.id, 'paid', ['explain', 'write_off']])
  assert.equal((await shop.seen(missing.buyer, missing.order)).state, 'paid', 'the order stays as it was')
  const [theirs, ours] = await bothSides(shop)
  assert.equal(ours, before[1] - day.fees, 'only the fees were booked')
  assert.equal(found.reduce((sum, other) => sum + other.gap, 0), ours - theirs, 'the gaps are what the ledgers differ by')
}))

test('a difference is closed once, with a reason; a sum that is written off makes both ledgers agree', () => inShop(async (shop) => {
  await sell(shop)
  await shop.sim('POST', '/__sim/ledger', { tenant: shop.app.tenant.appid, subject: 'penalty P1', cents: -250 })
  await reconcile(shop)
  const [found] = await differences(shop, '?open=true')
  assert.deepEqual([found?.subject, found?.kind, found?.toldState, found?.gap], ['flow', 'extra', '违约扣款', 250])
  const [theirs, ours] = await bothSides(shop)
  assert.equal(ours - theirs, 250)
  const close = (how: string, reason = '平台罚款，已与客服核实') => shop.app.ask(`POST /console/differences/${found?.id}/resolutions`, { how, reason }, { cookie: shop.owner })
  assert.equal(codeOf(await shop.app.ask(`POST /console/differences/${found?.id}/resolutions`, { how: 'explained', reason: '' }, { cookie: shop.owner })), 'request.invalid')
  const answers = await Promise.all([close('written_off'), close('written_off'), close('explained')])
  assert.deepEqual(answers.map((answer) => answer.status).toSorted(), [200, 409, 409])
  const shown = (await differences(shop))[0]
  const [their, our] = await bothSides(shop)
  assert.equal(shown?.resolution.how === 'written_off' ? our - their : 0, 0)
  assert.deepEqual([shown?.can, shown?.resolution.by, shown?.resolution.reason], [[], '院长', '平台罚款，已与客服核实'])
  assert.deepEqual(await differences(shop, '?open=true'), [])
  assert.equal((await dayOf(shop)).open, 0)
  const [word] = (await shop.desk(`GET /console/audit?q=difference.${shown?.resolution.how}`)).items
  assert.deepEqual([word.after.reason, word.after.gap], ['平台罚款，已与客服核实', 250])
}))

test('a payment whose notice was lost differs in its state until somebody asks; the gateway pays it, and the difference ends', () => inShop(async (shop) => {
  const buyer = await shop.buyer()
  const order = await shop.place(buyer, shop.course)
  const code = await shop.begin(buyer, order)
  await shop.fault('drop_notice', { api: 'wechatpay' })
  await shop.fault('refuse', { api: 'query', code: 'SYSTEM_ERROR', status: 500, count: 200 })
  await shop.cashier(code)
  await reconcile(shop)
  const [found] = await differences(shop)
  assert.deepEqual([found?.subject, found?.kind, found?.ourState, found?.told, found?.gap, found?.can], ['payment', 'state', 'begun', 9900, -9900, ['check', 'explain']])
  assert.equal(codeOf(await shop.app.ask(`POST /console/differences/${found?.id}/resolutions`, { how: 'written_off', reason: '不行' }, { cookie: shop.owner })), 'difference.state_forbids')
  const unheard = await shop.desk(`POST /console/differences/${found?.id}/checks`)
  assert.deepEqual([unheard.resolution, unheard.can], [null, ['check', 'explain']])
  await shop.app.sandbox.ask('DELETE', `/__sim/faults?tenant=${shop.app.tenant.appid}`)
  const checked = await shop.desk(`POST /console/differences/${found?.id}/checks`)
  assert.deepEqual([checked.resolution.how, checked.resolution.by, checked.can], ['converged', '院长', []])
  await shop.soldOnce(buyer, order, shop.course)
  const [theirs, ours] = await bothSides(shop)
  assert.equal(theirs, ours)
  assert.equal(codeOf(await shop.app.ask(`POST /console/differences/${found?.id}/checks`, undefined, { cookie: shop.owner })), 'difference.state_forbids')
}))

test('what was shared with a partner and what was paid out fit by their numbers', () => inShop(async (shop) => {
  const partner = await shop.desk('POST /console/share-receivers', { kind: 'merchant', account: '1900000109', name: '合作机构有限公司', relation: 'PARTNER' })
  await shop.desk(`PUT /console/offers/${shop.course.offer}/share-rates`, { rates: [{ receiver: partner.id, basisPoints: 2000 }] })
  const { order } = await sell(shop)
  const shareOf = async (): Promise<Json> => (await shop.desk('GET /console/shares?limit=100')).items.find((share: Json) => share.order === order.id)
  await until(shareOf)
  await shop.advance(61)
  for (let round = 1; (await shareOf()).lines[0].state !== 'done'; round += 1) {
    assert.ok(round < 10, 'it is shared within ten rounds')
    await sweepShares({ ...shop.app.app.ctx, now: () => new Date(Date.now() + (8 * 86_400 + 30 * round) * 1000) })
    await shop.advance(15)
  }
  await payOutThrice(shop)
  const { state, differences: found } = await reconcile(shop, 0)
  assert.deepEqual([state, found], ['done', 0])
  assert.deepEqual(await bothSides(shop), [6861, 6861], 'only what was received is gone')
}))

/** A payout that is received, one that is cancelled, and one that nobody confirms in a day. */
async function payOutThrice(shop: Shop): Promise<void> {
  const teacher = await shop.buyer()
  const { id: member } = await shop.asBuyer(teacher, 'GET /me')
  const seen = async (id: string): Promise<Json> => (await shop.desk('GET /console/payouts')).items.find((one: Json) => one.id === id)
  const begin = async (requestKey: string): Promise<string> => (await shop.desk('POST /console/payouts', { member, amount: 1000, role: '讲师', reason: '讲课', requestKey })).id
  const becomes = (id: string, state: string) => until(async () => (await seen(id)).state === state)
  const ids = [await begin('payout-key-1'), await begin('payout-key-2'), await begin('payout-key-3')]
  for (const id of ids) await becomes(id, 'confirming')
  assert.deepEqual(await bothSides(shop), [7861 - 3000, 7920 - 3000], 'what waits for a person has left the balance; fees are booked by the bill')
  const [forgotten = '', received = '', cancelled = ''] = ids
  const { confirm } = (await shop.asBuyer(teacher, 'GET /payouts')).items.find((one: Json) => one.id === received)
  await shop.sim('POST', '/__client/transfer', { appid: shop.app.tenant.appid, user: teacher.user, ...confirm })
  await shop.desk(`POST /console/payouts/${cancelled}/cancellations`)
  await shop.advance(5)
  await becomes(received, 'done')
  await becomes(cancelled, 'cancelled')
  await shop.advance(36 * 3600)
  await becomes(forgotten, 'failed')
}

async function sellAtAlipay(shop: Shop): Promise<Sold> {
  const client = 'alipay/android/device-test'
  const buyer = await shop.buyer()
  const order = await shop.place(buyer, shop.course, client)
  const atPhone = (path: string, body: object): Promise<Json> => shop.sim('POST', `/__client/alipay/${path}`, { appid: shop.app.tenant.appid, user: buyer.user, ...body })
  const { authCode } = await atPhone('auth-code', {})
  const { action } = await shop.asBuyer(buyer, `POST /orders/${order.id}/payments`, { wide: false, payerCode: authCode }, client)
  await atPhone('pay', { tradeNO: action.tradeNo })
  await shop.becomes(buyer, order, 'paid')
  return { buyer, order, number: (await shop.attempts(order))[0]?.outTradeNo }
}

test('a bill with another hash, cut short, refused or never there: nothing is booked, the day waits, and is whole in the end', () => inShop(async (shop) => {
  await sell(shop)
  const ask = () => shop.desk('POST /console/reconciliation/days', { day: today })
  const waits = (problem: RegExp) => until(async () => {
    const day = await dayOf(shop)
    assert.notEqual(day?.state, 'done')
    return problem.test(day?.problem ?? '')
  })
  await ask()
  await waits(/^PARAM_ERROR$/)
  await shop.advance(36 * 3600)
  for (const [fault, more, problem] of [
    ['bill_wrong_hash', { api: 'trade' }, /^bill: hash_differs$/],
    ['bill_cut_short', { api: 'fund_flow' }, /^bill: cannot_unpack$/],
    ['lose_answer', { api: 'bill_file' }, /^network/],
    ['refuse', { api: 'fund_flow_bill', code: 'FREQUENCY_LIMITED' }, /^FREQUENCY_LIMITED$/],
  ] as const) {
    await shop.fault(fault, more)
    await ask()
    await waits(problem)
  }
  assert.deepEqual([await differences(shop), (await shop.desk('GET /console/ledger/entries?q=fees')).items], [[], []])
  assert.deepEqual((await reconcile(shop, 0)).payments, 1)
}))

let shop: Shop
before(async () => {
  shop = await openShop({ also: ['alipay'] })
})
after(() => shop.stop())

test("Alipay's bill tells trades and fees in one; a late one is no day without trades; what differs is found and both ledgers agree in the end", async () => {
  const [first, back, wrong] = [await sellAtAlipay(shop), await sellAtAlipay(shop), await sellAtAlipay(shop)]
  await shop.desk(`POST /console/orders/${back.order.id}/refunds`, { reason: '学员申请', requestKey: 'refund-alipay' })
  await until(async () => (await shop.detail(back.order)).refunds[0].state === 'done')
  await spoil(shop, { api: 'alipay', how: 'missing', number: first.number })
  await spoil(shop, { api: 'alipay', how: 'amount', number: wrong.number, amountCents: 9800 })
  const atAlipay = { rail: 'alipay' }
  const seen = async (): Promise<Json> => (await shop.desk(`GET /console/reconciliation/months/${month}?rail=alipay`)).days.find((day: Json) => day.day === today)
  await shop.desk('POST /console/reconciliation/days', { day: today, ...atAlipay })
  assert.deepEqual([(await until(async () => (await seen())?.problem)), (await seen()).state], ['late', 'waiting'])
  await shop.advance(36 * 3600)
  await shop.fault('bill_cut_short', { api: 'alipay' })
  await shop.desk('POST /console/reconciliation/days', { day: today, ...atAlipay })
  await until(async () => (await seen()).problem === 'bill: cannot_unpack')
  await shop.desk('POST /console/reconciliation/days', { day: today, ...atAlipay })
  const day = await until(async () => (await seen()).state === 'done' && seen())
  assert.deepEqual([day.payments, day.paid, day.refunds, day.refunded, day.fees, day.balance], [2, 19700, 1, 9900, 59, null])
  const found = await differences(shop, '?rail=alipay')
  assert.deepEqual(found.map((one) => [one.rail, one.subject, one.kind, one.told, one.booked, one.gap].join(' ')).toSorted(), ['alipay payment amount 9800 9900 100', 'alipay payment missing  9900 9900'])
  assert.deepEqual(await differences(shop, '?rail=wechat_pay'), [])
  const entry = (await shop.desk('GET /console/ledger/entries?q=fees')).items[0]
  assert.deepEqual(entry.lines, [{ account: 'expense:channel_fees', debit: 59, credit: 0 }, { account: 'asset:alipay', debit: 0, credit: 59 }])
  const { rail, resolution } = await shop.desk(`POST /console/differences/${found.find((one) => one.kind === 'amount')?.id}/resolutions`, { how: 'written_off', reason: '平台确认' })
  assert.deepEqual([rail, resolution.how], ['alipay', 'written_off'])
  const off = (await shop.desk('GET /console/ledger/entries?q=write_off')).items[0]
  assert.deepEqual(off.lines[1], { account: 'asset:alipay', debit: 0, credit: 100 })
})

test('a day without any trade is empty; a day to come is refused; a strange difference is not found', async () => {
  const day = await reconcile(shop)
  assert.deepEqual([day.state, day.payments, day.balance], ['empty', 0, null])
  const ahead = await shop.app.ask('POST /console/reconciliation/days', { day: '2098-01-01' }, { cookie: shop.owner })
  assert.equal(codeOf(ahead), 'reconciliation.day_ahead')
  for (const route of ['POST /console/reconciliation/days', 'GET /console/differences?day=2026-02-31'])
    assert.equal(codeOf(await shop.app.ask(route, route.startsWith('POST') ? { day: '2026-02-31' } : undefined, { cookie: shop.owner })), 'request.invalid')
  for (const [step, body] of [['checks', undefined], ['resolutions', { how: 'explained', reason: '无' }]] as const)
    assert.equal(codeOf(await shop.app.ask(`POST /console/differences/${newId('dif')}/${step}`, body, { cookie: shop.owner })), 'thing.not_found')
})
