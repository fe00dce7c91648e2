// The client of the open platform and of virtual payment against the sandbox process.
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import { before, test } from 'node:test'
import jsQR from 'jsqr'
import sharp from 'sharp'
import { cents } from '#contracts/words/money.ts'
import { sharedSandbox, type SandboxProcess, type Tenant } from '../../test/sandbox.ts'
import { openWechat } from './client.ts'
import { judgeDelivery, judgeVirtualOrder } from './judge.ts'
import { acceptPush } from './push.ts'
import type { Push, Wechat, WechatConfig } from './shapes.ts'

let sandbox: Omit<SandboxProcess, 'stop'>
let tenant: Tenant
let wechat: Wechat

before(async () => {
  sandbox = await sharedSandbox()
  tenant = await sandbox.tenant({ publishSeconds: 600 })
  wechat = openWechat(configOf(tenant), () => new Date())
})

function configOf({ env }: Tenant, change: Partial<WechatConfig> = {}): WechatConfig {
  const given = (name: string) => env[name] ?? ''
  return {
    baseUrl: given('WECHAT_BASE_URL'), appid: given('WECHAT_APPID'), secret: given('WECHAT_SECRET'), pushToken: given('WECHAT_PUSH_TOKEN'), pushAesKey: given('WECHAT_PUSH_AES_KEY'),
    xpayOfferId: given('XPAY_OFFER_ID'), xpayAppKey: given('XPAY_APP_KEY'), xpayEnv: Number(given('XPAY_ENV')), ...change,
  }
}

async function signIn(user: string) {
  const { code } = await sandbox.ask('POST', '/__client/login', { appid: tenant.appid, user })
  const login = await wechat.exchangeLogin(code)
  assert.equal(login.outcome, 'done', JSON.stringify(login))
  return login.outcome === 'done' ? login.value : { openid: '', sessionKey: '', unionid: undefined }
}

test('a sign-in code gives openid and session key once', async () => {
  const { code } = await sandbox.ask('POST', '/__client/login', { appid: tenant.appid, user: 'once' })
  const login = await wechat.exchangeLogin(code)
  assert.ok(login.outcome === 'done' && login.value.openid.startsWith('o') && login.value.sessionKey.length > 10, JSON.stringify(login))
  const again = await wechat.exchangeLogin(code)
  assert.equal(again.outcome === 'refused' && again.code, '40163')
  const wrong = await wechat.exchangeLogin('a code & more')
  assert.equal(wrong.outcome === 'refused' && wrong.code, '40029')
  await sandbox.fault(tenant, 'lose_answer', { api: 'jscode2session' })
  assert.equal((await wechat.exchangeLogin('x')).outcome, 'unknown')
})

test('a phone code gives the number', async () => {
  const { code } = await sandbox.ask('POST', '/__client/phone', { appid: tenant.appid, user: 'caller', phone: '13800138000' })
  assert.deepEqual(await wechat.exchangePhone(code), { outcome: 'done', value: { phone: '13800138000', countryCode: '86' } })
  const again = await wechat.exchangePhone(code)
  assert.equal(again.outcome === 'refused' && again.code, '40029')
})

test('a burst of calls asks for one token, which is renewed when the platform no longer takes it', async () => {
  const tokens: string[] = []
  const relay = await openRelay(sandbox.url, (path) => tokens.push(path.startsWith('/cgi-bin/stable_token') ? 'token' : 'call'))
  const other = await sandbox.tenant()
  const busy = openWechat(configOf(other, { baseUrl: relay.url }), () => new Date())
  await Promise.all(Array.from({ length: 8 }, () => busy.virtual.findUpload()))
  assert.equal(tokens.filter((one) => one === 'token').length, 1)
  assert.equal(tokens.filter((one) => one === 'call').length, 8)
  await sandbox.ask('POST', '/__sim/clock', { advanceSeconds: 7300, tenant: other.appid })
  const answers = await Promise.all(Array.from({ length: 8 }, () => busy.virtual.findUpload()))
  assert.deepEqual([...new Set(answers.map((answer) => answer.outcome))], ['done'])
  assert.equal(tokens.filter((one) => one === 'token').length, 2, 'renewed once after eight refusals')
  const forced = await sandbox.ask('POST', '/cgi-bin/stable_token', { grant_type: 'client_credential', appid: other.appid, secret: other.env['WECHAT_SECRET'], force_refresh: true })
  assert.ok(forced.access_token)
  assert.equal((await busy.virtual.findUpload()).outcome, 'done', 'somebody else forced a new token')
  assert.equal(tokens.filter((one) => one === 'token').length, 3)
  await relay.stop()
})

