// Promises about believing Alipay: what its key signed is read; every other form is refused without a crash.
import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { test } from 'node:test'
import { readNotice } from './notice.ts'
import { composeParams, cutNode, isNoticeSigned, isTextSigned, readKeys, signParams } from './sign.ts'

const alipay = generateKeyPairSync('rsa', { modulusLength: 2048 })
const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 })
const trade = {
  notify_id: 'N1', notify_type: 'trade_status_sync', app_id: '2021000000000001', seller_id: '2088000000000001', out_trade_no: 'S1', trade_no: 'T1', trade_status: 'TRADE_SUCCESS',
  total_amount: '99.00', gmt_payment: '2026-11-21 09:30:00', subject: '讲一讲 & 写 = 记', buyer_logon_id: '',
}

/** A form as Alipay posts it: signed over everything but `sign` and `sign_type`. */
function posted(params: Record<string, string | undefined>, { signer = alipay.privateKey, more = {} as Record<string, string | undefined>, tail = '' } = {}): string {
  const told = Object.fromEntries(Object.entries(params).filter((pair): pair is [string, string] => pair[1] !== undefined))
  const form = { ...told, sign_type: 'RSA2', sign: signParams(signer, told), ...more }
  return new URLSearchParams(Object.entries(form).filter((pair): pair is [string, string] => pair[1] !== undefined)).toString() + tail
}

function wordOf(body: string): string {
  const notice = readNotice(alipay.publicKey, body)
  return notice.kind === 'refused' ? `${notice.signature} ${notice.reason}` : notice.kind
}

test('a genuine notice is read into our own words, and kept without its signature', () => {
  const notice = readNotice(alipay.publicKey, Buffer.from(posted(trade)))
  assert.equal(notice.kind, 'trade')
  if (notice.kind !== 'trade') return
  assert.deepEqual([notice.id, notice.event], ['N1', 'trade_status_sync.TRADE_SUCCESS'])
  assert.deepEqual(notice.trade, { appid: trade.app_id, sellerId: trade.seller_id, outTradeNo: 'S1', tradeNo: 'T1', state: 'TRADE_SUCCESS', total: 9900, paidAt: '2026-11-21T01:30:00.000Z' })
  assert.equal(JSON.parse(notice.plain).sign, undefined)
  assert.equal(JSON.parse(notice.plain).subject, trade.subject)
})

test('a strange key, no key, a changed word or a missing one: refused', () => {
  assert.equal(wordOf(posted(trade, { signer: stranger.privateKey })), 'invalid signature_wrong')
  assert.equal(wordOf(posted(trade, { more: { sign: undefined } })), 'invalid sign_missing')
  assert.equal(wordOf(posted(trade, { more: { sign: '' } })), 'invalid sign_missing')
  for (const type of [undefined, 'RSA', 'rsa2', 'MD5']) assert.equal(wordOf(posted(trade, { more: { sign_type: type } })), 'invalid sign_type_unknown', type)
  const genuine = signParams(alipay.privateKey, trade)
  for (const sign of [`${genuine}\n`, ` ${genuine}`, 'x', '*', 'é', '====', `${'A'.repeat(344)}\n`]) assert.equal(wordOf(posted(trade, { more: { sign } })), 'invalid signature_wrong', sign)
  for (const name of Object.keys(trade)) {
    if (name === 'buyer_logon_id') continue
    assert.equal(wordOf(posted(trade, { more: { [name]: 'changed' } })), 'invalid signature_wrong', name)
    assert.equal(wordOf(posted(trade, { more: { [name]: undefined } })), 'invalid signature_wrong', name)
  }
})

test('a parameter sent twice is believed in neither form; an empty body and XML are no forms', () => {
  assert.equal(wordOf(posted(trade, { tail: '&total_amount=0.01' })), 'invalid body_malformed')
  assert.equal(wordOf(''), 'invalid body_malformed')
  assert.equal(wordOf('<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><xml>&e;</xml>'), 'invalid sign_missing')
})

test('signed, but not to be read: an alarm, and nothing thrown', () => {
  for (const name of ['notify_id', 'notify_type', 'app_id', 'seller_id', 'out_trade_no', 'trade_no', 'trade_status', 'total_amount']) assert.equal(wordOf(posted({ ...trade, [name]: undefined })), 'valid content_malformed', name)
  for (const total of ['-1', '1e3', '99.001', '0x63', ' 99.00', '99,00']) assert.equal(wordOf(posted({ ...trade, total_amount: total })), 'valid content_malformed', total)
  assert.equal(wordOf(posted({ ...trade, trade_status: 'PAID' })), 'valid content_malformed')
  assert.equal(wordOf(posted({ ...trade, notify_type: 'dut_user_sign' })), 'other')
})

test('money that goes back is told by the same type with fields of its own', () => {
  for (const more of [{ refund_fee: '99.00' }, { gmt_refund: '2026-11-21 10:00:00' }]) {
    const notice = readNotice(alipay.publicKey, posted({ ...trade, ...more, out_biz_no: 'R1' }))
    assert.deepEqual([notice.kind, notice.kind === 'refund' && notice.outRefundNo], ['refund', 'R1'])
  }
})

test('messages of the service market are signed with their sign_type, trades without', () => {
  const kept = { a: '1', sign_type: 'RSA2' }
  const form = { ...kept, sign: signParams(alipay.privateKey, kept) }
  assert.deepEqual([isNoticeSigned(alipay.publicKey, form, true), isNoticeSigned(alipay.publicKey, form)], [true, false])
  const bare = { a: '1' }
  assert.deepEqual([isNoticeSigned(alipay.publicKey, { ...bare, sign: signParams(alipay.privateKey, bare) }, true), isTextSigned(alipay.publicKey, 'a=1', signParams(alipay.privateKey, bare))], [true, true])
  assert.equal(composeParams({ b: '2', sign: 'x', c: '3', a: '1', empty: '' }), 'a=1&b=2&c=3')
})

test('the node of an answer is cut as it was sent, and what is no object has none', () => {
  const text = '{"x":"}","a_response":{"code":"10000","deep":[{"k":"\\"]"}], "n": 1} ,"sign":"s"}'
  assert.equal(cutNode(text, 'a_response'), '{"code":"10000","deep":[{"k":"\\"]"}], "n": 1}')
  assert.equal(cutNode(text, 'x'), '"}"')
  assert.equal(cutNode('{"n": 12}', 'n'), '12')
  for (const wrong of ['', 'x', '[]', '{}', '{"a":', '{"b":1}', '{"a_response"}', '{"b":"1', '"a":1', '{"a":,"b":1}']) assert.equal(cutNode(wrong, 'a'), undefined, wrong)
})

test('keys that are not RSA, or our own in the place of theirs, are refused at once', () => {
  const pem = (pair: { privateKey: { export(how: object): unknown }; publicKey: { export(how: object): unknown } }) => ({ privateKey: String(pair.privateKey.export({ type: 'pkcs8', format: 'pem' })), publicKey: String(pair.publicKey.export({ type: 'spki', format: 'pem' })) })
  const [ours, theirs, other] = [pem(stranger), pem(alipay), pem(generateKeyPairSync('ed25519'))]
  assert.equal(readKeys({ privateKey: ours.privateKey, publicKey: theirs.publicKey }).theirs.asymmetricKeyType, 'rsa')
  assert.throws(() => readKeys(ours), /own public key/)
  assert.throws(() => readKeys({ ...ours, publicKey: other.publicKey }), /RSA/)
  assert.throws(() => readKeys({ ...theirs, privateKey: other.privateKey }), /RSA/)
})
