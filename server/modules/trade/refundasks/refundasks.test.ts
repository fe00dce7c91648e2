// What a learner asks back inside Douyin, over HTTP: it gets our number, waits for a word, and ends by it or by Douyin's own clock; money and access go together.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sweepRefunds } from '#modules/trade/refunds/actions.ts'
import { openShop, termsOf, type Buyer, type Shop } from '#server/test/shop.ts'
import { codeOf, until } from '#server/test/server.ts'
import type { Json } from '#server/test/sandbox.ts'
import { lapseAsks } from './actions.ts'

const client = 'douyin/android/device-test'
let shop: Shop
before(async () => {
  shop = await openShop({ also: ['douyin'] })
})
after(() => shop.stop())

const atPhone = ({ user }: Buyer, path: string, body: object): Promise<Json> => shop.sim('POST', `/__client/douyin/${path}`, { appid: shop.app.tenant.appid, user, ...body })
const later = (seconds: number) => ({ ...shop.app.app.ctx, now: () => new Date(Date.now() + seconds * 1000) })
const askOf = (order: { id: string }): Promise<Json> => until(async () => (await shop.desk('GET /console/refund-asks?limit=100')).items.find((one: Json) => one.order === order.id))
const decide = (ask: { id: string }, agrees: boolean) => shop.app.ask(`POST /console/refund-asks/${ask.id}/decisions`, { agrees, note: '看完了全部课程' }, { cookie: shop.owner })

/** Paid inside Douyin, and asked back there. */
async function askedBack(more: object = {}) {
  const buyer = await shop.buyer()
  const order = await shop.place(buyer, shop.course, client)
  const orderId = await shop.payDouyin(buyer, order)
  await shop.becomes(buyer, order, 'paid')
  const { refundId } = await atPhone(buyer, 'ask-refund', { orderId, reason: '听不懂', ...more })
  return { buyer, order, refundId, ask: await askOf(order) }
}

