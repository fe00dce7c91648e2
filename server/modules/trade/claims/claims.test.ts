// Asking for money back over HTTP: what is used is written down, the sum follows the rule, one approval is one refund.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import pg from 'pg'
import type { Id } from '#contracts/words/id.ts'
import { newId } from '#kernel/ids.ts'
import { approve, showClaims } from '#modules/trade/claims/actions.ts'
import { adviseApple } from '#modules/trade/notices/actions.ts'
import { codeOf, until } from '#server/test/server.ts'
import { openShop, termsOf, type Buyer, type Shop } from '#server/test/shop.ts'
import { addSoundLesson } from '#server/test/sound.ts'

let shop: Shop
let sound: string
before(async () => {
  shop = await openShop()
  sound = (await addSoundLesson(shop, shop.course.id, 20)).lesson
})
after(() => shop.stop())

const later = (days: number) => ({ ...shop.app.app.ctx, now: () => new Date(Date.now() + days * 86_400_000) })
const askOwner = (route: string, body?: unknown) => shop.app.ask(route, body, { cookie: shop.owner })
const ask = (buyer: Buyer, order: { id: string }, reason = '没有时间学') => shop.app.ask(`POST /orders/${order.id}/claims`, { reason }, { token: buyer.token })

async function bought(): Promise<{ buyer: Buyer; order: { id: string } }> {
  const buyer = await shop.buyer()
  const order = await shop.place(buyer, shop.course)
  await shop.cashier(await shop.begin(buyer, order))
  await shop.becomes(buyer, order, 'paid')
  return { buyer, order }
}

async function listen(buyer: Buyer, seconds: number): Promise<void> {
  await shop.asBuyer(buyer, `PUT /lessons/${sound}/progress`, { ranges: [[0, seconds]], positionSeconds: seconds, at: new Date().toISOString() })
}

async function sumAfter(buyer: Buyer, order: { id: string }, days: number) {
  const { id } = await shop.asBuyer(buyer, 'GET /me')
  return (await showClaims(later(days), id as Id<'mem'>, order.id as Id<'ord'>)).now
}

test('what would come back follows the days and what was learnt', async () => {
  const { buyer, order } = await bought()
  await listen(buyer, 10)
  const now = (await shop.asBuyer(buyer, `GET /orders/${order.id}/claims`)).now
  assert.deepEqual([now.rule, now.amount, now.lessons, now.usedTenths], ['seven_days', 9900, 2, 5])
  const then = await sumAfter(buyer, order, 8)
  assert.deepEqual([then?.rule, then?.used, then?.amount], ['used', 2475, 7425])
})

test("the academy's promise is the one of the hour of the order, and each is kept", async () => {
  const { buyer, order } = await bought()
  assert.equal(codeOf(await shop.app.ask('POST /console/refund-policies', { days: 30, mostPercent: 30 }, { token: buyer.token })), 'staff.sign_in_needed')
  await shop.desk('POST /console/refund-policies', { days: 30, mostPercent: 30 })
  const second = await bought()
  await listen(second.buyer, 10)
  await listen(buyer, 10)
  assert.equal((await sumAfter(buyer, order, 8))?.rule, 'used')
  assert.deepEqual([(await sumAfter(second.buyer, second.order, 8))?.rule, (await sumAfter(second.buyer, second.order, 8))?.amount], ['policy', 9900])
  assert.equal((await sumAfter(second.buyer, second.order, 31))?.rule, 'used')
  assert.equal((await shop.app.ask('GET /refund-policy')).body.days, 30)
  assert.equal((await shop.desk('GET /console/refund-policies')).items.length, 1)
})