test('the token is renewed before it ends', async () => {
  const paths: string[] = []
  const relay = await openRelay(sandbox.url, (path) => paths.push(path))
  const other = await sandbox.tenant()
  let now = Date.now()
  const patient = openWechat(configOf(other, { baseUrl: relay.url }), () => new Date(now))
  const countTokens = () => paths.filter((path) => path.startsWith('/cgi-bin/stable_token')).length
  await patient.virtual.findUpload()
  now += 6800_000
  await patient.virtual.findUpload()
  assert.equal(countTokens(), 1)
  now += 200_000
  await patient.virtual.findUpload()
  assert.equal(countTokens(), 2)
  await relay.stop()
})

test('a wrong secret is refused, busy is unknown', async () => {
  const wrong = openWechat(configOf(tenant, { secret: 'wrong' }), () => new Date())
  const answer = await wrong.exchangePhone('x')
  assert.equal(answer.outcome === 'refused' && answer.code, '40125')
  await sandbox.fault(tenant, 'refuse', { api: 'getuserphonenumber', code: -1 })
  assert.deepEqual(await wechat.exchangePhone('x'), { outcome: 'unknown', why: 'errcode -1' })
  const closed = openWechat(configOf(tenant, { appid: '' }), () => new Date())
  const none = await closed.exchangePhone('x')
  assert.equal(none.outcome === 'refused' && none.code, 'NOT_CONFIGURED')
})

test('a code picture leads to its scene', async () => {
  const answer = await wechat.drawCode({ scene: 'c=tang-poems', page: 'pages/home/home' })
  assert.equal(answer.outcome, 'done', JSON.stringify(answer))
  if (answer.outcome !== 'done') return
  const { data, info } = await sharp(answer.value.picture).ensureAlpha().raw().toBuffer({ resolveWithObject: true })
  const read = (jsQR as unknown as typeof jsQR.default)(new Uint8ClampedArray(data), info.width, info.height)
  assert.match(read?.data ?? '', /scene=c%3Dtang-poems/)
  const long = await wechat.drawCode({ scene: 'x'.repeat(33), page: 'pages/home/home' })
  assert.equal(long.outcome === 'refused' && long.code, '40169')
})

test('a subscribe message goes once for each consent', async () => {
  const { openid } = await signIn('reader')
  const message = { openid, template: 'template-1', page: 'pages/home/home', data: { thing1: '唐诗课更新了' } }
  const early = await wechat.sendMessage(message)
  assert.equal(early.outcome === 'refused' && early.code, '43101')
  await sandbox.ask('POST', '/__client/subscribe', { appid: tenant.appid, user: 'reader', template_id: 'template-1' })
  assert.deepEqual(await wechat.sendMessage(message), { outcome: 'done', value: 'sent' })
  const { items } = await sandbox.ask('GET', `/__sim/messages?tenant=${tenant.appid}`)
  assert.deepEqual(items[0].data, { thing1: { value: '唐诗课更新了' } })
  assert.equal((await wechat.sendMessage(message)).outcome, 'refused')
})

