// WeChat Pay's requests and answers: who is let in, what prepay accepts, what queries, closing and refunding say.
import assert from 'node:assert/strict'
import { createSign, createVerify } from 'node:crypto'
import { after, before, test } from 'node:test'
import { askSigned, openSandbox } from '../harness.ts'
import type { Account, SignedAsk } from '../harness.ts'

let sandbox: Awaited<ReturnType<typeof openSandbox>>
let account: Account
let other: Account
let count = 0

before(async () => {
  sandbox = await openSandbox()
  account = await sandbox.tenant({ mode: 'gray' })
  other = await sandbox.tenant()
})
after(() => sandbox.stop())

const ask = (wish: SignedAsk) => askSigned(sandbox.url, account.env, wish)
const post = (path: string, body: object) => ask({ method: 'POST', path, body: JSON.stringify(body) })
const query = (number: string) => ask({ method: 'GET', path: `/v3/pay/transactions/out-trade-no/${number}?mchid=${account.mchid}` })
const close = (number: string) => post(`/v3/pay/transactions/out-trade-no/${number}/close`, { mchid: account.mchid })
const act = (number: string, doing: string, more = {}) => sandbox.ask('POST', '/__client/cashier', { tenant: account.appid, out_trade_no: number, do: doing, ...more })
const advance = (advanceSeconds: number) => sandbox.ask('POST', '/__sim/clock', { tenant: account.appid, advanceSeconds })

function orderOf(number: string, more = {}): object {
  return { appid: account.appid, mchid: account.mchid, description: '课程', out_trade_no: number, notify_url: 'http://127.0.0.1:9/notify', amount: { total: 100, currency: 'CNY' }, ...more }
}

async function place(more = {}): Promise<string> {
  count += 1
  const number = `REQUEST_${count}`
  assert.equal((await post('/v3/pay/transactions/native', orderOf(number, more))).status, 200)
  return number
}

test('a limit of calls a second refuses what is too many before it has an effect, and a delay lasts until it is taken away', async () => {
  const fault = (kind: string, more: object) => sandbox.ask('POST', '/__sim/faults', { tenant: account.appid, kind, ...more })
  const clear = () => sandbox.ask('DELETE', `/__sim/faults?tenant=${account.appid}`)
  await fault('rate_limit', { api: 'native', perSecond: 2 })
  // Begun early in a second, so that all of them fall into it.
  await new Promise((resolve) => setTimeout(resolve, 1020 - (Date.now() % 1000)))
  const answers = await Promise.all(Array.from({ length: 6 }, (_, at) => post('/v3/pay/transactions/native', orderOf(`LIMITED_${at}`))))
  const refused = answers.filter((answer) => answer.status === 429)
  assert.ok(refused.length >= 2 && refused.every((answer) => answer.json.code === 'FREQUENCY_LIMITED'), `${refused.length} of six`)
  const known = await Promise.all(answers.map(async (_, at) => (await query(`LIMITED_${at}`)).status))
  assert.deepEqual(known, answers.map((answer) => (answer.status === 200 ? 200 : 404)), 'what was refused was never placed')
  await clear()
  await fault('latency', { delaySeconds: 0.3 })
  for (const at of [1, 2]) {
    const began = Date.now()
    assert.equal((await query('LIMITED_X')).status, 404)
    assert.ok(Date.now() - began >= 290, `call ${at}`)
  }
  await clear()
})

const GET: SignedAsk = { method: 'GET', path: '/v3/pay/transactions/out-trade-no/NOTHING_HERE?mchid=1' }

test('a wrong signature is refused with the exact message that was checked', async () => {
  const body = JSON.stringify(orderOf('SIGN_1'))
  const { status, json, headers } = await ask({ method: 'POST', path: '/v3/pay/transactions/native', body, signed: `${body} `, timestamp: Math.floor(Date.now() / 1000), nonce: 'nonce1' })
  assert.equal(status, 401)
  assert.equal(json.code, 'SIGN_ERROR')
  const { detail } = json
  assert.equal(detail.field, 'signature')
  assert.equal(detail.issue, 'sign not match')
  assert.equal(detail.location, 'authorization')
  assert.equal(detail.sign_information.method, 'POST')
  assert.equal(detail.sign_information.url, '/v3/pay/transactions/native')
  assert.ok(detail.sign_information.truncated_sign_message.startsWith('POST\n/v3/pay/transactions/native\n'))
  const seconds = 10
  assert.equal(detail.sign_information.sign_message_length, 'POST\n/v3/pay/transactions/native\n'.length + seconds + 1 + 'nonce1\n'.length + Buffer.byteLength(body) + 1)
  assert.match(String(headers.get('request-id')), /-268443699$/)
})

