// Sharing an order's money over HTTP against the sandbox: F6, F10, F23, refunds after sharing, and what the books say.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import pg from 'pg'
import { sweepRefunds } from '#modules/trade/refunds/actions.ts'
import { cents } from '#contracts/words/money.ts'
import { openWechatPay } from '#gateways/wechatpay/client.ts'
import { readConfig } from '#server/config.ts'
import { openShop, publishCourse, type Course, type Shop } from '#server/test/shop.ts'
import { codeOf, until } from '#server/test/server.ts'
import type { Json } from '#server/test/sandbox.ts'
import { sweepShares } from './actions.ts'

const day = 86_400
let shop: Shop
let partner: Json
let teacher: Json

before(async () => {
  shop = await openShop()
  partner = await shop.desk('POST /console/share-receivers', { kind: 'merchant', account: '1900000109', name: '合作机构有限公司', relation: 'PARTNER' })
  teacher = await shop.desk('POST /console/share-receivers', { kind: 'person', account: 'oTeacherTeacherTeacherTeach', name: '沈一白', relation: 'STAFF' })
  await setRates(shop.course, [[partner, 2000], [teacher, 1000]])
})
after(() => shop.stop())

const ask = (route: string, body?: unknown) => shop.app.ask(route, body, { cookie: shop.owner })
const setRates = (course: Course, rates: [Json, number][]) => shop.desk(`PUT /console/offers/${course.offer}/share-rates`, { rates: rates.map(([receiver, basisPoints]) => ({ receiver: receiver.id, basisPoints })) })
const later = (seconds: number) => ({ ...shop.app.app.ctx, now: () => new Date(Date.now() + seconds * 1000) })
const shareOf = async (order: { id: string }): Promise<Json> => (await shop.desk('GET /console/shares?limit=100')).items.find((share: Json) => share.order === order.id)
const linesOf = async (order: { id: string }): Promise<Json[]> => (await shareOf(order)).lines.toSorted((a: Json, b: Json) => b.basisPoints - a.basisPoints)
const gotAt = async (account: string): Promise<number> => (await shop.sim('GET', `/__sim/ledger?tenant=${shop.app.tenant.appid}`)).balances[`receiver:${account}`] ?? 0

async function bought(course = shop.course) {
  const buyer = await shop.buyer()
  const order = await shop.place(buyer, course)
  await shop.cashier(await shop.begin(buyer, order))
  await shop.becomes(buyer, order, 'paid')
  await until(() => shareOf(order))
  await shop.advance(61)
  return { buyer, order }
}

let rounds = 0
/** So many rounds of the sweep, eight days on, with time for the platform between them. */
async function share(times: number, seconds = 8 * day) {
  for (let at = 0; at < times; at += 1) {
    await sweepShares(later(seconds + 30 * (rounds += 1)))
    await shop.advance(15)
  }
}

test('money cools, is shared by the rates of the offer, each part is booked, and the rest is set free', async () => {
  const before = [await gotAt(partner.account), await gotAt(teacher.account)]
  const { order } = await bought()
  await sweepShares(later(6 * day))
  assert.deepEqual((await linesOf(order)).map((line) => [line.amount, line.state]), [[1980, 'waiting'], [990, 'waiting']])
  await share(6)
  const done = await shareOf(order)
  assert.deepEqual([done.state, (await linesOf(order)).map((line) => line.state)], ['done', ['done', 'done']])
  assert.deepEqual([(await gotAt(partner.account)) - (before[0] ?? 0), (await gotAt(teacher.account)) - (before[1] ?? 0)], [1980, 990])
  assert.deepEqual(await shop.whatsOf(order), ['sale', 'profit_share', 'profit_share'])
  await shop.isBalanced()
})

test('an order of an offer without receivers is placed without sharing', async () => {
  const course = await publishCourse(shop.app, shop.desk, 5000)
  const buyer = await shop.buyer()
  const order = await shop.place(buyer, course)
  await shop.cashier(await shop.begin(buyer, order))
  await shop.becomes(buyer, order, 'paid')
  assert.equal(await shareOf(order), undefined)
})

test('F23: a receiver that the platform refuses leaves the others alone, waits for a person, and is tried again by a new number', async () => {
  const { order } = await bought()
  await shop.fault('share_outcome', { value: 'RECEIVER_HIGH_RISK' })
  await share(6)
  const waiting = await shareOf(order)
  assert.deepEqual([waiting.state, waiting.can], ['sharing', ['release']])
  const refused = waiting.lines.find((line: Json) => line.state === 'closed')
  assert.deepEqual([refused.why, refused.can, waiting.lines.filter((line: Json) => line.state === 'done').length], ['RECEIVER_HIGH_RISK', ['retry'], 1])
  await shop.desk(`POST /console/share-lines/${refused.id}/retries`)
  assert.equal(codeOf(await ask(`POST /console/share-lines/${refused.id}/retries`)), 'share.state_forbids')
  await share(6)
  assert.equal((await shareOf(order)).state, 'done')
  assert.deepEqual((await shop.whatsOf(order)).filter((what) => what === 'profit_share').length, 2)
})

