// The promises of the Alipay gateway, kept against the sandbox's wire.
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, test } from 'node:test'
import { cents } from '#contracts/words/money.ts'
import { listen, type Listener } from '#server/test/listener.ts'
import { sharedSandbox, type SandboxProcess, type Tenant } from '#server/test/sandbox.ts'
import { openAlipay } from './client.ts'
import { judgeTrade } from './judge.ts'
import type { Alipay, AlipayConfig, TradeAsk } from './shapes.ts'

let sandbox: Omit<SandboxProcess, 'stop'>
let tenant: Tenant
let alipay: Alipay
let product: Listener

before(async () => {
  sandbox = await sharedSandbox()
  product = await listen(() => ({ status: 200, body: 'success' }))
  tenant = await sandbox.tenant({ also: ['alipay'] })
  alipay = openAlipay(configOf(tenant), () => new Date())
})
after(async () => {
  await product.stop()
})

function configOf({ env }: Tenant, more: Partial<AlipayConfig> = {}): AlipayConfig {
  const read = (name: string) => env[`ALIPAY_${name}`] ?? ''
  return { baseUrl: read('BASE_URL'), appid: read('APPID'), sellerId: read('SELLER_ID'), privateKey: read('PRIVATE_KEY'), publicKey: read('PUBLIC_KEY'), ...more }
}

async function openidOf(user: string): Promise<string> {
  const { authCode } = await sandbox.ask('POST', '/__client/alipay/auth-code', { appid: alipay.appid, user })
  const told = await alipay.exchangeCode(authCode)
  return told.outcome === 'done' ? told.value.openid : ''
}

async function makeAsk(): Promise<TradeAsk> {
  return {
    outTradeNo: `SY${randomBytes(12).toString('hex')}`, subject: '把日子记下来：100% 好课 & a/b=c', total: cents(9900), buyerOpenid: await openidOf('payer'),
    notifyUrl: `${product.url}/api/callbacks/alipay`, expiresAt: new Date(Date.now() + 30 * 60_000),
  }
}

async function pay(tradeNo: string, more: object = {}) {
  return sandbox.ask('POST', '/__client/alipay/pay', { appid: alipay.appid, user: 'payer', tradeNO: tradeNo, ...more })
}

async function placePaid(): Promise<TradeAsk> {
  const ask = await makeAsk()
  const created = await alipay.createTrade(ask)
  assert.equal(created.outcome, 'done', JSON.stringify(created))
  assert.equal((await pay(created.outcome === 'done' ? created.value.tradeNo : '')).resultCode, '9000')
  return ask
}

const codeOf = (answer: { outcome: string; code?: string }) => (answer.outcome === 'refused' ? answer.code : answer.outcome)

test('a code of the payer works once', async () => {
  const { authCode } = await sandbox.ask('POST', '/__client/alipay/auth-code', { appid: alipay.appid, user: 'payer' })
  const first = await alipay.exchangeCode(authCode)
  assert.match(first.outcome === 'done' ? first.value.openid : '', /^o/)
  assert.equal(codeOf(await alipay.exchangeCode(authCode)), 'isv.code-invalid')
})

test('a trade is created once for its number, paid by its own buyer, found, and its notice read', async () => {
  const ask = await makeAsk()
  const created = await alipay.createTrade(ask)
  const again = await alipay.createTrade(ask)
  assert.deepEqual(again, created)
  const tradeNo = created.outcome === 'done' ? created.value.tradeNo : ''
  assert.equal(codeOf(await alipay.createTrade({ ...ask, total: cents(1) })), 'ACQ.CONTEXT_INCONSISTENT')
  assert.equal((await pay(tradeNo, { user: 'somebody-else' })).resultCode, '4000')
  assert.equal((await pay(tradeNo, { do: 'cancel' })).resultCode, '6001')
  const open = await alipay.findTrade(ask.outTradeNo)
  const expected = { appid: alipay.appid, sellerId: alipay.sellerId, outTradeNo: ask.outTradeNo, total: ask.total }
  assert.deepEqual(open.outcome === 'done' && judgeTrade(open.value, expected), { verdict: 'not_paid', state: 'open' })
  assert.equal((await pay(tradeNo)).resultCode, '9000')
  const paid = await alipay.findTrade(ask.outTradeNo)
  assert.deepEqual(paid.outcome === 'done' && judgeTrade(paid.value, expected), { verdict: 'pays' })
  const notice = alipay.readNotice((await product.next((got) => got.body.includes(ask.outTradeNo))).body)
  assert.equal(notice.kind, 'trade')
  assert.deepEqual(notice.kind === 'trade' && judgeTrade(notice.trade, expected), { verdict: 'pays' })
  assert.equal(codeOf(await alipay.createTrade(ask)), 'ACQ.TRADE_HAS_SUCCESS')
})