for (const [words, wish, message] of [
  ['another scheme', { header: 'Bearer abc' }, /认证类型不正确/],
  ['no scheme', { header: 'WECHATPAY2-SHA256-RSA2048' }, /认证类型不正确/],
  ['missing pairs', { header: 'WECHATPAY2-SHA256-RSA2048 mchid="1"' }, /值格式错误/],
  ['an unknown merchant', { mchid: '1900000000' }, /商户号不存在/],
  ['a wrong certificate serial', { serial: '4000000000000000000000000000000000000000' }, /证书序列号有误/],
  ['a clock six minutes late', { offBySeconds: -360 }, /不得超过5分钟/],
  ['a clock six minutes early', { offBySeconds: 360 }, /不得超过5分钟/],
] as const) {
  test(`${words} is refused with 401`, async () => {
    const { status, json } = await ask({ ...GET, ...('offBySeconds' in wish ? { timestamp: Math.floor(Date.now() / 1000) + wish.offBySeconds } : wish) })
    assert.equal(status, 401)
    assert.equal(json.code, 'SIGN_ERROR')
    assert.match(json.message, message)
  })
}

test("another merchant's key does not sign for this one", async () => {
  const { status, json } = await ask({ ...GET, key: other.env.WECHATPAY_PRIVATE_KEY })
  assert.equal(status, 401)
  assert.equal(json.detail.issue, 'sign not match')
})

test('a reused nonce is noted', async () => {
  for (let round = 0; round < 2; round += 1) await ask({ ...GET, nonce: 'the-same-nonce' })
  const { items } = await sandbox.ask('GET', `/__sim/requests?tenant=${account.appid}`)
  assert.equal(items.at(-1).nonceReused, true)
  assert.equal(items.at(-2).nonceReused, false)
})

test('every answer is signed: success, refusal and the empty 204, by the key that was asked for', async () => {
  const number = await place()
  const { WECHATPAY_PUBLIC_KEY: key = '', WECHATPAY_PUBLIC_KEY_ID: id = '' } = account.env
  const asked = [
    { method: 'GET', path: `/v3/pay/transactions/out-trade-no/${number}?mchid=${account.mchid}` }, GET,
    { method: 'POST', path: `/v3/pay/transactions/out-trade-no/${number}/close`, body: JSON.stringify({ mchid: account.mchid }) },
  ]
  const statuses: number[] = []
  for (const wish of asked) {
    const { status, headers, text } = await ask({ ...wish, wants: id })
    statuses.push(status)
    assert.equal(headers.get('wechatpay-serial'), id)
    const message = `${headers.get('wechatpay-timestamp')}\n${headers.get('wechatpay-nonce')}\n${text}\n`
    assert.ok(createVerify('sha256').update(message).verify(key, String(headers.get('wechatpay-signature')), 'base64'), `signature of ${status}`)
  }
  assert.deepEqual(statuses, [200, 400, 204])
  assert.doesNotMatch(String((await ask(GET)).headers.get('wechatpay-serial')), /^PUB_KEY_ID/, 'without a wish the certificate answers during a gray switch')
})

for (const [words, more, field] of [
  ['no description', { description: undefined }, '/description'],
  ['a description of 128 signs', { description: '课'.repeat(128) }, '/description'],
  ['a short number', { out_trade_no: 'ABC' }, '/out_trade_no'],
  ['a strange sign in the number', { out_trade_no: 'ABC#123456' }, '/out_trade_no'],
  ['a notify address with a query', { notify_url: 'https://a.example/n?x=1' }, '/notify_url'],
  ['nothing to pay', { amount: { total: 0, currency: 'CNY' } }, '/amount/total'],
  ['half a fen', { amount: { total: 1.5, currency: 'CNY' } }, '/amount/total'],
  ['a sum as text', { amount: { total: '100', currency: 'CNY' } }, '/amount/total'],
  ['another currency', { amount: { total: 100, currency: 'USD' } }, '/amount/currency'],
  ['a field nobody documented', { colour: 'red' }, '/colour'],
  ['the wrong merchant', { mchid: '1900000000' }, '/mchid'],
] as const) {
  test(`prepay refuses ${words}`, async () => {
    const { status, json } = await post('/v3/pay/transactions/native', orderOf('WRONG_1', more))
    assert.equal(status, 400)
    assert.equal(json.code, 'PARAM_ERROR')
    assert.equal(json.detail.location, 'body')
    assert.equal(json.detail.field, field)
  })
}

