// A day of each rail held against its bills, over HTTP against the sandbox: what fits, what comes late, and what was never there.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from '#kernel/db.ts'
import { newId } from '#kernel/ids.ts'
import { sweepOpen } from '#modules/trade/attempts/actions.ts'
import { inBooks, type Books } from '#server/test/books.ts'
import type { Json } from '#server/test/sandbox.ts'
import { codeOf, until } from '#server/test/server.ts'
import { reconcileDay, reconcileDue } from './actions.ts'

test('a day on which everything fits: sums, fees, balance, and both ledgers say the same', () => inBooks(async (books) => {
  await books.sell()
  await books.giveBack(await books.sell())
  await books.sell('pay_with_coupon')
  await books.sim('POST', '/__sim/ledger', { tenant: books.app.tenant.appid, subject: 'withdraw W1', cents: -10000 })
  const day = await books.reconcile()
  assert.deepEqual([day.state, day.payments, day.paid, day.refunds, day.refunded, day.fees, day.coupons, day.withdrawn, day.differences, day.open], ['done', 3, 29700, 1, 9900, 118, 0, 10000, 0, 0])
  const [theirs, ours] = await books.bothSides()
  assert.deepEqual([theirs, ours, day.balance], [9682, 9682, 9682])
  const { total, missingDays } = await books.monthOf()
  assert.deepEqual([total.payments, total.fees, missingDays], [3, 118, 0])
  const entry = (await books.desk('GET /console/ledger/entries?q=fees')).items[0]
  assert.deepEqual(entry.lines, [{ account: 'expense:channel_fees', debit: 118, credit: 0 }, { account: 'asset:wechat_pay', debit: 0, credit: 118 }])
  await reconcileAgain(books)
}))

/** However often and at once it is asked for: a day is reconciled once. */
async function reconcileAgain(books: Books): Promise<void> {
  const before = await books.dayNow()
  const { app } = books.app
  await Promise.all([1, 2, 3].map(() => reconcileDay(app.ctx, 'wechat_pay', books.today)))
  assert.deepEqual(await books.dayNow(), before)
  assert.equal((await books.desk('GET /console/ledger/entries?q=fees')).items.length, 1)
}

test('money that was booked a day late: reconciling begins with the day on which it came', () => inBooks(async (books) => {
  await books.fault('drop_notice', { api: 'wechatpay' })
  const buyer = await books.buyer()
  const order = await books.place(buyer, books.course)
  await books.cashier(await books.begin(buyer, order))
  await sweepOpen(books.later(1))
  await books.becomes(buyer, order, 'paid')
  await books.advance(3 * 86_400)
  await reconcileDue(books.later(3))
  assert.deepEqual([(await books.dayNow()).payments, (await books.differences()).length], [1, 0])
  const [theirs, ours] = await books.bothSides()
  assert.equal(theirs, ours)
}))

test('a day waits for the one before it, but not for ever', () => inBooks(async (books) => {
  const states = async () => (await books.monthOf()).days.filter((day: Json) => day.day >= books.today).map((day: Json) => day.state)
  await books.sell()
  await books.advance(20 * 86_400)
  await books.fault('bill_wrong_hash', { api: 'trade' })
  await reconcileDue(books.later(3))
  assert.deepEqual([(await books.dayNow()).state, (await states()).filter((state: string) => state === 'empty').length], ['waiting', 0])
  await books.fault('bill_wrong_hash', { api: 'trade' })
  await reconcileDue(books.later(12))
  assert.equal((await books.dayNow()).state, 'waiting')
  const { rows } = await books.app.app.ctx.db.query<{ days: number }>(sql`select count(*)::int as days from reconciled_days where state = 'empty'`)
  assert.equal(rows[0]?.days, 11)
  await reconcileDue(books.later(12))
  assert.equal((await books.dayNow()).state, 'done')
  assert.equal((await books.differences()).length, 0)
}))

test('a bill with another hash, cut short, refused or never there: nothing is booked, the day waits, and is whole in the end', () => inBooks(async (books) => {
  await books.sell()
  const ask = () => books.desk('POST /console/reconciliation/days', { day: books.today })
  const waits = (problem: RegExp) => until(async () => {
    const day = await books.dayNow()
    assert.notEqual(day?.state, 'done')
    return problem.test(day?.problem ?? '')
  })
  await ask()
  await waits(/^PARAM_ERROR$/)
  await books.advance(36 * 3600)
  for (const [fault, more, problem] of [
    ['bill_wrong_hash', { api: 'trade' }, /^bill: hash_differs$/],
    ['bill_cut_short', { api: 'fund_flow' }, /^bill: cannot_unpack$/],
    ['lose_answer', { api: 'bill_file' }, /^network/],
    ['refuse', { api: 'fund_flow_bill', code: 'FREQUENCY_LIMITED' }, /^FREQUENCY_LIMITED$/],
  ] as const) {
    await books.fault(fault, more)
    await ask()
    await waits(problem)
  }
  assert.deepEqual([await books.differences(), (await books.desk('GET /console/ledger/entries?q=fees')).items], [[], []])
  assert.deepEqual((await books.reconcile(0)).payments, 1)
}))

