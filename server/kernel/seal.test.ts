// Encryption at rest: what is sealed opens only whole, with its secret and for its purpose.
import { test } from 'node:test'
import assert from 'node:assert/strict'
import { fingerprint, hashToken, newToken, seal, unseal } from './seal.ts'

const secret = 'a secret of at least thirty-two characters'

test('what was sealed opens again, and is never sealed the same way twice', () => {
  const sealed = seal(secret, 'phone', '13812345678')
  assert.equal(unseal(secret, 'phone', sealed), '13812345678')
  assert.notEqual(seal(secret, 'phone', '13812345678'), sealed)
  assert.ok(!Buffer.from(sealed, 'base64url').toString('latin1').includes('13812345678'))
})

test('another secret, another purpose or one changed byte does not open', () => {
  const sealed = seal(secret, 'phone', '13812345678')
  const bytes = Buffer.from(sealed, 'base64url')
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1
  assert.throws(() => unseal(`${secret}.`, 'phone', sealed))
  assert.throws(() => unseal(secret, 'totp', sealed))
  assert.throws(() => unseal(secret, 'phone', bytes.toString('base64url')))
})

test('fingerprints are equal for equal texts only, by secret and purpose', () => {
  assert.equal(fingerprint(secret, 'phone', '1'), fingerprint(secret, 'phone', '1'))
  const all = [fingerprint(secret, 'phone', '1'), fingerprint(secret, 'phone', '2'), fingerprint(secret, 'code', '1'), fingerprint(`${secret}.`, 'phone', '1')]
  assert.equal(new Set(all).size, 4)
})

test('tokens are long, differ, and are kept only as a hash', () => {
  const token = newToken()
  assert.equal(Buffer.from(token, 'base64url').length, 32)
  assert.notEqual(newToken(), token)
  assert.notEqual(hashToken(token), token)
})
