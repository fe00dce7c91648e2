// The promises of the Douyin gateway, kept against the sandbox's wire.
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, test } from 'node:test'
import { cents } from '#contracts/words/money.ts'
import { listen, type Listener } from '#server/test/listener.ts'
import { sharedSandbox, type SandboxProcess, type Tenant } from '#server/test/sandbox.ts'
import { openDouyin } from './client.ts'
import { judgeOrder } from './judge.ts'
import type { Douyin, DouyinConfig, DouyinOrderAsk, DouyinRefundWish } from './shapes.ts'

let sandbox: Omit<SandboxProcess, 'stop'>
let tenant: Tenant
let douyin: Douyin
let product: Listener
let isDeaf = false

before(async () => {
  sandbox = await sharedSandbox()
  product = await listen(({ body }) => {
    if (isDeaf) return { status: 500, body: '' }
    const data = body.includes('"pre_create_refund"') ? { data: { out_refund_no: 'RFROMTHEUSER', order_entry_schema: { path: 'pkg-order/order', params: '{}' } } } : {}
    return { status: 200, body: JSON.stringify({ err_no: 0, err_tips: 'success', ...data }) }
  })
  tenant = await sandbox.tenant({ also: ['douyin'] })
  douyin = openDouyin(configOf(tenant), () => new Date())
})
after(async () => {
  await product.stop()
})

function configOf({ env }: Tenant, more: Partial<DouyinConfig> = {}): DouyinConfig {
  const read = (name: string) => env[`DOUYIN_${name}`] ?? ''
  return {
    baseUrl: read('BASE_URL'), appid: read('APPID'), secret: read('SECRET'), privateKey: read('PRIVATE_KEY'), keyVersion: read('KEY_VERSION'), platformPublicKey: read('PLATFORM_PUBLIC_KEY'),
    quotesAuthorization: read('QUOTES') === '1', skuType: 401, tagGroup: 'tag_group_7272625659888041996', merchantUid: read('MERCHANT_UID'), ...more,
  }
}

function makeAsk(): DouyinOrderAsk {
  return {
    outOrderNo: `SY${randomBytes(12).toString('hex')}`, sku: 'crs_1', title: '把日子记下来：写给自己看的十讲，一直写下去'.repeat(6), picture: 'https://example.com/cover.webp', total: cents(9900), expiresInSeconds: 1800,
    notifyUrl: `${product.url}/api/callbacks/douyin`, page: { path: 'pkg-order/order', params: { order: 'ord_1' } },
  }
}

const requestOrder = (ask: object, of = tenant) => sandbox.ask('POST', '/__client/douyin/request-order', { appid: of.appid, user: 'payer', ...ask })
const pay = (orderId: string, more: object = {}) => sandbox.ask('POST', '/__client/douyin/pay', { appid: tenant.appid, user: 'payer', orderId, ...more })
const codeOf = (answer: { outcome: string; code?: string }) => (answer.outcome === 'refused' ? answer.code : answer.outcome)

async function placePaid(): Promise<{ ask: DouyinOrderAsk; wish: DouyinRefundWish }> {
  const ask = makeAsk()
  const { orderId } = await requestOrder(douyin.prepareOrder(ask))
  assert.equal((await pay(orderId)).errNo, 0)
  const found = await douyin.findOrder(ask.outOrderNo)
  const itemOrderId = found.outcome === 'done' ? (found.value.itemOrderId ?? '') : ''
  const wish = { orderId, itemOrderId, outRefundNo: `R${ask.outOrderNo}`, refund: ask.total, total: ask.total, reason: '课程不合适', notifyUrl: ask.notifyUrl, page: ask.page }
  return { ask, wish }
}

const callback = async (needle: string) => {
  const got = await product.next((one) => one.body.includes(needle))
  return { got, told: douyin.readCallback(got.headers, got.body) }
}

