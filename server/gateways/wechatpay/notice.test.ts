// Promises about believing WeChat Pay: what is signed, fresh, sealed and well formed is read; everything else is refused without a crash.
import assert from 'node:assert/strict'
import { createCipheriv, generateKeyPairSync, sign } from 'node:crypto'
import { test } from 'node:test'
import { cents } from '#contracts/words/money.ts'
import { readApiv3Key } from './cipher.ts'
import { judgeTransaction, type ExpectedPayment } from './judge.ts'
import { readNotice, type NoticeKeys } from './notice.ts'
import type { Headers, Transaction } from './shapes.ts'
import { openKeyring, verifySigned } from './verify.ts'

const platform = generateKeyPairSync('rsa', { modulusLength: 2048 })
const older = generateKeyPairSync('rsa', { modulusLength: 2048 })
const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 })
const SERIAL = 'PUB_KEY_ID_0116000000012026112100000000000001'
const CURRENT = 'current-key-of-thirty-two-bytes!'
const PREVIOUS = 'previous-key-of-thirty-two-byte!'
const now = new Date('2026-11-21T03:00:00Z')
const nowSeconds = now.getTime() / 1000

function makeKeys(): NoticeKeys {
  const keyring = openKeyring({ publicKeyId: SERIAL, publicKey: platform.publicKey.export({ type: 'spki', format: 'pem' }).toString(), platformCerts: '' })
  keyring.set('4A5B', { key: older.publicKey, validUntil: now.getTime() + 1000 })
  return { keyring, apiv3Keys: [readApiv3Key(CURRENT), readApiv3Key(PREVIOUS)] }
}
const keys = makeKeys()

const paid = {
  mchid: '1600000001', appid: 'wx00000000000000aa', out_trade_no: 'SY20261121000001', transaction_id: '4200009999202611210000000001', trade_type: 'MWEB',
  trade_state: 'SUCCESS', success_time: '2026-11-21T10:59:58+08:00', payer: { openid: 'oTESTTESTTESTTESTTESTTESTTEST' },
  amount: { total: 9900, payer_total: 9900, currency: 'CNY', payer_currency: 'CNY' },
}

const givenBack = {
  mchid: '1600000001', out_trade_no: 'SY20261121000001', transaction_id: '42', out_refund_no: 'RF1', refund_id: '50', refund_status: 'ABNORMAL',
  user_received_account: '零钱', amount: { total: 9900, refund: 100, payer_total: 9800, payer_refund: 99 },
}

function seal(plain: string, { key = CURRENT, nonce = 'twelve-bytes', aad = 'transaction' } = {}) {
  const cipher = createCipheriv('aes-256-gcm', Buffer.from(key), Buffer.from(nonce)).setAAD(Buffer.from(aad))
  const sealed = Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()])
  return { original_type: 'transaction', algorithm: 'AEAD_AES_256_GCM', ciphertext: sealed.toString('base64'), associated_data: aad, nonce }
}

function envelope(resource: object = seal(JSON.stringify(paid)), event = 'TRANSACTION.SUCCESS'): string {
  return JSON.stringify({ id: 'EV-1', create_time: '2026-11-21T11:00:00+08:00', resource_type: 'encrypt-resource', event_type: event, summary: '', resource })
}

function signed(body: string, { timestamp = String(nowSeconds), nonce = 'n0nce', serial = SERIAL, signer = platform.privateKey } = {}): Headers {
  const signature = sign('sha256', Buffer.from(`${timestamp}\n${nonce}\n${body}\n`), signer).toString('base64')
  return { 'wechatpay-timestamp': timestamp, 'wechatpay-nonce': nonce, 'wechatpay-signature': signature, 'wechatpay-serial': serial }
}

function reasonOf(body: string, headers: Headers = signed(body), at = now, given = keys): string {
  const notice = readNotice(given, headers, body, at)
  return notice.kind === 'refused' ? `${notice.signature} ${notice.reason}` : `read ${notice.kind}`
}