test('an unpaid trade closes; a paid one does not; one that nobody made is told by its code', async () => {
  const ask = await makeAsk()
  await alipay.createTrade(ask)
  assert.deepEqual(await alipay.closeTrade(ask.outTradeNo), { outcome: 'done', value: 'closed' })
  const closed = await alipay.findTrade(ask.outTradeNo)
  assert.equal(closed.outcome === 'done' && closed.value.state, 'TRADE_CLOSED')
  assert.equal(codeOf(await alipay.createTrade(ask)), 'ACQ.TRADE_HAS_CLOSE')
  const paid = await placePaid()
  assert.equal(codeOf(await alipay.closeTrade(paid.outTradeNo)), 'ACQ.TRADE_STATUS_ERROR')
  assert.equal(codeOf(await alipay.findTrade('SYnobody')), 'ACQ.TRADE_NOT_EXIST')
  assert.equal(codeOf(await alipay.closeTrade('SYnobody')), 'ACQ.TRADE_NOT_EXIST')
})

test('the same refund number twice refunds once, in parts up to the whole', async () => {
  const { outTradeNo } = await placePaid()
  const ask = { outTradeNo, outRefundNo: `R1${outTradeNo}`, refund: cents(4000), reason: '课程不合适' }
  const first = await alipay.refund(ask)
  assert.equal(first.outcome === 'done' && first.value.state, 'SUCCESS')
  const repeated = await alipay.refund(ask)
  assert.equal(repeated.outcome === 'done' && repeated.value.state, 'PROCESSING', 'a repetition moves nothing: the query says what became of it')
  const found = await alipay.findRefund(outTradeNo, ask.outRefundNo)
  assert.deepEqual(found, { outcome: 'done', value: { outTradeNo, outRefundNo: ask.outRefundNo, state: 'SUCCESS', refund: 4000 } })
  assert.equal(codeOf(await alipay.refund({ ...ask, refund: cents(1) })), 'ACQ.DISCORDANT_REPEAT_REQUEST')
  assert.equal(codeOf(await alipay.refund({ ...ask, outRefundNo: `R2${outTradeNo}`, refund: cents(5901) })), 'ACQ.REFUND_AMT_NOT_EQUAL_TOTAL')
  const partly = await alipay.findTrade(outTradeNo)
  assert.equal(partly.outcome === 'done' && partly.value.state, 'TRADE_SUCCESS')
  assert.equal((await alipay.refund({ ...ask, outRefundNo: `R2${outTradeNo}`, refund: cents(5900) })).outcome, 'done')
  const whole = await alipay.findTrade(outTradeNo)
  const judged = whole.outcome === 'done' && judgeTrade(whole.value, { appid: alipay.appid, sellerId: alipay.sellerId, outTradeNo, total: cents(9900) })
  assert.deepEqual(judged, { verdict: 'not_paid', state: 'refunded' })
  const notice = alipay.readNotice((await product.next((got) => got.body.includes(`R2${outTradeNo}`))).body)
  assert.equal(notice.kind === 'refund' && notice.outRefundNo, `R2${outTradeNo}`)
})

test('a refund that takes its time is told by the query alone', async () => {
  const { outTradeNo } = await placePaid()
  await sandbox.fault(tenant, 'refund_outcome', { api: 'trade_refund' })
  const ask = { outTradeNo, outRefundNo: `R${outTradeNo}`, refund: cents(9900) }
  const state = (answer: Awaited<ReturnType<Alipay['refund']>>) => answer.outcome === 'done' && answer.value.state
  assert.equal(state(await alipay.refund(ask)), 'PROCESSING')
  assert.equal(state(await alipay.findRefund(outTradeNo, ask.outRefundNo)), 'PROCESSING')
  await sandbox.ask('POST', '/__sim/clock', { advanceSeconds: 10, tenant: tenant.appid })
  assert.equal(state(await alipay.findRefund(outTradeNo, ask.outRefundNo)), 'SUCCESS')
})

test('lost, late, broken and forged answers are unknown, whatever they say', async () => {
  const { outTradeNo } = await placePaid()
  const fresh = await makeAsk()
  for (const [kind, api] of [['lose_answer', 'trade_query'], ['lose_request', 'trade_query']]) {
    await sandbox.fault(tenant, kind ?? '', { api })
    assert.equal((await alipay.findTrade(outTradeNo)).outcome, 'unknown', kind)
  }
  for (const how of ['wrong_key', 'other_body', 'no_signature']) {
    await sandbox.fault(tenant, 'forge_answer', { api: 'trade_query', how })
    const answer = await alipay.findTrade(outTradeNo)
    assert.match(answer.outcome === 'unknown' ? answer.why : '', /not verified/, how)
  }
  for (const code of ['ACQ.SYSTEM_ERROR', '20000', 'aop.ACQ.SYSTEM_ERROR']) {
    await sandbox.fault(tenant, 'refuse', { api: 'trade_create', code })
    assert.equal((await alipay.createTrade(fresh)).outcome, 'unknown', code)
  }
  await sandbox.fault(tenant, 'forge_answer', { api: 'trade_query', how: 'wrong_key' })
  assert.equal((await alipay.findTrade('SYnobody')).outcome, 'unknown', 'a refusal with a wrong signature is no refusal')
  const hurried = openAlipay(configOf(tenant, { timeoutMs: 300 }), () => new Date())
  await sandbox.fault(tenant, 'slow_answer', { api: 'trade_query', delaySeconds: 1 })
  assert.deepEqual(await hurried.findTrade(outTradeNo), { outcome: 'unknown', why: 'timeout' })
  const nobody = openAlipay(configOf(tenant, { baseUrl: `${product.url}/gateway.do` }), () => new Date())
  assert.equal((await nobody.findTrade(outTradeNo)).outcome, 'unknown', 'a page instead of an answer')
})

