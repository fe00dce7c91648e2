// An academy in which every noun there is exists at least once, for asking every route about real things.
import { join } from 'node:path'
import { cents } from '#contracts/words/money.ts'
import { inTransaction } from '#kernel/ctx.ts'
import { sql } from '#kernel/db.ts'
import { importFile, processAsset } from '#modules/content/media/actions.ts'
import { post, saleEntry } from '#modules/money/ledger/actions.ts'
import { reconcileDay } from '#modules/money/reconciliation/actions.ts'
import { dayAt } from '#modules/money/reconciliation/rules.ts'
import { sweepComplaints } from '#modules/trade/complaints/actions.ts'
import { sweepShares } from '#modules/trade/shares/actions.ts'
import { openShop, termsOf, type Buyer, type Shop } from '../shop.ts'
import { until, type Asker } from '../server.ts'
import type { Known } from './samples.ts'

const sound = join(import.meta.dirname, '../../seeds/academy/courses/evening-sounds/media/01.m4a')

type Claimed = { buyer: Buyer; order: string; claim: string }
type Parcels = { waiting: string; toShip: string; shipped: string; cancelled: string; address: string; spareAddress: string }
export type Academy = { shop: Shop; owner: Asker; buyer: Buyer; stranger: Buyer; undecided: { buyer: Buyer; order: string }; soundLesson: string; claims: Claimed[]; complaints: string[]; coin: Record<string, unknown>; asked: string; parcels: Parcels; tooMuch: string; spare: Known; known: Known; stop(): Promise<void> }

/** `known` belongs to the buyer; `spare` are things that nothing points at. */
export async function openAcademy(): Promise<Academy> {
  const shop = await openShop({ also: ['douyin'] })
  const { desk, course } = shop
  const [buyer, stranger, thinker] = [await shop.buyer(), await shop.buyer(), await shop.buyer()]
  const soundLesson = await addSound(shop)
  const receiver = await desk('POST /console/share-receivers', { kind: 'merchant', account: '1900000109', name: '合作机构有限公司', relation: 'PARTNER' })
  await desk(`PUT /console/offers/${course.offer}/share-rates`, { rates: [{ receiver: receiver.id, basisPoints: 1000 }] })
  const order = await buy(shop, buyer)
  const refund = await giveBack(shop, order)
  const review = await shop.asBuyer(buyer, `POST /courses/${course.id}/reviews`, { stars: 5, text: '讲得很清楚' })
  const right = await desk(`POST /console/members/${await idOf(shop, stranger)}/entitlements`, { course: course.id, until: null, note: '赠送' })
  await shop.asBuyer(buyer, `PUT /lessons/${soundLesson}/progress`, { ranges: [[0, 3]], positionSeconds: 3, at: '2026-11-20T00:00:00.000Z' })
  const staff = await desk('POST /console/staff', { name: '财务', email: 'finance@example.com', role: 'finance', password: 'a long enough password' })
  await desk('POST /console/agreements', { kind: 'terms', title: '用户协议', markdown: '# 协议' })
  const share = await shareInVain(shop)
  await desk('POST /console/refund-policies', { days: 30, mostPercent: 20 })
  const claims = await Promise.all([claim(shop), claim(shop), claim(shop)])
  const complaints = await complain(shop)
  const parcels = await sendGoods(shop, buyer)
  const whole = await desk(`GET /console/courses/${course.id}`)
  const plan = await desk('POST /console/plans', { title: '书友', about: '', rank: 1, unlocksAll: false, courses: [], discountBasisPoints: null, remindDays: 7 })
  await desk('POST /console/offers', { kind: 'plan', ...termsOf('', 3000), title: '月卡', plan: plan.id, period: 'month' })
  const coin = await sellCoins(shop)
  const odd = [await payOddly(shop), await payOddly(shop)]
  const tooMuch = await payTooMuch(shop)
  const [dif, spareDif] = await reconcile(shop)
  const spare = { ...(await makeSpare(shop)), pay: odd[0] as string, dif: spareDif as string }
  const batch = await desk('POST /console/code-batches', { title: '读书会', offer: course.offer, count: 3, expiresAt: null })
  const known: Known = { ask: await askBack(shop), pln: plan.id, btc: batch.id, pay: odd[1] as string, dif: dif as string, crs: course.id, lsn: course.lesson, chp: whole.chapters[0].id, cat: whole.category, lec: whole.lecturer, ast: whole.coverAsset, ofr: course.offer, ord: order, rfd: refund, mem: await idOf(shop, buyer), ent: right.id, rvw: review.id, stf: staff.id }
  const payout = await desk('POST /console/payouts', { member: await idOf(shop, buyer), amount: 100, role: '讲师', reason: '讲课报酬', requestKey: 'key-of-a-payout' })
  await until(async () => (await desk('GET /console/payouts')).items[0].state === 'confirming')
  await desk('POST /console/dues', { member: await idOf(shop, buyer), amount: 10_000, reason: '十一月分成', requestKey: 'key-of-a-due' })
  const asked = await shop.asBuyer(buyer, 'POST /payouts', { amount: 100, requestKey: 'key-of-an-ask' })
  await withdrawInVain(shop)
  return { shop, owner: { cookie: shop.owner }, buyer, stranger, undecided: { buyer: thinker, order: (await shop.place(thinker, course)).id }, soundLesson, claims, complaints, coin, asked: asked.id, parcels, tooMuch, spare, known: { ...known, adr: parcels.address, pyo: payout.id, cpl: complaints[0] as string, rcv: receiver.id, shr: share.id, shl: share.lines[0].id }, stop: () => shop.stop() }
}

