// The rules of reconciling: when a line fits, what a gap is, which days are due, and that gaps add up.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { cents, type Cents } from '#contracts/words/money.ts'
import { isDay } from '#contracts/words/time.ts'
import { newId } from '#kernel/ids.ts'
import { dayAt, daysDue, judgeMovement, judgePayment, judgeRefund, judgeUnmoved, judgeUntold, judgeUntoldMovement, lastDayOf, monthOf, movementName, stepsFor, windowOf } from './rules.ts'

const told = (total: number, state = 'SUCCESS') => ({ total: cents(total), state })
const ours = (amount: number, state: string) => ({ amount: cents(amount), state })
const said = (found: { kind: string; gap: Cents } | undefined) => found && `${found.kind} ${found.gap}`

test('a payment fits only when exactly its sum was received, also when it is to go back', () => {
  for (const state of ['paid', 'surplus']) assert.equal(judgePayment(told(9900), ours(9900, state)), undefined)
  for (const state of ['begun', 'closed', 'failed', 'mismatched']) assert.equal(said(judgePayment(told(9900), ours(9900, state))), 'state -9900')
  assert.equal(said(judgePayment(told(9900), undefined)), 'extra -9900')
  assert.equal(said(judgePayment(told(9900), ours(9899, 'paid'))), 'amount -1')
  assert.equal(said(judgePayment(told(9800), ours(9900, 'begun'))), 'amount 100')
})

test('a refund fits when neither side is ahead of the other', () => {
  assert.equal(judgeRefund(told(100), ours(100, 'done')), undefined)
  for (const state of ['begun', 'processing', 'failed']) assert.equal(said(judgeRefund(told(100), ours(100, state))), 'state 100')
  for (const state of ['begun', 'processing', 'done']) assert.equal(judgeRefund(told(100, 'PROCESSING'), ours(100, state)), undefined)
  assert.equal(judgeRefund(told(100, 'FAIL'), ours(100, 'processing')), undefined)
  for (const [state, mine] of [['PROCESSING', 'failed'], ['FAIL', 'done'], ['FAIL', 'failed']] as const) assert.equal(said(judgeRefund(told(100, state), ours(100, mine))), 'state 0')
  assert.equal(said(judgeRefund(told(100), undefined)), 'extra 100')
  assert.equal(said(judgeRefund(told(90), ours(100, 'done'))), 'amount -10')
})

test('a movement is held against the line of trade it belongs to', () => {
  const payment = { kind: 'payment' as const, settled: cents(9900), fee: cents(59) }
  const refund = { kind: 'refund' as const, settled: cents(9900), fee: cents(-59) }
  const judged = (type: string, amount: number, billed?: typeof payment | typeof refund) => judgeMovement({ type, amount: cents(amount) }, billed)
  assert.deepEqual(judged('交易', 9900, payment), { as: 'payment', fee: 0 })
  assert.deepEqual(judged('扣除交易手续费', -59, payment), { as: 'fee', fee: 59 })
  assert.deepEqual(judged('退款', -9841, refund), { as: 'refund', fee: -59 })
  assert.deepEqual(judged('提现', -5000), { as: 'withdrawal', fee: 0 })
  assert.equal(said(judged('交易', 9800, payment).found), 'amount 100')
  assert.deepEqual([judged('扣除交易手续费', -60, payment).fee, said(judged('扣除交易手续费', -60, payment).found)], [60, 'amount 0'])
  for (const [type, amount, billed] of [['交易', 9900, undefined], ['交易', 9900, refund], ['退款', -9841, payment], ['充值', 7, undefined]] as const) {
    const { as, fee, found } = judged(type, amount, billed)
    assert.deepEqual([as, fee, found?.gap, found?.toldState], ['unknown', 0, 0 - amount, type])
  }
})

test('a movement of sharing is held against what was booked under its number', () => {
  const judged = (type: string, amount: number, booked?: number) => judgeMovement({ type, amount: cents(amount) }, undefined, booked === undefined ? undefined : cents(booked))
  assert.deepEqual([judged('分账', -700, -700), judged('分账回退', 300, 300), judged('商家转账', -500, -500)], [{ as: 'booked', fee: 0 }, { as: 'booked', fee: 0 }, { as: 'booked', fee: 0 }])
  assert.deepEqual([judged('分账', -700), judged('分账', -700, -600), judged('分账回退', 300)].map(({ found }) => said(found)), ['extra 700', 'amount 100', 'extra -300'])
})

type Case = { booked: number | null; billed: number | null; moved: number | null; isRefund: boolean }
const sums = fc.option(fc.integer({ min: 1, max: 1_000_000 }), { nil: null })

