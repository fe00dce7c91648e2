// Promises about message pushes: safe mode only, every check before the content, no crash for any body.
import assert from 'node:assert/strict'
import { createCipheriv } from 'node:crypto'
import { test } from 'node:test'
import { cents } from '#contracts/words/money.ts'
import { openWechat } from './client.ts'
import { digestKeyed, digestSorted } from './digest.ts'
import { openEnvelope, readAesKey, sealEnvelope } from './envelope.ts'
import { judgeDelivery, judgeVirtualOrder } from './judge.ts'
import { acceptPush, declinePush, readPush, sealAnswer, signPush, writeAdvice } from './push.ts'
import type { Delivery, ExpectedDelivery, VirtualOrder } from './shapes.ts'
import { readXml } from './xml.ts'

const appid = 'wx00000000000000aa'
const aesText = 'shuyuanshuyuanshuyuanshuyuanshuyuanshuyuan9'
const keys = { token: 'a-token-of-our-own', aesKey: readAesKey(aesText), appid }
const now = new Date('2026-11-21T03:00:00Z')
const openid = 'oTESTTESTTESTTESTTESTTESTTEST'

const deliver = {
  ToUserName: 'gh_1', FromUserName: openid, CreateTime: 1795230000, MsgType: 'event', Event: 'xpay_goods_deliver_notify', OpenId: openid, OutTradeNo: 'SY2026112100001', Env: 0,
  WeChatPayInfo: { MchOrderNo: 'WX1', TransactionId: '42', PaidTime: 1795230000 },
  GoodsInfo: { ProductId: 'course_1', Quantity: 1, OrigPrice: 9900, ActualPrice: 9900, Attach: '' }, RetryTimes: 0,
}
const deliverXml = `<xml><ToUserName><![CDATA[gh_1]]></ToUserName><Event><![CDATA[xpay_goods_deliver_notify]]></Event><OpenId><![CDATA[${openid}]]></OpenId><OutTradeNo>SY2026112100001</OutTradeNo><Env>0</Env><WeChatPayInfo><MchOrderNo>WX1</MchOrderNo><PaidTime>1795230000</PaidTime></WeChatPayInfo><GoodsInfo><ProductId>course_1</ProductId><Quantity>1</Quantity><OrigPrice>9900</OrigPrice></GoodsInfo></xml>`

function queryOf(sealed: string, change: Record<string, unknown> = {}, seconds = now.getTime() / 1000) {
  const timestamp = String(seconds)
  return { timestamp, nonce: '77', msg_signature: signPush(keys.token, timestamp, '77', sealed), ...change }
}

function pushed(plain: string, { receiver = appid, change = {}, seconds = now.getTime() / 1000 } = {}) {
  const sealed = sealEnvelope(keys.aesKey, { plain, receiver })
  return readPush(keys, queryOf(sealed, change, seconds), JSON.stringify({ ToUserName: 'gh_1', Encrypt: sealed }), now)
}

function verdictOf(push: ReturnType<typeof readPush>): string {
  return push.kind === 'refused' ? `${push.signature} ${push.reason}` : `read ${push.kind}`
}

test('a delivery is read the same from JSON and from XML', () => {
  const json = pushed(JSON.stringify(deliver))
  assert.equal(json.kind, 'deliver')
  if (json.kind !== 'deliver') return
  assert.deepEqual(json.delivery, {
    openid, outTradeNo: 'SY2026112100001', env: 0, product: 'course_1', quantity: 1, originalPrice: 9900, actualPrice: 9900, platformOrderNo: 'WX1', transactionId: '42',
    paidAt: new Date(1795230000_000).toISOString(),
  })
  const sealed = sealEnvelope(keys.aesKey, { plain: deliverXml, receiver: appid })
  const xml = readPush(keys, queryOf(sealed), `<xml><ToUserName><![CDATA[gh_1]]></ToUserName><Encrypt><![CDATA[${sealed}]]></Encrypt></xml>`, now)
  assert.equal(xml.kind === 'deliver' && xml.format, 'xml')
  assert.deepEqual(xml.kind === 'deliver' && xml.delivery.originalPrice, 9900)
  assert.equal(json.id, xml.kind === 'refused' ? '' : xml.id, 'a retry in another format is the same event')
})