/** The coin, with a pack of it. */
async function sellCoins({ desk }: Shop): Promise<Record<string, unknown>> {
  const { coin } = await desk('PUT /console/coin', { name: '书签', perYuan: 10, onSale: true })
  await desk('POST /console/offers', { kind: 'coins', ...termsOf('', 0), coins: 60 })
  return coin
}

/** Of money that virtual payment has not settled: WeChat refuses it, and another may be asked for. */
async function withdrawInVain(shop: Shop): Promise<void> {
  await inTransaction(shop.app.app.ctx, (ctx) => post(ctx, saleEntry('wechat_virtual', 'pay_of_an_academy', cents(10_000)), null))
  await shop.desk('POST /console/withdrawals', { amount: 100, requestKey: 'key-in-vain' })
  await until(async () => (await shop.desk('GET /console/withdrawals')).items[0].state === 'failed')
}

async function addSound(shop: Shop): Promise<string> {
  const { ctx } = shop.app.app
  const asset = await importFile(ctx, sound, 'audio', '第一声')
  await processAsset(ctx, asset)
  const { chapters } = await shop.desk(`POST /console/courses/${shop.course.id}/chapters`, { title: '声音' })
  const grown = await shop.desk(`POST /console/chapters/${chapters[1].id}/lessons`, { title: '听', kind: 'audio' })
  const lesson = grown.chapters[1].lessons[0].id
  await shop.write(lesson, { asset, free: false, trial: { seconds: 2, basisPoints: null } })
  return lesson
}

async function buy(shop: Shop, buyer: Buyer): Promise<string> {
  const order = (await shop.place(buyer, shop.course)) as { id: string }
  await shop.cashier(await shop.begin(buyer, order))
  await shop.becomes(buyer, order, 'paid')
  return order.id
}

/** A part for a partner that the platform refuses: it waits for a person. */
async function shareInVain(shop: Shop) {
  const { ctx } = shop.app.app
  await until(async () => (await shop.desk('GET /console/shares')).items[0])
  await shop.advance(61)
  await shop.fault('share_outcome', { value: 'RECEIVER_HIGH_RISK' })
  for (const day of [8, 9]) {
    await sweepShares({ ...ctx, now: () => new Date(Date.now() + day * 86_400_000) })
    await shop.advance(5)
  }
  return until(async () => (await shop.desk('GET /console/shares?attention=true')).items[0])
}

async function claim(shop: Shop): Promise<Claimed> {
  const buyer = await shop.buyer()
  const order = await buy(shop, buyer)
  const { id } = await shop.asBuyer(buyer, `POST /orders/${order}/claims`, { reason: '没有时间学' })
  return { buyer, order, claim: id }
}

const dot = 'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

/** What three payers complain of, each with a picture. */
async function complain(shop: Shop): Promise<string[]> {
  for (const words of ['打不开', '和介绍的不一样', '不想学了']) {
    const buyer = await shop.buyer()
    const order = await shop.place(buyer, shop.course)
    await shop.cashier(await shop.begin(buyer, order), 'pay', { user: buyer.user })
    await shop.becomes(buyer, order, 'paid')
    const [attempt] = await shop.attempts(order)
    await shop.sim('POST', '/__client/complain', { appid: shop.app.tenant.appid, user: buyer.user, out_trade_no: attempt.outTradeNo, kind: 'REFUND', words, pictures: [dot] })
  }
  await sweepComplaints(shop.app.app.ctx)
  return (await shop.desk('GET /console/complaints')).items.map((one: { id: string }) => one.id)
}

/** A part of the order that the buyer's account does not take. */
async function giveBack(shop: Shop, order: string): Promise<string> {
  await shop.fault('refund_outcome', { value: 'ABNORMAL' })
  const { id } = await shop.desk(`POST /console/orders/${order}/refunds`, { reason: '少上了一课', requestKey: 'key-of-a-part', amount: 100 })
  await until(async () => {
    await shop.advance(5)
    return (await shop.detail({ id: order })).refunds[0].problem === 'ABNORMAL'
  })
  return id
}