test('an order opens by our signature and by no other, over the very text', async () => {
  const ask = makeAsk()
  const request = douyin.prepareOrder(ask)
  assert.match((await requestOrder({ ...request, data: request.data.replace('9900', '1') })).errMsg, /验签失败/)
  assert.match((await requestOrder({ ...request, byteAuthorization: request.byteAuthorization.replace(/timestamp=\d+/, 'timestamp=1') })).errMsg, /过期/)
  const opened = await requestOrder(request)
  assert.equal(opened.errNo, 0, JSON.stringify(opened))
  assert.deepEqual(await requestOrder(request), opened)
  const old = openDouyin(configOf(tenant), () => new Date(Date.now() - 3_700_000))
  assert.match((await requestOrder(old.prepareOrder(makeAsk()))).errMsg, /过期/)
})

test('the quotes are a switch: a platform takes one form and refuses the other', async () => {
  const quoting = await sandbox.tenant({ also: ['douyin'], douyinQuotes: true })
  const open = (quotesAuthorization: boolean) => openDouyin(configOf(quoting, { quotesAuthorization }), () => new Date())
  assert.equal((await requestOrder(open(true).prepareOrder(makeAsk()), quoting)).errNo, 0)
  assert.match((await requestOrder(open(false).prepareOrder(makeAsk()), quoting)).errMsg, /格式错误/)
  const bare = openDouyin(configOf(tenant, { quotesAuthorization: true }), () => new Date())
  assert.match((await requestOrder(bare.prepareOrder(makeAsk()))).errMsg, /格式错误/)
})

test('a paid order pays, by query and by callback', async () => {
  const ask = makeAsk()
  assert.equal((await douyin.findOrder(ask.outOrderNo)).outcome, 'refused', 'no client has opened it')
  const { orderId } = await requestOrder(douyin.prepareOrder(ask))
  const expected = { appid: douyin.appid, outOrderNo: ask.outOrderNo, total: ask.total }
  const open = await douyin.findOrder(ask.outOrderNo)
  assert.deepEqual(open.outcome === 'done' && judgeOrder(open.value, expected), { verdict: 'not_paid', state: 'open' })
  assert.match((await pay(orderId, { user: 'somebody-else' })).errMsg, /不存在/)
  assert.equal((await pay(orderId)).errNo, 0)
  const paid = await douyin.findOrder(ask.outOrderNo)
  assert.deepEqual(paid.outcome === 'done' && judgeOrder(paid.value, expected), { verdict: 'pays' })
  const { told } = await callback(ask.outOrderNo)
  assert.equal(told.kind, 'payment')
  assert.deepEqual(told.kind === 'payment' && judgeOrder(told.order, expected), { verdict: 'pays' })
  assert.equal(told.kind === 'payment' && told.order.orderId, orderId)
})

test('an order nobody pays runs out of its time, and is told as closed', async () => {
  const ask = makeAsk()
  await requestOrder(douyin.prepareOrder(ask))
  await sandbox.ask('POST', '/__sim/clock', { advanceSeconds: 1801, tenant: tenant.appid })
  const found = await douyin.findOrder(ask.outOrderNo)
  const expected = { appid: douyin.appid, outOrderNo: ask.outOrderNo, total: ask.total }
  assert.deepEqual(found.outcome === 'done' && judgeOrder(found.value, expected), { verdict: 'not_paid', state: 'closed' })
  const { told } = await callback(ask.outOrderNo)
  assert.deepEqual(told.kind === 'payment' && judgeOrder(told.order, expected), { verdict: 'not_paid', state: 'closed' })
})