test('a retry has the same id, another order another one', () => {
  const idOf = (change: object) => {
    const push = pushed(JSON.stringify({ ...deliver, ...change }))
    return push.kind === 'refused' ? push.reason : push.id
  }
  assert.equal(idOf({}), idOf({ RetryTimes: 3, CreateTime: 1 }))
  assert.notEqual(idOf({}), idOf({ WeChatPayInfo: { MchOrderNo: 'WX2' } }))
  assert.equal(idOf({}).length, 40)
})

test('a refund push is read', () => {
  const push = pushed(JSON.stringify({ Event: 'xpay_refund_notify', OpenId: openid, WxRefundId: 'R1', MchRefundId: '', MchOrderId: 'SY2026112100001', RefundFee: 9900, RetCode: 0 }))
  assert.deepEqual(push.kind === 'refund' && push.refund, { openid, outTradeNo: 'SY2026112100001', platformRefundNo: 'R1', outRefundNo: undefined, refund: 9900, succeeded: true })
})

test('signature, clock, key and receiver must be right', () => {
  const plain = JSON.stringify(deliver)
  const table: [string, ReturnType<typeof pushed>][] = [
    ['read deliver', pushed(plain)],
    ['invalid query_missing', pushed(plain, { change: { msg_signature: undefined } })],
    ['invalid query_missing', pushed(plain, { change: { msg_signature: ['a', 'b'] } })],
    ['invalid query_missing', pushed(plain, { change: { nonce: '' } })],
    ['invalid query_missing', pushed(plain, { change: { timestamp: undefined } })],
    ['invalid signature_wrong', pushed(plain, { change: { nonce: '78' } })],
    ['invalid signature_wrong', pushed(plain, { change: { msg_signature: digestSorted([keys.token, '1', '2']) } })],
    ['invalid signature_wrong', pushed(plain, { change: { msg_signature: 'x' } })],
    ['read deliver', pushed(plain, { seconds: now.getTime() / 1000 - 299 })],
    ['invalid timestamp_skewed', pushed(plain, { seconds: now.getTime() / 1000 - 301 })],
    ['invalid timestamp_skewed', pushed(plain, { seconds: now.getTime() / 1000 + 301 })],
    ['valid other_receiver', pushed(plain, { receiver: 'wx00000000000000ab' })],
    ['valid other_receiver', pushed(plain, { receiver: '' })],
    ['valid content_malformed', pushed('not json')],
    ['valid content_malformed', pushed('{}')],
    ['valid content_malformed', pushed('{"__proto__":{"Event":"xpay_goods_deliver_notify"}}')],
    ['valid content_malformed', pushed(JSON.stringify({ ...deliver, OpenId: undefined }))],
    ['valid content_malformed', pushed(JSON.stringify({ ...deliver, Env: '0x0' }))],
    ['valid content_malformed', pushed(JSON.stringify({ ...deliver, GoodsInfo: null }))],
    ['read other', pushed(JSON.stringify({ MsgType: 'event', Event: 'wxa_punish_event', FromUserName: openid, CreateTime: 1 }))],
  ]
  for (const [wanted, push] of table) assert.equal(verdictOf(push), wanted)
})

test('a time that is no number is refused although it is signed', () => {
  const sealed = sealEnvelope(keys.aesKey, { plain: JSON.stringify(deliver), receiver: appid })
  for (const timestamp of ['soon', 'NaN', '1e9', '-1', '0x10']) {
    const query = { timestamp, nonce: '77', msg_signature: signPush(keys.token, timestamp, '77', sealed) }
    assert.equal(verdictOf(readPush(keys, query, JSON.stringify({ Encrypt: sealed }), now)), 'invalid timestamp_skewed', timestamp)
  }
})

