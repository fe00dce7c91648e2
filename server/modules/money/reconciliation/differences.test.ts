// Where a day and its bills differ, over HTTP against the sandbox: what is found, and how each difference is closed.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dayOf } from '#contracts/words/time.ts'
import { sql } from '#kernel/db.ts'
import { sweepPayouts } from '#modules/money/payouts/actions.ts'
import { sweepShares } from '#modules/trade/shares/actions.ts'
import { inBooks, type Books } from '#server/test/books.ts'
import type { Json } from '#server/test/sandbox.ts'
import { codeOf, until } from '#server/test/server.ts'
import { reconcileDay, reconcileDue } from './actions.ts'

test('rows that are missing, strange, of another sum or state are found, each once, and nothing is repaired by itself', () => inBooks(async (books) => {
  const [missing, wrong] = [await books.sell(), await books.sell()]
  const back = await books.giveBack(await books.sell())
  await books.spoil({ api: 'trade', how: 'missing', number: missing.number })
  await books.spoil({ api: 'trade', how: 'amount', number: wrong.number, amountCents: 9800 })
  await books.spoil({ api: 'trade', how: 'state', number: back })
  await books.spoil({ api: 'trade', how: 'extra', number: wrong.number, amountCents: 500 })
  await books.sim('POST', '/__sim/ledger', { tenant: books.app.tenant.appid, subject: 'penalty P1', cents: -700 })
  const before = await books.bothSides()
  const day = await books.reconcile()
  const found = await books.differences()
  assert.deepEqual(found.map((one) => [one.subject, one.kind, one.told, one.booked, one.gap].join(' ')).toSorted(), [
    'flow amount 9900 9800 -100', 'flow extra -59  59', 'flow extra -700  700', 'flow extra 9900  -9900', 'flow missing  500 500',
    'payment amount 9800 9900 100', 'payment extra 500  -500', 'payment missing  9900 9900', 'refund state 9900 9900 0',
  ])
  assert.deepEqual([day.differences, day.open], [found.length, found.length])
  const one = found.find((other) => other.subject === 'payment' && other.kind === 'missing')
  assert.deepEqual([one?.number, one?.order, one?.ourState, one?.can], [missing.number, missing.order.id, 'paid', ['explain', 'write_off']])
  assert.equal((await books.seen(missing.buyer, missing.order)).state, 'paid', 'the order stays as it was')
  const [theirs, ours] = await books.bothSides()
  assert.equal(ours, before[1] - day.fees, 'only the fees were booked')
  assert.equal(found.reduce((sum, other) => sum + other.gap, 0), ours - theirs, 'the gaps are what the ledgers differ by')
}))

test('a difference is closed once, with a reason; a sum that is written off makes both ledgers agree', () => inBooks(async (books) => {
  await books.sell()
  await books.sim('POST', '/__sim/ledger', { tenant: books.app.tenant.appid, subject: 'penalty P1', cents: -250 })
  await books.reconcile()
  const [found] = await books.differences('?open=true')
  assert.deepEqual([found?.subject, found?.kind, found?.toldState, found?.gap], ['flow', 'extra', '违约扣款', 250])
  const [theirs, ours] = await books.bothSides()
  assert.equal(ours - theirs, 250)
  const close = (how: string, reason = '平台罚款，已与客服核实') => books.app.ask(`POST /console/differences/${found?.id}/resolutions`, { how, reason }, { cookie: books.owner })
  assert.equal(codeOf(await books.app.ask(`POST /console/differences/${found?.id}/resolutions`, { how: 'explained', reason: '' }, { cookie: books.owner })), 'request.invalid')
  const answers = await Promise.all([close('written_off'), close('written_off'), close('explained')])
  assert.deepEqual(answers.map((answer) => answer.status).toSorted(), [200, 409, 409])
  const shown = (await books.differences())[0]
  const [their, our] = await books.bothSides()
  assert.equal(shown?.resolution.how === 'written_off' ? our - their : 0, 0)
  assert.deepEqual([shown?.can, shown?.resolution.by, shown?.resolution.reason], [[], '院长', '平台罚款，已与客服核实'])
  assert.deepEqual(await books.differences('?open=true'), [])
  assert.equal((await books.dayNow()).open, 0)
  const [word] = (await books.desk(`GET /console/audit?q=difference.${shown?.resolution.how}`)).items
  assert.deepEqual([word.after.reason, word.after.gap], ['平台罚款，已与客服核实', 250])
}))