test('virtual payment from the item to the push, in JSON and in XML', async () => {
  const { virtual } = wechat
  const advance = (advanceSeconds: number) => sandbox.ask('POST', '/__sim/clock', { advanceSeconds, tenant: tenant.appid })
  assert.deepEqual(await virtual.uploadGoods([{ id: 'course_tang', name: '唐诗三百首', price: cents(9900) }]), { outcome: 'done', value: 'started' })
  const busy = await virtual.publishGoods(['course_tang'])
  assert.equal(busy.outcome === 'refused' && busy.code, '268490011', 'one task at a time')
  await advance(5)
  assert.deepEqual(await virtual.findUpload(), { outcome: 'done', value: { state: 'done', items: [{ id: 'course_tang', state: 'done', why: undefined }] } })
  assert.equal((await virtual.publishGoods(['course_tang'])).outcome, 'done')
  await advance(5)
  const published = await virtual.findPublish()
  assert.equal(published.outcome === 'done' && published.value.items[0]?.state, 'done')

  const { openid, sessionKey } = await signIn('buyer')
  const order = () => ({ outTradeNo: `SY${randomBytes(12).toString('hex')}`, product: 'course_tang', quantity: 1, price: cents(9900), sessionKey })
  const payWith = (ask: ReturnType<typeof order>, change: object = {}) => sandbox.ask('POST', '/__client/xpay/pay', { appid: tenant.appid, user: 'buyer', ...virtual.prepare(ask), ...change })
  assert.equal((await payWith(order())).errCode, -15014, 'published, but too new to be sold')
  await advance(700)

  const pushes: Push[] = []
  const receiver = await openReceiver((query, body) => {
    const push = wechat.readPush(query, body)
    pushes.push(push)
    return push.kind === 'refused' ? undefined : acceptPush(push.format).body
  }, (query) => wechat.echoOf(query))
  const named = await sandbox.ask('PUT', `/__sim/tenants/${tenant.appid}/push-url`, { url: `${receiver.url}/api/callbacks/wechat`, verify: true })
  assert.equal(named.ok, true, JSON.stringify(named))

  for (const pushFormat of ['json', 'xml']) {
    await sandbox.ask('PATCH', `/__sim/tenants/${tenant.appid}`, { pushFormat })
    const ask = order()
    const expected = { env: 0, openid, outTradeNo: ask.outTradeNo, product: ask.product, quantity: 1, price: ask.price }
    const missing = await virtual.findOrder(openid, ask.outTradeNo)
    assert.equal(missing.outcome, 'refused', 'nobody paid yet')
    assert.equal((await payWith(ask)).errCode, 0)
    while (pushes.length === 0) await new Promise((resolve) => setTimeout(resolve, 10))
    const push = pushes.splice(0)[0]
    assert.ok(push?.kind === 'deliver' && push.format === pushFormat, JSON.stringify(push))
    assert.deepEqual(push.kind === 'deliver' && judgeDelivery(push.delivery, expected), { verdict: 'pays' })
    const found = await virtual.findOrder(openid, ask.outTradeNo)
    assert.deepEqual(found.outcome === 'done' && judgeVirtualOrder(found.value, expected), { verdict: 'pays' })
    await sandbox.fault(tenant, 'lose_answer', { api: 'notify_provide_goods' })
    assert.equal((await virtual.noteProvided(openid, ask.outTradeNo)).outcome, 'unknown')
    assert.deepEqual(await virtual.noteProvided(openid, ask.outTradeNo), { outcome: 'done', value: 'provided' }, 'told twice is told')
    const after = await virtual.findOrder(openid, ask.outTradeNo)
    assert.equal(after.outcome === 'done' && after.value.state, 'delivered')
    const refund = await virtual.refund({ openid, outTradeNo: ask.outTradeNo, outRefundNo: `RF${ask.outTradeNo}`.slice(0, 32), left: cents(9900), refund: cents(9900) })
    assert.equal(refund.outcome, 'done', JSON.stringify(refund))
    while (pushes.length === 0) await new Promise((resolve) => setTimeout(resolve, 10))
    const back = pushes.splice(0)[0]
    assert.equal(back?.kind === 'refund' && back.refund.refund, 9900)
  }

  const ask = order()
  assert.equal((await payWith(ask, { signature: '0'.repeat(64) })).errCode, -15005)
  assert.equal((await payWith(ask, { paySig: '0'.repeat(64) })).errCode, -15006)
  assert.equal((await payWith({ ...ask, price: cents(1) })).errCode, -15013)
  await sandbox.ask('POST', '/__client/expire-session', { appid: tenant.appid, user: 'buyer' })
  assert.equal((await payWith(ask)).errCode, -15005, 'an old session key')
  await receiver.stop()
})