/** Goods of the buyer in each state of their way. */
async function sendGoods(shop: Shop, buyer: Buyer): Promise<Parcels> {
  const { asBuyer, desk } = shop
  const [address, spareAddress] = [await addAddress(shop, buyer), await addAddress(shop, buyer)]
  const offers = await Promise.all(['一', '二', '三', '四'].map((title) => desk('POST /console/offers', { kind: 'goods', ...termsOf(shop.course.id, 100), title, parcel: { goods: '书', fee: 0, freeFrom: null } })))
  const orders: string[] = []
  for (const { id } of offers) {
    const { total, agreementVersion, policy } = await asBuyer(buyer, 'POST /quotes', { offer: id })
    orders.push((await asBuyer(buyer, 'POST /orders', { offer: id, total, agreementVersion, policy, requestKey: `book-${id.slice(4)}`, address })).id)
  }
  const [waiting = '', toShip = '', shipped = '', cancelled = ''] = orders
  for (const id of [toShip, shipped, cancelled]) {
    await shop.cashier(await shop.begin(buyer, { id }))
    await shop.becomes(buyer, { id }, 'paid')
  }
  await shop.app.ask(`PUT /console/parcels/${shipped}/shipment`, { carrier: 'SF', trackingNo: 'SF1234567890' }, { cookie: shop.owner })
  // Its refund fails, so that the parcel can be taken up again.
  await shop.fault('refund_outcome', { value: 'CLOSED' })
  await desk(`POST /console/orders/${cancelled}/refunds`, { reason: '不寄了', requestKey: 'not-sent-after-all', amount: 1, endsAccess: true })
  await until(async () => {
    await shop.advance(5)
    return (await shop.detail({ id: cancelled })).refunds[0].state === 'failed'
  })
  return { waiting, toShip, shipped, cancelled, address, spareAddress }
}

async function addAddress({ asBuyer }: Shop, buyer: Buyer): Promise<string> {
  return (await asBuyer(buyer, 'POST /me/addresses', { name: '林晓', phone: '13800138000', province: '北京市', city: '北京市', district: '', detail: '学院路 1 号', isDefault: false })).id
}

/** What a learner asks back inside Douyin. */
async function askBack(shop: Shop): Promise<string> {
  const [buyer, client] = [await shop.buyer(), 'douyin/android/device-test']
  const atPhone = (path: string, body: object) => shop.sim('POST', `/__client/douyin/${path}`, { appid: shop.app.tenant.appid, user: buyer.user, ...body })
  const order = await shop.place(buyer, shop.course, client)
  const { action } = await shop.asBuyer(buyer, `POST /orders/${order.id}/payments`, { wide: false }, client)
  const { orderId } = await atPhone('request-order', { data: action.data, byteAuthorization: action.byteAuthorization })
  await atPhone('pay', { orderId })
  await shop.becomes(buyer, order, 'paid')
  await atPhone('ask-refund', { orderId, reason: '听不懂' })
  return until(async () => (await shop.desk('GET /console/refund-asks')).items[0]?.id)
}

/** A payment that does not fit its order. */
async function payOddly(shop: Shop): Promise<string> {
  const buyer = await shop.buyer()
  const order = await shop.place(buyer, shop.course)
  const code = await shop.begin(buyer, order)
  await shop.fault('mismatch_amount', { api: 'wechatpay' })
  await shop.cashier(code)
  return until(async () => (await shop.desk('GET /console/discrepancies')).items.find((one: { id: string; order: { id: string } | null }) => one.order?.id === order.id)?.id)
}

/** A payment of another sum than was asked for. */
async function payTooMuch(shop: Shop): Promise<string> {
  const buyer = await shop.buyer()
  const order = await shop.place(buyer, shop.course)
  const code = await shop.begin(buyer, order)
  await shop.app.app.ctx.db.query(sql`update payment_attempts set amount = amount - 100 where order_id = ${order.id}`)
  await shop.cashier(code)
  return until(async () => (await shop.desk('GET /console/discrepancies')).items.find((one: { id: string; order: { id: string } | null }) => one.order?.id === order.id)?.id)
}

/** The bills of today, in which what was paid oddly differs. */
async function reconcile(shop: Shop): Promise<string[]> {
  await shop.advance(36 * 3600)
  await reconcileDay(shop.app.app.ctx, 'wechat_pay', dayAt(new Date()))
  const { items } = await shop.desk('GET /console/differences')
  return items.filter((one: { can: string[] }) => one.can.includes('check')).map((one: { id: string }) => one.id)
}

async function idOf(shop: Shop, buyer: Buyer): Promise<string> {
  return (await shop.asBuyer(buyer, 'GET /me')).id
}

/** A draft with a price, a chapter and a lesson, a category and a lecturer: all of them may go. */
async function makeSpare({ desk }: Shop): Promise<Known> {
  const { id } = await desk('POST /console/courses', { title: '草稿', kind: 'article' })
  const { chapters: [chapter] } = await desk(`POST /console/courses/${id}/chapters`, { title: '一' })
  const grown = await desk(`POST /console/chapters/${chapter.id}/lessons`, { title: '一', kind: 'article' })
  await desk('POST /console/offers', { kind: 'course', ...termsOf(id, 100) })
  const category = await desk('POST /console/categories', { name: '空架', parent: null })
  const lecturer = await desk('POST /console/lecturers', { name: '客座', title: '', bio: '', portraitAsset: null })
  return { crs: id, chp: chapter.id, lsn: grown.chapters[0].lessons[0].id, cat: category.id, lec: lecturer.id }
}
