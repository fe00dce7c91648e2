// Paying people over HTTP against the sandbox: confirming, caps, two persons, F6, F24, and never two payments for one.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from '#kernel/db.ts'
import { openShop, type Buyer, type Shop } from '#server/test/shop.ts'
import { codeOf, signInLearner, until } from '#server/test/server.ts'
import type { Json } from '#server/test/sandbox.ts'
import { sweepPayouts } from './actions.ts'

let shop: Shop
let second: string
let teacher: Buyer
let member: string

before(async () => {
  shop = await openShop()
  teacher = await shop.buyer()
  member = (await shop.asBuyer(teacher, 'GET /me')).id
  await shop.desk('POST /console/staff', { name: '财务', email: 'finance@example.com', role: 'finance', password: 'a long enough password' })
  const answer = await shop.app.ask('POST /console/sessions', { email: 'finance@example.com', password: 'a long enough password' })
  second = (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
  await shop.desk('PUT /console/payout-terms', { approveAbove: 50_000, dayCap: 10_000_000 })
})
after(() => shop.stop())

let keys = 0
const ask = (route: string, body?: unknown, cookie = shop.owner) => shop.app.ask(route, body, { cookie })
const begin = (more: object = {}) => ask('POST /console/payouts', { member, amount: 5000, role: '讲师', reason: '十一月讲课', requestKey: `key-of-payout-${(keys += 1)}`, ...more })
const seen = async ({ id }: { id: string }): Promise<Json> => (await shop.desk('GET /console/payouts?limit=100')).items.find((one: Json) => one.id === id)
const becomes = (payout: { id: string }, state: string): Promise<Json> => until(async () => {
  const now = await seen(payout)
  return now.state === state && now
})
const own = async ({ id }: { id: string }): Promise<Json> => (await shop.asBuyer(teacher, 'GET /payouts')).items.find((one: Json) => one.id === id)
const confirm = async (payout: { id: string }): Promise<Json> => shop.sim('POST', '/__client/transfer', { appid: shop.app.tenant.appid, user: teacher.user, ...(await own(payout)).confirm })
const later = (seconds: number) => ({ ...shop.app.app.ctx, now: () => new Date(Date.now() + seconds * 1000) })
const owed = async (): Promise<number> => (await shop.desk('GET /console/ledger/accounts')).items.find((one: Json) => one.account === 'liability:payouts_under_way').balance
const paidAt = async (): Promise<number> => Object.entries((await shop.sim('GET', `/__sim/ledger?tenant=${shop.app.tenant.appid}`)).balances as Record<string, number>).reduce((sum, [name, amount]) => sum + (name.startsWith('payee:') ? amount : 0), 0)

async function confirming(more: object = {}) {
  const { body } = await begin(more)
  return becomes(body, 'confirming')
}

test('begun, confirmed by the person, told by a notice, booked, and only theirs to see', async () => {
  const before = await paidAt()
  const payout = await confirming()
  assert.equal(await owed(), 5000)
  const stranger = await shop.buyer()
  assert.deepEqual((await shop.asBuyer(stranger, 'GET /payouts')).items, [])
  assert.equal(codeOf(await shop.app.ask(`POST /payouts/${payout.id}/checks`, undefined, { token: stranger.token })), 'thing.not_found')
  assert.deepEqual(Object.keys((await own(payout)).confirm), ['mchId', 'appId', 'package', 'page'])
  assert.equal((await confirm(payout)).errCode, 0)
  await shop.advance(5)
  await becomes(payout, 'done')
  assert.deepEqual([await owed(), (await paidAt()) - before, (await own(payout)).confirm], [0, 5000, null])
  await shop.isBalanced()
})

test('much money needs a second person: the first cannot agree, the second can, once', async () => {
  const { body: payout } = await begin({ amount: 50_001 })
  assert.deepEqual([payout.state, payout.can], ['requested', ['agree', 'reject']])
  assert.equal(await own(payout), undefined)
  assert.equal(codeOf(await ask(`POST /console/payouts/${payout.id}/agreements`)), 'payout.same_person')
  const answers = await Promise.all(Array.from({ length: 5 }, () => ask(`POST /console/payouts/${payout.id}/agreements`, undefined, second)))
  assert.equal(answers.filter((answer) => answer.status === 200).length, 1)
  await becomes(payout, 'confirming')
  const { body: other } = await begin({ amount: 60_000 })
  assert.equal((await ask(`POST /console/payouts/${other.id}/rejections`, { answer: '这个月已经付过' })).body.state, 'rejected')
  assert.equal(codeOf(await ask(`POST /console/payouts/${other.id}/agreements`, undefined, second)), 'payout.state_forbids')
})

test('a payout pressed ten times at once is one; twenty at once stay under the cap of the day', async () => {
  const same = await Promise.all(Array.from({ length: 10 }, () => begin({ requestKey: 'the-same-key' })))
  assert.equal(new Set(same.map((answer) => answer.body.id)).size, 1)
  const used = (await shop.desk('GET /console/payouts?limit=100')).items.filter((one: Json) => !['failed', 'cancelled', 'rejected'].includes(one.state)).reduce((sum: number, one: Json) => sum + one.amount, 0)
  await shop.desk('PUT /console/payout-terms', { approveAbove: 50_000, dayCap: used + 3000 })
  const answers = await Promise.all(Array.from({ length: 20 }, () => begin({ amount: 1000 })))
  assert.equal(answers.filter((answer) => answer.status === 200).length, 3)
  assert.deepEqual([...new Set(answers.filter((answer) => answer.status !== 200).map(codeOf))], ['payout.over_day_cap'])
  await until(async () => (await shop.desk('GET /console/payouts?limit=100&state=sending')).items.length === 0)
  await shop.desk('PUT /console/payout-terms', { approveAbove: 50_000, dayCap: 10_000_000 })
})

for (const [name, kind, more] of [
  ['F6: SYSTEM_ERROR', 'refuse', { api: 'transfer', code: 'SYSTEM_ERROR', status: 500 }],
  ['F6: a request that was lost', 'lose_request', { api: 'transfer' }],
  ['F6: an answer that was lost, with the effect', 'lose_answer', { api: 'transfer' }],
  ['F29: an answer that cannot be believed', 'forge_answer', { api: 'transfer', how: 'wrong_key' }],
] as const)
  test(`${name} is not a failure: the same number is told again, and the person is paid once`, async () => {
    const before = await paidAt()
    await shop.fault(kind, more)
    const { body: payout } = await begin()
    await until(async () => (await seen(payout)).problem)
    assert.equal(codeOf(await ask(`POST /console/payouts/${payout.id}/retries`)), 'payout.state_forbids', 'no new number while nobody knows')
    await sweepPayouts(later(60))
    await becomes(payout, 'confirming')
    await confirm(payout)
    await shop.advance(5)
    await becomes(payout, 'done')
    assert.equal((await paidAt()) - before, 5000)
  })

test('a refusal after an answer that was lost is no failure either: WeChat Pay is asked whether it has the number', async () => {
  const before = await paidAt()
  await shop.fault('lose_answer', { api: 'transfer' })
  const { body: payout } = await begin()
  await until(async () => (await seen(payout)).problem)
  await shop.fault('refuse', { api: 'transfer', code: 'RULE_LIMIT', status: 403 })
  await sweepPayouts(later(60))
  assert.deepEqual([(await seen(payout)).state, (await seen(payout)).problem, (await seen(payout)).can], ['sending', 'RULE_LIMIT', []])
  await sweepPayouts(later(120))
  await becomes(payout, 'confirming')
  await confirm(payout)
  await shop.advance(5)
  await becomes(payout, 'done')
  assert.equal((await paidAt()) - before, 5000)
  await shop.fault('refuse', { api: 'transfer', code: 'RULE_LIMIT', status: 403 })
  const { body: refused } = await begin()
  assert.deepEqual([(await becomes(refused, 'failed')).problem, (await seen(refused)).can], ['RULE_LIMIT', ['retry']])
  await shop.isBalanced()
})

test('one that was heard, and whose day is over before anybody heard the answer, has failed', async () => {
  const under = await owed()
  await shop.fault('lose_answer', { api: 'transfer' })
  const { body: payout } = await begin()
  await until(async () => (await seen(payout)).problem)
  await shop.fault('drop_notice', { api: 'wechatpay', count: 20 })
  await shop.advance(86_401)
  await sweepPayouts(later(90_000))
  await becomes(payout, 'failed')
  await shop.app.sandbox.ask('DELETE', `/__sim/faults?tenant=${shop.app.tenant.appid}`)
  assert.ok((await owed()) <= under)
  await shop.isBalanced()
})

test('the cap of the day counts what is agreed to today, whenever it was asked for', async () => {
  const { body: first } = await begin({ amount: 90_000 })
  const { body: other } = await begin({ amount: 90_000 })
  await shop.app.app.ctx.db.query(sql`update payouts set made_at = made_at - interval '2 days' where state not in ('done', 'failed', 'cancelled', 'rejected') or id = ${first.id}`)
  const { rows } = await shop.app.app.ctx.db.query<{ sum: number }>(sql`select coalesce(sum(amount), 0)::int as sum from payouts where coalesce(begun_at, made_at) >= now() - interval '1 day' and state not in ('asked', 'requested', 'failed', 'cancelled', 'rejected')`)
  await shop.desk('PUT /console/payout-terms', { approveAbove: 50_000, dayCap: (rows[0]?.sum ?? 0) + 100_000 })
  const answers = await Promise.all([first, other].map((payout) => ask(`POST /console/payouts/${payout.id}/agreements`, undefined, second)))
  assert.deepEqual(answers.map((answer) => (answer.status === 200 ? 'agreed' : codeOf(answer))).toSorted(), ['agreed', 'payout.over_day_cap'])
  await shop.desk('PUT /console/payout-terms', { approveAbove: 50_000, dayCap: 10_000_000 })
})

test('F24: nobody confirms in a day: it failed, the books owe nothing, and a new number may follow', async () => {
  const payout = await confirming()
  const before = await owed()
  await shop.fault('drop_notice', { api: 'wechatpay', count: 20 })
  await shop.advance(86_401)
  await sweepPayouts(later(90_000))
  assert.deepEqual([(await becomes(payout, 'failed')).problem, (await seen(payout)).can], ['OVERDUE_CLOSE', ['retry']])
  assert.ok((await owed()) < before)
  await shop.app.sandbox.ask('DELETE', `/__sim/faults?tenant=${shop.app.tenant.appid}`)
  const answers = await Promise.all(Array.from({ length: 5 }, () => ask(`POST /console/payouts/${payout.id}/retries`)))
  assert.equal(answers.filter((answer) => answer.status === 200).length, 1)
  await becomes(payout, 'confirming')
  await confirm(payout)
  await shop.advance(5)
  await becomes(payout, 'done')
  await shop.isBalanced()
})

test('F24: an account that cannot receive fails after confirming', async () => {
  await shop.fault('transfer_outcome', { value: 'REAL_NAME_CHECK_FAIL' })
  const payout = await confirming()
  await confirm(payout)
  await shop.advance(5)
  assert.equal((await becomes(payout, 'failed')).problem, 'REAL_NAME_CHECK_FAIL')
})

test('cancelled while nobody confirmed; one that was confirmed first is paid and says so', async () => {
  const payout = await confirming()
  assert.equal((await ask(`POST /console/payouts/${payout.id}/cancellations`)).body.state, 'cancelling')
  await shop.advance(5)
  await becomes(payout, 'cancelled')
  const raced = await confirming()
  await confirm(raced)
  const answer = await ask(`POST /console/payouts/${raced.id}/cancellations`)
  assert.notEqual(answer.body.state, 'cancelled')
  await shop.advance(5)
  await becomes(raced, 'done')
  await shop.isBalanced()
})

test('a member without WeChat cannot be paid, nor two thousand yuan at once', async () => {
  const token = await signInLearner(shop.app, '13800138111')
  const { id } = (await shop.app.ask('GET /me', undefined, { token })).body
  assert.equal(codeOf(await begin({ member: id })), 'payout.no_account')
  assert.equal(codeOf(await begin({ amount: 200_000 })), 'request.invalid')
  assert.equal(codeOf(await begin({ amount: 9 })), 'request.invalid')
})

const due = (amount: number, requestKey = `due-of-test-${(keys += 1)}`, to = member) => ask('POST /console/dues', { member: to, amount, reason: '十一月分成', requestKey })
const withdraw = (amount: number, requestKey = `withdrawal-${(keys += 1)}`, who = teacher) => shop.app.ask('POST /payouts', { amount, requestKey }, { token: who.token })
const mine = async (): Promise<Json> => shop.asBuyer(teacher, 'GET /payouts')
const booked = async (): Promise<number> => (await shop.desk('GET /console/ledger/accounts')).items.find((one: Json) => one.account === 'liability:owed_to_people').balance
/** What the books owe to people is what they may ask for and what they have asked for. */
async function agreesWithBooks(): Promise<void> {
  const { owed: left } = await mine()
  const asked = (await shop.desk('GET /console/payouts?limit=100')).items.filter((one: Json) => one.fromOwed && ['asked', 'requested'].includes(one.state)).reduce((sum: number, one: Json) => sum + one.amount, 0)
  assert.equal(await booked(), left + asked)
}

async function paidOut(payout: { id: string }): Promise<void> {
  await becomes(payout, 'confirming')
  assert.equal((await confirm(payout)).errCode, 0)
  await shop.advance(5)
  await becomes(payout, 'done')
}

test('what is owed is recorded once, asked for, agreed to, confirmed and gone from the books', async () => {
  const answers = await Promise.all(Array.from({ length: 6 }, () => due(30_000, 'the-same-due')))
  assert.equal(new Set(answers.map((answer) => answer.body.id)).size, 1)
  assert.equal((await mine()).owed, 30_000)
  assert.equal(codeOf(await due(-30_001)), 'payout.owed_too_little')
  assert.equal((await due(-5000)).status, 200)
  const { body: payout } = await withdraw(12_000)
  assert.deepEqual([payout.state, payout.can, (await mine()).owed], ['asked', ['cancel'], 13_000])
  await agreesWithBooks()
  assert.equal((await ask(`POST /console/payouts/${payout.id}/agreements`)).body.state, 'sending')
  await paidOut(payout)
  assert.deepEqual([await booked(), (await mine()).owed], [13_000, 13_000])
  await shop.isBalanced()
})

test('twenty asks at once for what is owed: never more than it, and the same ask is one', async () => {
  const { owed: left } = await mine()
  const answers = await Promise.all(Array.from({ length: 20 }, () => withdraw(2000)))
  assert.equal(answers.filter((answer) => answer.status === 200).length, Math.floor(left / 2000))
  assert.deepEqual([...new Set(answers.filter((answer) => answer.status !== 200).map(codeOf))], ['payout.owed_too_little'])
  await agreesWithBooks()
  const [first, ...others] = answers.filter((answer) => answer.status === 200).map((answer) => answer.body)
  await Promise.all(others.map((one) => shop.asBuyer(teacher, `POST /payouts/${one.id}/cancellations`)))
  const refused = await ask(`POST /console/payouts/${first.id}/rejections`, { answer: '请先补齐实名' })
  assert.deepEqual([refused.body.state, (await own(first)).answer, (await mine()).owed], ['rejected', '请先补齐实名', left])
  const same = await Promise.all(Array.from({ length: 8 }, () => withdraw(1000, 'one-and-the-same')))
  assert.deepEqual([new Set(same.map((answer) => answer.body.id)).size, (await mine()).owed], [1, left - 1000])
  await agreesWithBooks()
})

test('taken back and agreed to at once: one of them wins, and the money is in one place', async () => {
  await due(20_000)
  for (let round = 0; round < 4; round += 1) {
    const before = (await mine()).owed
    const { body: payout } = await withdraw(1000)
    const [agreed, cancelled] = await Promise.all([ask(`POST /console/payouts/${payout.id}/agreements`), shop.app.ask(`POST /payouts/${payout.id}/cancellations`, undefined, { token: teacher.token })])
    if (agreed.status === 200) await paidOut(payout)
    const { state } = await seen(payout)
    assert.ok(agreed.status === 200 || cancelled.status === 200)
    assert.equal((await mine()).owed, state === 'cancelled' ? before : before - 1000, state)
    await agreesWithBooks()
  }
})

test('what is much and owed needs two operators; what nobody confirmed is owed again and cannot be paid by a new number', async () => {
  await due(60_000)
  const before = (await mine()).owed
  const { body: payout } = await withdraw(50_001)
  assert.equal((await ask(`POST /console/payouts/${payout.id}/agreements`)).body.state, 'requested')
  assert.equal(codeOf(await ask(`POST /console/payouts/${payout.id}/agreements`)), 'payout.same_person')
  assert.equal((await ask(`POST /console/payouts/${payout.id}/agreements`, undefined, second)).status, 200)
  await becomes(payout, 'confirming')
  await shop.advance(86_401)
  await until(async () => {
    await sweepPayouts(later(90_000))
    return (await own(payout)).state === 'failed'
  })
  assert.deepEqual([(await own(payout)).problem, (await mine()).owed, (await seen(payout)).can], ['OVERDUE_CLOSE', before, []])
  assert.equal(codeOf(await ask(`POST /console/payouts/${payout.id}/retries`)), 'payout.state_forbids')
  await agreesWithBooks()
  await shop.isBalanced()
})

test('a stranger takes nothing back, and without WeChat nothing can be asked for', async () => {
  const { body: payout } = await withdraw(1000)
  const stranger = await shop.buyer()
  assert.equal(codeOf(await shop.app.ask(`POST /payouts/${payout.id}/cancellations`, undefined, { token: stranger.token })), 'thing.not_found')
  assert.equal(codeOf(await withdraw(1000, undefined, stranger)), 'payout.owed_too_little')
  const token = await signInLearner(shop.app, '13800138112')
  const { id } = (await shop.app.ask('GET /me', undefined, { token })).body
  await due(5000, undefined, id)
  assert.equal(codeOf(await withdraw(1000, undefined, { token, user: '' })), 'payout.no_account')
  assert.deepEqual([(await shop.app.ask('GET /payouts', undefined, { token })).body.reachable, (await mine()).reachable], [false, true])
})