test('diamonds, another app and another sum are not what was asked', async () => {
  for (const [kind, reason] of [['mismatch_currency', 'currency'], ['mismatch_appid', 'appid'], ['mismatch_amount', 'total'], ['mismatch_out_trade_no', 'out_trade_no']]) {
    const { ask } = await placePaid()
    await sandbox.fault(tenant, kind ?? '', { api: 'order_query' })
    const found = await douyin.findOrder(ask.outOrderNo)
    const judged = found.outcome === 'done' && judgeOrder(found.value, { appid: douyin.appid, outOrderNo: ask.outOrderNo, total: ask.total })
    assert.deepEqual(judged, { verdict: 'differs', reasons: [reason] })
  }
})

test('the same refund number twice refunds once; parts name their item; a whole names none', async () => {
  const { wish } = await placePaid()
  const part = { ...wish, refund: cents(4000) }
  const first = await douyin.refund(part)
  assert.equal(first.outcome, 'done', JSON.stringify(first))
  assert.deepEqual(await douyin.refund(part), first)
  assert.equal((await douyin.refund({ ...part, outRefundNo: `${part.outRefundNo}B`, refund: cents(5901) })).outcome, 'refused')
  await sandbox.ask('POST', '/__sim/clock', { advanceSeconds: 10, tenant: tenant.appid })
  const found = await douyin.findRefund(part.outRefundNo)
  assert.deepEqual(found.outcome === 'done' && [found.value.state, found.value.refund, found.value.toAudit], ['SUCCESS', 4000, false])
  const { told } = await callback(part.outRefundNo)
  assert.equal(told.kind === 'refund' && told.outRefundNo, part.outRefundNo)
  const other = await placePaid()
  assert.equal((await douyin.refund(other.wish)).outcome, 'done')
  await sandbox.fault(tenant, 'refund_outcome', { api: 'refund_create' })
  await sandbox.ask('POST', '/__sim/clock', { advanceSeconds: 10, tenant: tenant.appid })
  const failed = await douyin.findRefund(other.wish.outRefundNo)
  assert.equal(failed.outcome === 'done' && failed.value.state, 'FAIL')
  assert.equal(codeOf(await douyin.findRefund('Rnobody')), 'REFUND_NOT_EXIST')
})

test('a refund that waits for our word goes on with it', async () => {
  const { wish } = await placePaid()
  await sandbox.fault(tenant, 'refund_outcome', { api: 'needs_audit' })
  const asked = await douyin.refund(wish)
  const waiting = await douyin.findRefund(wish.outRefundNo)
  assert.deepEqual(waiting.outcome === 'done' && [waiting.value.state, waiting.value.toAudit], ['PROCESSING', true])
  assert.deepEqual(await douyin.auditRefund(asked.outcome === 'done' ? asked.value.refundId : ''), { outcome: 'done', value: 'told' })
  await sandbox.ask('POST', '/__sim/clock', { advanceSeconds: 10, tenant: tenant.appid })
  const done = await douyin.findRefund(wish.outRefundNo)
  assert.equal(done.outcome === 'done' && done.value.state, 'SUCCESS')
})

test('what a user asks back is told to us, gets our number, and ends by our word or by silence', async () => {
  const [denied, silent] = [await placePaid(), await placePaid()]
  const askBack = (orderId: string) => sandbox.ask('POST', '/__client/douyin/ask-refund', { appid: tenant.appid, user: 'payer', orderId, reason: '听不懂' })
  const { refundId } = await askBack(denied.wish.orderId)
  const { told } = await callback(refundId)
  assert.equal(told.kind, 'refund_ask')
  assert.deepEqual(told.kind === 'refund_ask' && [told.ask.outOrderNo, told.ask.refund, told.ask.needsAudit, told.ask.reason], [denied.ask.outOrderNo, 9900, true, '不想要了；听不懂'])
  assert.deepEqual(await douyin.auditRefund(refundId, '已看完全部课程'), { outcome: 'done', value: 'told' })
  assert.equal((await douyin.auditRefund(refundId)).outcome, 'refused', 'said once')
  const end = await douyin.findRefund('RFROMTHEUSER')
  assert.deepEqual(end.outcome === 'done' && [end.value.state, end.value.message], ['FAIL', '已看完全部课程'])
  const second = await askBack(silent.wish.orderId)
  await callback(second.refundId)
  await sandbox.ask('POST', '/__sim/clock', { advanceSeconds: 3 * 86_400 + 10, tenant: tenant.appid })
  const { told: ended } = await callback(`${second.refundId}\\",\\"out_refund_no\\":\\"RFROMTHEUSER\\",\\"refund_total_amount`)
  assert.equal(ended.kind === 'refund' && ended.refundId, second.refundId)
})

