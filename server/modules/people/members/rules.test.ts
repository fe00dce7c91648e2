// The rules about codes, waits and how a phone number is shown.
import { test } from 'node:test'
import assert from 'node:assert/strict'
import { defaultNickname, judgeCode, maskPhone, waitSeconds } from './rules.ts'

const now = new Date('2026-11-21T04:00:00Z')
const later = (seconds: number) => new Date(now.getTime() + seconds * 1000)
const code = { print: 'right', expiresAt: later(600), tries: 0, isUsed: false }

test('a second code waits until a minute has passed', () => {
  assert.equal(waitSeconds(undefined, { phone: 0, address: 0 }, now), 0)
  assert.equal(waitSeconds(now, { phone: 1, address: 1 }, later(0)), 60)
  assert.equal(waitSeconds(now, { phone: 1, address: 1 }, later(59.2)), 1)
  assert.equal(waitSeconds(now, { phone: 1, address: 1 }, later(60)), 0)
  assert.equal(waitSeconds(later(0.02), { phone: 1, address: 1 }, now), 60)
})

test('a number gets ten codes a day and an address fifty', () => {
  assert.equal(waitSeconds(now, { phone: 9, address: 9 }, later(90)), 0)
  assert.ok(waitSeconds(now, { phone: 10, address: 10 }, later(90)) > 0)
  assert.ok(waitSeconds(undefined, { phone: 0, address: 50 }, now) > 0)
})

test('a code is right, wrong, expired or used up', () => {
  assert.equal(judgeCode(code, 'right', now), 'right')
  assert.equal(judgeCode(code, 'wrong', now), 'wrong')
  assert.equal(judgeCode(code, 'right', later(600)), 'expired')
  assert.equal(judgeCode(undefined, 'right', now), 'expired')
  assert.equal(judgeCode({ ...code, isUsed: true }, 'right', now), 'expired')
  assert.equal(judgeCode({ ...code, tries: 4 }, 'right', now), 'right')
  assert.equal(judgeCode({ ...code, tries: 5 }, 'right', now), 'exhausted')
})

test('a shown phone number hides its middle', () => {
  assert.equal(maskPhone('13812345678'), '138****5678')
})

test('a new learner has a name with four digits', () => {
  assert.equal(defaultNickname(7), '学员0007')
  assert.equal(defaultNickname(9999), '学员9999')
})
