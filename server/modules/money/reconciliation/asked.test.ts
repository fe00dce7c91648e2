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

async function buy(books: Books, rail: 'virtual' | 'douyin'): Promise<Bought> {
  const buyer = await books.buyer()
  const order = await books.place(buyer, books.course, rail === 'virtual' ? 'wechat/android/device-test' : 'douyin/android/device-test')
  await (rail === 'virtual' ? books.payVirtual : books.payDouyin)(buyer, order)
  return { buyer, order }
}

/** The first question is not answered, and the day waits for the next try. */
async function reconcileAtSecondTry(books: Books, rail: 'wechat_virtual' | 'douyin', api: string): Promise<void> {
  await books.fault('lose_answer', { api })
  await reconcileDay(books.later(1.1), rail, books.today)
  const { state, problem } = await books.dayNow(rail)
  assert.deepEqual([state, problem], ['waiting', 'silent'])
  await reconcileDay(books.later(1.1), rail, books.today)
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
    const bought = await buy(books, 'virtual')
    await books.becomes(bought.buyer, bought.order, 'paid')
    if (given) await giveBack(books, bought)
  }
  await books.fault('drop_notice', { api: 'push' })
  const unheard = await buy(books, 'virtual')
  await reconcileDay(books.app.app.ctx, 'wechat_virtual', books.today)
  assert.deepEqual([(await dayOf()).state, (await dayOf()).problem], ['waiting', 'not_over'])
  await reconcileAtSecondTry(books, 'wechat_virtual', 'query_order')
  assert.deepEqual(sumsOf(await dayOf()), ['done', 3, 29_700, 1, 9900, 0, 1, 1])
  const [found] = await books.differences('?rail=wechat_virtual')
  assert.deepEqual([found.subject, found.kind, found.order, found.told, found.gap, found.can], ['payment', 'state', unheard.order.id, 9900, -9900, ['check', 'explain']])
  assert.equal((await books.desk(`POST /console/differences/${found.id}/checks`)).resolution.how, 'converged')
  assert.equal((await books.seen(unheard.buyer, unheard.order)).state, 'paid')
  assert.deepEqual(sumsOf(await dayOf()), ['done', 3, 29_700, 1, 9900, 0, 1, 0])
}))

test('Douyin: what fits, and a payment of ours that it does not know', () => inBooks(async (books) => {
  const dayOf = () => books.dayNow('douyin')
  const [, given, strange] = await Promise.all([buy(books, 'douyin'), buy(books, 'douyin'), buy(books, 'douyin')])
  for (const { buyer, order } of [given, strange]) await books.becomes(buyer, order, 'paid')
  await giveBack(books, given)
  await books.app.app.ctx.db.query(sql`update payment_attempts set out_trade_no = 'nobody-knows-this' where order_id = ${strange.order.id}`)
  await reconcileAtSecondTry(books, 'douyin', 'order_query')
  assert.deepEqual(sumsOf(await dayOf()), ['done', 2, 19_800, 1, 9900, 0, 1, 1])
  const [found] = await books.differences('?rail=douyin')
  assert.deepEqual([found.subject, found.kind, found.number, found.order, found.booked, found.gap, found.can], ['payment', 'missing', 'nobody-knows-this', strange.order.id, 9900, 9900, ['check', 'explain', 'write_off']])
  assert.equal((await books.desk(`POST /console/differences/${found.id}/checks`)).resolution, null)
  await reconcileDay(books.later(2.1), 'douyin', books.today)
  assert.equal((await books.differences('?rail=douyin')).length, 1)
}, { refundSeconds: 1, also: ['douyin'] }))

test('what a rail did not know when its day was asked, and knows later, stands in that day once', () => inBooks(async (books) => {
  const bought = await buy(books, 'douyin')
  await books.becomes(bought.buyer, bought.order, 'paid')
  await books.fault('refuse', { api: 'order_query', code: '11002' })
  await reconcileDay(books.later(1.1), 'douyin', books.today)
  assert.equal((await books.dayNow('douyin')).problem, 'silent')
  await books.fault('refuse', { api: 'order_query', code: '20000' })
  await reconcileDay(books.later(1.1), 'douyin', books.today)
  const [found] = await books.differences('?rail=douyin')
  assert.deepEqual([found.kind, sumsOf(await books.dayNow('douyin'))], ['missing', ['empty', 0, 0, 0, 0, 0, 1, 1]])
  const answers = await Promise.all([1, 2, 3].map(() => books.app.ask(`POST /console/differences/${found.id}/checks`, undefined, { cookie: books.owner })))
  assert.ok(answers.every((answer) => answer.status === 409 || answer.body.resolution.how === 'converged'), JSON.stringify(answers.map((answer) => answer.text)))
  assert.deepEqual(sumsOf(await books.dayNow('douyin')), ['done', 1, 9900, 0, 0, 0, 1, 0])
  await reconcileDay(books.later(2.1), 'douyin', books.today)
  assert.equal((await books.differences('?rail=douyin')).length, 1)
}, { refundSeconds: 1, also: ['douyin'] }))
