// Virtual payment, the road inside WeChat, over HTTP: item, session, pay sheet, push in safe mode, query, refund; F28 and its kin.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, test } from 'node:test'
import { sweepOpen } from '#modules/trade/attempts/actions.ts'
import { openShop, publishCourse, termsOf, type Buyer, type Shop } from '#server/test/shop.ts'
import { codeOf, until } from '#server/test/server.ts'
import type { Json } from '#server/test/sandbox.ts'

const android = 'wechat/android/device-test'
let shop: Shop

before(async () => {
  shop = await openShop({ publishSeconds: 60 })
})
after(() => shop.stop())

const later = (seconds: number) => ({ ...shop.app.app.ctx, now: () => new Date(Date.now() + seconds * 1000) })
const item = async (): Promise<Json> => (await shop.desk(`GET /console/offers?course=${shop.course.id}`)).items[0].virtualItems[0]
const sheet = ({ user }: Buyer, { kind: _kind, ...action }: Json, more: object = {}): Promise<Json> => shop.sim('POST', '/__client/xpay/pay', { appid: shop.app.tenant.appid, user, ...action, ...more })
const begin = (buyer: Buyer, order: Json) => shop.app.ask(`POST /orders/${order.id}/payments`, { wide: false }, { token: buyer.token, client: android })
const check = (buyer: Buyer, order: { id: string }) => shop.asBuyer(buyer, `POST /orders/${order.id}/checks`)

async function begun() {
  const buyer = await shop.buyer()
  const order = await shop.place(buyer, shop.course, android)
  const { body } = await begin(buyer, order)
  const [{ outTradeNo }] = (await shop.attempts(order)) as [{ outTradeNo: string }]
  return { buyer, order, action: body.action, outTradeNo }
}

const statusAtWechat = async (number: string): Promise<number> => (await shop.sim('GET', `/__sim/orders/${number}?tenant=${shop.app.tenant.appid}`)).virtual.status
const handled = (number: string): Promise<Json[]> => until(async () => {
  const all = await shop.notices(number)
  return all.length > 0 && all.every((notice) => notice.handledAt) && all
})

test('an item is uploaded and published by itself; until WeChat has published it the pay sheet cannot open', async () => {
  const buyer = await shop.buyer()
  const order = await shop.place(buyer, shop.course, android)
  if ((await item()).state !== 'ready') assert.equal(codeOf(await begin(buyer, order)), 'payment.item_not_ready')
  for (let round = 0; round < 40 && (await item()).state !== 'ready'; round += 1) {
    await shop.advance(2)
    await new Promise((resolve) => setTimeout(resolve, 400))
  }
  assert.equal((await item()).state, 'ready')
  const { body } = await begin(buyer, order)
  assert.equal(body.action.kind, 'wechat_virtual')
  const early = await sheet(buyer, body.action)
  assert.equal(early.errCode, -15014)
  await shop.advance(60)
  const fresh = (await begin(buyer, order)).body.action
  assert.equal((await sheet(buyer, fresh)).errCode, 0)
  await shop.becomes(buyer, order, 'paid')
  await shop.soldOnce(buyer, order, shop.course)
})

test('an item that WeChat refuses says why and stands in nobody’s way; saving the offer submits it again', async () => {
  await shop.fault('goods_outcome', { value: '名称含违禁词' })
  const other = await publishCourse(shop.app, shop.desk, 3900)
  const itemOf = async (offer: string): Promise<Json> => (await shop.desk('GET /console/offers')).items.find((one: Json) => one.id === offer).virtualItems[0]
  const becomes = (offer: string, state: string): Promise<Json> => until(async () => {
    await shop.advance(2)
    const now = await itemOf(offer)
    return now?.state === state && now
  })
  const minutesOf = async (): Promise<number> => {
    const { placedAt, closesAt } = await shop.place(await shop.buyer(), other, android)
    return (Date.parse(closesAt) - Date.parse(placedAt)) / 60_000
  }
  assert.equal(await minutesOf(), 70, 'an order that waits for its item stays open longer')
  assert.deepEqual(await becomes(other.offer, 'failed').then(({ price, why }) => [price, why]), [3900, '名称含违禁词'])
  const third = await publishCourse(shop.app, shop.desk, 2900)
  await becomes(third.offer, 'ready')
  assert.equal((await itemOf(other.offer)).state, 'failed')
  await shop.desk(`PUT /console/offers/${other.offer}`, termsOf(other.id, 3900))
  await becomes(other.offer, 'ready')
  assert.equal(await minutesOf(), 30)
})

test('session by code, a sheet that WeChat verifies, the push in safe mode, access, and the word that the goods were given', async () => {
  const { buyer, order, action, outTradeNo } = await begun()
  assert.equal((await sheet(buyer, action)).errMsg, 'requestVirtualPayment:ok')
  const paid = await shop.becomes(buyer, order, 'paid')
  assert.deepEqual(paid.timeline.map((event: Json) => event.what), ['placed', 'payment_begun', 'paid', 'access_granted'])
  await shop.soldOnce(buyer, order, shop.course)
  assert.equal((await handled(outTradeNo))[0]?.event, 'xpay_goods_deliver_notify')
  await until(async () => (await statusAtWechat(outTradeNo)) === 4)
  const [entry] = (await shop.desk(`GET /console/ledger/entries?order=${order.id}`)).items
  assert.deepEqual(entry.lines.map((line: Json) => line.account), ['asset:wechat_virtual', 'income:courses'])
})

