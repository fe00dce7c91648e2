// Properties of the states of orders, attempts and refunds: whatever happens in whatever order, nothing is sold twice or lost.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { orderStates } from '#contracts/orders.ts'
import { ZERO, cents } from '#contracts/words/money.ts'
import { decideSettlement, isDue, mayStillBePaid, outTradeNo, wasNeverPlaced } from '#modules/trade/attempts/rules.ts'
import { outRefundNo, refundStateOf, refundableAmount, whyNotRefundable } from '#modules/trade/refunds/rules.ts'
import { actionsOf, mayBecome, orderNumber, transitions, type OrderState } from './rules.ts'

type Step = 'pay' | 'close' | 'refund'
const steps = fc.array(fc.constantFrom<Step>('pay', 'close', 'refund'), { maxLength: 40 })

/** What actions do with an order under its lock, by the rules alone. */
function live(all: Step[]) {
  let state: OrderState = 'placed'
  let [sales, surplus, refunds] = [0, 0, 0]
  for (const step of all) {
    if (step === 'pay') {
      const decided = decideSettlement({ state, isForfeit: state === 'paid' })
      if (decided.as === 'sale') [state, sales] = [move(state, 'paid'), sales + 1]
      else surplus += 1
    } else if (step === 'close' && mayBecome(state, 'closed')) state = move(state, 'closed')
    else if (step === 'refund' && mayBecome(state, 'refunded')) [state, refunds] = [move(state, 'refunded'), refunds + 1]
  }
  return { state, sales, surplus, refunds }
}

function move(from: OrderState, to: OrderState): OrderState {
  assert.ok(mayBecome(from, to), `${from} → ${to}`)
  return to
}

test('in any order of payments, closings and refunds an order is sold at most once and every other payment is surplus', () => {
  fc.assert(fc.property(steps, (all) => {
    const { state, sales, surplus, refunds } = live(all)
    const payments = all.filter((step) => step === 'pay').length
    assert.ok(sales <= 1 && refunds <= sales)
    assert.equal(sales + surplus, payments)
    assert.equal(sales === 1, payments > 0)
    assert.equal(state === 'paid' || state === 'refunded', payments > 0)
  }))
})

test('nothing leaves refunded, nothing but a refund leaves paid, and closing can only be undone by money', () => {
  assert.deepEqual(transitions.refunded, [])
  assert.deepEqual(transitions.paid, ['refunded'])
  assert.deepEqual(transitions.closed, ['paid'])
  for (const state of orderStates) assert.equal(mayBecome(state, state), false)
})

test('a buyer may pay or close only what is placed, and learn only what is paid', () => {
  for (const state of orderStates) {
    const can = actionsOf(state, true, true)
    assert.ok(!actionsOf(state, true, false).includes('pay'), 'not where it is not sold')
    assert.ok(!actionsOf(state, false, true).includes('learn'))
    assert.equal(can.includes('pay') || can.includes('close'), state === 'placed')
    assert.equal(can.includes('learn'), state === 'paid')
  }
})

test('money for a closed order opens the course, unless it is owned or gone by then', () => {
  assert.deepEqual(decideSettlement({ state: 'closed', isForfeit: false }), { as: 'sale', late: true })
  assert.deepEqual(decideSettlement({ state: 'closed', isForfeit: true }), { as: 'surplus' })
})

const moments = fc.date({ min: new Date('2026-01-01'), max: new Date('2027-01-01'), noInvalidDate: true })
const salts = fc.integer({ min: 0, max: 0xffff_ffff }).map((value) => value.toString(16).padStart(8, '0'))

test('an open attempt is never asked about before 30 seconds, and always again within an hour and a tenth', () => {
  fc.assert(fc.property(moments, fc.integer({ min: 0, max: 20 }), salts, (begunAt, checks, salt) => {
    const number = outTradeNo('202611210000000001', salt)
    const at = (seconds: number) => new Date(begunAt.getTime() + seconds * 1000)
    assert.equal(isDue({ outTradeNo: number, begunAt, checkedAt: null, checks: 0 }, at(29)), false)
    assert.equal(isDue({ outTradeNo: number, begunAt, checkedAt: null, checks: 0 }, at(33)), true)
    assert.equal(isDue({ outTradeNo: number, begunAt, checkedAt: begunAt, checks }, at(3961)), true)
  }))
})

test('numbers fit every gateway: letters and digits, 8 to 32, and chance in their end', () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 9_999_999_999 }), salts, (digits, salt) => {
    const number = outTradeNo(orderNumber('2026-11-21', digits), salt)
    assert.match(number, /^[0-9A-Za-z]{8,32}$/)
    assert.ok(number.endsWith(salt))
    assert.match(outRefundNo(`rfd_${'a'.repeat(25)}`), /^[0-9A-Za-z]{8,32}$/)
  }))
})

test('a number the gateway does not know is dead only when its request can no longer be under way', () => {
  const begunAt = new Date('2026-11-21T00:00:00Z')
  assert.equal(wasNeverPlaced({ begunAt }, new Date(begunAt.getTime() + 30_000)), false)
  assert.equal(wasNeverPlaced({ begunAt }, new Date(begunAt.getTime() + 30_001)), true)
})

test('a closed virtual attempt counts for a day, because its sheet may still be open; others are final', () => {
  const settledAt = new Date('2026-11-21T00:00:00Z')
  const after = (hours: number) => new Date(settledAt.getTime() + hours * 3_600_000)
  assert.equal(mayStillBePaid({ state: 'closed', channel: 'wechat_virtual', settledAt }, after(23)), true)
  assert.equal(mayStillBePaid({ state: 'closed', channel: 'wechat_virtual', settledAt }, after(24)), false)
  assert.equal(mayStillBePaid({ state: 'closed', channel: 'wechat_pay_h5', settledAt }, after(1)), false)
  assert.equal(mayStillBePaid({ state: 'begun', channel: 'wechat_pay_h5', settledAt: null }, after(999)), true)
})

test('a refund is possible only for a paid order with money left, fifty times at most, and never exceeds what was paid', () => {
  const sums = fc.integer({ min: 0, max: 1_000_000 }).map(cents)
  fc.assert(fc.property(fc.constantFrom(...orderStates), sums, sums, sums, fc.boolean(), fc.integer({ min: 0, max: 60 }), fc.boolean(), fc.constantFrom('ios', 'android'), (state, total, promised, taken, hasPaidAttempt, count, isVirtual, system) => {
    const amount = refundableAmount({ total, promised, taken })
    assert.ok(amount >= 0 && amount <= total)
    const why = whyNotRefundable({ state, total, promised, taken, system, hasPaidAttempt, count, isVirtual, isUpgrade: false })
    assert.equal(whyNotRefundable({ state: 'paid', total: ZERO, promised, taken, system, hasPaidAttempt: false, count, isVirtual, isUpgrade: true }), 'order.upgrade_free')
    const isFine = state === 'paid' && count < 50 && amount > 0 && hasPaidAttempt && !(isVirtual && system === 'ios')
    assert.equal(why === undefined, isFine)
  }))
})

test("a gateway's refund state is done only on SUCCESS", () => {
  assert.deepEqual((['SUCCESS', 'PROCESSING', 'ABNORMAL', 'CLOSED'] as const).map(refundStateOf), ['done', 'processing', 'processing', 'failed'])
})
