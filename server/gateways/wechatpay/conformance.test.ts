// The client of WeChat Pay against the sandbox process: every call, every way of not knowing.
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import { before, test } from 'node:test'
import { cents } from '#contracts/words/money.ts'
import { sharedSandbox, type SandboxProcess, type Tenant } from '../../test/sandbox.ts'
import { openWechatPay } from './client.ts'
import { judgeTransaction } from './judge.ts'
import type { Prepay, WechatPay, WechatPayConfig } from './shapes.ts'

let sandbox: Omit<SandboxProcess, 'stop'>
let tenant: Tenant
let pay: WechatPay

before(async () => {
  sandbox = await sharedSandbox()
  tenant = await sandbox.tenant()
  pay = openWechatPay(configOf(tenant), () => new Date())
})

function configOf({ env }: Tenant, change: Partial<WechatPayConfig> = {}): WechatPayConfig {
  const given = (name: string) => env[`WECHATPAY_${name}`] ?? ''
  return {
    baseUrl: given('BASE_URL'), mchid: given('MCHID'), appid: given('APPID'), serial: given('SERIAL'), privateKey: given('PRIVATE_KEY'), apiv3Key: given('APIV3_KEY'),
    apiv3KeyPrevious: given('APIV3_KEY_PREVIOUS'), publicKeyId: given('PUBLIC_KEY_ID'), publicKey: given('PUBLIC_KEY'), platformCerts: given('PLATFORM_CERTS'), ...change,
  }
}

function makeOrder(): Prepay {
  return {
    outTradeNo: `SY${randomBytes(12).toString('hex')}`, description: '唐诗三百首：从李白读起', total: cents(9900),
    notifyUrl: 'http://127.0.0.1:9/api/callbacks/wechatpay', expiresAt: new Date(Date.now() + 30 * 60_000),
  }
}

async function placePaid(): Promise<Prepay> {
  const order = makeOrder()
  assert.equal((await pay.prepayNative(order)).outcome, 'done')
  const paid = await sandbox.ask('POST', '/__client/cashier', { out_trade_no: order.outTradeNo, tenant: tenant.appid, do: 'pay' })
  assert.equal(paid.ok, true, JSON.stringify(paid))
  return order
}