test('a settlement pays out once for its number, and says what Douyin kept', async () => {
  const { ask } = await placePaid()
  const wish = { outOrderNo: ask.outOrderNo, outSettleNo: `T${ask.outOrderNo}`, description: '课程款', notifyUrl: ask.notifyUrl }
  const asked = await douyin.settle(wish)
  assert.equal(asked.outcome, 'done')
  assert.deepEqual(await douyin.settle(wish), asked)
  assert.equal((await douyin.settle({ ...wish, outSettleNo: `T2${ask.outOrderNo}` })).outcome, 'refused')
  await sandbox.ask('POST', '/__sim/clock', { advanceSeconds: 10, tenant: tenant.appid })
  const found = await douyin.findSettlement(wish.outSettleNo)
  assert.deepEqual(found.outcome === 'done' && [found.value.state, found.value.amount, found.value.fee], ['SUCCESS', 9702, 198])
  const { told } = await callback(wish.outSettleNo)
  assert.equal(told.kind === 'settle' && told.outSettleNo, wish.outSettleNo)
  assert.equal((await sandbox.ask('GET', `/__sim/ledger?tenant=${tenant.appid}`)).balanced, true)
})

test('a token that another process has made worthless is fetched again', async () => {
  let now = Date.now()
  const fresh = openDouyin(configOf(tenant), () => new Date(now))
  await fresh.findOrder('SYnobody')
  const rival = openDouyin(configOf(tenant), () => new Date())
  await rival.findOrder('SYnobody')
  await sandbox.ask('POST', '/__sim/clock', { advanceSeconds: 301, tenant: tenant.appid })
  const { ask } = await placePaid()
  assert.equal((await fresh.findOrder(ask.outOrderNo)).outcome, 'done', 'its token was ended by the newer ones, and renewed')
  now += 7_300_000
  assert.equal((await fresh.findOrder(ask.outOrderNo)).outcome, 'done')
  const wrong = openDouyin(configOf(tenant, { secret: 'no' }), () => new Date())
  assert.equal(codeOf(await wrong.findOrder(ask.outOrderNo)), '10013')
})

test('lost and late answers, and the platform’s own trouble, are unknown', async () => {
  const { ask, wish } = await placePaid()
  await sandbox.fault(tenant, 'lose_answer', { api: 'refund_create' })
  assert.equal((await douyin.refund(wish)).outcome, 'unknown')
  const found = await douyin.findRefund(wish.outRefundNo)
  assert.equal(found.outcome, 'done', 'the effect was there')
  await sandbox.fault(tenant, 'refuse', { api: 'order_query', code: 13000 })
  assert.deepEqual(await douyin.findOrder(ask.outOrderNo), { outcome: 'unknown', why: 'err_no 13000' })
  const hurried = openDouyin(configOf(tenant, { timeoutMs: 300 }), () => new Date())
  await hurried.findOrder(ask.outOrderNo)
  await sandbox.fault(tenant, 'slow_answer', { api: 'order_query', delaySeconds: 1 })
  assert.deepEqual(await hurried.findOrder(ask.outOrderNo), { outcome: 'unknown', why: 'timeout' })
  await sandbox.fault(tenant, 'refuse', { api: 'order_query', code: 12001, message: '操作过于频繁' })
  assert.deepEqual(await douyin.findOrder(ask.outOrderNo), { outcome: 'unknown', why: 'err_no 12001' })
})