test('a genuine notice is read into our own words', () => {
  const body = envelope()
  const notice = readNotice(keys, signed(body), Buffer.from(body), now)
  assert.equal(notice.kind, 'transaction')
  if (notice.kind !== 'transaction') return
  assert.equal(notice.id, 'EV-1')
  assert.equal(notice.createdAt, '2026-11-21T03:00:00.000Z')
  assert.deepEqual(JSON.parse(notice.plain), paid)
  assert.deepEqual(notice.transaction, {
    mchid: '1600000001', appid: 'wx00000000000000aa', outTradeNo: 'SY20261121000001', tradeState: 'SUCCESS', transactionId: '4200009999202611210000000001', tradeType: 'MWEB',
    paidAt: '2026-11-21T02:59:58.000Z', payerOpenid: 'oTESTTESTTESTTESTTESTTESTTEST', total: 9900, payerTotal: 9900, currency: 'CNY',
  })
})

test('header names are read in any case, and each of the four is needed exactly once', () => {
  const body = envelope()
  const headers = signed(body)
  const spelt = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.replace('wechatpay', 'Wechatpay'), value]))
  assert.equal(reasonOf(body, spelt), 'read transaction')
  for (const name of Object.keys(headers)) {
    const { [name]: one, ...rest } = headers
    assert.equal(reasonOf(body, rest), 'invalid header_missing', name)
    assert.equal(reasonOf(body, { ...rest, [name]: '' }), 'invalid header_missing', name)
    assert.equal(reasonOf(body, { ...rest, [name]: [String(one), String(one)] }), 'invalid header_missing', name)
    assert.equal(reasonOf(body, { ...headers, [name.toUpperCase()]: 'again' }), 'invalid header_missing', name)
  }
})

test('the clock may differ by five minutes and not by more', () => {
  const body = envelope()
  const at = (seconds: number) => reasonOf(body, signed(body, { timestamp: String(nowSeconds + seconds) }))
  assert.equal(at(-299), 'read transaction')
  assert.equal(at(299), 'read transaction')
  assert.equal(at(-301), 'invalid timestamp_skewed')
  assert.equal(at(301), 'invalid timestamp_skewed')
  for (const timestamp of ['NaN', '1e9', '-1', ' 1', '0x10', '1.5', '9'.repeat(40)]) {
    assert.equal(reasonOf(body, signed(body, { timestamp })), 'invalid timestamp_malformed', timestamp)
  }
})

test('only keys of the ring are believed, each under its exact serial', () => {
  const body = envelope()
  assert.equal(reasonOf(body, signed(body, { serial: '4A5B', signer: older.privateKey })), 'read transaction')
  assert.equal(reasonOf(body, signed(body, { serial: '4A5B' })), 'invalid signature_wrong')
  assert.equal(reasonOf(body, signed(body, { signer: stranger.privateKey })), 'invalid signature_wrong')
  for (const serial of [SERIAL.toLowerCase(), `${SERIAL} `, '4a5b', '__proto__', 'constructor', 'toString']) {
    assert.equal(reasonOf(body, signed(body, { serial })), 'invalid serial_unknown', serial)
  }
  const later = new Date(now.getTime() + 2000)
  assert.equal(reasonOf(body, signed(body, { serial: '4A5B', signer: older.privateKey }), later), 'invalid serial_unknown', 'an expired certificate')
})

test('a signature probe, garbage and a changed body are refused', () => {
  const body = envelope()
  const headers = signed(body)
  const right = String(headers['wechatpay-signature'])
  assert.equal(reasonOf(body, { ...headers, 'wechatpay-signature': `WECHATPAY/SIGNTEST/${right}` }), 'invalid signature_probe')
  for (const signature of ['x', '====', '-_', 'é', right.slice(4), `${right}\n`, 'A'.repeat(100_000)]) {
    assert.equal(reasonOf(body, { ...headers, 'wechatpay-signature': signature }), 'invalid signature_wrong')
  }
  assert.equal(reasonOf(body.replace('EV-1', 'EV-2'), headers), 'invalid signature_wrong')
  assert.equal(reasonOf(`${body}\n`, headers), 'invalid signature_wrong')
  assert.equal(reasonOf(body, { ...headers, 'wechatpay-nonce': 'other' }), 'invalid signature_wrong')
})

test('a ring takes no key without a name and no name without a key', () => {
  const publicKey = platform.publicKey.export({ type: 'spki', format: 'pem' }).toString()
  assert.deepEqual([{ publicKeyId: '', publicKey }, { publicKeyId: SERIAL, publicKey: '' }].map((given) => openKeyring({ ...given, platformCerts: '' }).size), [0, 0])
})

