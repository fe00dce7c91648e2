// What a line of the log holds, and what it hides.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { logsOfRequests, openLog } from './log.ts'

function logged() {
  const lines: string[] = []
  return { log: openLog('info', { write: (line) => void lines.push(line) }), last: () => JSON.parse(lines.at(-1) ?? '') }
}

test('a line of a request carries its id, and its neighbours do not', () => {
  const { log, last } = logged()
  const one = logsOfRequests(log).child({ reqId: 'first' })
  logsOfRequests(log).child({ reqId: 'second' })
  one.info({ order: 'ord_1' }, 'placed')
  assert.deepEqual([last().reqId, last().order, last().msg], ['first', 'ord_1', 'placed'])
  one.child({ step: 2 }).warn('slow')
  assert.deepEqual([last().reqId, last().step], ['first', 2])
  log.info('of no request')
  assert.equal(last().reqId, undefined)
})

test('secrets and persons are hidden wherever they stand', () => {
  const { log, last } = logged()
  logsOfRequests(log).child({ reqId: 'first' }).info({ token: 'abc', member: { phone: '13800000000' }, told: { headers: { authorization: 'Bearer x' } } })
  assert.deepEqual([last().token, last().member.phone, last().told.headers.authorization], ['[hidden]', '[hidden]', '[hidden]'])
})
