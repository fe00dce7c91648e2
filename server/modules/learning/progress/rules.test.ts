// Promises of progress: what is inside a lesson, and days in a row.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { streak, within } from './rules.ts'

test('what a device reports is cut at the end of the lesson or of its trial', () => {
  assert.deepEqual(within({ ranges: [[0, 5], [6, 12], [11, 12]], positionSeconds: 12 }, 9.4), { ranges: [[0, 5], [6, 10]], positionSeconds: 9.4 })
  assert.deepEqual(within({ ranges: [[0, 5]], positionSeconds: 5 }, null), { ranges: [[0, 5]], positionSeconds: 5 })
})

test('days in a row end today, or yesterday while today has not begun', () => {
  assert.equal(streak(['2026-03-01', '2026-02-28', '2026-02-26'], '2026-03-01'), 2)
  assert.equal(streak(['2026-02-28', '2026-02-27'], '2026-03-01'), 2)
  assert.equal(streak(['2026-02-27'], '2026-03-01'), 0)
})