test('a payment whose notice was lost differs in its state until somebody asks; the gateway pays it, and the difference ends', () => inBooks(async (books) => {
  const buyer = await books.buyer()
  const order = await books.place(buyer, books.course)
  const code = await books.begin(buyer, order)
  await books.fault('drop_notice', { api: 'wechatpay' })
  await books.fault('refuse', { api: 'query', code: 'SYSTEM_ERROR', status: 500, count: 200 })
  await books.cashier(code)
  await books.reconcile()
  const [found] = await books.differences()
  assert.deepEqual([found?.subject, found?.kind, found?.ourState, found?.told, found?.gap, found?.can], ['payment', 'state', 'begun', 9900, -9900, ['check', 'explain']])
  assert.equal(codeOf(await books.app.ask(`POST /console/differences/${found?.id}/resolutions`, { how: 'written_off', reason: '不行' }, { cookie: books.owner })), 'difference.state_forbids')
  const unheard = await books.desk(`POST /console/differences/${found?.id}/checks`)
  assert.deepEqual([unheard.resolution, unheard.can], [null, ['check', 'explain']])
  await books.app.sandbox.ask('DELETE', `/__sim/faults?tenant=${books.app.tenant.appid}`)
  const checked = await books.desk(`POST /console/differences/${found?.id}/checks`)
  assert.deepEqual([checked.resolution.how, checked.resolution.by, checked.can], ['converged', '院长', []])
  await books.soldOnce(buyer, order, books.course)
  const [theirs, ours] = await books.bothSides()
  assert.equal(theirs, ours)
  assert.equal(codeOf(await books.app.ask(`POST /console/differences/${found?.id}/checks`, undefined, { cookie: books.owner })), 'difference.state_forbids')
}))

test('what was shared with a partner and what was paid out fit by their numbers', () => inBooks(async (books) => {
  await shareOnce(books)
  await payOutThrice(books)
  const { state, differences: found } = await books.reconcile(0)
  assert.deepEqual([state, found], ['done', 0])
  assert.deepEqual(await books.bothSides(), [6861, 6861], 'only what was received is gone')
}))

async function shareOnce(books: Books): Promise<void> {
  const partner = await books.desk('POST /console/share-receivers', { kind: 'merchant', account: '1900000109', name: '合作机构有限公司', relation: 'PARTNER' })
  await books.desk(`PUT /console/offers/${books.course.offer}/share-rates`, { rates: [{ receiver: partner.id, basisPoints: 2000 }] })
  const { order } = await books.sell()
  const shareOf = async (): Promise<Json> => (await books.desk('GET /console/shares?limit=100')).items.find((share: Json) => share.order === order.id)
  await until(shareOf)
  await books.advance(61)
  for (let round = 1; (await shareOf()).lines[0].state !== 'done'; round += 1) {
    assert.ok(round < 10, 'it is shared within ten rounds')
    await sweepShares(books.later(8 + round / 2880))
    await books.advance(15)
  }
}

/** A payout that is received, one that is cancelled, and one that nobody confirms in a day. */
async function payOutThrice(books: Books): Promise<void> {
  const teacher = await books.buyer()
  const { id: member } = await books.asBuyer(teacher, 'GET /me')
  const seen = async (id: string): Promise<Json> => (await books.desk('GET /console/payouts')).items.find((one: Json) => one.id === id)
  const begin = async (requestKey: string): Promise<string> => (await books.desk('POST /console/payouts', { member, amount: 1000, role: '讲师', reason: '讲课', requestKey })).id
  const becomes = (id: string, state: string) => until(async () => (await seen(id)).state === state)
  const ids = [await begin('payout-key-1'), await begin('payout-key-2'), await begin('payout-key-3')]
  for (const id of ids) await becomes(id, 'confirming')
  assert.deepEqual(await books.bothSides(), [7861 - 3000, 7920 - 3000], 'what waits for a person has left the balance; fees are booked by the bill')
  const [forgotten = '', received = '', cancelled = ''] = ids
  const { confirm } = (await books.asBuyer(teacher, 'GET /payouts')).items.find((one: Json) => one.id === received)
  await books.sim('POST', '/__client/transfer', { appid: books.app.tenant.appid, user: teacher.user, ...confirm })
  await books.desk(`POST /console/payouts/${cancelled}/cancellations`)
  await books.advance(5)
  await becomes(received, 'done')
  await becomes(cancelled, 'cancelled')
  await books.advance(36 * 3600)
  await becomes(forgotten, 'failed')
}

/** Two payouts of 10 yuan that somebody received; replies their numbers. */
async function payOut(books: Books): Promise<string[]> {
  const teacher = await books.buyer()
  const { id: member } = await books.asBuyer(teacher, 'GET /me')
  const payouts = async (): Promise<Json[]> => (await books.desk('GET /console/payouts')).items
  for (const requestKey of ['payout-key-1', 'payout-key-2']) await books.desk('POST /console/payouts', { member, amount: 1000, role: '讲师', reason: '讲课', requestKey })
  const all = (state: string) => until(async () => (await payouts()).every((one) => one.state === state))
  await all('confirming')
  for (const { confirm } of (await books.asBuyer(teacher, 'GET /payouts')).items) await books.sim('POST', '/__client/transfer', { appid: books.app.tenant.appid, user: teacher.user, ...confirm })
  await books.advance(5)
  await all('done')
  return (await books.app.app.ctx.db.query<{ number: string }>(sql`select out_bill_no as number from payouts`)).rows.map((row) => row.number)
}

