// Incidents that happened to others (I1–I14 of our research), each tried against our own doors. I3, I10, I11 and I14 are promises of the gateways' tests and bear these numbers there; I6 is `npm run mutations`.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:https'
import { after, before, test } from 'node:test'
import { openAlipay } from '#gateways/alipay/client.ts'
import { openWechatPay } from '#gateways/wechatpay/client.ts'
import { openDouyin } from '#gateways/douyin/client.ts'
import { readConfig } from '#server/config.ts'
import { makeRsaPair, privateKeyOf } from '../../sandbox/keys.ts'
import { makeCertificate } from '../../sandbox/x509.ts'
import { freePort } from '../../scripts/start/ports.ts'
import { bareEnvironment } from './environment.ts'
import { listen, type Got, type Listener } from './listener.ts'
import type { Json } from './sandbox.ts'
import { askerAt, codeOf, until } from './server.ts'
import { openShop, publishCourse, type Buyer, type Course, type Shop } from './shop.ts'

let shop: Shop
let platforms: Listener
let shiftMs = 0
before(async () => {
  platforms = await listen(() => ({ status: 500, body: 'not yet' }))
  shop = await openShop({ also: ['alipay', 'douyin'] }, undefined, { PUBLIC_URL: platforms.url }, () => new Date(Date.now() + shiftMs))
  await shop.sim('POST', '/__sim/clock', { tenant: shop.app.tenant.appid, advanceSeconds: 0 })
})
after(async () => {
  await shop.stop()
  await platforms.stop()
})

const near: Record<string, string>[] = [{ host: 'localhost' }, { 'x-forwarded-host': '127.0.0.1' }, { 'x-real-ip': '127.0.0.1', 'x-forwarded-for': '127.0.0.1' }]
const doors = ['wechatpay', 'wechatpay/refunds', 'wechat', 'alipay', 'douyin'] as const
const knock = (door: string, body: string, headers: Record<string, string> = {}) => fetch(`${shop.app.url}/api/callbacks/${door}`, { method: 'POST', body, headers })
const kept = async (): Promise<number> => (await shop.desk('GET /console/notices?limit=100')).items.length
const atPhone = ({ user }: Buyer, path: string, body: object): Promise<Json> => shop.sim('POST', `/__client/${path}`, { appid: shop.app.tenant.appid, user, ...body })

/** A payment that was made, and its genuine notice, which was caught before it came to us. */
async function caught(road: 'native' | 'alipay' | 'douyin', course: Course = shop.course) {
  const client = road === 'native' ? undefined : `${road}/android/device-test`
  const buyer = await shop.buyer()
  const order = await shop.place(buyer, course, client)
  const before = platforms.got.length
  if (road === 'native') await shop.cashier(await shop.begin(buyer, order))
  else {
    const code = road === 'alipay' ? { payerCode: (await atPhone(buyer, 'alipay/auth-code', {})).authCode } : {}
    const { action } = await shop.asBuyer(buyer, `POST /orders/${order.id}/payments`, { wide: false, ...code }, client)
    if (road === 'alipay') await atPhone(buyer, 'alipay/pay', { tradeNO: action.tradeNo })
    else await atPhone(buyer, 'douyin/pay', { orderId: (await atPhone(buyer, 'douyin/request-order', { data: action.data, byteAuthorization: action.byteAuthorization })).orderId })
  }
  const notice = await until(async () => platforms.got[before])
  return { buyer, order, notice }
}

const carried = /^(wechatpay|byte)-|^content-type$/
/** Lets a caught notice through, as it was or changed. */
function pass(notice: Got, change: { headers?: Record<string, string | undefined>; body?: string } = {}): Promise<Response> {
  const headers = Object.entries({ ...notice.headers, ...change.headers }).filter((pair): pair is [string, string] => carried.test(pair[0]) && typeof pair[1] === 'string')
  return fetch(`${shop.app.url}${notice.url}`, { method: 'POST', headers: Object.fromEntries(headers), body: change.body ?? notice.body })
}

for (const headers of near)
  test(`I1, I8: unsigned posts to every door that say they come from ${JSON.stringify(headers)} are refused and not kept`, async () => {
    const before = await kept()
    for (const door of doors) for (const body of ['{}', 'a=1', '', JSON.stringify({ event_type: 'TRANSACTION.SUCCESS', out_trade_no: 'S1' })]) assert.equal((await knock(door, body, headers)).status, 401, `${door} ${body}`)
    assert.equal(await kept(), before)
  })