test('an empty signed body verifies, as the answer to close has it', () => {
  assert.deepEqual(verifySigned(keys.keyring, signed(''), '', now), { ok: true, serial: SERIAL })
})

test('I3, I11: the previous APIv3 key still opens, another does not, nor does anything that was touched', () => {
  const plain = JSON.stringify(paid)
  const resource = seal(plain)
  const flip = (at: number) => {
    const bytes = Buffer.from(resource.ciphertext, 'base64')
    bytes[at < 0 ? bytes.length + at : at] = (bytes.at(at) ?? 0) ^ 1
    return envelope({ ...resource, ciphertext: bytes.toString('base64') })
  }
  assert.equal(reasonOf(envelope(seal(plain, { key: PREVIOUS }))), 'read transaction')
  assert.equal(reasonOf(envelope(seal(plain, { aad: '' }))), 'read transaction')
  assert.equal(reasonOf(envelope(seal(plain, { key: 'another-key-of-thirty-two-bytes!' }))), 'valid cannot_decrypt')
  assert.equal(reasonOf(envelope(seal(plain, { nonce: 'sixteen-bytes-ok' }))), 'valid cannot_decrypt', 'a nonce outside the protocol')
  assert.equal(reasonOf(flip(0)), 'valid cannot_decrypt', 'ciphertext')
  assert.equal(reasonOf(flip(-1)), 'valid cannot_decrypt', 'tag')
  assert.equal(reasonOf(flip(-16)), 'valid cannot_decrypt', 'tag')
  for (const change of [{ associated_data: 'refund' }, { associated_data: undefined }, { nonce: 'twelve-bytez' }, { nonce: 'short' }, { nonce: '' }, { ciphertext: '' }, { ciphertext: 'AAAA' }, { ciphertext: '*' }, { ciphertext: `${resource.ciphertext}    ` }, { ciphertext: resource.ciphertext.replace(/=+$/, '') }]) {
    assert.equal(reasonOf(envelope({ ...resource, ...change })), 'valid cannot_decrypt', JSON.stringify(change))
  }
})

test('signed nonsense of any kind is refused and nothing is thrown', () => {
  const table: [string, string][] = [
    ['', 'valid body_not_json'],
    ['not json', 'valid body_not_json'],
    ['<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><xml><id>&e;</id></xml>', 'valid body_not_json'],
    ['null', 'valid body_not_json'],
    ['[]', 'valid body_not_json'],
    ['1', 'valid body_not_json'],
    [`${'['.repeat(100_000)}${']'.repeat(100_000)}`, 'valid body_not_json'],
    ['{}', 'valid envelope_malformed'],
    ['{"__proto__":{"id":"EV-1","event_type":"TRANSACTION.SUCCESS","resource":{}}}', 'valid envelope_malformed'],
    [JSON.stringify({ id: 1, event_type: 'TRANSACTION.SUCCESS', resource: seal('{}') }), 'valid envelope_malformed'],
    [envelope([]), 'valid envelope_malformed'],
    [envelope({ ...seal('{}'), nonce: 12 }), 'valid envelope_malformed'],
    [envelope({ ...seal('{}'), algorithm: 'none' }), 'valid algorithm_unknown'],
    [envelope({ ...seal(JSON.stringify(paid)), algorithm: undefined }), 'valid algorithm_unknown'],
    [envelope(seal('not json')), 'valid content_malformed'],
    [envelope(seal('{}')), 'valid content_malformed'],
    [envelope(seal(JSON.stringify({ ...paid, trade_state: 'PAID' }))), 'valid content_malformed'],
    [envelope(seal(JSON.stringify({ ...paid, mchid: undefined }))), 'valid content_malformed'],
    [envelope(seal(JSON.stringify(paid)), 'REFUND.SUCCESS'), 'valid content_malformed'],
    [envelope({ ...seal(JSON.stringify(paid)), original_type: 'refund' }), 'valid content_malformed'],
    [envelope({ ...seal(JSON.stringify(givenBack)), original_type: 'transaction' }, 'REFUND.SUCCESS'), 'valid content_malformed'],
    [envelope(seal('not json'), 'SOMETHING.NEW'), 'valid content_malformed'],
    [JSON.stringify({ id: 'EV-1', resource: seal(JSON.stringify(paid)) }), 'valid envelope_malformed'],
    [envelope({ ...seal(JSON.stringify(paid)), ciphertext: undefined }), 'valid envelope_malformed'],
    [envelope(seal('{"a":1}'), 'SOMETHING.NEW'), 'read other'],
  ]
  for (const [body, wanted] of table) assert.equal(reasonOf(body), wanted, body.slice(0, 80))
})