test('who buys again begins anew: what was heard under the order that went back is not use of this one, and what is heard again is', async () => {
  const { buyer, order } = await bought()
  await listen(buyer, 20)
  await shop.desk(`POST /console/claims/${(await ask(buyer, order)).body.id}/approvals`, { fault: 'learner', answer: '' })
  await shop.becomes(buyer, order, 'refunded')
  const again = await shop.place(buyer, shop.course)
  await shop.cashier(await shop.begin(buyer, again))
  await shop.becomes(buyer, again, 'paid')
  assert.deepEqual([(await sumAfter(buyer, again, 300))?.usedTenths, (await sumAfter(buyer, again, 300))?.amount], [0, 9900])
  await listen(buyer, 10)
  assert.equal((await sumAfter(buyer, again, 300))?.usedTenths, 5)
  await Promise.all([listen(buyer, 20), listen(buyer, 12), listen(buyer, 20)])
  const sum = await sumAfter(buyer, again, 300)
  assert.deepEqual([sum?.rule, sum?.usedTenths, sum?.used, sum?.amount], ['used', 10, 4950, 4950])
  const { id } = (await ask(buyer, again)).body
  const waiting = (await shop.desk('GET /console/claims?open=true')).items.find((one: { id: string }) => one.id === id)
  assert.deepEqual(waiting.usage.map((line: { lesson: string; tenths: number }) => [line.lesson, line.tenths]), [[sound, 10]])
  const [{ outTradeNo }] = await shop.attempts(again)
  const advice = await adviseApple(later(300), { payOrderNo: outTradeNo, product: undefined, provided: true })
  assert.equal(advice.refund, false)
  assert.match(advice.evidence, /2 个课时已学 1 个，占 50%/)
})

test('a claim is open once, is taken back, and is asked for again', async () => {
  const { buyer, order } = await bought()
  const asked = await Promise.all([ask(buyer, order), ask(buyer, order), ask(buyer, order)])
  assert.deepEqual(asked.map((one) => one.status).toSorted(), [200, 409, 409])
  const claim = asked.find((one) => one.status === 200)?.body
  const stranger = await shop.buyer()
  assert.equal(codeOf(await shop.app.ask(`POST /claims/${claim.id}/withdrawals`, undefined, { token: stranger.token })), 'thing.not_found')
  assert.equal(codeOf(await ask(stranger, order)), 'thing.not_found')
  assert.equal((await shop.asBuyer(buyer, `POST /claims/${claim.id}/withdrawals`)).state, 'withdrawn')
  assert.equal(codeOf(await askOwner(`POST /console/claims/${claim.id}/approvals`, { fault: 'learner', answer: '' })), 'claim.state_forbids')
  assert.equal((await ask(buyer, order)).status, 200)
})

test('approved five times at once the money goes back once, access ends, and the books balance', async () => {
  const { buyer, order } = await bought()
  const { id } = (await ask(buyer, order)).body
  const told = await Promise.all(Array.from({ length: 5 }, () => askOwner(`POST /console/claims/${id}/approvals`, { fault: 'academy', answer: '抱歉' })))
  assert.ok(told.every((one) => one.status === 200 || codeOf(one) === 'claim.state_forbids'), JSON.stringify(told.map((one) => one.body)))
  const seen = await shop.becomes(buyer, order, 'refunded')
  assert.equal(seen.refunded, 9900)
  const detail = await shop.detail(order)
  assert.equal(detail.refunds.length, 1)
  assert.deepEqual(detail.row.state, 'refunded')
  assert.equal((await shop.asBuyer(buyer, `GET /courses/${shop.course.id}/access`)).open, false)
  const { items: [kept], now } = await shop.asBuyer(buyer, `GET /orders/${order.id}/claims`)
  assert.deepEqual([kept.state, kept.amount, kept.answer, kept.sum.fault, now], ['approved', 9900, '抱歉', 'academy', null])
  assert.equal((await shop.desk('GET /console/ledger/accounts')).balanced, true)
  assert.equal(codeOf(await ask(buyer, order)), 'claim.nothing_left')
})