test('callbacks that are not Douyin’s, too old, or not whole are refused without a word believed', async () => {
  const { ask } = await placePaid()
  const { got } = await callback(ask.outOrderNo)
  const why = (headers: Record<string, string | string[] | undefined>, body = got.body, at = new Date()) => {
    const told = openDouyin(configOf(tenant), () => at).readCallback(headers, body)
    return told.kind === 'refused' ? told.reason : told.kind
  }
  assert.equal(why(got.headers), 'payment')
  for (const name of ['byte-timestamp', 'byte-nonce-str', 'byte-signature']) assert.equal(why({ ...got.headers, [name]: undefined }), 'header_missing', name)
  assert.equal(why({ ...got.headers, 'Byte-Signature': 'AAAA' }), 'header_missing', 'two of them')
  assert.equal(why({ ...got.headers, 'byte-signature': 'AAAA' }), 'signature_wrong')
  assert.equal(why({ ...got.headers, 'byte-nonce-str': 'other' }), 'signature_wrong')
  assert.equal(why({ ...got.headers, 'byte-timestamp': 'soon' }), 'timestamp_malformed')
  assert.equal(why(got.headers, got.body.replace('9900', '1')), 'signature_wrong')
  assert.equal(why(got.headers, JSON.stringify(JSON.parse(got.body), null, 1)), 'signature_wrong', 'a body written anew')
  assert.equal(why(got.headers, got.body, new Date(Date.now() + 3_700_000)), 'timestamp_skewed')
  assert.equal(why(got.headers, got.body, new Date(Date.now() - 400_000)), 'timestamp_skewed')
  for (const trick of ['forge_notice', 'stale_notice', 'future_notice', 'tamper_notice', 'unsigned_notice']) {
    await sandbox.fault(tenant, trick, { api: 'douyin' })
    const spoilt = await placePaid()
    const { told } = await callback(spoilt.ask.outOrderNo)
    assert.equal(told.kind, 'refused', trick)
  }
})

test('a callback that is not answered well is told again, by Douyin’s own pauses', async () => {
  isDeaf = true
  const { ask } = await placePaid()
  await callback(ask.outOrderNo)
  isDeaf = false
  await sandbox.ask('POST', '/__sim/clock', { advanceSeconds: 13, tenant: tenant.appid })
  const { items } = await sandbox.ask('GET', `/__sim/deliveries?tenant=${tenant.appid}&subject=${ask.outOrderNo}`)
  assert.deepEqual(items[0].attempts.map((one: { accepted: boolean }) => one.accepted), [false, true])
})

test('without keys every call is refused; with malformed or confused ones nothing opens', async () => {
  const closed = openDouyin(configOf(tenant, { appid: '' }), () => new Date())
  assert.equal(closed.isReady, false)
  assert.equal(codeOf(await closed.findOrder('SY')), 'NOT_CONFIGURED')
  assert.equal(closed.readCallback({}, '').kind, 'refused')
  assert.throws(() => openDouyin(configOf(tenant, { privateKey: 'no key' }), () => new Date()))
  assert.throws(() => openDouyin(configOf(tenant, { platformPublicKey: tenant.env['DOUYIN_PRIVATE_KEY'] ?? '' }), () => new Date()), /own public key/)
})

test('above the limit of a call it is refused before anything happens, and heard again when the limit is gone', async () => {
  const { wish } = await placePaid()
  await sandbox.fault(tenant, 'rate_limit', { api: 'refund_create', perSecond: 0 })
  assert.equal(codeOf(await douyin.refund(wish)), '28003017')
  assert.equal(codeOf(await douyin.findRefund(wish.outRefundNo)), 'REFUND_NOT_EXIST')
  await sandbox.ask('DELETE', `/__sim/faults?tenant=${tenant.appid}`)
  assert.equal((await douyin.refund(wish)).outcome, 'done')
})
