// Promises about believing Douyin: what its key signed within the hour is read; everything else is refused without a crash. And what an order must be to pay.
import assert from 'node:assert/strict'
import { generateKeyPairSync, sign } from 'node:crypto'
import { test } from 'node:test'
import { cents } from '#contracts/words/money.ts'
import { readCallback } from './callback.ts'
import { judgeOrder } from './judge.ts'
import type { DouyinOrder, Headers } from './shapes.ts'
import { readKeys } from './sign.ts'

const douyin = generateKeyPairSync('rsa', { modulusLength: 2048 })
const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 })
const now = new Date('2026-11-21T03:00:00Z')
const nowSeconds = now.getTime() / 1000
const paid = { app_id: 'tt01', order_id: 'O1', out_order_no: 'S1', status: 'SUCCESS', total_amount: 9900 }
const asked = { app_id: 'tt01', refund_id: 'R1', order_id: 'O1', out_order_no: 'S1', refund_total_amount: 9900, refund_reason: ['不想要了'], refund_description: '听不懂', need_refund_audit: 1, refund_audit_deadline: 1_795_000_000_000 }

function told(msg: unknown, type: unknown = 'payment'): string {
  return JSON.stringify({ version: '2.0', type, msg: typeof msg === 'string' ? msg : JSON.stringify(msg) })
}

function signed(body: string, { timestamp = String(nowSeconds), nonce = 'n0nce', signer = douyin.privateKey } = {}): Headers {
  return { 'byte-timestamp': timestamp, 'byte-nonce-str': nonce, 'byte-signature': sign('sha256', Buffer.from(`${timestamp}\n${nonce}\n${body}\n`), signer).toString('base64') }
}

function wordOf(body: string, headers: Headers = signed(body)): string {
  const callback = readCallback(douyin.publicKey, headers, body, now)
  return callback.kind === 'refused' ? `${callback.signature} ${callback.reason}` : callback.kind
}

test('a genuine payment is read, and its number is the same for every repetition', () => {
  const body = told(paid)
  const first = readCallback(douyin.publicKey, signed(body), Buffer.from(body), now)
  const again = readCallback(douyin.publicKey, signed(body, { nonce: 'other' }), body, now)
  assert.deepEqual(first, again)
  assert.equal(first.kind, 'payment')
  if (first.kind !== 'payment') return
  assert.deepEqual([first.event, first.order], ['payment.SUCCESS', { appid: 'tt01', orderId: 'O1', outOrderNo: 'S1', state: 'SUCCESS', total: 9900, currency: 'CNY', itemOrderId: undefined }])
})

test('each of the three headers is needed exactly once, in any case', () => {
  const body = told(paid)
  const headers = signed(body)
  assert.equal(wordOf(body, Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.replace('byte', 'Byte'), value]))), 'payment')
  for (const name of Object.keys(headers)) {
    const { [name]: one, ...rest } = headers
    for (const change of [undefined, '', [String(one), String(one)]]) assert.equal(wordOf(body, { ...rest, [name]: change }), 'invalid header_missing', name)
    assert.equal(wordOf(body, { ...headers, [name.toUpperCase()]: 'again' }), 'invalid header_missing', name)
  }
})

test('a callback may be an hour old and five minutes young, and not more', () => {
  const at = (seconds: number) => wordOf(told(paid), signed(told(paid), { timestamp: String(nowSeconds + seconds) }))
  assert.deepEqual([at(-3600), at(300)], ['payment', 'payment'])
  assert.deepEqual([at(-3601), at(301)], ['invalid timestamp_skewed', 'invalid timestamp_skewed'])
  for (const timestamp of ['NaN', '1e9', '-1', ' 1', '0x10', '9'.repeat(40)]) assert.equal(wordOf(told(paid), signed(told(paid), { timestamp })), 'invalid timestamp_malformed', timestamp)
})

test('a strange key, garbage and a changed body are refused', () => {
  const body = told(paid)
  const headers = signed(body)
  assert.equal(wordOf(body, signed(body, { signer: stranger.privateKey })), 'invalid signature_wrong')
  for (const signature of ['x', '====', '-_', 'é', `${String(headers['byte-signature'])}\n`]) assert.equal(wordOf(body, { ...headers, 'byte-signature': signature }), 'invalid signature_wrong', signature)
  for (const changed of [body.replace('9900', '1'), `${body}\n`, body.replace('{', '{ ')]) assert.equal(wordOf(changed, headers), 'invalid signature_wrong')
  assert.equal(wordOf(body, { ...headers, 'byte-nonce-str': 'other' }), 'invalid signature_wrong')
})