test('prepay refuses an app that is not bound, a payer without openid, an H5 order without a scene', async () => {
  assert.equal((await post('/v3/pay/transactions/native', orderOf('WRONG_2', { appid: other.appid }))).json.code, 'APPID_MCHID_NOT_MATCH')
  const jsapi = await post('/v3/pay/transactions/jsapi', orderOf('WRONG_3'))
  assert.equal(jsapi.json.detail.field, '/payer/openid')
  assert.match(String(jsapi.headers.get('request-id')), /-268501013$/)
  assert.equal((await post('/v3/pay/transactions/h5', orderOf('WRONG_4'))).json.detail.field, '/scene_info')
})

test('the same order may be asked for twice, but not with other particulars', async () => {
  const one = { ...orderOf('AGAIN_1'), payer: { openid: 'oSomebody' } }
  const first = await post('/v3/pay/transactions/jsapi', one)
  const turned = Object.fromEntries(Object.entries(one).reverse())
  assert.deepEqual((await post('/v3/pay/transactions/jsapi', turned)).json, first.json)
  const changed = await post('/v3/pay/transactions/jsapi', { ...one, amount: { total: 101, currency: 'CNY' } })
  assert.equal(changed.json.code, 'INVALID_REQUEST')
  assert.match(changed.json.message, /参数与首次请求时不一致/)
  assert.match(String(changed.headers.get('request-id')), /-268498688$/)
})

test('a paid number and a closed number are burnt', async () => {
  const paid = await place()
  await act(paid, 'pay')
  assert.equal((await post('/v3/pay/transactions/native', orderOf(paid))).json.code, 'ORDER_PAID')
  const closed = await place()
  assert.equal((await close(closed)).status, 204)
  assert.equal((await post('/v3/pay/transactions/native', orderOf(closed))).json.code, 'ORDER_CLOSED')
  assert.equal((await act(closed, 'pay')).ok, false)
})

test('a query shows each state and refuses the wrong merchant', async () => {
  const number = await place()
  assert.equal((await query(number)).json.trade_state, 'NOTPAY')
  await act(number, 'enter_password')
  assert.equal((await query(number)).json.trade_state, 'USERPAYING')
  await act(number, 'fail')
  assert.equal((await query(number)).json.trade_state, 'PAYERROR')
  await act(number, 'pay')
  const { json } = await query(number)
  assert.equal(json.trade_state, 'SUCCESS')
  assert.deepEqual(json.amount, { total: 100, currency: 'CNY', payer_total: 100, payer_currency: 'CNY' })
  assert.equal((await ask({ method: 'GET', path: `/v3/pay/transactions/out-trade-no/${number}?mchid=1` })).json.code, 'PARAM_ERROR')
  const absent = await query('NOT_AN_ORDER')
  assert.equal(absent.status, 404)
  assert.equal(absent.json.code, 'ORDER_NOT_EXIST')
  const foreign = await askSigned(sandbox.url, other.env, { method: 'GET', path: `/v3/pay/transactions/id/${json.transaction_id}?mchid=${other.mchid}` })
  assert.equal(foreign.json.code, 'ORDER_NOT_EXIST')
})

test('closing says USER_PAYING while the payer types, ORDER_PAID afterwards, FREQUENCY_LIMITED when asked to', async () => {
  const number = await place()
  await act(number, 'pay_later', { delaySeconds: 60 })
  const typing = await close(number)
  assert.equal(typing.status, 202)
  assert.equal(typing.json.code, 'USER_PAYING')
  await sandbox.ask('POST', '/__sim/faults', { tenant: account.appid, kind: 'refuse', api: 'close', code: 'FREQUENCY_LIMITED' })
  assert.equal((await close(number)).status, 429)
  await advance(61)
  assert.equal((await query(number)).json.trade_state, 'SUCCESS')
  assert.equal((await close(number)).json.code, 'ORDER_PAID')
  assert.equal((await close('NOT_AN_ORDER')).json.code, 'ORDER_NOT_EXIST')
})

test('an order past its time is closed by itself', async () => {
  const expires = `${new Date(Date.now() + 8 * 3_600_000 + 300_000).toISOString().slice(0, 19)}+08:00`
  const number = await place({ time_expire: expires })
  await advance(301)
  assert.equal((await act(number, 'pay')).ok, false)
  assert.equal((await query(number)).json.trade_state, 'CLOSED')
})

test('a coupon lowers what the payer gives, not what the order is worth', async () => {
  const number = await place()
  await act(number, 'pay_with_coupon', { couponCents: 30 })
  const { json } = await query(number)
  assert.equal(json.amount.total, 100)
  assert.equal(json.amount.payer_total, 70)
  assert.equal(json.promotion_detail[0].amount, 30)
})

const refund = (number: string, refundNo: string, cents: number, more = {}) =>
  post('/v3/refund/domestic/refunds', { out_trade_no: number, out_refund_no: refundNo, amount: { refund: cents, total: 100, currency: 'CNY' }, ...more })