test('a refused part that is given up becomes ours; one that nobody looks at is given up before the platform sets it free', async () => {
  const [{ order: first }, { order: second }] = [await bought(), await bought()]
  await shop.fault('share_outcome', { value: 'RECEIVER_RECEIPT_LIMIT', count: 4 })
  await share(6)
  await shop.desk(`POST /console/shares/${(await shareOf(first)).id}/releases`)
  await share(2)
  assert.deepEqual([(await shareOf(first)).state, (await shareOf(second)).state], ['done', 'sharing'])
  await share(3, 30 * day)
  assert.equal((await shareOf(second)).state, 'done')
  assert.deepEqual(await shop.whatsOf(first), ['sale'])
  rounds += 100_000
})

for (const [name, kind, more] of [
  ['F6: SYSTEM_ERROR', 'refuse', { api: 'share', code: 'SYSTEM_ERROR', status: 500 }],
  ['F6: a request that was lost', 'lose_request', { api: 'share' }],
  ['F6: an answer that was lost, with the effect', 'lose_answer', { api: 'share' }],
  ['F10: the limiter of one order', 'refuse', { api: 'share', code: 'FREQUENCY_LIMITED', status: 429 }],
  ['F29: an answer that cannot be believed', 'forge_answer', { api: 'share', how: 'wrong_key' }],
] as const)
  test(`${name} shares once`, async () => {
    const before = await gotAt(partner.account)
    const { order } = await bought()
    await shop.fault(kind, more)
    await share(8, 40 * day)
    assert.equal((await shareOf(order)).state, 'done')
    assert.equal((await gotAt(partner.account)) - before, 1980)
    assert.deepEqual((await shop.whatsOf(order)).filter((what) => what === 'profit_share').length, 2)
  })

test('many sweeps at once share once', async () => {
  const before = await gotAt(partner.account)
  const { order } = await bought()
  for (let at = 0; at < 6; at += 1) {
    const seconds = 40 * day + 30 * (rounds += 1)
    await Promise.all(Array.from({ length: 5 }, () => sweepShares(later(seconds))))
    await shop.advance(15)
  }
  await share(2, 40 * day)
  assert.equal((await gotAt(partner.account)) - before, 1980)
  assert.deepEqual((await shop.whatsOf(order)).filter((what) => what === 'profit_share').length, 2)
})

const giveBack = (order: { id: string }, more: object = {}) => shop.desk(`POST /console/orders/${order.id}/refunds`, { reason: '学员申请', requestKey: `key-of-part-${(rounds += 1)}`, ...more })

/** Sweeps until the money of an order's refund, counted from the first, went back. */
const refunded = (order: { id: string }, at: number) => until(async () => {
  await sweepRefunds(later(41 * day + 30 * (rounds += 1)))
  await shop.advance(5)
  return (await shop.detail(order)).refunds[at].state === 'done'
})

test('F23: a refund after sharing first takes the parts back from merchants, by the rate they were shared at', async () => {
  const { buyer, order } = await bought()
  await share(6, 40 * day)
  const before = await gotAt(partner.account)
  await giveBack(order, { amount: 5000 })
  assert.equal((await linesOf(order))[0]?.returned, 1000)
  assert.equal((await shop.detail(order)).refunds[0].state, 'begun', 'the learner is paid when the partner has paid')
  await refunded(order, 0)
  assert.equal(before - (await gotAt(partner.account)), 1000)
  await shop.advance(60)
  await giveBack(order)
  await refunded(order, 1)
  await shop.becomes(buyer, order, 'refunded')
  assert.equal(before - (await gotAt(partner.account)), 1980, 'the last refund takes all that is left')
  assert.deepEqual((await shop.whatsOf(order)).filter((what) => what === 'refund_done').length, 2)
  await shop.isBalanced()
})

test('a partner who cannot pay does not keep the learner waiting', async () => {
  const { buyer, order } = await bought()
  await share(6, 40 * day)
  await shop.fault('return_outcome', { value: 'BALANCE_NOT_ENOUGH' })
  await giveBack(order)
  await refunded(order, 0)
  await shop.becomes(buyer, order, 'refunded')
  assert.equal((await linesOf(order))[0]?.returned, 0)
  await shop.isBalanced()
})