test('signed nonsense of any kind is refused and nothing is thrown', () => {
  const xml = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><xml>&e;</xml>'
  for (const body of ['', 'x', 'null', '[]', xml, '{}', told('x'), told('[]'), told(paid, 1), told(paid, ''), JSON.stringify({ type: 'payment', msg: paid })]) assert.equal(wordOf(body), 'valid body_not_json', body.slice(0, 40))
  for (const name of Object.keys(paid)) assert.equal(wordOf(told({ ...paid, [name]: undefined })), 'valid content_malformed', name)
  assert.equal(wordOf(told({ ...paid, status: 'PAID' })), 'valid content_malformed')
  assert.equal(wordOf(told({ any: 'thing' }, 'something_new')), 'other')
})

test('the end of a refund names us and one of its two numbers; only SUCCESS moved money', () => {
  const end = { app_id: 'tt01', out_refund_no: 'F1', refund_id: 'R1', order_id: 'O1', status: 'SUCCESS' }
  const read = (change: object) => readCallback(douyin.publicKey, signed(told({ ...end, ...change }, 'refund')), told({ ...end, ...change }, 'refund'), now)
  const good = read({})
  assert.equal(good.kind === 'refund' && good.succeeded, true)
  const failed = read({ status: 'FAIL', out_refund_no: undefined })
  assert.deepEqual(failed.kind === 'refund' && [failed.succeeded, failed.outRefundNo, failed.refundId], [false, '', 'R1'])
  assert.equal(read({ refund_id: undefined }).kind, 'refund')
  assert.equal(read({ refund_id: undefined, out_refund_no: undefined }).kind, 'refused')
  assert.equal(read({ app_id: undefined }).kind, 'refused')
})

test('what a learner asks back is read whole or not at all; a settlement by its number', () => {
  const callback = readCallback(douyin.publicKey, signed(told(asked, 'pre_create_refund')), told(asked, 'pre_create_refund'), now)
  assert.deepEqual(callback.kind === 'refund_ask' && callback.ask, {
    appid: 'tt01', refundId: 'R1', orderId: 'O1', outOrderNo: 'S1', refund: 9900, reason: '不想要了；听不懂', outRefundNo: undefined, needsAudit: true, decideBy: new Date(1_795_000_000_000).toISOString(),
  })
  for (const name of ['app_id', 'refund_id', 'order_id', 'out_order_no', 'refund_total_amount']) assert.equal(wordOf(told({ ...asked, [name]: undefined }, 'pre_create_refund')), 'valid content_malformed', name)
  const bare = told({ ...asked, need_refund_audit: 0, refund_reason: [7, ''], refund_description: '' }, 'pre_create_refund')
  const read = readCallback(douyin.publicKey, signed(bare), bare, now)
  assert.deepEqual(read.kind === 'refund_ask' && [read.ask.needsAudit, read.ask.reason], [false, ''])
  assert.deepEqual([wordOf(told({ out_settle_no: 'T1' }, 'settle')), wordOf(told({}, 'settle'))], ['settle', 'valid content_malformed'])
})

test('an order pays only for the app, number, sum and currency of the attempt', () => {
  const expected = { appid: 'tt01', outOrderNo: 'S1', total: cents(9900) }
  const order: DouyinOrder = { ...expected, orderId: 'O1', state: 'SUCCESS', currency: 'CNY', itemOrderId: undefined }
  assert.deepEqual(judgeOrder(order, expected), { verdict: 'pays' })
  const wrong: [Partial<DouyinOrder>, string][] = [[{ appid: 'tt02' }, 'appid'], [{ outOrderNo: 'S2' }, 'out_trade_no'], [{ total: cents(1) }, 'total'], [{ currency: 'DIAMOND' }, 'currency']]
  for (const [change, reason] of wrong) assert.deepEqual(judgeOrder({ ...order, ...change }, expected), { verdict: 'differs', reasons: [reason] })
  assert.deepEqual(judgeOrder({ ...order, state: 'PROCESS' }, expected), { verdict: 'not_paid', state: 'open' })
  for (const state of ['FAIL', 'TIMEOUT', 'CANCEL'] as const) assert.deepEqual(judgeOrder({ ...order, state }, expected), { verdict: 'not_paid', state: 'closed' })
})

test('keys that are not RSA, or our own in the place of theirs, are refused at once', () => {
  const text = (key: { export(how: object): unknown }, type: string) => String(key.export({ type, format: 'pem' }))
  const other = generateKeyPairSync('ed25519')
  const [own, theirs] = [text(stranger.privateKey, 'pkcs8'), text(douyin.publicKey, 'spki')]
  assert.equal(readKeys({ privateKey: own, platformPublicKey: theirs }).own.asymmetricKeyType, 'rsa')
  assert.throws(() => readKeys({ privateKey: own, platformPublicKey: text(stranger.publicKey, 'spki') }), /own public key/)
  assert.throws(() => readKeys({ privateKey: own, platformPublicKey: text(other.publicKey, 'spki') }), /RSA/)
  assert.throws(() => readKeys({ privateKey: text(other.privateKey, 'pkcs8'), platformPublicKey: theirs }), /RSA/)
})
