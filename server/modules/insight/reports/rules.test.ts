// The rules of the first page: days, comparisons, what deserves attention.
import { test } from 'node:test'
import assert from 'node:assert/strict'
import { cents } from '#contracts/words/money.ts'
import { attentionTo, checklistOf, compare, daysBefore } from './rules.ts'

function figures(day: string, takings: number) {
  return { day, takings: cents(takings), orders: takings / 100, newMembers: 0, activeLearners: 0 }
}

test('days are counted back over months, years and leap days', () => {
  assert.equal(daysBefore('2026-11-21', 0), '2026-11-21')
  assert.equal(daysBefore('2026-03-01', 1), '2026-02-28')
  assert.equal(daysBefore('2028-03-01', 1), '2028-02-29')
  assert.equal(daysBefore('2027-01-05', 7), '2026-12-29')
})

test('today stands beside yesterday and the same weekday of last week', () => {
  const days = Array.from({ length: 30 }, (_, at) => figures(daysBefore('2026-11-21', 29 - at), (at + 1) * 100))
  const compared = compare(days)
  assert.deepEqual(compared.takings, { today: 3000, yesterday: 2900, lastWeek: 2300 })
  assert.deepEqual(compared.orders, { today: 30, yesterday: 29, lastWeek: 23 })
  assert.equal(days.at(-8)?.day, '2026-11-14')
})

test('nothing waiting asks for no attention', () => {
  const none = { failed_media: 0, refunds_waiting: 0, notices_to_check: 0, differences_open: 0, complaints_waiting: 0, claims_waiting: 0, refund_asks_open: 0, parcels_to_ship: 0, payouts_waiting: 0, reviews_unanswered: 0, items_not_ready: 0 }
  assert.deepEqual(attentionTo(none), [])
  assert.deepEqual(attentionTo({ ...none, reviews_unanswered: 2, notices_to_check: 1 }), [
    { kind: 'notices_to_check', count: 1 },
    { kind: 'reviews_unanswered', count: 2 },
  ])
})

test('the checklist keeps its order and tells each step', () => {
  const list = checklistOf({ academy_named: true, totp_on: false, course_published: true, offer_on_sale: false, payment_connected: true, first_sale: false })
  assert.deepEqual(list.filter((item) => item.done).map((item) => item.step), ['academy_named', 'course_published', 'payment_connected'])
  assert.equal(list.length, 6)
})