for (const road of ['native', 'alipay', 'douyin'] as const) {
  test(`I4: ${road}: a genuine notice of which any proof is missing opens nothing; whole, it does`, async () => {
    const { buyer, order, notice } = await caught(road)
    const proofs = Object.keys(notice.headers).filter((name) => /^(wechatpay|byte)-(?!signature-type|log)/.test(name))
    for (const name of proofs.filter((one) => /timestamp|nonce|signature|serial/.test(one))) assert.equal((await pass(notice, { headers: { [name]: undefined } })).status, 401, name)
    if (road === 'alipay') for (const name of ['sign', 'sign_type', 'app_id', 'seller_id', 'total_amount', 'out_trade_no']) {
      const form = new URLSearchParams(notice.body)
      form.delete(name)
      assert.equal((await pass(notice, { body: form.toString() })).status, 401, name)
    }
    await shop.notSold(buyer, order, shop.course)
    assert.equal((await pass(notice)).status, 200)
    await shop.becomes(buyer, order, 'paid')
    await shop.soldOnce(buyer, order, shop.course)
  })

  test(`I2: ${road}: a genuine notice that comes again hours later changes nothing, and where it is dated it is refused`, async () => {
    const { buyer, order, notice } = await caught(road)
    shiftMs = 2 * 3_600_000
    const late = await pass(notice)
    shiftMs = 0
    if (road !== 'alipay') assert.equal(late.status, 401)
    assert.equal((await pass(notice)).status, 200)
    await shop.becomes(buyer, order, 'paid')
    await Promise.all([1, 2, 3].map(() => pass(notice)))
    await shop.soldOnce(buyer, order, shop.course)
  })
}

test('I5: XML with entities opens no file and calls nobody, at any door', async () => {
  const spy = await listen(() => ({ status: 200, body: '' }))
  for (const target of ['file:///etc/passwd', `${spy.url}/x`]) {
    const xml = `<?xml version="1.0"?><!DOCTYPE r [<!ENTITY e SYSTEM "${target}"><!ENTITY % p SYSTEM "${target}"> %p;]><xml><Encrypt>&e;</Encrypt><return_code>SUCCESS</return_code></xml>`
    for (const door of doors) {
      const answer = await knock(`${door}?timestamp=1&nonce=2&msg_signature=3&signature=4`, xml, { 'content-type': 'text/xml' })
      assert.equal(answer.status, 401, door)
      assert.doesNotMatch(await answer.text(), /root:/)
    }
  }
  assert.equal(spy.got.length, 0)
  await spy.stop()
})

test('I7: no gateway speaks to an address whose certificate nobody vouches for', async (t) => {
  const pair = await makeRsaPair()
  const day = 86_400_000
  const cert = makeCertificate({ key: privateKeyOf(pair.privateKey), serial: '4A00000000000000000000000000000000000001', commonName: '127.0.0.1', notBefore: new Date(Date.now() - day), notAfter: new Date(Date.now() + day) })
  let asked = 0
  const server = createServer({ key: pair.privateKey, cert }, (_request, response) => {
    asked += 1
    response.end('{}')
  })
  const port = await freePort()
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  t.after(() => server.close())
  const baseUrl = `https://127.0.0.1:${port}`
  const config = readConfig({ ...shop.app.tenant.env, DATABASE_URL: 'postgres://nowhere/none', SECRET: 'a secret that only tests know, 32+ chars' })
  const now = () => new Date()
  const told = await Promise.all([
    openWechatPay({ ...config.wechatPay, baseUrl }, now, () => undefined).findByOutTradeNo('S1'),
    openAlipay({ ...config.alipay, baseUrl }, now).findTrade('S1'),
    openDouyin({ ...config.douyin, baseUrl }, now).findOrder('S1'),
  ])
  assert.deepEqual([told.map((one) => one.outcome), asked], [['unknown', 'unknown', 'unknown'], 0])
})

