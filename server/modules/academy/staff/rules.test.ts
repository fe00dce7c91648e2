// The rules about operators: lock-outs, the last owner, roles.
import { test } from 'node:test'
import assert from 'node:assert/strict'
import { isLockedOut, leavesNoOwner, permissionsOf } from './rules.ts'

const owner = { role: 'owner', active: true } as const

test('eight failures of one name from one address lock that pair out, seven do not', () => {
  assert.equal(isLockedOut({ both: 7, address: 7, email: 7 }), false)
  assert.equal(isLockedOut({ both: 8, address: 8, email: 8 }), true)
})

test('failures from elsewhere do not lock an operator out at once, but not without end', () => {
  assert.equal(isLockedOut({ both: 0, address: 0, email: 99 }), false)
  assert.equal(isLockedOut({ both: 0, address: 0, email: 100 }), true)
})

test('an address that tries many names is locked out', () => {
  assert.equal(isLockedOut({ both: 1, address: 39, email: 1 }), false)
  assert.equal(isLockedOut({ both: 1, address: 40, email: 1 }), true)
})

test('the last active owner keeps role and door', () => {
  assert.equal(leavesNoOwner(owner, { role: 'editor', active: true }, 1), true)
  assert.equal(leavesNoOwner(owner, { role: 'owner', active: false }, 1), true)
  assert.equal(leavesNoOwner(owner, { role: 'editor', active: true }, 2), false)
  assert.equal(leavesNoOwner(owner, owner, 1), false)
  assert.equal(leavesNoOwner({ role: 'owner', active: false }, { role: 'editor', active: false }, 1), false)
})

test('only owners manage operators; support refunds nothing', () => {
  assert.ok(permissionsOf('owner').includes('staff.manage'))
  for (const role of ['editor', 'finance', 'support', 'lecturer'] as const) assert.ok(!permissionsOf(role).includes('staff.manage'), role)
  assert.ok(!permissionsOf('support').includes('order.refund'))
  assert.ok(permissionsOf('finance').includes('order.refund'))
})