test('money of a trade that moved days after it, as what an account did not take does, ends the difference', () => inBooks(async (books) => {
  const [first, second] = [2, 1].map((days) => dayOf(new Date(Date.now() - days * 86_400_000), 'Asia/Shanghai')) as [string, string]
  await books.sim('POST', '/__sim/history', { tenant: books.app.tenant.appid, day: first, prefix: 'SLATE', count: 2, cents: 1000 })
  await books.spoil({ api: 'fund_flow', how: 'missing', number: (await books.sim('GET', `/__sim/orders/SLATE1?tenant=${books.app.tenant.appid}`)).order.transaction_id })
  const ofFlow = async () => (await books.differences('?limit=100')).filter((one) => one.subject === 'flow').map((one) => [one.day, one.kind, one.gap, one.resolution?.how ?? null].join(' '))
  for (const day of [first, second]) await reconcileDay(books.later(2), 'wechat_pay', day)
  assert.deepEqual(await ofFlow(), [`${first} missing 1000 `])
  await books.sim('POST', '/__sim/ledger', { tenant: books.app.tenant.appid, subject: 'pay SLATE1', cents: 1000 })
  await books.sim('DELETE', `/__sim/faults?tenant=${books.app.tenant.appid}`)
  await books.advance(36 * 3600)
  assert.equal(await reconcileDay(books.later(2), 'wechat_pay', books.today), 'done')
  assert.deepEqual(await ofFlow(), [`${first} missing 1000 found_later`])
}))

test('a payout before anything was sold begins the days that are reconciled', () => inBooks(async (books) => {
  const numbers = await payOut(books)
  await books.advance(36 * 3600)
  await reconcileDue(books.later(2))
  assert.equal((await books.dayNow())?.state, 'done')
  assert.deepEqual(await books.differences(), [])
  const { rows } = await books.app.app.ctx.db.query<{ number: string }>(sql`select number from bill_movements`)
  assert.deepEqual(rows.map((row) => row.number).toSorted(), numbers.toSorted())
}))

test('a payout that was heard of a day late begins them with the day on which it left', () => inBooks(async (books) => {
  const teacher = await books.buyer()
  const { id: member } = await books.asBuyer(teacher, 'GET /me')
  await books.fault('forge_answer', { api: 'transfer', how: 'wrong_key' })
  await books.desk('POST /console/payouts', { member, amount: 1000, role: '讲师', reason: '讲课', requestKey: 'payout-key-1' })
  const becomes = (is: (one: Json) => boolean) => until(async () => is((await books.desk('GET /console/payouts')).items[0]))
  await becomes((one) => one.problem !== null)
  await sweepPayouts(books.later(1))
  await becomes((one) => one.state === 'confirming')
  const [{ confirm }] = (await books.asBuyer(teacher, 'GET /payouts')).items
  await books.sim('POST', '/__client/transfer', { appid: books.app.tenant.appid, user: teacher.user, ...confirm })
  await books.advance(5 * 86_400)
  await becomes((one) => one.state === 'done')
  await reconcileDue(books.later(4))
  assert.equal((await books.dayNow())?.state, 'done')
  assert.deepEqual(await books.differences(), [])
}))

test('a payout that we booked and no fund flow tells is found a day later, and ends when a later flow has it', () => inBooks(async (books) => {
  await books.sell()
  const [lost = '', kept = ''] = await payOut(books)
  await books.spoil({ api: 'fund_flow', how: 'missing', number: lost })
  await books.advance(4 * 86_400)
  const tomorrow = dayOf(new Date(Date.parse(`${books.today}T04:00:00Z`) + 86_400_000), 'Asia/Shanghai')
  // The flow of the day after first: it does not have them.
  assert.equal(await reconcileDay(books.later(4), 'wechat_pay', tomorrow), 'done')
  const ofPayouts = async () => (await books.differences('?limit=100')).filter((one) => one.subject === 'movement').map((one) => [one.number, one.kind, one.booked, one.ourState, one.gap, one.resolution?.how ?? null, one.can.join(' ')].join(' ')).toSorted()
  assert.deepEqual(await ofPayouts(), [lost, kept].map((number) => `${number} missing -1000 payout_taken -1000  explain write_off`).toSorted())
  assert.equal(await reconcileDay(books.later(4), 'wechat_pay', books.today), 'done')
  assert.deepEqual(await ofPayouts(), [`${lost} missing -1000 payout_taken -1000  explain write_off`, `${kept} missing -1000 payout_taken -1000 found_later `].toSorted())
}))