test('what a delivery, a refund and a question must name is needed, each for itself', () => {
  const without = (content: Record<string, unknown>, name: string) => verdictOf(pushed(JSON.stringify({ ...content, [name]: undefined })))
  for (const name of ['OpenId', 'OutTradeNo', 'Env', 'GoodsInfo']) assert.equal(without(deliver, name), 'valid content_malformed', name)
  for (const name of ['ProductId', 'Quantity', 'OrigPrice']) assert.equal(verdictOf(pushed(JSON.stringify({ ...deliver, GoodsInfo: { ...deliver.GoodsInfo, [name]: undefined } }))), 'valid content_malformed', name)
  const refund = { Event: 'xpay_refund_notify', OpenId: openid, WxRefundId: 'R1', MchRefundId: '', MchOrderId: 'SY2026112100001', RefundFee: 9900, RetCode: 1 }
  for (const name of ['OpenId', 'WxRefundId', 'MchOrderId', 'RefundFee']) assert.equal(without(refund, name), 'valid content_malformed', name)
  const failed = pushed(JSON.stringify(refund))
  assert.equal(failed.kind === 'refund' && failed.refund.succeeded, false)
})

test("Apple's question is read with what it is about, and every asking of another second is another one", () => {
  const question = { Event: 'xpay_subscribe_ios_refund_query_notify', pay_order_id: 'SY2026112100001', product_id: 'course_1', provide_status: '1', CreateTime: 1795230000 }
  const read = (change: object) => pushed(JSON.stringify({ ...question, ...change }))
  const [first, undelivered] = [read({}), read({ provide_status: '0' })]
  assert.deepEqual(first.kind === 'question' && first.question, { payOrderNo: 'SY2026112100001', product: 'course_1', provided: true })
  assert.equal(undelivered.kind === 'question' && undelivered.question.provided, false)
  assert.equal(verdictOf(read({ pay_order_id: undefined })), 'valid content_malformed')
})

test('a message is known by its number, an event by who and when', () => {
  const idOf = (content: object) => {
    const push = pushed(JSON.stringify({ MsgType: 'text', FromUserName: openid, CreateTime: 1, ...content }))
    return push.kind === 'other' ? push.id : verdictOf(push)
  }
  assert.equal(idOf({ MsgId: 7 }), idOf({ MsgId: 7, CreateTime: 2 }))
  assert.notEqual(idOf({ MsgId: 7 }), idOf({ MsgId: 8 }))
  assert.notEqual(idOf({}), idOf({ CreateTime: 2 }))
})

test('bodies of any kind are refused without a crash', () => {
  const huge = `<xml>${'<a>'.repeat(50_000)}`
  const bodies = ['', 'null', '[]', '{}', '{"Encrypt":1}', '<xml>', huge, '<xml><Encrypt>x', '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><xml><Encrypt>&x;</Encrypt></xml>']
  for (const body of bodies) assert.equal(verdictOf(readPush(keys, queryOf(''), body, now)), 'invalid body_malformed', body.slice(0, 40))
  for (const sealed of ['AAAA', 'A'.repeat(64), '***', 'é']) {
    assert.equal(verdictOf(readPush(keys, queryOf(sealed), JSON.stringify({ Encrypt: sealed }), now)), 'valid cannot_decrypt', sealed)
  }
})

test('padding, length and text inside the envelope must fit', () => {
  const encrypt = (content: Buffer) => {
    const cipher = createCipheriv('aes-256-cbc', keys.aesKey, keys.aesKey.subarray(0, 16)).setAutoPadding(false)
    return Buffer.concat([cipher.update(content), cipher.final()]).toString('base64')
  }
  const block = (length: number, padding: number, byte = padding) => {
    const content = Buffer.alloc(64)
    content.writeUInt32BE(length, 16)
    content.fill(byte, 64 - padding)
    content[63] = padding
    return encrypt(content)
  }
  assert.notEqual(openEnvelope(keys.aesKey, block(1, 32)), undefined)
  for (const wrong of [block(1, 0), block(1, 33), block(1, 31, 7), block(100, 32), block(0xffffffff, 32), encrypt(Buffer.alloc(16, 16))]) assert.equal(openEnvelope(keys.aesKey, wrong), undefined)
  const good = sealEnvelope(keys.aesKey, { plain: 'x', receiver: appid })
  for (const loose of [`${good}\n`, ` ${good}`, good.replaceAll('+', '-').replaceAll('/', '_') + ' ']) assert.equal(openEnvelope(keys.aesKey, loose), undefined)
  assert.throws(() => readAesKey('short'), /43/)
  assert.throws(() => readAesKey(`-_${aesText.slice(2)}`), /43/)
  assert.throws(() => readAesKey(`${aesText}A`), /43/)
})