test('whatever is missing, strange or of another sum: the gaps add up to what our ledger holds more than the rail', () => {
  fc.assert(fc.property(fc.array(fc.record({ booked: sums, billed: sums, moved: sums, isRefund: fc.boolean() }), { maxLength: 20 }), (cases: Case[]) => {
    let [gaps, theirs, mine] = [0, 0, 0]
    for (const { booked, billed, moved, isRefund } of cases) {
      const sign = isRefund ? -1 : 1
      const state = isRefund ? 'done' : 'paid'
      mine += sign * (booked ?? 0)
      theirs += sign * (moved ?? 0)
      const judge = isRefund ? judgeRefund : judgePayment
      if (billed !== null) gaps += judge(told(billed), booked === null ? undefined : ours(booked, state))?.gap ?? 0
      else if (booked !== null) gaps += judgeUntold(isRefund ? 'refund' : 'payment', ours(booked, state)).gap
      const line = billed === null ? undefined : { kind: isRefund ? ('refund' as const) : ('payment' as const), settled: cents(billed), fee: cents(0) }
      if (moved !== null) gaps += judgeMovement({ type: isRefund ? '退款' : '交易', amount: cents(sign * moved) }, line).found?.gap ?? 0
      else if (line) gaps += judgeUnmoved(line).gap
    }
    assert.equal(gaps, mine - theirs)
  }))
})

test('what we booked away and no flow tells leaves the rail with more; what left and came back under one number are two', () => {
  assert.deepEqual([said(judgeUntoldMovement({ what: 'payout_taken', amount: cents(-1000) })), said(judgeUntoldMovement({ what: 'payout_returned', amount: cents(1000) }))], ['missing -1000', 'missing 1000'])
  assert.deepEqual([movementName('W1', cents(-1)), movementName('W1', cents(1))], ['W1', '+W1'])
})

test('asking helps with states, writing off with sums, and nothing once it is closed', () => {
  const [gap, order] = [cents(5), null]
  const open = { isResolved: false, isAsked: false, saysForeign: false }
  assert.deepEqual(stepsFor({ subject: 'payment', kind: 'state', gap, order }, open), ['check', 'explain'])
  assert.deepEqual(stepsFor({ subject: 'payment', kind: 'missing', gap, order }, open), ['explain', 'write_off'])
  assert.deepEqual(stepsFor({ subject: 'flow', kind: 'amount', gap: cents(0), order }, open), ['explain'])
  assert.deepEqual(stepsFor({ subject: 'payment', kind: 'missing', gap, order }, { ...open, isResolved: true, isAsked: true }), [])
  assert.deepEqual(stepsFor({ subject: 'refund', kind: 'missing', gap, order }, { ...open, isAsked: true }), ['check', 'explain', 'write_off'])
})

test('what went back past us is asked about where somebody can say what it was; one of ours that is told twice is not', () => {
  const open = { isResolved: false, isAsked: false, saysForeign: true }
  const extra = { subject: 'refund' as const, kind: 'extra' as const, gap: cents(5), order: null }
  assert.deepEqual(stepsFor(extra, open), ['check', 'explain', 'write_off'])
  assert.deepEqual(stepsFor(extra, { ...open, saysForeign: false }), ['explain', 'write_off'])
  assert.deepEqual(stepsFor({ ...extra, order: newId('ord') }, open), ['explain', 'write_off'])
  assert.deepEqual(stepsFor({ ...extra, subject: 'payment' }, open), ['explain', 'write_off'])
})

test('a day is that of Beijing, and what was settled five minutes before midnight belongs to the next', () => {
  assert.equal(dayAt(new Date('2026-11-20T16:00:00Z')), '2026-11-21')
  assert.deepEqual(windowOf('2026-11-21'), { from: new Date('2026-11-20T15:55:00Z'), to: new Date('2026-11-21T15:55:00Z') })
})

test('a month has the days it has', () => {
  assert.deepEqual(['2026-02-28', '2026-02-29', '2028-02-29', '2026-04-31', '2026-12-31'].map(isDay), [true, false, true, false, true])
})

test('due are the days that are over and not done, from the first payment on, three months back at most', () => {
  const now = new Date('2026-11-21T04:00:00Z')
  assert.deepEqual(daysDue(now, '2026-11-18', new Set(['2026-11-19'])), ['2026-11-18', '2026-11-20'])
  assert.deepEqual(daysDue(now, undefined, new Set()), [])
  assert.deepEqual(daysDue(now, '2026-11-21', new Set()), [])
  const long = daysDue(now, '2020-01-01', new Set())
  assert.deepEqual([long.length, long[0], long.at(-1)], [89, '2026-08-24', '2026-11-20'])
})

test('a month shows every day that is over, counts what is not fetched since the first payment, and adds up', () => {
  const done = { day: '2026-11-02', state: 'done' as const, problem: null, payments: 2, paid: cents(300), refunds: 1, refunded: cents(100), fees: cents(2), coupons: cents(0), withdrawn: cents(0), balance: cents(198), differences: 1, open: 1, doneAt: new Date(0) }
  const { days, total, missingDays } = monthOf('2026-11', '2026-11-05', '2026-11-02', [done, { ...done, day: '2026-11-03', state: 'waiting' as const, payments: 0 }])
  assert.deepEqual(days.map((day) => `${day.day.slice(8)} ${day.state}`), ['02 done', '03 waiting', '04 none'])
  assert.deepEqual([total.payments, total.paid, total.open, missingDays], [2, 600, 2, 2])
  assert.deepEqual(monthOf('2026-12', '2026-11-05', undefined, []).days, [])
  assert.deepEqual(['2026-02', '2028-02', '2026-12'].map(lastDayOf), ['2026-02-28', '2028-02-29', '2026-12-31'])
})
