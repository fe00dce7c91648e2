// Plans over HTTP: unlocking, discounts, renewal, upgrade by what is left, trial, reminder, expiry; and rights from several sources at once.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { countAll, remindEnding } from '#modules/showcase/memberships/actions.ts'
import type { Json } from '#server/test/sandbox.ts'
import { codeOf, signInLearner } from '#server/test/server.ts'
import { openShop, publishCourse, termsOf, type Buyer, type Course, type Shop } from '#server/test/shop.ts'

const DAY = 86_400_000
let shiftMs = 0
let shop: Shop
let other: Course
let reader: Json
let scholar: Json
before(async () => {
  shop = await openShop({}, undefined, {}, () => new Date(Date.now() + shiftMs))
  other = await publishCourse(shop.app, shop.desk, 20_000)
  reader = await shop.desk('POST /console/plans', { title: '书友', about: '', rank: 1, unlocksAll: false, courses: [shop.course.id], discountBasisPoints: 8000, remindDays: 7 })
  scholar = await shop.desk('POST /console/plans', { title: '学者', about: '', rank: 2, unlocksAll: true, courses: [], discountBasisPoints: null, remindDays: 7 })
})
after(() => shop.stop())

const sell = (plan: Json, period: string, price: number, more: object = {}): Promise<Json> => shop.desk('POST /console/offers', { kind: 'plan', ...termsOf('', price), title: `${period}${price}`, plan: plan.id, period, ...more })
const buy = async (who: Buyer, offer: Json): Promise<Json> => {
  const order = await shop.place(who, { ...shop.course, offer: offer.id })
  if (order.state === 'paid') return order
  await shop.cashier(await shop.begin(who, order))
  return shop.becomes(who, order, 'paid')
}
const tryBuy = async (who: Buyer, offer: Json) => {
  const { total, agreementVersion, policy } = await shop.asBuyer(who, 'POST /quotes', { offer: offer.id })
  return shop.app.ask('POST /orders', { offer: offer.id, total, agreementVersion, policy, requestKey: `key-${Math.random().toString(36).slice(2, 12)}` }, { token: who.token })
}
const explain = (who: Buyer, course: Course): Promise<Json> => shop.asBuyer(who, `GET /courses/${course.id}/access`)
const own = async (who: Buyer): Promise<Json[]> => (await shop.asBuyer(who, 'GET /memberships')).own
const giveBack = (order: Json) => shop.desk(`POST /console/orders/${order.id}/refunds`, { reason: '学员申请', requestKey: `back-${order.number}` })
const daysUntil = (at: string) => Math.round((new Date(at).getTime() - Date.now()) / DAY)

test('a plan opens what it unlocks and makes the rest cheaper; both are told why, before and after', async () => {
  const month = await sell(reader, 'month', 3000)
  const who = await shop.buyer()
  const before = await shop.asBuyer(who, 'POST /quotes', { offer: other.offer })
  assert.deepEqual(before.lines.map((line: Json) => [line.step, line.reason, line.label, line.amount]), [['list', 'list_price', '把日子记下来', 20_000], ['plan_discount', 'plan_missing', '书友', 0]])
  const offered = async (course: Course) => (await shop.asBuyer(who, `GET /courses/${course.id}`)).memberships
  assert.deepEqual([await offered(shop.course), await offered(other)], [[{ title: '书友', price: 3000 }], []])
  const atHome = async (who?: Buyer) => (await shop.app.ask('GET /home', undefined, who ? { token: who.token } : {})).body.memberships
  assert.deepEqual([await atHome(), await atHome(who)], [[{ title: '书友', price: 3000 }], [{ title: '书友', price: 3000 }]])
  const order = await buy(who, month)
  assert.deepEqual(await offered(shop.course), [], 'whoever has the course needs none')
  assert.deepEqual(await atHome(who), [], 'whoever has a membership neither')
  assert.deepEqual([order.title, order.plan, order.course], ['书友 · month3000', reader.id, null])
  const told = await explain(who, shop.course)
  assert.deepEqual([told.open, told.lessons[0].access.reason, told.entitlements[0].title, told.entitlements[0].plan], [true, 'plan', '书友', reader.id])
  assert.equal((await explain(who, other)).open, false)
  const now = await shop.asBuyer(who, 'POST /quotes', { offer: other.offer })
  assert.deepEqual([now.total, now.lines.at(-1)], [16_000, { step: 'plan_discount', reason: 'plan_discount', label: '书友', amount: -4000, after: 16_000, count: 8000 }])
  assert.equal((await shop.asBuyer(who, 'GET /learning')).courses?.length ?? 0, 0)
})