test('I9: a payment of one fen pays for nothing else, whichever order its words are put upon', async () => {
  const cheap = await publishCourse(shop.app, shop.desk, 1)
  for (const road of ['native', 'alipay', 'douyin'] as const) {
    const dear = await caught(road)
    const [{ outTradeNo }] = (await shop.attempts(dear.order)) as [{ outTradeNo: string }]
    await shop.fault('mismatch_out_trade_no', { api: road === 'native' ? 'wechatpay' : road, value: outTradeNo })
    const paid = await caught(road, cheap)
    assert.equal((await pass(paid.notice)).status, 200, 'it is genuine, and kept')
    await until(async () => (await shop.notices(outTradeNo)).some((notice) => notice.outcome === 'mismatched'))
    await shop.notSold(dear.buyer, dear.order, shop.course)
  }
})

test('I12: what the client says of a price or a payment counts for nothing', async () => {
  const buyer = await shop.buyer()
  const as = { token: buyer.token }
  const { total, agreementVersion, policy } = await shop.asBuyer(buyer, 'POST /quotes', { offer: shop.course.offer })
  const wish = { offer: shop.course.offer, total, agreementVersion, policy, requestKey: 'incident-12' }
  for (const wrong of [1, 0, total - 1, total + 1]) assert.equal(codeOf(await shop.app.ask('POST /orders', { ...wish, total: wrong }, as)), 'order.price_changed')
  for (const more of [{ state: 'paid' }, { paid: true }, { price: 1 }, { total: String(total) }]) assert.equal(codeOf(await shop.app.ask('POST /orders', { ...wish, ...more }, as)), 'request.invalid')
  const order = await shop.asBuyer(buyer, 'POST /orders', wish)
  await shop.begin(buyer, order)
  for (const said of [undefined, { paid: true, state: 'paid' }]) assert.equal((await shop.asBuyer(buyer, `POST /orders/${order.id}/checks`, said)).state, 'placed')
  await shop.notSold(buyer, order, shop.course)
})

test('I13: the log of a purchase, of a strange notice and of a broken gateway holds no key, no session and no person', async () => {
  const port = await freePort()
  const { env, appid } = shop.app.tenant
  const secret = 'a secret that only tests know, 32+ chars'
  const child = spawn(process.execPath, ['server/main.ts'], {
    cwd: `${import.meta.dirname}/../..`, stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...bareEnvironment, ...env, DATABASE_URL: shop.app.databaseUrl, DATA_DIR: `/tmp/shuyuan-log-${port}`, SECRET: secret, PORT: String(port), PUBLIC_URL: `http://127.0.0.1:${port}`, SANDBOX_URL: shop.app.sandbox.url, LOG_LEVEL: 'trace', PARENT_PIPE: '1' },
  })
  let log = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (log += chunk.toString()))
  const ask = askerAt(`http://127.0.0.1:${port}`)
  await until(() => ask('GET /health').then((answer) => answer.status === 200, () => false))
  const { code } = await shop.sim('POST', '/__client/login', { appid, user: 'logged' })
  const { token } = (await ask('POST /sessions/wechat', { code })).body
  const { total, agreementVersion, policy } = (await ask('POST /quotes', { offer: shop.course.offer }, { token })).body
  const order = (await ask('POST /orders', { offer: shop.course.offer, total, agreementVersion, policy, requestKey: 'incident-13' }, { token })).body
  await shop.fault('refuse', { api: 'native', code: 'SYSTEM_ERROR', status: 500 })
  const { action } = (await ask(`POST /orders/${order.id}/payments`, { wide: true }, { token })).body
  await fetch(`http://127.0.0.1:${port}/api/callbacks/wechatpay`, { method: 'POST', body: '{"phone":"13800138000"}', headers: { 'wechatpay-signature': 'stranger' } })
  await shop.sim('POST', '/__client/cashier', { code_url: action.content, do: 'pay' })
  await until(async () => (await ask(`GET /orders/${order.id}`, undefined, { token })).body.state === 'paid')
  child.stdin.end()
  await once(child, 'exit')
  const { openid } = await shop.sim('POST', '/__client/expire-session', { appid, user: 'logged' })
  const keys = Object.entries(env).filter(([name]) => /KEY|SECRET|TOKEN/.test(name) && !/ID$|VERSION|PUBLIC/.test(name))
  assert.ok(keys.length >= 6 && log.length > 0)
  for (const [name, value] of [...keys, ['SECRET', secret], ['token', token], ['openid', openid], ['phone', '13800138000'], ['code', code]]) assert.ok(!log.includes(String(value).split('\n')[1] ?? String(value)), `${name} stands in the log`)
})
