// Promises about keys, sealed fields and signatures.
import assert from 'node:assert/strict'
import { constants, generateKeyPairSync, publicEncrypt, verify } from 'node:crypto'
import { test } from 'node:test'
import { openField, readApiv3Key, sealField } from './cipher.ts'
import { composeRequest, readPrivateKey, signJsapi, writeAuthorization } from './sign.ts'

const pair = generateKeyPairSync('rsa', { modulusLength: 2048 })

test('an APIv3 key has exactly 32 bytes', () => {
  for (const text of ['', 'sixteen-bytes-ok', 'x'.repeat(31), 'x'.repeat(33), '书'.repeat(32)]) assert.throws(() => readApiv3Key(text), /32 bytes/)
  assert.equal(readApiv3Key('x'.repeat(32)).symmetricKeySize, 32)
})

test('a personal field goes out and comes back by OAEP with SHA-1, and by nothing else', () => {
  assert.equal(openField(pair.privateKey, sealField(pair.publicKey, '王小明')), '王小明')
  const other = publicEncrypt({ key: pair.publicKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' }, Buffer.from('x')).toString('base64')
  for (const wrong of [other, '', 'AAAA', '***']) assert.equal(openField(pair.privateKey, wrong), undefined)
})

test('a request signs five lines, also with an empty body, and names the merchant', () => {
  const request = { method: 'GET', path: '/v3/x?a=1', timestamp: '1700000000', nonce: 'abc', body: '' }
  assert.equal(composeRequest(request), 'GET\n/v3/x?a=1\n1700000000\nabc\n\n')
  const header = writeAuthorization({ mchid: '16', serial: 'AB', key: pair.privateKey }, request)
  const [, signature = ''] = /signature="([^"]+)"/.exec(header) ?? []
  assert.match(header, /^WECHATPAY2-SHA256-RSA2048 mchid="16",nonce_str="abc",timestamp="1700000000",serial_no="AB",signature="/)
  assert.ok(verify('sha256', Buffer.from(composeRequest(request)), pair.publicKey, Buffer.from(signature, 'base64')))
})

test('what wx.requestPayment is given is signed over appid, time, nonce and prepay number', () => {
  const payment = signJsapi(pair.privateKey, 'wxapp', 'wx201', '1700000000', 'abc')
  assert.deepEqual({ ...payment, paySign: '' }, { appId: 'wxapp', timeStamp: '1700000000', nonceStr: 'abc', package: 'prepay_id=wx201', signType: 'RSA', paySign: '' })
  assert.ok(verify('sha256', Buffer.from('wxapp\n1700000000\nabc\nprepay_id=wx201\n'), pair.publicKey, Buffer.from(payment.paySign, 'base64')))
})

test('a private key that is none, or not RSA, is refused at open', () => {
  assert.throws(() => readPrivateKey('not a key'))
  const curve = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  assert.throws(() => readPrivateKey(curve), /RSA/)
})