test('the address check gives back the echo only to who knows the token', () => {
  const gateway = openWechat(configOf({ pushToken: keys.token }), () => now)
  const query = { timestamp: '1', nonce: '2', echostr: '987', signature: digestSorted([keys.token, '1', '2']) }
  assert.equal(gateway.echoOf(query), '987')
  for (const change of [{ signature: 'x' }, { signature: undefined }, { nonce: '3' }, { timestamp: ['1'] }]) assert.equal(gateway.echoOf({ ...query, ...change }), undefined)
  assert.equal(gateway.echoOf({ ...query, timestamp: undefined, signature: digestSorted([keys.token, '2']) }), undefined)
  assert.equal(gateway.echoOf({ ...query, nonce: undefined, signature: digestSorted([keys.token, '1']) }), undefined)
  const silent = openWechat(configOf({ pushToken: '' }), () => now)
  assert.equal(silent.echoOf({ ...query, signature: digestSorted(['', '1', '2']) }), undefined)
  assert.deepEqual(silent.readPush({}, ''), { kind: 'refused', reason: 'not_configured', signature: 'invalid' })
})

function configOf(change: object) {
  return { baseUrl: 'http://127.0.0.1:9', appid, secret: 's', pushToken: '', pushAesKey: aesText, xpayOfferId: '1450', xpayAppKey: 'key', xpayEnv: 0, ...change }
}

test('answers are those the platform stops its retries for', () => {
  assert.deepEqual(acceptPush('json'), { type: 'application/json', body: '{"ErrCode":0,"ErrMsg":"success"}' })
  assert.deepEqual(acceptPush('xml'), { type: 'text/xml', body: '<xml><ErrCode>0</ErrCode><ErrMsg><![CDATA[success]]></ErrMsg></xml>' })
  assert.match(declinePush('json').body, /"ErrCode":1/)
  const sealed = JSON.parse(sealAnswer(keys, 'json', 'hello', '5', '6').body) as { Encrypt: string; MsgSignature: string }
  assert.equal(sealed.MsgSignature, signPush(keys.token, '5', '6', sealed.Encrypt))
  assert.deepEqual(openEnvelope(keys.aesKey, sealed.Encrypt), { plain: 'hello', receiver: appid })
})

test('a push that came as XML is answered in XML, sealed and plain', () => {
  const sealed = sealAnswer(keys, 'xml', 'hello', '5', '6').body
  const encrypted = /<Encrypt><!\[CDATA\[(.+)\]\]><\/Encrypt>/.exec(sealed)?.[1] ?? ''
  assert.deepEqual(openEnvelope(keys.aesKey, encrypted), { plain: 'hello', receiver: appid })
  assert.match(sealed, new RegExp(signPush(keys.token, '5', '6', encrypted)))
  const advice = { refund: true, info: 'watched ]]> little', evidence: '' }
  assert.deepEqual(JSON.parse(writeAdvice('json', advice)), { result_code: 0, result_info: advice.info, evidence: '' })
  assert.equal(writeAdvice('xml', { ...advice, refund: false }), '<xml><result_code>1</result_code><result_info><![CDATA[watched  little]]></result_info><evidence><![CDATA[]]></evidence></xml>')
})

test('I14: a keyed digest is lower-case hex over the very text, with the key as the text it is', () => {
  assert.equal(digestKeyed('key', 'The quick brown fox jumps over the lazy dog'), 'f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8')
})