test('spoilt pushes are refused for the right reason', async () => {
  const other = await sandbox.tenant({ publishSeconds: 1 })
  const mine = openWechat(configOf(other), () => new Date())
  const pushes: Push[] = []
  const receiver = await openReceiver((query, body) => {
    const push = mine.readPush(query, body)
    pushes.push(push)
    return push.kind === 'refused' ? undefined : acceptPush(push.format).body
  }, (query) => mine.echoOf(query))
  await sandbox.ask('PUT', `/__sim/tenants/${other.appid}/push-url`, { url: receiver.url })
  await mine.virtual.uploadGoods([{ id: 'p1', name: '课', price: cents(100) }])
  await sandbox.ask('POST', '/__sim/clock', { advanceSeconds: 5, tenant: other.appid })
  await mine.virtual.publishGoods(['p1'])
  await sandbox.ask('POST', '/__sim/clock', { advanceSeconds: 60, tenant: other.appid })
  const table: [string, string][] = [
    ['forge_notice', 'signature_wrong'], ['unsigned_notice', 'query_missing'], ['stale_notice', 'timestamp_skewed'], ['tamper_notice', 'signature_wrong'], ['wrong_appid_tail', 'other_receiver'],
  ]
  for (const [kind, reason] of table) {
    await sandbox.fault(other, kind, { api: 'push' })
    const { code } = await sandbox.ask('POST', '/__client/login', { appid: other.appid, user: 'buyer' })
    const login = await mine.exchangeLogin(code)
    const request = mine.virtual.prepare({ outTradeNo: `SY${randomBytes(12).toString('hex')}`, product: 'p1', quantity: 1, price: cents(100), sessionKey: login.outcome === 'done' ? login.value.sessionKey : '' })
    const paid = await sandbox.ask('POST', '/__client/xpay/pay', { appid: other.appid, user: 'buyer', ...request })
    assert.equal(paid.errCode, 0, JSON.stringify(paid))
    while (pushes.length === 0) await new Promise((resolve) => setTimeout(resolve, 10))
    const first = pushes.shift()
    assert.equal(first?.kind === 'refused' && first.reason, reason, kind)
    await sandbox.ask('POST', '/__sim/clock', { advanceSeconds: 20, tenant: other.appid })
    while (pushes.length === 0) await new Promise((resolve) => setTimeout(resolve, 10))
    assert.equal(pushes.splice(0)[0]?.kind, 'deliver', 'the retry is genuine')
  }
  await receiver.stop()
})

test('a wrong app key is refused by its number', async () => {
  const wrong = openWechat(configOf(tenant, { xpayAppKey: 'wrong' }), () => new Date())
  const answer = await wrong.virtual.findUpload()
  assert.equal(answer.outcome === 'refused' && answer.code, '268490003')
  assert.throws(() => wrong.virtual.prepare({ outTradeNo: '_starts_wrong', product: 'p', quantity: 1, price: cents(1), sessionKey: '' }), /number/)
})

type Listening = { url: string; stop(): Promise<void> }

async function listen(server: ReturnType<typeof createServer>): Promise<Listening> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const stop = () => new Promise<void>((resolve) => {
    server.closeAllConnections()
    server.close(() => resolve())
  })
  return { url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`, stop }
}

async function readAll(request: AsyncIterable<unknown>): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

/** Stands where the product's push address is. */
function openReceiver(answer: (query: Record<string, string>, body: Buffer) => string | undefined, echo: (query: Record<string, string>) => string | undefined): Promise<Listening> {
  return listen(createServer(async (request, response) => {
    const query = Object.fromEntries(new URL(request.url ?? '/', 'http://x').searchParams)
    const told = request.method === 'GET' ? echo(query) : answer(query, await readAll(request))
    response.writeHead(told === undefined ? 401 : 200).end(told)
  }))
}

/** Passes everything on to the sandbox and tells what passed. */
function openRelay(target: string, note: (path: string) => void): Promise<Listening> {
  return listen(createServer(async (request, response) => {
    note(request.url ?? '')
    const body = await readAll(request)
    const answer = await fetch(`${target}${request.url}`, { method: request.method ?? 'GET', headers: { 'content-type': 'application/json' }, ...(request.method === 'GET' ? {} : { body }) })
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' }).end(Buffer.from(await answer.arrayBuffer()))
  }))
}

test('above the limit of a call WeChat refuses it before anything happens: sign-in and virtual payment alike', async () => {
  const { code } = await sandbox.ask('POST', '/__client/login', { appid: tenant.appid, user: 'hurried' })
  await sandbox.fault(tenant, 'rate_limit', { perSecond: 0 })
  const limited = [await wechat.exchangeLogin(code), await wechat.virtual.findUpload()]
  await sandbox.ask('DELETE', `/__sim/faults?tenant=${tenant.appid}`)
  assert.deepEqual(limited.map((told) => told.outcome === 'refused' && told.code), ['45011', '45011'])
  assert.equal((await wechat.exchangeLogin(code)).outcome, 'done', 'the code was not used up')
  assert.equal((await wechat.virtual.findUpload()).outcome, 'done')
})