test('a refund while money cools leaves less to share, and a whole one leaves nothing', async () => {
  const [{ order: part }, { buyer, order: whole }] = [await bought(), await bought()]
  await giveBack(part, { amount: 4900 })
  await giveBack(whole)
  await refunded(whole, 0)
  await shop.becomes(buyer, whole, 'refunded')
  await share(8, 40 * day)
  assert.deepEqual((await linesOf(part)).map((line) => [line.amount, line.state]), [[1000, 'done'], [500, 'done']])
  assert.deepEqual((await linesOf(whole)).map((line) => [line.amount, line.state]), [[0, 'dropped'], [0, 'dropped']])
  assert.equal((await shareOf(whole)).state, 'done')
})

test('a refund that is faster than the planning of the sharing leaves nothing to share', async () => {
  const db = new pg.Client({ connectionString: shop.app.databaseUrl })
  await db.connect()
  await db.query(`create function hold_plans() returns trigger language plpgsql as $$ begin if new.name = 'shares.plan' then new.start_after := now() + interval '1 day'; end if; return new; end $$`)
  await db.query('create trigger hold_plans before insert on pgboss.job for each row execute function hold_plans()')
  const buyer = await shop.buyer()
  const order = await shop.place(buyer, shop.course)
  await shop.cashier(await shop.begin(buyer, order))
  await shop.becomes(buyer, order, 'paid')
  assert.equal(await shareOf(order), undefined, 'nobody has planned yet')
  await giveBack(order)
  await refunded(order, 0)
  await db.query('drop trigger hold_plans on pgboss.job')
  await db.query("update pgboss.job set start_after = now() where name = 'shares.plan' and state = 'created'")
  await db.end()
  await share(8, 40 * day)
  assert.deepEqual((await linesOf(order)).map((line) => [line.amount, line.state]), [[0, 'dropped'], [0, 'dropped']])
  assert.equal((await shareOf(order)).state, 'done')
  await shop.isBalanced()
})

test('rates stay under the cap, name receivers in use, once each', async () => {
  const rates = (...all: [string, number][]) => ask(`PUT /console/offers/${shop.course.offer}/share-rates`, { rates: all.map(([receiver, basisPoints]) => ({ receiver, basisPoints })) })
  assert.equal(codeOf(await rates([partner.id, 2000], [teacher.id, 1001])), 'share.over_cap')
  assert.equal(codeOf(await rates([partner.id, 100], [partner.id, 100])), 'thing.not_found')
  const gone = await shop.desk('POST /console/share-receivers', { kind: 'merchant', account: '1900000111', name: '旧伙伴', relation: 'PARTNER' })
  await shop.desk(`DELETE /console/share-receivers/${gone.id}`)
  assert.equal(codeOf(await rates([gone.id, 100])), 'thing.not_found')
  await shop.desk('PUT /console/share-terms', { coolingDays: 7, capBasisPoints: 3001 })
  assert.equal((await rates([partner.id, 2000], [teacher.id, 1001])).status, 200)
})

test('a receiver that WeChat Pay does not take is not kept', async () => {
  const wrong = await ask('POST /console/share-receivers', { kind: 'merchant', account: 'not-a-number', name: '谁', relation: 'PARTNER' })
  assert.equal(codeOf(wrong), 'share.receiver_refused')
})

test("a refund from the merchant's own console shrinks what is not shared yet, and what was shared is asked back by its rate", async () => {
  const gateway = openWechatPay(readConfig({ ...shop.app.tenant.env, DATABASE_URL: 'postgres://unused', SECRET: 'a secret that only tests know, 32+ chars' }).wechatPay, () => new Date())
  const giveBackElsewhere = async (order: { id: string }, outRefundNo: string, amount: number) => {
    const [attempt] = await shop.attempts(order)
    await gateway.refund({ outTradeNo: attempt?.['outTradeNo'], outRefundNo, refund: cents(amount), total: cents(9900), notifyUrl: `${shop.app.url}/api/callbacks/wechatpay/refunds` })
    await shop.advance(5)
    await until(async () => (await shop.detail(order)).refunds[0]?.state === 'done')
  }
  const { order: early } = await bought()
  await giveBackElsewhere(early, 'CONSOLE-EARLY', 4900)
  assert.deepEqual([(await shareOf(early)).refunding, (await linesOf(early)).map((line) => line.amount)], [4900, [1000, 500]])
  const { order: late } = await bought()
  await share(6, 40 * day)
  const held = await gotAt(partner.account)
  await giveBackElsewhere(late, 'CONSOLE-LATE', 5000)
  await share(6, 40 * day)
  assert.deepEqual((await linesOf(late)).map((line) => line.returned), [1000, 0], 'a person cannot be asked')
  assert.equal(held - (await gotAt(partner.account)), 1000)
  await shop.isBalanced()
})