test('a course bought, given and in a plan: the longest counts, and ending one leaves the others', async () => {
  const who = await shop.buyer()
  const plan = await buy(who, await sell(reader, 'season', 8000))
  const bought = await buy(who, { id: shop.course.offer })
  const best = async () => (await explain(who, shop.course)).lessons[0].access
  assert.deepEqual([(await best()).reason, (await best()).until], ['bought', null])
  await giveBack(bought)
  assert.equal((await best()).reason, 'plan')
  const { id } = await shop.asBuyer(who, 'GET /me')
  const far = new Date(Date.now() + 900 * DAY).toISOString()
  await shop.desk(`POST /console/members/${id}/entitlements`, { course: shop.course.id, until: far, note: '赠送' })
  assert.deepEqual([(await best()).reason, (await best()).until], ['granted', far])
  await giveBack(plan)
  assert.equal((await best()).reason, 'granted')
  assert.deepEqual((await explain(who, shop.course)).entitlements.map((one: Json) => [one.reason, one.live]), [['granted', true], ['bought', false], ['bought', false]])
})

test('buying again goes on where the first ends, and giving the first back moves the second forward', async () => {
  const month = await sell(reader, 'month', 2900)
  const who = await shop.buyer()
  const first = await buy(who, month)
  const one = (await own(who))[0]?.until
  await buy(who, month)
  const two = (await own(who))[0]?.until
  assert.ok(daysUntil(two) - daysUntil(one) >= 28, `${one} ${two}`)
  await giveBack(first)
  const [left] = await own(who)
  assert.ok(Math.abs(daysUntil(left?.until) - daysUntil(one)) <= 3, `${left?.until} ${one}`)
  assert.equal((await explain(who, shop.course)).open, true)
})

test('an upgrade costs the difference by whole days; it ends the lower tier, and giving it back lets that go on', async () => {
  const [low, high] = [await sell(reader, 'year', 36_500), await sell(scholar, 'year', 73_000)]
  const who = await shop.buyer()
  await buy(who, low)
  const quote = await shop.asBuyer(who, 'POST /quotes', { offer: high.id })
  const { count: days, amount } = quote.lines.at(-1)
  assert.ok(days === 364 || days === 365, String(days))
  assert.equal(amount, -Math.floor((36_500 * days) / daysUntil((await own(who))[0]?.until)))
  const order = await buy(who, high)
  assert.deepEqual(order.lines, quote.lines)
  assert.deepEqual((await own(who)).map((one) => one.title), ['学者'])
  assert.equal((await explain(who, other)).lessons[0].access.reason, 'plan')
  assert.equal((await explain(who, shop.course)).entitlements.find((one: Json) => one.plan === reader.id).revokedWhy, '已升级为「学者」')
  assert.equal(codeOf(await tryBuy(who, low)), 'plan.have_better')
  await giveBack(order)
  assert.deepEqual((await own(who)).map((one) => one.title), ['书友'])
})

test('what is left of a tier is spent by one upgrade at a time, however many are tried at once', async () => {
  const low = await sell(reader, 'year', 36_000)
  const highs = await Promise.all(['season', 'year', 'lifetime'].map((period, at) => sell(scholar, period, 80_000 + at)))
  const who = await shop.buyer()
  await buy(who, low)
  const answers = await Promise.all(highs.map((offer) => tryBuy(who, offer)))
  const won = answers.filter((answer) => answer.status === 200)
  assert.equal(won.length, 1, answers.map((answer) => answer.text).join('\n'))
  assert.deepEqual(answers.filter((answer) => answer.status !== 200).map(codeOf), ['order.credit_in_use', 'order.credit_in_use'])
  await shop.asBuyer(who, `POST /orders/${won[0]?.body.id}/closings`)
  assert.equal((await buy(who, highs[1])).state, 'paid')
})

test('the page of plans prices each for who looks, and says what they cannot have', async () => {
  const who = await shop.buyer()
  const lifetime = await sell(scholar, 'lifetime', 99_900)
  const { plans } = await shop.asBuyer(who, 'GET /memberships')
  const shown = plans.find((one: Json) => one.id === scholar.id).offers.find((one: Json) => one.id === lifetime.id)
  assert.deepEqual([shown.total, shown.credit, shown.can], [99_900, 0, true])
  await buy(who, lifetime)
  const after = (await shop.asBuyer(who, 'GET /memberships')).plans.flatMap((one: Json) => one.offers.map((offer: Json) => offer.can))
  assert.ok(after.every((can: boolean) => !can))
  assert.equal((await own(who))[0]?.until, null)
})