test('what goes back late bears interest from the day it was asked for: owed once, shown with its formula, and the books balance', async () => {
  const { buyer, order } = await bought()
  const { id } = (await ask(buyer, order)).body
  const shown = (await shop.desk('GET /console/claims?open=true')).items.find((one: { id: string }) => one.id === id)
  const by = { kind: 'operator' as const, staff: (await shop.desk('GET /console/me')).operator.id, session: newId('ses'), name: '院长', role: 'owner' as const, may: () => true }
  const decide = () => approve(later(30), shown.id, { fault: 'academy', answer: '' }, by)
  const told = await Promise.allSettled(Array.from({ length: 5 }, decide))
  assert.equal(told.filter((one) => one.status === 'fulfilled').length, 1)
  await shop.becomes(buyer, order, 'refunded')
  const { items: [kept] } = await shop.asBuyer(buyer, `GET /orders/${order.id}/claims`)
  assert.deepEqual([kept.amount, kept.sum.interestBasisPoints, kept.sum.interestDays, kept.sum.interest], [9900, 300, 30, 25])
  const dues = (await shop.desk('GET /console/dues')).items.filter((due: { reason: string }) => due.reason === '退款利息')
  assert.deepEqual(dues.map((due: { amount: number; by: string | null }) => [due.amount, due.by]), [[25, null]])
  await shop.isBalanced()
})

test('a rate that is noted holds for orders of that day and later, and only those who run the academy note one', async () => {
  const today = new Date().toISOString().slice(0, 10)
  const note = (since: string, basisPoints: number) => askOwner('POST /console/interest-rates', { kind: 'deposit_1y', since, basisPoints })
  assert.equal((await note('2020-01-01', 175)).status, 200)
  const { buyer, order } = await bought()
  assert.equal((await sumAfter(buyer, order, 8))?.interestBasisPoints, 175)
  assert.equal((await note(today, 125)).status, 200)
  assert.equal((await note(today, 130)).body.basisPoints, 130)
  assert.equal((await sumAfter(buyer, order, 8))?.interestBasisPoints, 130)
  assert.deepEqual([codeOf(await note('2099-01-01', 1)), codeOf(await note('2026-02-30', 1))], ['request.invalid', 'request.invalid'])
  const { items } = await shop.desk('GET /console/interest-rates')
  assert.deepEqual(items.filter((one: { kind: string }) => one.kind === 'deposit_1y').map((one: { basisPoints: number }) => one.basisPoints), [130, 175, 150])
})

test('another sum than the rule needs a word, and none is larger than what is left', async () => {
  const { buyer, order } = await bought()
  const { id } = (await ask(buyer, order)).body
  assert.equal(codeOf(await askOwner(`POST /console/claims/${id}/approvals`, { fault: 'learner', amount: 5000, answer: ' ' })), 'claim.answer_missing')
  assert.equal(codeOf(await askOwner(`POST /console/claims/${id}/approvals`, { fault: 'learner', amount: 9901, answer: '多退' })), 'refund.more_than_paid')
  const decided = await shop.desk(`POST /console/claims/${id}/approvals`, { fault: 'learner', amount: 5000, answer: '按约定退一半' })
  assert.deepEqual([decided.state, decided.amount, decided.sum.amount, decided.decidedBy], ['approved', 5000, 9900, '院长'])
  await until(async () => (await shop.asBuyer(buyer, `GET /orders/${order.id}`)).refunded === 5000)
  assert.equal((await shop.asBuyer(buyer, `GET /courses/${shop.course.id}/access`)).open, false)
})

test('declined with a reason that the learner reads; only those who may give money back decide', async () => {
  const { buyer, order } = await bought()
  await listen(buyer, 20)
  const { id } = (await ask(buyer, order)).body
  const waiting = await shop.desk('GET /console/claims?open=true')
  const shown = waiting.items.find((one: { id: string }) => one.id === id)
  assert.deepEqual(shown.usage.map((line: { lesson: string; tenths: number }) => [line.lesson, line.tenths]), [[sound, 10]])
  assert.deepEqual(shown.sums.map((sum: { fault: string }) => sum.fault), ['learner', 'academy'])
  await shop.desk('POST /console/staff', { name: '客服', email: 'claims@example.com', role: 'support', password: 'a long enough password' })
  const signed = await shop.app.ask('POST /console/sessions', { email: 'claims@example.com', password: 'a long enough password' })
  const support = { cookie: signed.headers.getSetCookie()[0]?.split(';')[0] ?? '' }
  assert.equal((await shop.app.ask('GET /console/claims', undefined, support)).status, 200)
  assert.equal(codeOf(await shop.app.ask(`POST /console/claims/${id}/refusals`, { answer: '不行' }, support)), 'staff.not_permitted')
  await shop.desk(`POST /console/claims/${id}/refusals`, { answer: '已学完全部课时' })
  const { items: [kept] } = await shop.asBuyer(buyer, `GET /orders/${order.id}/claims`)
  assert.deepEqual([kept.state, kept.answer, kept.amount], ['declined', '已学完全部课时', null])
  assert.equal((await shop.asBuyer(buyer, `GET /orders/${order.id}`)).state, 'paid')
})