test('a sheet whose words or signatures were changed does not open', async () => {
  const { buyer, action } = await begun()
  const cheaper = action.signData.replace('"goodsPrice":9900', '"goodsPrice":1')
  assert.notEqual(cheaper, action.signData)
  assert.equal((await sheet(buyer, action, { signData: cheaper })).errCode, -15005)
  assert.equal((await sheet(buyer, action, { paySig: '0'.repeat(64) })).errCode, -15006)
  assert.equal((await sheet(await shop.buyer(), action)).errCode, -15005)
})

test('after WeChat renewed the session the old signature fails, and a fresh sign-in repairs it', async () => {
  const { buyer, order, action } = await begun()
  await shop.sim('POST', '/__client/expire-session', { appid: shop.app.tenant.appid, user: buyer.user })
  assert.equal((await sheet(buyer, action)).errCode, -15005)
  const { code } = await shop.sim('POST', '/__client/login', { appid: shop.app.tenant.appid, user: buyer.user })
  await shop.asBuyer(buyer, 'PUT /me/session-key/wechat', { code })
  assert.equal((await sheet(buyer, (await begin(buyer, order)).body.action)).errCode, 0)
  await shop.becomes(buyer, order, 'paid')
  await shop.soldOnce(buyer, order, shop.course)
})

test('each attempt has a number of its own: the same one twice is refused by WeChat', async () => {
  const { buyer, order, action } = await begun()
  assert.equal((await sheet(buyer, action, { do: 'cancel' })).errCode, -2)
  assert.equal((await sheet(buyer, action)).errCode, -15003)
  assert.equal((await sheet(buyer, (await begin(buyer, order)).body.action)).errCode, 0)
  await shop.becomes(buyer, order, 'paid')
  assert.deepEqual((await shop.attempts(order)).map((attempt) => attempt.state).toSorted(), ['begun', 'paid'])
  await shop.soldOnce(buyer, order, shop.course)
})

for (const way of ['the client asks', 'the sweep asks'])
  test(`F4: a push that is lost for ever is found when ${way}`, async () => {
    const { buyer, order, action } = await begun()
    await shop.fault('drop_notice', { api: 'push' })
    await sheet(buyer, action)
    if (way === 'the client asks') await check(buyer, order)
    else await sweepOpen(later(34))
    await shop.soldOnce(buyer, order, shop.course)
  })

test('F1: a push that comes fifteen times at once is one sale', async () => {
  const { buyer, order, action, outTradeNo } = await begun()
  await shop.fault('duplicate_notice', { api: 'push', copies: 15 })
  await sheet(buyer, action)
  await shop.becomes(buyer, order, 'paid')
  const [delivery] = await until(async () => {
    const all = await shop.deliveries(outTradeNo)
    return all[0]?.attempts.length === 15 && all
  })
  assert.equal(delivery.attempts.every((attempt: Json) => attempt.accepted), true)
  await shop.soldOnce(buyer, order, shop.course)
})

for (const kind of ['forge_notice', 'unsigned_notice', 'stale_notice', 'future_notice', 'tamper_notice', 'wrong_appid_tail'])
  test(`F13, F14, F18, F28: a push under ${kind} is refused; the right one that follows counts`, async () => {
    const { buyer, order, action, outTradeNo } = await begun()
    await shop.fault(kind, { api: 'push' })
    await sheet(buyer, action)
    const first = await until(async () => (await shop.deliveries(outTradeNo))[0]?.attempts[0])
    assert.deepEqual([first.status, first.accepted], [401, false])
    await shop.notSold(buyer, order, shop.course)
    await shop.advance(15)
    await shop.becomes(buyer, order, 'paid')
    await shop.soldOnce(buyer, order, shop.course)
  })

for (const [kind, reason] of [['mismatch_amount', 'price'], ['mismatch_product', 'product'], ['mismatch_env', 'env'], ['mismatch_openid', 'openid'], ['mismatch_quantity', 'quantity']] as const)
  test(`F11, F28: a genuine push with another ${reason} grants nothing and waits for a person`, async () => {
    const { buyer, order, action, outTradeNo } = await begun()
    await shop.fault(kind, { api: 'push' })
    await sheet(buyer, action)
    const [notice] = await handled(outTradeNo)
    assert.deepEqual([notice?.outcome, notice?.why], ['mismatched', reason])
    assert.deepEqual((await shop.attempts(order)).map((attempt) => attempt.state), ['mismatched'])
    await shop.notSold(buyer, order, shop.course)
  })