test('what does not make a time of a plan is refused by field', async () => {
  const ask = async (body: object) => (await shop.app.ask('POST /console/offers', { kind: 'plan', ...termsOf('', 100), title: '月卡', plan: reader.id, period: 'month', ...body }, { cookie: shop.owner })).body.error?.details.field
  assert.deepEqual([await ask({ period: null }), await ask({ plan: null }), await ask({ title: '' }), await ask({ accessDays: 3 }), await ask({ courses: [other.id] })], ['period', 'plan', 'title', 'accessDays', 'courses'])
  assert.equal(codeOf(await shop.app.ask('POST /console/offers', { kind: 'course', ...termsOf(other.id, 100), plan: reader.id }, { cookie: shop.owner })), 'request.invalid')
})

test('what members pay, and what an upgrade leaves to pay, has its item at WeChat and can be paid there', async () => {
  const who = await shop.buyer()
  const client = 'wechat/android/device-plan'
  await buy(who, await sell(reader, 'year', 36_500))
  const member = await shop.place(who, { ...shop.course, offer: other.offer }, client)
  const upgrade = await shop.place(who, { ...shop.course, offer: (await sell(scholar, 'year', 73_000)).id }, client)
  assert.ok(member.total === 16_000 && upgrade.total > 0 && upgrade.total < 73_000)
  for (const order of [member, upgrade]) assert.equal((await payable(who, order, client)).action?.kind, 'wechat_virtual')
})

/** WeChat publishes an item in its own time: asked again, not too often, while its clock goes on. */
async function payable(who: Buyer, order: Json, client: string): Promise<Json> {
  for (let round = 0; ; round += 1) {
    const answer = await shop.app.ask(`POST /orders/${order.id}/payments`, { wide: false }, { token: who.token, client })
    if (answer.status === 200 || round === 15) return answer.body
    assert.equal(codeOf(answer), 'payment.item_not_ready')
    await shop.advance(2)
    await new Promise((resolve) => setTimeout(resolve, 1200))
  }
}

test('a trial is free, once, and only for who never had the plan; the reminder comes before the end, and then it has ended', async () => {
  const trial = await sell(reader, 'trial', 0, { accessDays: 10 })
  const who = await shop.buyer()
  assert.equal((await buy(who, trial)).total, 0)
  assert.deepEqual((await own(who)).map((one) => [one.trial, one.remind, daysUntil(one.until)]), [[true, false, 10]])
  assert.equal(codeOf(await tryBuy(who, trial)), 'plan.trial_used')
  shiftMs = 5 * DAY
  assert.equal((await own(who))[0]?.remind, true)
  const row = (await countAll(shop.app.app.ctx)).items.find((one) => one.plan.id === reader.id)
  assert.ok(row && row.members >= row.endingSoon && row.endingSoon >= 1)
  shiftMs = 11 * DAY
  assert.deepEqual([await own(who), (await explain(who, shop.course)).lessons[0].access.reason], [[], 'ended'])
  shiftMs = 0
})

test('who has a number is told once by a text that a membership ends, and again only of another end', async () => {
  const yearly = await sell(await shop.desk('POST /console/plans', { title: '灯友', about: '', rank: 3, unlocksAll: true, courses: [], discountBasisPoints: null, remindDays: 5 }), 'month', 1000)
  const phone = `138${String(Math.floor(Math.random() * 1e8)).padStart(8, '0')}`
  const who = { ...(await shop.buyer()), token: await signInLearner(shop.app, phone) }
  await buy(who, yearly)
  const inbox = async (): Promise<string[]> => (await shop.sim('GET', `/__sim/sms?phone=${phone}`)).items.map((one: Json) => one.text).filter((text: string) => text.includes('会员'))
  const onDay = (days: number) => ({ ...shop.app.app.ctx, now: () => new Date(Date.now() + shiftMs + days * DAY) })
  const end = new Date((await own(who))[0].until)
  const left = Math.floor((end.getTime() - Date.now() - shiftMs) / DAY)
  await remindEnding(onDay(left - 8))
  assert.deepEqual(await inbox(), [])
  await Promise.all([1, 2, 3].map(() => remindEnding(onDay(left - 3))))
  await remindEnding(onDay(left - 2))
  const day = new Date(end.getTime() + 8 * 3_600_000).toISOString().slice(0, 10)
  assert.deepEqual(await inbox(), [`【书院】您的「灯友」会员将于${day}到期，续费后从到期日接着算。`])
  await buy(who, yearly)
  await remindEnding(onDay(left - 1))
  assert.equal((await inbox()).length, 1, 'whoever renewed is not told of the old end')
  await shop.fault('lose_answer', { api: 'sms' })
  const next = Math.floor((new Date((await own(who))[0].until).getTime() - Date.now() - shiftMs) / DAY)
  await remindEnding(onDay(next - 2))
  await remindEnding(onDay(next - 1))
  assert.equal((await inbox()).length, 2, 'a text whose answer was lost is not sent again')
})