test('wrong keys and a wrong clock are refused, and somebody is told', async () => {
  const told: string[] = []
  const other = await sandbox.tenant({ also: ['alipay'] })
  const mixed = openAlipay(configOf(tenant, { privateKey: other.env['ALIPAY_PRIVATE_KEY'] ?? '' }), () => new Date(), ({ code }) => told.push(code))
  assert.equal(codeOf(await mixed.findTrade('SYnobody')), 'isv.invalid-signature')
  const late = openAlipay(configOf(tenant), () => new Date(Date.now() + 11 * 60_000), ({ code }) => told.push(code))
  assert.equal(codeOf(await late.findTrade('SYnobody')), 'isv.invalid-timestamp')
  const stranger = openAlipay(configOf(tenant, { appid: '2021000000000000' }), () => new Date(), ({ code }) => told.push(code))
  assert.equal(codeOf(await stranger.findTrade('SYnobody')), 'isv.invalid-app-id')
  assert.deepEqual(told, ['isv.invalid-signature', 'isv.invalid-timestamp', 'isv.invalid-app-id'])
})

test('notices that are not Alipay’s, or not whole, are refused without a word believed', async () => {
  const { outTradeNo } = await placePaid()
  const { body } = await product.next((got) => got.body.includes(outTradeNo))
  const why = (text: string) => {
    const notice = alipay.readNotice(text)
    return notice.kind === 'refused' ? notice.reason : notice.kind
  }
  const change = (edit: (form: URLSearchParams) => void) => {
    const form = new URLSearchParams(body)
    edit(form)
    return form.toString()
  }
  assert.equal(why(body), 'trade')
  assert.equal(why(change((form) => form.set('total_amount', '0.01'))), 'signature_wrong')
  assert.equal(why(change((form) => form.set('app_id', '2021'))), 'signature_wrong')
  assert.equal(why(change((form) => form.delete('seller_id'))), 'signature_wrong')
  assert.equal(why(change((form) => form.delete('sign'))), 'sign_missing')
  assert.equal(why(change((form) => form.set('sign', 'AAAA'))), 'signature_wrong')
  assert.equal(why(change((form) => form.set('sign_type', 'RSA'))), 'sign_type_unknown')
  assert.equal(why(change((form) => form.append('total_amount', '0.01'))), 'body_malformed')
  for (const text of ['', '{}', '<xml/>', '%E4%', 'sign=a&sign_type=RSA2']) assert.equal(alipay.readNotice(text).kind, 'refused', text)
})

test('without keys every call is refused; with malformed or confused ones nothing opens', async () => {
  const closed = openAlipay(configOf(tenant, { appid: '' }), () => new Date())
  assert.equal(closed.isReady, false)
  assert.equal(codeOf(await closed.findTrade('SY')), 'NOT_CONFIGURED')
  assert.equal(closed.readNotice('').kind, 'refused')
  assert.throws(() => openAlipay(configOf(tenant, { privateKey: 'no key' }), () => new Date()))
  assert.throws(() => openAlipay(configOf(tenant, { publicKey: tenant.env['ALIPAY_PRIVATE_KEY'] ?? '' }), () => new Date()), /own public key/)
})

test('above the limit of a call it is refused before anything happens, and heard again when the limit is gone', async () => {
  const ask = await makeAsk()
  await sandbox.fault(tenant, 'rate_limit', { api: 'trade_create', perSecond: 0 })
  await sandbox.fault(tenant, 'latency', { api: 'trade_query', delaySeconds: 0.2 })
  assert.equal(codeOf(await alipay.createTrade(ask)), 'isv.method-call-limited')
  const began = Date.now()
  assert.equal(codeOf(await alipay.findTrade(ask.outTradeNo)), 'ACQ.TRADE_NOT_EXIST')
  assert.ok(Date.now() - began >= 200, 'other calls are only slow')
  await sandbox.ask('DELETE', `/__sim/faults?tenant=${tenant.appid}`)
  assert.equal((await alipay.createTrade(ask)).outcome, 'done')
})