test('a page outside WeChat is given an address, a desk a code', async () => {
  const h5 = await pay.prepayH5({ ...makeOrder(), payerAddress: '203.0.113.7' })
  assert.match(h5.outcome === 'done' ? h5.value.url : '', /^http:\/\/.*prepay_id=wx/)
  const native = await pay.prepayNative(makeOrder())
  assert.match(native.outcome === 'done' ? native.value.codeUrl : '', /^weixin:\/\//)
})

test('in the browser inside WeChat the page pays by the parameters that we sign, and by no others', async () => {
  const { openid } = await sandbox.ask('POST', '/__client/expire-session', { appid: tenant.appid, user: 'payer' })
  const order = { ...makeOrder(), openid }
  const jsapi = await pay.prepayJsapi(order)
  const request = pay.signJsapi(jsapi.outcome === 'done' ? jsapi.value.prepayId : '')
  const sheet = (change: object) => sandbox.ask('POST', '/__client/pay', { ...request, appid: tenant.appid, user: 'payer', ...change })
  assert.match((await sheet({ timeStamp: '1' })).errMsg, /签名/)
  assert.match((await sheet({ package: 'prepay_id=wx0' })).errMsg, /签名/)
  assert.match((await sheet({ signType: 'MD5' })).errMsg, /签名/)
  assert.match((await sheet({ user: 'somebody-else' })).errMsg, /不一致/)
  assert.equal((await sheet({ do: 'cancel' })).errMsg, 'requestPayment:fail cancel')
  assert.equal((await sheet({})).errMsg, 'requestPayment:ok')
  const found = await pay.findByOutTradeNo(order.outTradeNo)
  assert.equal(found.outcome, 'done')
  if (found.outcome !== 'done') return
  assert.equal(found.value.payerOpenid, openid)
  assert.deepEqual(judgeTransaction(found.value, { mchid: tenant.mchid, appid: tenant.appid, outTradeNo: order.outTradeNo, total: order.total, currency: 'CNY' }), { verdict: 'pays' })
  const nobody = await pay.prepayJsapi({ ...makeOrder(), openid: '' })
  assert.equal(nobody.outcome === 'refused' && nobody.code, 'PARAM_ERROR')
})

test('an unpaid order is found, closed and found closed', async () => {
  const order = makeOrder()
  await pay.prepayNative(order)
  const open = await pay.findByOutTradeNo(order.outTradeNo)
  assert.equal(open.outcome === 'done' && open.value.tradeState, 'NOTPAY', JSON.stringify(open))
  assert.deepEqual(await pay.close(order.outTradeNo), { outcome: 'done', value: 'closed' })
  const closed = await pay.findByOutTradeNo(order.outTradeNo)
  assert.equal(closed.outcome === 'done' && closed.value.tradeState, 'CLOSED')
  const again = await pay.prepayNative(order)
  assert.equal(again.outcome === 'refused' && again.code, 'ORDER_CLOSED')
})

test('a paid order pays, by either number, and cannot be closed', async () => {
  const order = await placePaid()
  const found = await pay.findByOutTradeNo(order.outTradeNo)
  assert.equal(found.outcome, 'done')
  if (found.outcome !== 'done') return
  const expected = { mchid: tenant.mchid, appid: tenant.appid, outTradeNo: order.outTradeNo, total: order.total, currency: 'CNY' as const }
  assert.deepEqual(judgeTransaction(found.value, expected), { verdict: 'pays' })
  assert.deepEqual(await pay.findByTransactionId(found.value.transactionId ?? ''), found)
  const close = await pay.close(order.outTradeNo)
  assert.equal(close.outcome === 'refused' && close.code, 'ORDER_PAID')
})

test('an order nobody placed is refused by its code, with the number support asks for', async () => {
  const answer = await pay.findByOutTradeNo('SY00000000000000')
  assert.equal(answer.outcome, 'refused')
  assert.ok(answer.outcome === 'refused' && answer.code === 'ORDER_NOT_EXIST' && answer.status === 404 && /-\d+$/.test(answer.requestId ?? ''), JSON.stringify(answer))
})

test('the payer typing a password is a refusal to close, not a closed order', async () => {
  const order = makeOrder()
  await pay.prepayNative(order)
  await sandbox.ask('POST', '/__client/cashier', { out_trade_no: order.outTradeNo, tenant: tenant.appid, do: 'enter_password' })
  const answer = await pay.close(order.outTradeNo)
  assert.equal(answer.outcome === 'refused' && answer.code, 'USER_PAYING', JSON.stringify(answer))
})

test('the same refund number twice refunds once', async () => {
  const order = await placePaid()
  const ask = { outTradeNo: order.outTradeNo, outRefundNo: `RF${order.outTradeNo}`, refund: cents(9900), total: cents(9900), reason: '课程不合适' }
  const first = await pay.refund(ask)
  assert.equal(first.outcome === 'done' && first.value.state, 'PROCESSING', JSON.stringify(first))
  const second = await pay.refund(ask)
  assert.equal(second.outcome === 'done' && first.outcome === 'done' && second.value.refundId, first.outcome === 'done' && first.value.refundId)
  await sandbox.ask('POST', '/__sim/clock', { advanceSeconds: 10, tenant: tenant.appid })
  const settled = await pay.findRefund(ask.outRefundNo)
  assert.equal(settled.outcome === 'done' && settled.value.state, 'SUCCESS')
  assert.equal(settled.outcome === 'done' && settled.value.refund, 9900)
  const more = await pay.refund({ ...ask, outRefundNo: `R2${order.outTradeNo}` })
  assert.equal(more.outcome, 'refused')
})

test('a lost answer is unknown, and the query tells what happened', async () => {
  const order = await placePaid()
  await sandbox.fault(tenant, 'lose_answer', { api: 'refund' })
  const ask = { outTradeNo: order.outTradeNo, outRefundNo: `RF${order.outTradeNo}`, refund: cents(9900), total: cents(9900) }
  assert.equal((await pay.refund(ask)).outcome, 'unknown')
  const found = await pay.findRefund(ask.outRefundNo)
  assert.equal(found.outcome === 'done' && found.value.outRefundNo, ask.outRefundNo)
  const fresh = makeOrder()
  await sandbox.fault(tenant, 'lose_request', { api: 'native' })
  assert.equal((await pay.prepayNative(fresh)).outcome, 'unknown')
  assert.equal((await pay.findByOutTradeNo(fresh.outTradeNo)).outcome, 'refused', 'the request had been lost')
  await sandbox.fault(tenant, 'lose_answer', { api: 'close' })
  await pay.prepayNative(fresh)
  assert.equal((await pay.close(fresh.outTradeNo)).outcome, 'unknown')
  const closed = await pay.findByOutTradeNo(fresh.outTradeNo)
  assert.equal(closed.outcome === 'done' && closed.value.tradeState, 'CLOSED')
})

test('a slow answer is unknown after the time-out', async () => {
  const hurried = openWechatPay(configOf(tenant, { timeoutMs: 300 }), () => new Date())
  await sandbox.fault(tenant, 'slow_answer', { api: 'query', delaySeconds: 1 })
  assert.deepEqual(await hurried.findByOutTradeNo('SY00000000000000'), { outcome: 'unknown', why: 'timeout' })
})

test('an answer that cannot be verified is unknown, whatever it says', async () => {
  const order = await placePaid()
  for (const how of ['wrong_key', 'other_body', 'no_signature', 'stale_timestamp', 'unknown_serial']) {
    await sandbox.fault(tenant, 'forge_answer', { api: 'query', how })
    const answer = await pay.findByOutTradeNo(order.outTradeNo)
    assert.equal(answer.outcome, 'unknown', how)
    assert.match(answer.outcome === 'unknown' ? answer.why : '', /not verified/, how)
  }
  assert.equal((await pay.findByOutTradeNo(order.outTradeNo)).outcome, 'done')
  await sandbox.fault(tenant, 'forge_answer', { api: 'query', how: 'wrong_key' })
  assert.equal((await pay.findByOutTradeNo('SY00000000000000')).outcome, 'unknown', 'a refusal with a wrong signature is no refusal')
  const unsure = makeOrder()
  await pay.prepayNative(unsure)
  await sandbox.fault(tenant, 'forge_answer', { api: 'close', how: 'wrong_key' })
  assert.equal((await pay.close(unsure.outTradeNo)).outcome, 'unknown')
})

test('trouble at WeChat Pay is unknown, a limit is a refusal', async () => {
  await sandbox.fault(tenant, 'refuse', { api: 'native', code: 'SYSTEM_ERROR' })
  const broken = await pay.prepayNative(makeOrder())
  assert.deepEqual(broken, { outcome: 'unknown', why: 'status 500 SYSTEM_ERROR' })
  await sandbox.fault(tenant, 'refuse', { api: 'close', code: 'FREQUENCY_LIMITED' })
  const limited = await pay.close('SY00000000000000')
  assert.equal(limited.outcome === 'refused' && `${limited.code} ${limited.status}`, 'FREQUENCY_LIMITED 429')
})

test('a clock six minutes off is told by the signature error of the platform', async () => {
  const off = openWechatPay(configOf(tenant), () => new Date(Date.now() + 6 * 60_000))
  const answer = await off.findByOutTradeNo('SY00000000000000')
  assert.equal(answer.outcome === 'refused' && answer.status, 401, JSON.stringify(answer))
})

test('another merchant’s key is refused, and a wrong serial too', async () => {
  const other = await sandbox.tenant()
  const mixed = openWechatPay(configOf(tenant, { privateKey: other.env['WECHATPAY_PRIVATE_KEY'] ?? '' }), () => new Date())
  const answer = await mixed.prepayNative(makeOrder())
  assert.equal(answer.outcome === 'refused' && answer.code, 'SIGN_ERROR')
  const misnamed = openWechatPay(configOf(tenant, { serial: 'ABCDEF' }), () => new Date())
  assert.equal((await misnamed.prepayNative(makeOrder())).outcome, 'refused')
})

test('nobody there, a page instead of an answer and a redirect are unknown', async () => {
  const server = createServer((request, response) => {
    if (request.url?.includes('SYREDIRECT')) response.writeHead(302, { location: sandbox.url }).end()
    else response.writeHead(request.url?.includes('SYMISSING') ? 404 : 200, { 'content-type': 'text/html' }).end('<html>')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const lost = openWechatPay(configOf(tenant, { baseUrl: `http://127.0.0.1:${port}` }), () => new Date())
  for (const number of ['SYREDIRECT', 'SYMISSING', 'SYPAGE0000']) assert.equal((await lost.findByOutTradeNo(number)).outcome, 'unknown', number)
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  assert.equal((await lost.findByOutTradeNo('SY00000000000000')).outcome, 'unknown')
})

test('after three calls that nobody answers the far host is asked, and after five minutes the near one again', async () => {
  const nobody = createServer()
  await new Promise<void>((resolve) => nobody.listen(0, '127.0.0.1', resolve))
  const address = nobody.address()
  const near = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
  await new Promise((resolve) => nobody.close(resolve))
  let passedMs = 0
  const moved = openWechatPay(configOf(tenant, { baseUrl: near, farUrl: sandbox.url }), () => new Date(Date.now() + passedMs))
  const outcomes = async (count: number) => {
    const found: string[] = []
    while (found.length < count) found.push((await moved.findByOutTradeNo('SY00000000000000')).outcome)
    return found
  }
  assert.deepEqual(await outcomes(5), ['unknown', 'unknown', 'unknown', 'refused', 'refused'], 'an unknown number is the far host\'s answer')
  passedMs = 301_000
  assert.deepEqual(await outcomes(1), ['unknown'])
  const alone = openWechatPay(configOf(tenant, { baseUrl: near }), () => new Date())
  for (let asked = 0; asked < 5; asked += 1) assert.equal((await alone.findByOutTradeNo('SY00000000000000')).outcome, 'unknown')
})

test('certificates are fetched when the timetable asks, verified by themselves, and at most once an hour', async () => {
  const old = await sandbox.tenant({ mode: 'certificate' })
  let now = new Date()
  const bare = openWechatPay(configOf(old, { platformCerts: '' }), () => now)
  assert.equal((await bare.prepayNative(makeOrder())).outcome, 'unknown', 'no key to verify with yet')
  const fetched = await bare.refreshCertificates()
  assert.equal(fetched.outcome === 'done' && fetched.value.serials.length, 1, JSON.stringify(fetched))
  assert.equal((await bare.prepayNative(makeOrder())).outcome, 'done')
  const soon = await bare.refreshCertificates()
  assert.equal(soon.outcome === 'refused' && soon.code, 'TOO_SOON')
  now = new Date(now.getTime() + 3_601_000)
  const later = await bare.refreshCertificates()
  assert.equal(later.outcome === 'refused' && later.status, 401, 'an hour later it asks again; the platform minds the moved clock')
  const fresh = openWechatPay(configOf(old), () => new Date())
  await sandbox.fault(old, 'forge_answer', { api: 'certificates', how: 'wrong_key' })
  assert.equal((await fresh.refreshCertificates()).outcome, 'unknown')
  const newer = await pay.refreshCertificates()
  assert.equal(newer.outcome === 'refused' && newer.code, 'RESOURCE_NOT_EXISTS', 'a merchant of the public-key kind has none')
})

test('a stranger’s notice with an unknown serial makes no call to WeChat Pay', async () => {
  const before = (await sandbox.ask('GET', `/__sim/requests?tenant=${tenant.appid}`)).items.length
  const headers = { 'wechatpay-timestamp': String(Math.floor(Date.now() / 1000)), 'wechatpay-nonce': 'n', 'wechatpay-signature': 'AAAA', 'wechatpay-serial': '1234567890' }
  for (let count = 0; count < 20; count += 1) assert.deepEqual(pay.readNotice(headers, '{}'), { kind: 'refused', reason: 'serial_unknown', signature: 'invalid' })
  assert.equal((await sandbox.ask('GET', `/__sim/requests?tenant=${tenant.appid}`)).items.length, before)
})

test('notices of the sandbox are read in all three key modes and after a key rotation', async () => {
  for (const mode of ['public_key', 'certificate', 'gray']) {
    const other = await sandbox.tenant({ mode })
    const got: { headers: Record<string, string | string[] | undefined>; body: string }[] = []
    const server = createServer(async (request, response) => {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk as Buffer)
      got.push({ headers: request.headers, body: Buffer.concat(chunks).toString() })
      response.writeHead(204).end()
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const mine = openWechatPay(configOf(other), () => new Date())
    const order = { ...makeOrder(), notifyUrl: `http://127.0.0.1:${port}/api/callbacks/wechatpay` }
    assert.equal((await mine.prepayNative(order)).outcome, 'done', mode)
    await sandbox.ask('POST', '/__client/cashier', { out_trade_no: order.outTradeNo, tenant: other.appid, do: 'pay' })
    while (got.length === 0) await new Promise((resolve) => setTimeout(resolve, 10))
    const rotated = openWechatPay(configOf(other, { apiv3Key: 'x'.repeat(32), apiv3KeyPrevious: other.env['WECHATPAY_APIV3_KEY'] ?? '' }), () => new Date())
    for (const reader of [mine, rotated]) {
      const notice = reader.readNotice(got[0]?.headers ?? {}, got[0]?.body ?? '')
      assert.equal(notice.kind === 'transaction' && notice.transaction.outTradeNo, order.outTradeNo, `${mode} ${JSON.stringify(notice)}`)
    }
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
})

test('without keys every call is refused; with malformed ones nothing opens', async () => {
  const closed = openWechatPay(configOf(tenant, { mchid: '' }), () => new Date())
  assert.equal(closed.isReady, false)
  const answer = await closed.prepayNative(makeOrder())
  assert.equal(answer.outcome === 'refused' && answer.code, 'NOT_CONFIGURED')
  assert.equal(closed.readNotice({}, '').kind, 'refused')
  assert.throws(() => openWechatPay(configOf(tenant, { apiv3Key: 'short' }), () => new Date()), /32 bytes/)
  assert.throws(() => openWechatPay(configOf(tenant, { privateKey: 'no key' }), () => new Date()))
  assert.throws(() => openWechatPay(configOf(tenant, { publicKey: 'no key' }), () => new Date()))
})