test('the trial before paying is not use, and the record of use and the promises are never changed', async () => {
  const buyer = await shop.buyer()
  await listen(buyer, 2).then(undefined, () => undefined)
  const order = await shop.place(buyer, shop.course)
  await shop.cashier(await shop.begin(buyer, order))
  await shop.becomes(buyer, order, 'paid')
  assert.equal((await sumAfter(buyer, order, 8))?.usedTenths, 0)
  await listen(buyer, 20)
  const client = new pg.Client({ connectionString: shop.app.databaseUrl })
  await client.connect()
  for (const text of ['update usages set tenths = 0', 'delete from usages', 'truncate usages', 'update policies set days = 0', 'delete from policies']) await assert.rejects(client.query(text), /never changed/, text)
  await client.end()
})

test('whoever had the course before is not within the days of getting to know it', async () => {
  const buyer = await shop.buyer()
  const { id } = await shop.asBuyer(buyer, 'GET /me')
  const right = await shop.desk(`POST /console/members/${id}/entitlements`, { course: shop.course.id, until: null, note: '试用' })
  await shop.desk(`POST /console/entitlements/${right.id}/revocations`, { why: '到期' })
  const order = await shop.place(buyer, shop.course)
  await shop.cashier(await shop.begin(buyer, order))
  await shop.becomes(buyer, order, 'paid')
  assert.notEqual((await sumAfter(buyer, order, 1))?.rule, 'seven_days')
})

test('a year of a plan is used by its days, those given with it count by whose doing it is, and one bought ahead has not begun', async () => {
  const plan = await shop.desk('POST /console/plans', { title: '年度会员', about: '', rank: 3, unlocksAll: true, courses: [], discountBasisPoints: null, remindDays: 7 })
  const terms = { kind: 'plan', ...termsOf('', 36_500), title: '一年', plan: plan.id, period: 'year', giftDays: 35 }
  assert.equal(codeOf(await askOwner('POST /console/offers', { ...terms, period: 'lifetime' })), 'request.invalid')
  const offer = await shop.desk('POST /console/offers', terms)
  const [card] = (await shop.app.ask('GET /memberships')).body.plans
  assert.deepEqual([card.offers[0].period, card.offers[0].giftDays], ['year', 35])
  const buyer = await shop.buyer()
  const { id } = await shop.asBuyer(buyer, 'GET /me')
  const buyYear = async () => {
    const order = await shop.place(buyer, { ...shop.course, offer: offer.id })
    await shop.cashier(await shop.begin(buyer, order))
    return shop.becomes(buyer, order, 'paid')
  }
  const [first, ahead] = [await buyYear(), await buyYear()]
  const sum = (await showClaims(later(73), id as Id<'mem'>, first.id)).now
  const yearDays = sum?.days ?? 0
  assert.ok(yearDays === 365 || yearDays === 366, String(yearDays))
  assert.deepEqual([sum?.rule, sum?.usedDays, sum?.giftDays, sum?.used], ['used', 73, 35, Math.floor((36_500 * 73) / yearDays)])
  const { id: claim } = (await ask(buyer, first)).body
  const open = (await shop.desk('GET /console/claims?open=true')).items.find((one: { id: string }) => one.id === claim)
  assert.deepEqual(open.sums.map((one: { fault: string; days: number }) => [one.fault, one.days]), [['learner', yearDays], ['academy', yearDays + 35]])
  const unused = (await showClaims(later(100), id as Id<'mem'>, ahead.id)).now
  assert.deepEqual([unused?.usedDays, unused?.amount], [0, 36_500])
})