test('a refund is idempotent by its number, settles later, and never exceeds the order', async () => {
  const number = await place()
  assert.equal((await refund(number, 'R1', 10)).json.code, 'INVALID_REQUEST', 'nothing is paid yet')
  await act(number, 'pay')
  const first = await refund(number, 'R1', 40)
  assert.equal(first.json.status, 'PROCESSING')
  assert.equal((await refund(number, 'R1', 40)).json.refund_id, first.json.refund_id)
  assert.equal((await refund(number, 'R1', 41)).json.code, 'INVALID_REQUEST')
  assert.equal((await refund(number, 'R2', 40)).json.code, 'FREQUENCY_LIMITED', 'within a minute')
  await advance(61)
  assert.equal((await ask({ method: 'GET', path: '/v3/refund/domestic/refunds/R1' })).json.status, 'SUCCESS')
  assert.equal((await query(number)).json.trade_state, 'REFUND')
  assert.equal((await refund(number, 'R2', 61)).json.code, 'INVALID_REQUEST', 'more than is left')
  assert.equal((await refund(number, 'R2', 60)).json.status, 'PROCESSING')
  await advance(61)
  assert.equal((await refund(number, 'R3', 1)).json.code, 'INVALID_REQUEST', 'nothing is left')
  assert.equal((await refund(number, 'R4', 1, { amount: { refund: 1, total: 99, currency: 'CNY' } })).json.code, 'INVALID_REQUEST')
  assert.equal((await ask({ method: 'GET', path: '/v3/refund/domestic/refunds/NONE' })).status, 404)
  const ledger = await sandbox.ask('GET', `/__sim/ledger?tenant=${account.appid}`)
  assert.equal(ledger.balanced, true)
})

test('a refund may end abnormal', async () => {
  const number = await place()
  await act(number, 'pay')
  await sandbox.ask('POST', '/__sim/faults', { tenant: account.appid, kind: 'refund_outcome', value: 'ABNORMAL' })
  await refund(number, 'R_ABNORMAL', 100)
  await advance(5)
  assert.equal((await ask({ method: 'GET', path: '/v3/refund/domestic/refunds/R_ABNORMAL' })).json.status, 'ABNORMAL')
})

test('a lost answer has had its effect, a lost request has not', async () => {
  await sandbox.ask('POST', '/__sim/faults', { tenant: account.appid, kind: 'lose_answer', api: 'prepay' })
  await assert.rejects(post('/v3/pay/transactions/native', orderOf('LOST_1')))
  assert.equal((await query('LOST_1')).json.trade_state, 'NOTPAY')
  await sandbox.ask('POST', '/__sim/faults', { tenant: account.appid, kind: 'lose_request', api: 'prepay' })
  await assert.rejects(post('/v3/pay/transactions/native', orderOf('LOST_2')))
  assert.equal((await query('LOST_2')).status, 404)
})

test('an unknown interface and a body that is not JSON are refused, signed', async () => {
  assert.equal((await ask({ method: 'GET', path: '/v3/nothing/here' })).status, 404)
  const broken = await ask({ method: 'POST', path: '/v3/pay/transactions/native', body: '{"appid":' })
  assert.equal(broken.json.code, 'PARAM_ERROR')
  assert.ok(broken.headers.get('wechatpay-signature'))
})

test('the pay sheet of wx.requestPayment checks the merchant signature and the payer', async () => {
  const { openid } = await sandbox.ask('POST', '/__client/expire-session', { appid: account.appid, user: 'reader' })
  const { json } = await post('/v3/pay/transactions/jsapi', orderOf('SHEET_1', { payer: { openid } }))
  const packed = `prepay_id=${json.prepay_id}`
  const paySign = createSign('sha256').update(`${account.appid}\n1700000000\nabc\n${packed}\n`).sign(account.env.WECHATPAY_PRIVATE_KEY, 'base64')
  const sheet = { appid: account.appid, user: 'reader', timeStamp: '1700000000', nonceStr: 'abc', package: packed, signType: 'RSA', paySign }
  assert.equal((await sandbox.ask('POST', '/__client/pay', { ...sheet, nonceStr: 'abd' })).errCode, -1)
  assert.equal((await sandbox.ask('POST', '/__client/pay', { ...sheet, user: 'stranger' })).errCode, -1)
  assert.equal((await sandbox.ask('POST', '/__client/pay', { ...sheet, do: 'cancel' })).errMsg, 'requestPayment:fail cancel')
  assert.equal((await sandbox.ask('POST', '/__client/pay', sheet)).errMsg, 'requestPayment:ok')
  assert.equal((await query('SHEET_1')).json.payer.openid, openid)
})