test('a notice of a refund and one of a transfer are read', () => {
  const body = envelope({ ...seal(JSON.stringify(givenBack)), original_type: 'refund' }, 'REFUND.ABNORMAL')
  const notice = readNotice(keys, signed(body), body, now)
  assert.equal(notice.kind === 'refund' && notice.refund.state, 'ABNORMAL')
  assert.equal(notice.kind === 'refund' && notice.refund.refund, 100)
  assert.equal(notice.kind === 'refund' && notice.mchid, '1600000001')
  const bill = { out_bill_no: 'B1', transfer_bill_no: 'T1', state: 'SUCCESS', transfer_amount: 300 }
  assert.equal(reasonOf(envelope(seal(JSON.stringify(bill)), 'MCHTRANSFER.BILL.FINISHED')), 'read transfer')
})

test('a notice of a complaint is read by its number, and without one it says nothing', () => {
  const body = envelope(seal(JSON.stringify({ complaint_id: '200201820200101080076610000', action_type: 'CREATE_COMPLAINT' })), 'COMPLAINT.CREATE')
  const notice = readNotice(keys, signed(body), body, now)
  assert.deepEqual(notice.kind === 'complaint' && [notice.complaint, notice.action, notice.event], ['200201820200101080076610000', 'CREATE_COMPLAINT', 'COMPLAINT.CREATE'])
  for (const told of [{}, { complaint_id: '' }, { complaint_id: 1 }]) assert.equal(reasonOf(envelope(seal(JSON.stringify(told)), 'COMPLAINT.STATE_CHANGE')), 'valid content_malformed')
})

test('a payment pays only when merchant, app, number, total and currency are those of the attempt', () => {
  const expected: ExpectedPayment = { mchid: '1600000001', appid: 'wx00000000000000aa', outTradeNo: 'SY20261121000001', total: cents(9900), currency: 'CNY' }
  const told: Transaction = {
    mchid: expected.mchid, appid: expected.appid, outTradeNo: expected.outTradeNo, tradeState: 'SUCCESS', transactionId: '42', tradeType: 'MWEB', paidAt: undefined,
    payerOpenid: 'anybody', total: cents(9900), payerTotal: cents(9900), currency: 'CNY',
  }
  assert.deepEqual(judgeTransaction(told, expected), { verdict: 'pays' })
  assert.deepEqual(judgeTransaction({ ...told, payerTotal: cents(4900) }, expected), { verdict: 'pays' }, 'a coupon')
  assert.deepEqual(judgeTransaction({ ...told, payerTotal: undefined }, expected), { verdict: 'pays' }, 'no word of a coupon')
  assert.deepEqual(judgeTransaction({ ...told, payerOpenid: 'somebody else' }, expected), { verdict: 'pays' }, 'a friend pays')
  const wrong: [Partial<Transaction>, string][] = [
    [{ mchid: '1600000002' }, 'mchid'], [{ appid: 'wx' }, 'appid'], [{ outTradeNo: 'SY2' }, 'out_trade_no'], [{ total: cents(9899) }, 'total'], [{ total: cents(9901) }, 'total'],
    [{ total: undefined }, 'total'], [{ currency: 'USD' }, 'currency'], [{ currency: undefined }, 'currency'], [{ payerTotal: cents(9901) }, 'payer_total'],
    [{ payerTotal: cents(-1) }, 'payer_total'], [{ transactionId: undefined }, 'transaction_id'],
  ]
  for (const [change, reason] of wrong) assert.deepEqual(judgeTransaction({ ...told, ...change }, expected), { verdict: 'differs', reasons: [reason] })
  for (const tradeState of ['REFUND', 'NOTPAY', 'CLOSED', 'REVOKED', 'USERPAYING', 'PAYERROR'] as const) {
    assert.deepEqual(judgeTransaction({ ...told, tradeState, total: undefined }, expected), { verdict: 'not_paid', state: tradeState })
  }
  assert.deepEqual(judgeTransaction({ ...told, tradeState: 'NOTPAY', mchid: 'other' }, expected), { verdict: 'differs', reasons: ['mchid'] })
})