async function settle(buyer: Buyer, order: { id: string }, state: string): Promise<void> {
  for (let round = 0; round < 60 && (await shop.seen(buyer, order)).state !== state; round += 1) {
    await shop.advance(5)
    await sweepRefunds(later(60))
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  assert.equal((await shop.seen(buyer, order)).state, state)
}

const linesOf = async (order: { id: string }): Promise<string[]> => (await shop.whatsOf(order)).filter((what) => what.startsWith('refund'))
const whatsOn = async (buyer: Buyer, order: { id: string }): Promise<string[]> => (await shop.seen(buyer, order)).timeline.map((event: Json) => event.what)

test('an ask is kept once however often it is told, with its sum, its words and its day; the course stays open meanwhile', async () => {
  await shop.fault('duplicate_notice', { api: 'douyin', copies: 1 })
  const { buyer, order, ask } = await askedBack()
  assert.deepEqual([ask.amount, ask.reason, ask.state, ask.can], [9900, '不想要了；听不懂', 'open', ['decide']])
  const days = (new Date(ask.decideBy).getTime() - Date.now()) / 86_400_000
  assert.ok(days > 2.9 && days < 3.1)
  const [delivery] = (await shop.sim('GET', `/__sim/deliveries?tenant=${shop.app.tenant.appid}&event=pre_create_refund`)).items
  await Promise.all([1, 2, 3].map(() => shop.sim('POST', `/__sim/deliveries/${delivery.id}/replay`)))
  assert.equal((await shop.desk('GET /console/refund-asks?limit=100')).items.filter((one: Json) => one.order === order.id).length, 1)
  assert.equal((await whatsOn(buyer, order)).filter((what) => what === 'refund_asked').length, 1)
  assert.equal(await shop.opens(buyer, shop.course), true)
})

test('agreed: access ends, the money goes back under the number that Douyin has, and nothing is begun twice', async () => {
  const { buyer, order, ask } = await askedBack()
  const answers = await Promise.all([decide(ask, true), decide(ask, true), decide(ask, true)])
  assert.ok(answers.some((answer) => answer.status === 200), answers.map((answer) => answer.text).join())
  assert.ok(answers.every((answer) => answer.status === 200 || codeOf(answer) === 'thing.changed_meanwhile'), answers.map((answer) => answer.text).join())
  assert.equal(await shop.opens(buyer, shop.course), false)
  await settle(buyer, order, 'refunded')
  assert.deepEqual(await linesOf(order), ['refund_begun', 'refund_done'])
  const { refunds } = await shop.detail(order)
  assert.equal(refunds.length, 1)
  assert.match(refunds[0].outRefundNo, /^Amotr/)
  assert.equal((await askOf(order)).state, 'agreed')
  await shop.isBalanced()
})

test('what is on its way back already is not held fast by an ask: the ask is denied, and the money goes by our own number', async () => {
  const { buyer, order, ask } = await askedBack()
  await shop.desk(`POST /console/orders/${order.id}/refunds`, { reason: '学员申请', requestKey: 'begun-meanwhile' })
  await until(async () => (await shop.detail(order)).refunds[0].problem === '22011')
  await shop.fault('refuse', { api: 'refund_audit_callback', code: 13000 })
  await lapseAsks(later(0))
  await lapseAsks(later(0))
  assert.equal((await askOf(order)).state, 'denied')
  await settle(buyer, order, 'refunded')
  assert.deepEqual(await linesOf(order), ['refund_begun', 'refund_done'])
  assert.deepEqual((await shop.detail(order)).refunds.map((refund: Json) => refund.state), ['done'])
  await shop.isBalanced()
  assert.equal(codeOf(await decide(ask, true)), 'thing.changed_meanwhile')
})

test('an ask that nobody could deny in time is closed and shown to a person; the asks after it are not kept waiting', async () => {
  const { buyer, order } = await askedBack()
  await shop.desk(`POST /console/orders/${order.id}/refunds`, { reason: '学员申请', requestKey: 'begun-meanwhile', amount: 9000 })
  await shop.fault('drop_notice', { api: 'douyin', count: 3 })
  await shop.advance(3 * 86_400 + 10)
  await lapseAsks(later(30 * 86_400))
  assert.equal((await askOf(order)).state, 'lapsed')
  assert.ok((await whatsOn(buyer, order)).includes('mismatch'))
  await shop.app.sandbox.ask('DELETE', `/__sim/faults?tenant=${shop.app.tenant.appid}`)
})

test('denied: the learner reads why, nothing moves, and the course stays open', async () => {
  const { buyer, order, ask } = await askedBack()
  assert.equal((await decide(ask, false)).status, 200)
  assert.equal(codeOf(await decide(ask, true)), 'thing.changed_meanwhile')
  await until(async () => (await whatsOn(buyer, order)).includes('refund_denied'))
  assert.equal(await shop.opens(buyer, shop.course), true)
  assert.deepEqual(await linesOf(order), [])
  assert.equal((await whatsOn(buyer, order)).includes('mismatch'), false)
})

test('an unsure answer to a denial leaves the ask open; a late one is told', async () => {
  const { ask } = await askedBack()
  await shop.fault('refuse', { api: 'refund_audit_callback', code: 13000 })
  assert.equal(codeOf(await decide(ask, false)), 'payment.gateway_unavailable')
  assert.equal((await decide(ask, false)).status, 200)
})

test('nobody answered: Douyin gives back by itself, and books and access follow, by its notice or by the clock alone', async () => {
  for (const isTold of [true, false]) {
    const { buyer, order } = await askedBack()
    if (!isTold) await shop.fault('drop_notice', { api: 'douyin' })
    await shop.advance(3 * 86_400 + 10)
    if (!isTold) await lapseAsks(later(30 * 86_400))
    await settle(buyer, order, 'refunded')
    assert.equal(await shop.opens(buyer, shop.course), false)
    assert.deepEqual(await linesOf(order), ['refund_begun', 'refund_done'])
    assert.equal((await askOf(order)).state, 'lapsed')
    assert.equal((await whatsOn(buyer, order)).includes('mismatch'), false)
    await shop.isBalanced()
  }
})

test('who may not give money back may not answer', async () => {
  const { ask } = await askedBack()
  const stranger = await shop.app.ask(`POST /console/refund-asks/${ask.id}/decisions`, { agrees: true, note: '好' })
  assert.equal(codeOf(stranger), 'staff.sign_in_needed')
  assert.equal(codeOf(await shop.app.ask('POST /console/refund-asks/ask_0000000000000000000000000/decisions', { agrees: true, note: '好' }, { cookie: shop.owner })), 'thing.not_found')
})

test('an ask for what went into an upgrade is denied by the clock with that reason, and by the desk as well', async () => {
  const sell = async (title: string, rank: number, price: number) => {
    const plan = await shop.desk('POST /console/plans', { title, about: '', rank, unlocksAll: true, courses: [], discountBasisPoints: null, remindDays: 7 })
    return shop.desk('POST /console/offers', { kind: 'plan', ...termsOf('', price), title: '一年', plan: plan.id, period: 'year' })
  }
  const [low, high] = [await sell('书友', 1, 36_500), await sell('学者', 2, 73_000)]
  const buyer = await shop.buyer()
  const buy = async (offer: Json) => {
    const order = await shop.place(buyer, { ...shop.course, offer: offer['id'] }, client)
    const orderId = await shop.payDouyin(buyer, order)
    await shop.becomes(buyer, order, 'paid')
    return { order, orderId }
  }
  const { order, orderId } = await buy(low)
  await buy(high)
  await atPhone(buyer, 'ask-refund', { orderId, reason: '不想要了' })
  assert.equal(codeOf(await decide(await askOf(order), true)), 'order.upgraded')
  await lapseAsks(shop.app.app.ctx)
  const { state, note } = await askOf(order)
  assert.deepEqual([state, note], ['denied', '这笔订单的款项已抵扣会员升级，请先申请退升级的那笔订单'])
  const denied = (await shop.seen(buyer, order)).timeline.find((event: Json) => event.what === 'refund_denied')
  assert.equal(denied.detail, note)
  assert.deepEqual((await shop.asBuyer(buyer, 'GET /memberships')).own.map((one: Json) => one.title), ['学者'])
})
