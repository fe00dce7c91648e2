// Paying inside WeChat's own browser: the official account names the payer, the bridge is given what it must sign for, and nobody else's code or openid pays.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openShop, type Buyer, type Shop } from '#server/test/shop.ts'
import { codeOf, until } from '#server/test/server.ts'
import type { Json } from '#server/test/sandbox.ts'

let shop: Shop
before(async () => {
  shop = await openShop()
})
after(() => shop.stop())

async function codeFor(user: string, order: { id: string }): Promise<string> {
  const { url } = (await shop.app.ask('POST /official-visits', { back: `/pkg-order/result?order=${order.id}`, state: 'pay' })).body
  const back = new URL((await fetch(url, { redirect: 'manual', headers: { cookie: `sandbox-user=${user}` } })).headers.get('location') ?? '')
  assert.deepEqual([back.searchParams.get('order'), back.searchParams.get('state')], [order.id, 'pay'])
  return back.searchParams.get('code') ?? ''
}
const begin = (buyer: Buyer, order: { id: string }, payerCode: string) => shop.app.ask(`POST /orders/${order.id}/payments`, { wide: false, payerCode }, { token: buyer.token })
const payBy = (user: string, { kind: _kind, ...asked }: Json, how = 'pay'): Promise<Json> => shop.sim('POST', '/__client/pay', { appid: shop.app.tenant.appid, user, ...asked, do: how })

test('named by the official account, paid by the bridge, settled by the notice, given back the way it came', async () => {
  const buyer = await shop.buyer()
  const order = await shop.place(buyer, shop.course)
  const { body } = await begin(buyer, order, await codeFor(buyer.user, order))
  assert.deepEqual([body.action.kind, body.action.appId, body.action.signType], ['jsapi', shop.app.tenant.env['WECHAT_OFFICIAL_APPID'], 'RSA'])
  assert.notEqual(body.action.appId, shop.app.tenant.appid)
  assert.equal((await payBy(buyer.user, body.action, 'cancel')).errCode, -2)
  assert.equal((await payBy(buyer.user, body.action)).errCode, 0)
  await shop.becomes(buyer, order, 'paid')
  await shop.soldOnce(buyer, order, shop.course)
  assert.equal((await shop.attempts(order))[0]?.channel, 'wechat_pay_jsapi')
  await shop.desk(`POST /console/orders/${order.id}/refunds`, { reason: '学员申请', requestKey: 'jsapi-refund-1' })
  await until(async () => {
    await shop.advance(5)
    return (await shop.seen(buyer, order)).state === 'refunded'
  })
  await shop.isBalanced()
})

test('what was signed for one person is paid by nobody else, and a changed signature by nobody', async () => {
  const buyer = await shop.buyer()
  const order = await shop.place(buyer, shop.course)
  const { body } = await begin(buyer, order, await codeFor(buyer.user, order))
  assert.equal((await payBy('somebody-else', body.action)).errCode, -1)
  assert.equal((await payBy(buyer.user, { ...body.action, nonceStr: 'another' })).errCode, -1)
  await shop.notSold(buyer, order, shop.course)
})

test('a code that was used or invented begins nothing; without one the browser pays as everywhere on the web', async () => {
  const buyer = await shop.buyer()
  const order = await shop.place(buyer, shop.course)
  const code = await codeFor(buyer.user, order)
  assert.equal((await begin(buyer, order, code)).status, 200)
  assert.equal(codeOf(await begin(buyer, order, code)), 'sign_in.platform_refused')
  assert.equal(codeOf(await begin(buyer, order, 'invented')), 'sign_in.platform_refused')
  assert.equal((await shop.attempts(order)).length, 1)
  assert.equal((await shop.asBuyer(buyer, `POST /orders/${order.id}/payments`, { wide: false })).action.kind, 'redirect')
})

test('a notice that tells another app than the one it was begun for grants nothing', async () => {
  const buyer = await shop.buyer()
  const order = await shop.place(buyer, shop.course)
  const { body } = await begin(buyer, order, await codeFor(buyer.user, order))
  await shop.fault('mismatch_appid', { api: 'wechatpay' })
  await payBy(buyer.user, body.action)
  await until(async () => {
    await shop.advance(5)
    return (await shop.attempts(order))[0]?.state === 'mismatched'
  })
  await shop.notSold(buyer, order, shop.course)
})
