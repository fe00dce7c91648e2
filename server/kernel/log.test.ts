// What a line of the log holds, and what it hides.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { logOf, openLog } from './log.ts'

function logged() {
  const lines: string[] = []
  return { log: openLog('info', { write: (line) => void lines.push(line) }), last: () => JSON.parse(lines.at(-1) ?? '') }
}

test('a line of a request carries its id, and its neighbours do not', () => {
  const { log, last } = logged()
  const one = logOf(log, 'first')
  logOf(log, 'second').warn({ step: 2 }, 'slow')
  assert.deepEqual([last().requestId, last().step, last().msg], ['second', 2, 'slow'])
  one.info({ order: 'ord_1' }, 'placed')
  assert.deepEqual([last().requestId, last().order, last().msg], ['first', 'ord_1', 'placed'])
  log.info({}, 'of no request')
  assert.equal(last().requestId, undefined)
})

test('secrets and persons are hidden wherever they stand', () => {
  const { log, last } = logged()
  logOf(log, 'first').info({ token: 'abc', member: { phone: '13800000000' }, told: { headers: { authorization: 'Bearer x' } } }, 'signed in')
  assert.deepEqual([last().token, last().member.phone, last().told.headers.authorization], ['[hidden]', '[hidden]', '[hidden]'])
})