test('words are digested sorted, as sha1sum does it', () => {
  assert.equal(digestSorted(['c', 'a', 'b']), 'a9993e364706816aba3e25717850c26c9cd0d89d')
})

test('the XML reader knows elements, text and CDATA, and nothing else', () => {
  assert.deepEqual({ ...readXml('<xml><a>1 &lt; 2 &amp; 3</a><b><![CDATA[<x>]]>!</b><c><d>e</d></c><f></f></xml>') }, { a: '1 < 2 & 3', b: '<x>!', c: Object.assign(Object.create(null), { d: 'e' }), f: '' })
  const hidden = readXml('<xml><__proto__><polluted>1</polluted></__proto__></xml>')
  assert.equal(Object.getPrototypeOf(hidden ?? {}), null)
  assert.equal(({} as Record<string, unknown>)['polluted'], undefined)
  const wrong = [
    '', 'x', '<xml/>', '<xml></xml', '<xml>text</xml>', '<a><b>1</b></a>', '<xml a="1"><b>1</b></xml>', '<xml><a b="1">1</a></xml>', '<xml><a>1</b></xml>', '<xml><a>1</a></xml><xml></xml>',
    '<xml><a>&x;</a></xml>', '<xml><a>&#65;</a></xml>', '<xml><a>a & b</a></xml>', '<xml><a>1</a>text</xml>', '<xml><a>1</a><a>2</a></xml>', '<xml><!-- c --><a>1</a></xml>',
    '<xml><?php ?><a>1</a></xml>', '<xml><![CDATA[x</xml>', `<xml>${'<a>'.repeat(9)}x${'</a>'.repeat(9)}</xml>`, `<xml><a>${'x'.repeat(300_000)}</a></xml>`,
  ]
  for (const text of wrong) assert.equal(readXml(text), undefined, text.slice(0, 60))
})

test('a push pays only for the env, member, number, product, quantity and price of the attempt', () => {
  const expected: ExpectedDelivery = { env: 0, openid, outTradeNo: 'SY2026112100001', product: 'course_1', quantity: 1, price: cents(9900) }
  const told: Delivery = { ...expected, originalPrice: cents(9900), actualPrice: cents(9900), platformOrderNo: 'WX1', transactionId: '42', paidAt: undefined }
  assert.deepEqual(judgeDelivery(told, expected), { verdict: 'pays' })
  const wrong: [Partial<Delivery>, string][] = [
    [{ env: 1 }, 'env'], [{ openid: 'o2' }, 'openid'], [{ outTradeNo: 'SY2' }, 'out_trade_no'], [{ product: 'course_2' }, 'product'], [{ quantity: 2 }, 'quantity'], [{ originalPrice: cents(1) }, 'price'],
  ]
  for (const [change, reason] of wrong) assert.deepEqual(judgeDelivery({ ...told, ...change }, expected), { verdict: 'differs', reasons: [reason] })
  const order: VirtualOrder = {
    outTradeNo: expected.outTradeNo, state: 'paid', fee: cents(9900), paid: cents(9900), refunded: cents(0), left: cents(9900), env: 0,
    wxOrderId: undefined, platformOrderNo: undefined, transactionId: undefined, isApple: false, paidAt: undefined, settled: undefined,
  }
  for (const state of ['paid', 'delivering', 'delivered'] as const) assert.deepEqual(judgeVirtualOrder({ ...order, state }, expected), { verdict: 'pays' })
  for (const state of ['initial', 'created', 'refunded', 'closed', 'refund_failed'] as const) assert.deepEqual(judgeVirtualOrder({ ...order, state }, expected), { verdict: 'not_paid', state })
  assert.deepEqual(judgeVirtualOrder({ ...order, fee: cents(1) }, expected), { verdict: 'differs', reasons: ['price'] })
  assert.deepEqual(judgeVirtualOrder({ ...order, env: 1 }, expected), { verdict: 'differs', reasons: ['env'] })
  assert.deepEqual(judgeVirtualOrder({ ...order, outTradeNo: 'SY2' }, expected), { verdict: 'differs', reasons: ['out_trade_no'] })
})