test('what was heard by a plan is the plan\'s: buying the course begins anew, and what is heard then counts', async () => {
  const plan = await shop.desk('POST /console/plans', { title: '月度会员', about: '', rank: 1, unlocksAll: true, courses: [], discountBasisPoints: null, remindDays: 7 })
  const offer = await shop.desk('POST /console/offers', { kind: 'plan', ...termsOf('', 3000), title: '一月', plan: plan.id, period: 'month' })
  const buyer = await shop.buyer()
  const get = async (what: { offer: string }) => {
    const order = await shop.place(buyer, { ...shop.course, ...what })
    await shop.cashier(await shop.begin(buyer, order))
    return shop.becomes(buyer, order, 'paid')
  }
  const month = await get({ offer: offer.id })
  await listen(buyer, 20)
  const whole = await get(shop.course)
  assert.equal((await sumAfter(buyer, whole, 300))?.usedTenths, 0)
  await listen(buyer, 10)
  assert.deepEqual([(await sumAfter(buyer, whole, 300))?.usedTenths, (await sumAfter(buyer, month, 8))?.usedTenths], [5, 0])
})

test("an offer's own promise is told before buying, kept with the order, and holds whatever is promised later", async () => {
  const buyer = await shop.buyer()
  const promise = (policy: object | null) => shop.desk(`PUT /console/offers/${shop.course.offer}`, { ...termsOf(shop.course.id, 9900), policy })
  const told = async () => {
    const page = (await shop.app.ask(`GET /courses/${shop.course.id}`)).body
    return [(await shop.app.ask('POST /quotes', { offer: shop.course.offer })).body.policy, page.choices.find((one: { id: string }) => one.id === shop.course.offer).policy]
  }
  const academys = { days: 20, mostPercent: 10 }
  await shop.desk('POST /console/refund-policies', academys)
  assert.deepEqual(await told(), [academys, academys])
  const own = { days: 60, mostPercent: 50 }
  assert.deepEqual((await promise(own)).policy, own)
  assert.deepEqual(await told(), [own, own])
  const order = await shop.place(buyer, shop.course)
  assert.deepEqual(order.policy, own)
  await promise({ days: 0, mostPercent: 0 })
  await shop.desk('POST /console/refund-policies', { days: 90, mostPercent: 100 })
  assert.deepEqual(await told(), [{ days: 0, mostPercent: 0 }, { days: 0, mostPercent: 0 }])
  await shop.cashier(await shop.begin(buyer, order))
  await shop.becomes(buyer, order, 'paid')
  await listen(buyer, 20)
  const sum = await sumAfter(buyer, order, 60)
  assert.deepEqual([sum?.rule, sum?.amount, sum?.policyDays, sum?.policyPercent], ['policy', 9900, 60, 50])
  assert.equal((await sumAfter(buyer, order, 61))?.rule, 'used')
  const next = await bought()
  assert.equal((await sumAfter(next.buyer, next.order, 8))?.rule, 'used')
  await promise(null)
  const last = await bought()
  assert.deepEqual([(await shop.seen(last.buyer, last.order)).policy, (await sumAfter(last.buyer, last.order, 89))?.rule], [{ days: 90, mostPercent: 100 }, 'policy'])
})

test('what is sent alone or fills a purse has no promise of its own, and none is longer than a year', async () => {
  const goods = { kind: 'goods', ...termsOf('', 5000), title: '讲义', parcel: { goods: '讲义一册', fee: 0, freeFrom: null } }
  const refusedOf = async (body: object) => { const { error } = (await askOwner('POST /console/offers', body)).body; return [error.code, error.details.field] }
  assert.deepEqual(await refusedOf({ ...goods, policy: { days: 30, mostPercent: 30 } }), ['request.invalid', 'policy'])
  assert.equal((await refusedOf({ kind: 'course', ...termsOf(shop.course.id, 100), policy: { days: 366, mostPercent: 0 } }))[0], 'request.invalid')
  assert.equal((await shop.desk('POST /console/offers', goods)).policy, null)
})
