// Codes of an authenticator: the vectors of RFC 6238, the half minute of slack, no second use.
import { test } from 'node:test'
import assert from 'node:assert/strict'
import { totpStep, totpUrl } from './totp.ts'

// The secret of RFC 6238, appendix B, in base 32; its SHA-1 codes cut to six digits.
const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'
const at = (seconds: number) => new Date(seconds * 1000)

test('the codes of the RFC are right at their time', () => {
  assert.equal(totpStep(secret, '287082', at(59), 0), 1)
  assert.equal(totpStep(secret, '081804', at(1111111109), 0), 37037036)
  assert.equal(totpStep(secret, '005924', at(1234567890), 0), 41152263)
})

test('a code is right half a minute early or late, and wrong beyond', () => {
  assert.equal(totpStep(secret, '005924', at(1234567890 + 30), 0), 41152263)
  assert.equal(totpStep(secret, '005924', at(1234567890 - 30), 0), 41152263)
  assert.equal(totpStep(secret, '005924', at(1234567890 + 90), 0), undefined)
  assert.equal(totpStep(secret, '005925', at(1234567890), 0), undefined)
})

test('a code that was used is not right again', () => {
  assert.equal(totpStep(secret, '005924', at(1234567890), 41152263), undefined)
  assert.equal(totpStep(secret, '005924', at(1234567890), 41152262), 41152263)
})

test('the address for the app names the academy and the account', () => {
  const url = new URL(totpUrl('书院', 'a@b.cn', secret))
  assert.equal(url.protocol, 'otpauth:')
  assert.equal(url.searchParams.get('secret'), secret)
  assert.equal(url.searchParams.get('issuer'), '书院')
})