for (const [name, type, bodyOf] of [
  ['a plain-mode push', 'application/json', (told: object) => JSON.stringify(told)],
  ['a plain-mode push in XML', 'text/xml', (told: Json) => `<xml><Event>${told.Event}</Event><OpenId>${told.OpenId}</OpenId><OutTradeNo>${told.OutTradeNo}</OutTradeNo><Env>0</Env></xml>`],
  ['an entity from outside', 'text/xml', () => '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><xml><Encrypt>&e;</Encrypt></xml>'],
] as const)
  test(`F13, I5: ${name}, rightly signed in the query alone, opens nothing`, async () => {
    const { buyer, order, outTradeNo } = await begun()
    const [timestamp, nonce] = [String(Math.floor(Date.now() / 1000)), '123456789']
    const signature = createHash('sha1').update([shop.app.tenant.env['WECHAT_PUSH_TOKEN'] ?? '', timestamp, nonce].toSorted().join('')).digest('hex')
    const goods = { ProductId: (await item()).productId, Quantity: 1, OrigPrice: 9900, ActualPrice: 9900, Attach: '' }
    const told = { MsgType: 'event', Event: 'xpay_goods_deliver_notify', OpenId: 'oSomebody', OutTradeNo: outTradeNo, Env: 0, GoodsInfo: goods, WeChatPayInfo: { MchOrderNo: 'X1', TransactionId: '42', PaidTime: Number(timestamp) } }
    const plain = { signature, timestamp, nonce }
    for (const query of [new URLSearchParams(plain), new URLSearchParams({ ...plain, msg_signature: signature, encrypt_type: 'aes' })]) {
      const answer = await fetch(`${shop.app.url}/api/callbacks/wechat?${query}`, { method: 'POST', headers: { 'content-type': type }, body: bodyOf(told) })
      assert.equal(answer.status, 401)
    }
    assert.equal((await shop.seen(buyer, order)).state, 'placed')
    await shop.notSold(buyer, order, shop.course)
  })

test('F21: an order that was closed while the sheet stood open is paid late and opens, although its push was lost', async () => {
  const { buyer, order, action } = await begun()
  assert.equal((await shop.asBuyer(buyer, `POST /orders/${order.id}/closings`)).state, 'closed')
  await shop.fault('drop_notice', { api: 'push' })
  assert.equal((await sheet(buyer, action)).errCode, 0)
  await sweepOpen(later(400))
  const paid = await shop.seen(buyer, order)
  assert.deepEqual(paid.timeline.map((event: Json) => event.what), ['placed', 'payment_begun', 'closed', 'paid_late', 'access_granted'])
  await shop.soldOnce(buyer, order, shop.course)
})

for (const [name, code] of [['does not know our key', 268490003], ['is busy', -1], ['does not know our token', 40001]] as const)
  test(`F9: while WeChat ${name} an order is not closed, and the payment that was made is found`, async () => {
    const { buyer, order, action } = await begun()
    await shop.fault('drop_notice', { api: 'push' })
    assert.equal((await sheet(buyer, action)).errCode, 0)
    await shop.fault('refuse', { api: 'query_order', code, count: 2 })
    const answer = await shop.app.ask(`POST /orders/${order.id}/closings`, undefined, { token: buyer.token })
    assert.equal(codeOf(answer), 'payment.gateway_unavailable')
    assert.equal((await shop.seen(buyer, order)).state, 'placed')
    await shop.app.sandbox.ask('DELETE', `/__sim/faults?tenant=${shop.app.tenant.appid}`)
    assert.equal((await check(buyer, order)).state, 'paid')
    await shop.soldOnce(buyer, order, shop.course)
  })

test('F7: a refund whose answer was lost is asked about, and the money goes back once', async () => {
  const { buyer, order, action, outTradeNo } = await begun()
  await sheet(buyer, action)
  await shop.becomes(buyer, order, 'paid')
  await until(async () => (await statusAtWechat(outTradeNo)) === 4)
  await shop.fault('lose_answer', { api: 'refund_order' })
  await shop.desk(`POST /console/orders/${order.id}/refunds`, { reason: '学员申请', requestKey: 'refund-key-1' })
  await shop.becomes(buyer, order, 'refunded')
  assert.deepEqual(await shop.whatsOf(order), ['sale', 'refund_begun', 'refund_done'])
  assert.equal((await shop.sim('GET', `/__sim/orders/${outTradeNo}?tenant=${shop.app.tenant.appid}`)).virtual.refundedCents, 9900)
  assert.equal(await shop.opens(buyer, shop.course), false)
  await shop.isBalanced()
})

test('where WeChat allows no channel, buying is not offered and is refused', async () => {
  const buyer = await shop.buyer()
  for (const client of ['wechat/ios/device-test', 'douyin/android/device-test', 'alipay/ios/device-test', 'baidu/android/device-test']) {
    assert.equal(codeOf(await shop.app.ask('POST /quotes', { offer: shop.course.offer }, { token: buyer.token, client })), 'payment.channel_closed', client)
    const quote = await shop.asBuyer(buyer, 'POST /quotes', { offer: shop.course.offer })
    const wish = { offer: shop.course.offer, total: quote.total, agreementVersion: quote.agreementVersion, policy: quote.policy, requestKey: 'a-key-of-mine' }
    assert.equal(codeOf(await shop.app.ask('POST /orders', wish, { token: buyer.token, client })), 'payment.channel_closed')
  }
})
