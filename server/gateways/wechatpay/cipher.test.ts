// Promises about keys, sealed fields, signatures and bills.
import assert from 'node:assert/strict'
import { constants, createHash, generateKeyPairSync, publicEncrypt, verify } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { test } from 'node:test'
import { openBill, parseBill } from './bills.ts'
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

const bill = '\uFEFF交易时间,商户订单号,商品名称,订单金额\r\n`2026-11-20 10:00:00,`SY1,`茶，与,时间,`99.00\r\n`2026-11-20 11:00:00,`SY2,`诗,`1.00\r\n总交易单数,订单总金额\r\n`2,`100.00\r\n'

test('a bill keeps commas in its cells and its amounts as text', () => {
  const read = parseBill(bill)
  assert.deepEqual(read?.columns, ['交易时间', '商户订单号', '商品名称', '订单金额'])
  assert.deepEqual(read?.rows.map((row) => [row['商户订单号'], row['商品名称'], row['订单金额']]), [['SY1', '茶，与,时间', '99.00'], ['SY2', '诗', '1.00']])
  assert.deepEqual(read?.summary, { 总交易单数: '2', 订单总金额: '100.00' })
})

test('a bill with a row that does not fit, or without its summary, is no bill', () => {
  for (const text of ['', 'a,b', '{"code":"NO_STATEMENT_EXIST"}', bill.replace(',`SY2', ''), bill.slice(0, bill.indexOf('总交易')), bill.replace('`2,`100.00', '2,100.00')]) {
    assert.equal(parseBill(text), undefined, text.slice(0, 30))
  }
})

test('a bill file is believed by the hash of its uncompressed bytes', () => {
  const sha1 = createHash('sha1').update(bill).digest('hex')
  const packed = gzipSync(bill)
  assert.equal(openBill(packed, 'GZIP', sha1).kind, 'bill')
  assert.equal(openBill(Buffer.from(bill), 'none', sha1.toUpperCase()).kind, 'bill')
  assert.deepEqual(openBill(packed, 'GZIP', createHash('sha1').update(packed).digest('hex')), { kind: 'refused', reason: 'hash_differs' })
  assert.deepEqual(openBill(packed, 'GZIP', ''), { kind: 'refused', reason: 'hash_differs' })
  assert.deepEqual(openBill(packed.subarray(0, -9), 'GZIP', sha1), { kind: 'refused', reason: 'cannot_unpack' })
  const other = Buffer.from('no bill')
  assert.deepEqual(openBill(other, 'none', createHash('sha1').update(other).digest('hex')), { kind: 'refused', reason: 'malformed' })
})