test("what was paid at Alipay on one day and booked on the next stands in the first day's bill: the next is empty, not late", () => inBooks(async (books) => {
  await books.fault('drop_notice', { api: 'alipay' })
  const { buyer, order } = await books.payAtAlipay()
  await sweepOpen(books.later(1))
  await books.becomes(buyer, order, 'paid')
  await books.advance(3 * 86_400)
  await reconcileDue(books.later(3))
  const { rows } = await books.app.app.ctx.db.query<{ state: string }>(sql`select state from reconciled_days where source = 'alipay' order by day`)
  assert.deepEqual([rows.map((row) => row.state), await books.differences('?rail=alipay')], [['done', 'empty', 'empty'], []])
}, { also: ['alipay'] }))

test("a payment told wrongly in Alipay's bill is that row alone: what somebody gave back of it on the next day is found as it was", () => inBooks(async (books) => {
  const { number } = await books.sellAtAlipay()
  await books.spoil({ api: 'alipay', how: 'amount', number, amountCents: 10_000 })
  await books.advance(86_400)
  await books.fault('drop_notice', { api: 'alipay' })
  await books.sim('POST', '/__sim/console-refunds', { tenant: books.app.tenant.appid, number, cents: 2000 })
  await books.advance(2 * 86_400)
  await reconcileDue(books.later(3))
  const found = await books.differences('?rail=alipay')
  assert.deepEqual(found.map((one) => [one.subject, one.kind, one.told, one.booked, one.gap].join(' ')).toSorted(), ['payment amount 10000 9900 -100', 'refund extra 2000  2000'])
}, { also: ['alipay'] }))

test("Alipay's bill tells trades and fees in one; a late one is no day without trades; what differs is found and both ledgers agree in the end", () => inBooks(async (books) => {
  const [first, back, wrong] = [await books.sellAtAlipay(), await books.sellAtAlipay(), await books.sellAtAlipay()]
  await books.desk(`POST /console/orders/${back.order.id}/refunds`, { reason: '学员申请', requestKey: 'refund-alipay' })
  await until(async () => (await books.detail(back.order)).refunds[0].state === 'done')
  await books.spoil({ api: 'alipay', how: 'missing', number: first.number })
  await books.spoil({ api: 'alipay', how: 'amount', number: wrong.number, amountCents: 9800 })
  const atAlipay = { rail: 'alipay' }
  const seen = async (): Promise<Json> => books.dayNow('alipay')
  await books.desk('POST /console/reconciliation/days', { day: books.today, ...atAlipay })
  assert.deepEqual([(await until(async () => (await seen())?.problem)), (await seen()).state], ['late', 'waiting'])
  await books.advance(36 * 3600)
  await books.fault('bill_cut_short', { api: 'alipay' })
  await books.desk('POST /console/reconciliation/days', { day: books.today, ...atAlipay })
  await until(async () => (await seen()).problem === 'bill: cannot_unpack')
  await books.desk('POST /console/reconciliation/days', { day: books.today, ...atAlipay })
  const day = await until(async () => (await seen()).state === 'done' && seen())
  assert.deepEqual([day.payments, day.paid, day.refunds, day.refunded, day.fees, day.balance], [2, 19700, 1, 9900, 59, null])
  const found = await books.differences('?rail=alipay')
  assert.deepEqual(found.map((one) => [one.rail, one.subject, one.kind, one.told, one.booked, one.gap].join(' ')).toSorted(), ['alipay payment amount 9800 9900 100', 'alipay payment missing  9900 9900'])
  assert.deepEqual(await books.differences('?rail=wechat_pay'), [])
  const entry = (await books.desk('GET /console/ledger/entries?q=fees')).items[0]
  assert.deepEqual(entry.lines, [{ account: 'expense:channel_fees', debit: 59, credit: 0 }, { account: 'asset:alipay', debit: 0, credit: 59 }])
  const { rail, resolution } = await books.desk(`POST /console/differences/${found.find((one) => one.kind === 'amount')?.id}/resolutions`, { how: 'written_off', reason: '平台确认' })
  assert.deepEqual([rail, resolution.how], ['alipay', 'written_off'])
  const off = (await books.desk('GET /console/ledger/entries?q=write_off')).items[0]
  assert.deepEqual(off.lines[1], { account: 'asset:alipay', debit: 0, credit: 100 })
}, { also: ['alipay'] }))

test('a day without any trade is empty; a day to come is refused; a strange difference is not found', () => inBooks(async (books) => {
  const day = await books.reconcile()
  assert.deepEqual([day.state, day.payments, day.balance], ['empty', 0, null])
  const ahead = await books.app.ask('POST /console/reconciliation/days', { day: '2098-01-01' }, { cookie: books.owner })
  assert.equal(codeOf(ahead), 'reconciliation.day_ahead')
  for (const route of ['POST /console/reconciliation/days', 'GET /console/differences?day=2026-02-31'])
    assert.equal(codeOf(await books.app.ask(route, route.startsWith('POST') ? { day: '2026-02-31' } : undefined, { cookie: books.owner })), 'request.invalid')
  for (const [step, body] of [['checks', undefined], ['resolutions', { how: 'explained', reason: '无' }]] as const)
    assert.equal(codeOf(await books.app.ask(`POST /console/differences/${newId('dif')}/${step}`, body, { cookie: books.owner })), 'thing.not_found')
}))
