// The days of virtual payment and of Douyin, which send no bill: each payment and refund is asked for, over HTTP against the sandbox.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from '#kernel/db.ts'
import { sweepRefunds } from '#modules/trade/refunds/actions.ts'
import { inBooks, type Books } from '#server/test/books.ts'
import type { Json } from '#server/test/sandbox.ts'
import { until } from '#server/test/server.ts'
import type { Buyer } from '#server/test/shop.ts'
import { reconcileDay } from './actions.ts'

type Bought = { buyer: Buyer; order: { id: string } }

async function payVirtual(books: Books): Promise<Bought> {
  const phone = 'wechat/android/device-test'
  const buyer = await books.buyer()
  const order = await books.place(buyer, books.course, phone)
  const { kind: _kind, ...action } = (await books.asBuyer(buyer, `POST /orders/${order.id}/payments`, { wide: false }, phone)).action
  assert.equal((await books.sim('POST', '/__client/xpay/pay', { appid: books.app.tenant.appid, user: buyer.user, ...action })).errCode, 0)
  return { buyer, order }
}

async function payDouyin(books: Books): Promise<Bought> {
  const phone = 'douyin/android/device-test'
  const buyer = await books.buyer()
  const order = await books.place(buyer, books.course, phone)
  const { kind: _kind, ...request } = (await books.asBuyer(buyer, `POST /orders/${order.id}/payments`, { wide: false }, phone)).action
  const atPhone = (path: string, body: object): Promise<Json> => books.sim('POST', `/__client/douyin/${path}`, { appid: books.app.tenant.appid, user: buyer.user, ...body })
  await atPhone('pay', { orderId: (await atPhone('request-order', request)).orderId })
  return { buyer, order }
}

async function giveBack(books: Books, { buyer, order }: Bought): Promise<void> {
  await books.desk(`POST /console/orders/${order.id}/refunds`, { reason: '学员申请', requestKey: `asked-${order.id.slice(-6)}` })
  await until(async () => {
    await sweepRefunds({ ...books.app.app.ctx, now: () => new Date(Date.now() + 60_000) })
    await books.advance(5)
    return (await books.seen(buyer, order)).state === 'refunded'
  })
}

const sumsOf = ({ state, payments, paid, refunds, refunded, fees, differences, open }: Json) => [state, payments, paid, refunds, refunded, fees, differences, open]

test('virtual payment: what fits, a payment that only WeChat knows of, and one that it does not know', () => inBooks(async (books) => {
  await books.itemIsReady(books.course)
  const dayOf = () => books.dayNow('wechat_virtual')
  for (const given of [false, true]) {
    const bought = await payVirtual(books)
    await books.becomes(bought.buyer, bought.order, 'paid')
    if (given) await giveBack(books, bought)
  }
  await books.fault('drop_notice', { api: 'push' })
  const unheard = await payVirtual(books)
  await reconcileDay(books.app.app.ctx, 'wechat_virtual', books.today)
  assert.deepEqual([(await dayOf()).state, (await dayOf()).problem], ['waiting', 'not_over'])
  await books.fault('lose_answer', { api: 'query_order' })
  await reconcileDay(books.later(1.1), 'wechat_virtual', books.today)
  assert.deepEqual([(await dayOf()).state, (await dayOf()).problem], ['waiting', 'silent'])
  await reconcileDay(books.later(1.1), 'wechat_virtual', books.today)
  assert.deepEqual(sumsOf(await dayOf()), ['done', 3, 29_700, 1, 9900, 0, 1, 1])
  const [found] = await books.differences('?rail=wechat_virtual')
  assert.deepEqual([found.subject, found.kind, found.order, found.told, found.gap, found.can], ['payment', 'state', unheard.order.id, 9900, -9900, ['check', 'explain']])
  assert.equal((await books.desk(`POST /console/differences/${found.id}/checks`)).resolution.how, 'converged')
  assert.equal((await books.seen(unheard.buyer, unheard.order)).state, 'paid')
  assert.deepEqual(sumsOf(await dayOf()), ['done', 3, 29_700, 1, 9900, 0, 1, 0])
}))

test('Douyin: what fits, and a payment of ours that it does not know', () => inBooks(async (books) => {
  const dayOf = () => books.dayNow('douyin')
  const [, given, strange] = await Promise.all([payDouyin(books), payDouyin(books), payDouyin(books)])
  for (const { buyer, order } of [given, strange]) await books.becomes(buyer, order, 'paid')
  await giveBack(books, given)
  await books.app.app.ctx.db.query(sql`update payment_attempts set out_trade_no = 'nobody-knows-this' where order_id = ${strange.order.id}`)
  await books.fault('lose_answer', { api: 'order_query' })
  await reconcileDay(books.later(1.1), 'douyin', books.today)
  assert.deepEqual([(await dayOf()).state, (await dayOf()).problem], ['waiting', 'silent'])
  await reconcileDay(books.later(1.1), 'douyin', books.today)
  assert.deepEqual(sumsOf(await dayOf()), ['done', 2, 19_800, 1, 9900, 0, 1, 1])
  const [found] = await books.differences('?rail=douyin')
  assert.deepEqual([found.subject, found.kind, found.number, found.order, found.booked, found.gap, found.can], ['payment', 'missing', 'nobody-knows-this', strange.order.id, 9900, 9900, ['explain', 'write_off']])
  await reconcileDay(books.later(2.1), 'douyin', books.today)
  assert.equal((await books.differences('?rail=douyin')).length, 1)
}, { refundSeconds: 1, also: ['douyin'] }))
