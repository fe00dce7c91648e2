// Goods over HTTP: bought with an address, paid inside and outside WeChat, shipped, corrected, received, given back; and what WeChat is told.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Json } from '#server/test/sandbox.ts'
import { codeOf, until } from '#server/test/server.ts'
import { openGoodsShop, type GoodsShop } from '#server/test/goods.ts'
import { termsOf, type Buyer } from '#server/test/shop.ts'
import { receiveOverdue, reportShipment } from './actions.ts'
import { showClaims } from '#modules/trade/claims/actions.ts'
import { beginAttempt } from '#modules/trade/attempts/actions.ts'
import { orderOf } from '#modules/trade/orders/actions.ts'
import { inTransaction } from '#kernel/ctx.ts'
import type { Id } from '#contracts/words/id.ts'

let shop: GoodsShop
before(async () => {
  shop = await openGoodsShop()
})
after(() => shop.stop())

const wechat = 'wechat/android/device-test'
const giveBack = (order: { id: string }) => shop.app.ask(`POST /console/orders/${order.id}/refunds`, { reason: '不想要了', requestKey: `refund-${order.id.slice(4)}` }, { cookie: shop.owner })

/** Paid inside the mini program; replies the order and its out-trade number. */
async function buyInWechat(who: Buyer): Promise<{ bought: Json; number: string }> {
  const placed = await shop.order(who, shop.book, wechat)
  const { action } = await shop.asBuyer(who, `POST /orders/${placed.id}/payments`, { wide: false }, wechat)
  assert.equal(action.kind, 'jsapi')
  const { kind: _kind, ...sheet } = action
  assert.equal((await shop.sim('POST', '/__client/pay', { appid: shop.app.tenant.appid, user: who.user, ...sheet })).errMsg, 'requestPayment:ok')
  return { bought: await shop.becomes(who, placed, 'paid'), number: (await shop.attempts(placed))[0]?.outTradeNo }
}

async function wechatKnows(number: string): Promise<Json> {
  const { env } = shop.app.tenant
  const { access_token } = await shop.sim('POST', '/cgi-bin/stable_token', { grant_type: 'client_credential', appid: shop.app.tenant.appid, secret: env['WECHAT_SECRET'] })
  return (await shop.sim('POST', `/wxa/sec/order/get_order?access_token=${access_token}`, { merchant_id: shop.app.tenant.mchid, merchant_trade_no: number })).order
}
const reported = (row: { id: string }, state = 'told') => until(async () => ((await shop.rowOf(row, 'shipped'))?.report?.state === state ? true : undefined))

test('a book is sent to an address of the buyer: sending is a step of the price, and the parcel goes from list to hands', async () => {
  const [who, other] = [await shop.buyer(), await shop.buyer()]
  const quote = await shop.asBuyer(who, 'POST /quotes', { offer: shop.book })
  assert.deepEqual([quote.ships, quote.courses, quote.total, quote.lines.map((line: Json) => [line.step, line.amount])], ['手帐本一册', [], 5700, [['list', 4900], ['shipping', 800]]])
  const wish = { offer: shop.book, total: 5700, agreementVersion: quote.agreementVersion, policy: quote.policy, requestKey: 'a-book-please' }
  const ask = async (more: object) => codeOf(await shop.app.ask('POST /orders', { ...wish, ...more }, { token: who.token }))
  assert.deepEqual([await ask({}), await ask({ address: await shop.addressOf(other) })], ['order.address_missing', 'thing.not_found'])
  const bought = await shop.buy(who)
  assert.deepEqual([bought.parcel.state, bought.parcel.to, bought.can], ['to_ship', { name: '林知夏', phone: '138****8000', address: '北京市海淀区 学院路 1 号 2 单元 301' }, []])
  assert.ok(!bought.timeline.some((event: Json) => event.what === 'access_granted'))
  const elsewhere = await shop.addressOf(who, { detail: '中关村大街 9 号' })
  assert.equal((await shop.asBuyer(who, `PUT /orders/${bought.id}/address`, { address: elsewhere })).to.address, '北京市海淀区 中关村大街 9 号')
  assert.equal(codeOf(await shop.app.ask(`POST /orders/${bought.id}/receipts`, undefined, { token: who.token })), 'parcel.state_forbids')
  assert.equal((await shop.ship(bought)).status, 200)
  assert.equal((await shop.ship(bought)).status, 200, 'the same again')
  assert.equal(codeOf(await shop.app.ask(`PUT /orders/${bought.id}/address`, { address: elsewhere }, { token: who.token })), 'parcel.state_forbids')
  assert.equal(codeOf(await shop.app.ask(`POST /orders/${bought.id}/receipts`, undefined, { token: other.token })), 'thing.not_found')
  for (const _twice of [1, 2]) assert.equal((await shop.asBuyer(who, `POST /orders/${bought.id}/receipts`)).state, 'received')
  const seen = await shop.seen(who, bought)
  assert.deepEqual(seen.timeline.map((event: Json) => event.what).filter((what: string) => what === 'shipped' || what === 'received'), ['shipped', 'received'])
  assert.deepEqual([seen.parcel.carrier, seen.parcel.trackingNo, seen.parcel.can], ['SF', 'SF1234567890', []])
  assert.deepEqual([(await shop.detail(bought)).vat, (await shop.detail(bought)).parcel.state], ['books', 'received'])
  const { id: member } = await shop.asBuyer(who, 'GET /me')
  const claimAfter = async (days: number) => (await showClaims({ ...shop.app.app.ctx, now: () => new Date(Date.now() + days * 86_400_000) }, member, bought.id)).now?.goods?.ifReturned ?? null
  assert.deepEqual([await claimAfter(6), await claimAfter(8)], [4900, null], 'goods go back within seven days of their receipt, what sending them cost does not')
  assert.equal((await shop.buy(who)).state, 'paid', 'a book may be bought again')
})

test('goods stand beside their course for whoever may buy them here, and sending is free from its sum', async () => {
  const heavy = await shop.newBook({ price: 9900, title: '全套教材' })
  const page = await shop.asBuyer(await shop.buyer(), `GET /courses/${shop.course.id}`)
  assert.deepEqual(page.goods.map((choice: Json) => [choice.kind, choice.title, choice.ships]), [['goods', '手帐本', '手帐本一册'], ['goods', '全套教材', '手帐本一册']])
  assert.ok(page.choices.every((choice: Json) => choice.kind !== 'goods'))
  assert.deepEqual((await shop.asBuyer(await shop.buyer(), 'POST /quotes', { offer: heavy })).lines.at(-1), { step: 'shipping', reason: 'shipping_free', label: '手帐本一册', amount: 0, after: 9900, count: 9900 })
  const both = await shop.desk('POST /console/offers', { kind: 'course', ...termsOf(shop.course.id, 12_900), title: '带书', parcel: { goods: '手帐本一册', fee: 0, freeFrom: null, worth: 3000 } })
  const channels = async (offer: string, client: string) => (await shop.app.ask('POST /quotes', { offer }, { client })).body.channels ?? []
  assert.deepEqual([await channels(shop.book, wechat), await channels(both.id, wechat), await channels(shop.book, 'wechat/ios/device-test')], [['wechat_pay_jsapi'], [], ['wechat_pay_jsapi']])
  const who = await shop.buyer()
  const bought = await shop.buy(who, both.id)
  assert.deepEqual([bought.parcel.state, await shop.opens(who, shop.course)], ['to_ship', true])
  await shop.desk(`PUT /console/offers/${heavy}`, { ...termsOf(shop.course.id, 9900), title: '全套教材', onSale: false, parcel: { goods: '教材', fee: 0, freeFrom: null } })
  assert.equal((await shop.app.ask('POST /console/code-batches', { title: '赠书', offer: shop.book, count: 1, expiresAt: null }, { cookie: shop.owner })).body.error.details.field, 'offer')
})

test('given back before it is shipped, a book returns to the stock and is not shipped; given back afterwards it does not', async () => {
  const scarce = await shop.newBook({ title: '限量本', seats: 2 })
  const [early, late] = [await shop.buy(await shop.buyer(), scarce), await shop.buy(await shop.buyer(), scarce)]
  assert.equal((await giveBack(early)).status, 200)
  assert.equal(codeOf(await shop.ship(early)), 'parcel.state_forbids')
  assert.equal((await shop.ship(late)).status, 200)
  assert.equal((await giveBack(late)).status, 200)
  await until(async () => {
    await shop.advance(10)
    return (await shop.detail(early)).row.state === 'refunded' && (await shop.detail(late)).row.state === 'refunded'
  })
  assert.equal(await until(async () => ((await shop.seatsTaken(scarce)) === 1 ? 1 : undefined)), 1)
  assert.deepEqual([(await shop.detail(early)).parcel.state, (await shop.detail(late)).parcel.state], ['cancelled', 'shipped'])
  await shop.isBalanced()
})

test('shipping and giving back at the same instant: one of them sees the other, in every round', async () => {
  for (let round = 0; round < 6; round += 1) {
    const bought = await shop.buy(await shop.buyer())
    const [shipped, refunded] = await Promise.all([shop.ship(bought), giveBack(bought)])
    assert.equal(refunded.status, 200, refunded.text)
    const { parcel } = await shop.detail(bought)
    assert.equal(parcel.state, shipped.status === 200 ? 'shipped' : 'cancelled')
    if (shipped.status !== 200) assert.equal(codeOf(shipped), 'parcel.state_forbids')
  }
})

test('twelve people want the last three copies: three orders', async () => {
  const last = await shop.newBook({ title: '最后三本', seats: 3 })
  const buyers = await Promise.all(Array.from({ length: 12 }, () => shop.buyer()))
  const wishes = await Promise.all(buyers.map(async (who) => ({ who, address: await shop.addressOf(who), quote: await shop.asBuyer(who, 'POST /quotes', { offer: last }) })))
  const answers = await Promise.all(wishes.map(({ who, address, quote }) => shop.app.ask('POST /orders', { offer: last, total: quote.total, agreementVersion: quote.agreementVersion, policy: quote.policy, requestKey: 'one-of-the-last', address }, { token: who.token })))
  assert.equal(answers.filter((one) => one.status === 200).length, 3)
  assert.ok(answers.filter((one) => one.status !== 200).every((one) => codeOf(one) === 'offer.sold_out'))
  assert.equal(await shop.seatsTaken(last), 3)
})

test('inside WeChat it is paid by JSAPI; WeChat is told of the parcel, once more to correct it, and says when it is received', async () => {
  const who = await shop.buyer()
  const { bought, number } = await buyInWechat(who)
  assert.equal((await wechatKnows(number)).order_state, 1)
  await shop.ship(bought)
  await reported(bought)
  const told = await wechatKnows(number)
  assert.deepEqual([told.order_state, told.shipping.logistics_type, told.shipping.shipping_list[0].tracking_no, told.shipping.shipping_list[0].express_company, told.shipping.goods_desc], [2, 1, 'SF1234567890', 'SF', '手帐本一册'])
  assert.equal((await shop.ship(bought, 'ZT9876543210', 'ZTO')).status, 200)
  await reported(bought)
  assert.equal((await wechatKnows(number)).shipping.shipping_list[0].tracking_no, 'ZT9876543210')
  await shop.ship(bought, 'ZT0000000001', 'ZTO')
  await reported(bought, 'refused')
  assert.equal((await shop.rowOf(bought, 'shipped')).report.why, '10060003', 'WeChat takes one correction')
  await shop.sim('POST', '/__client/receive', { appid: shop.app.tenant.appid, user: who.user, out_trade_no: number })
  await until(async () => (await shop.seen(who, bought)).parcel.state === 'received')
})

test('WeChat reminds a buyer once, and says whether it wants to be told of shipments', async () => {
  const { bought } = await buyInWechat(await shop.buyer())
  const remind = (one: Json) => shop.app.ask(`POST /console/parcels/${one.id}/reminders`, undefined, { cookie: shop.owner })
  assert.equal(codeOf(await remind(bought)), 'parcel.state_forbids', 'it is not shipped')
  await shop.ship(bought)
  await reported(bought)
  const { body: row } = await remind(bought)
  assert.deepEqual([row.report.reminded, row.can], [true, ['correct', 'return']])
  assert.equal(codeOf(await remind(bought)), 'parcel.state_forbids')
  await shop.fault('lose_answer', { api: 'notify_confirm_receive' })
  const { bought: other } = await buyInWechat(await shop.buyer())
  await shop.ship(other)
  await reported(other)
  assert.deepEqual([codeOf(await remind(other)), codeOf(await remind(other))], ['payment.gateway_unavailable', 'parcel.reminder_refused'], 'it had been done')
  assert.deepEqual(await shop.desk('GET /console/shipping-duty'), { duty: 'managed' })
  await shop.fault('lose_answer', { api: 'is_trade_managed' })
  assert.deepEqual(await shop.desk('GET /console/shipping-duty'), { duty: 'unknown' })
})

test('what nobody says anything about is received on the day that its buyer was told, once, and not before', async () => {
  const who = await shop.buyer()
  const bought = await shop.buy(who)
  const settings = await shop.desk('GET /console/academy')
  await shop.desk('PUT /console/academy', { ...settings, receiveAfterDays: 12 })
  await shop.ship(bought)
  await shop.desk('PUT /console/academy', { ...settings, receiveAfterDays: 7 })
  const { parcel } = await shop.seen(who, bought)
  assert.equal(Date.parse(parcel.receivesAt) - Date.parse(parcel.shippedAt), 12 * 86_400_000, 'a setting of later changes no promise')
  const at = (time: number) => ({ ...shop.app.app.ctx, now: () => new Date(time) })
  await receiveOverdue(at(Date.parse(parcel.receivesAt) - 1000))
  assert.equal((await shop.seen(who, bought)).parcel.state, 'shipped')
  await Promise.all(Array.from({ length: 4 }, () => receiveOverdue(at(Date.parse(parcel.receivesAt) + 1000))))
  const seen = await shop.seen(who, bought)
  assert.deepEqual([seen.parcel.state, seen.parcel.receivesAt, seen.timeline.filter((event: Json) => event.what.startsWith('received')).map((event: Json) => event.what)], ['received', null, ['received_by_time']])
})

test('whoever has not got a parcel yet puts its day off by a week, once, however often they press', async () => {
  const who = await shop.buyer()
  const bought = await shop.buy(who)
  const extend = () => shop.app.ask(`POST /orders/${bought.id}/extensions`, undefined, { token: who.token })
  assert.equal(codeOf(await extend()), 'parcel.state_forbids', 'it has not left')
  await shop.ship(bought)
  const { parcel } = await shop.seen(who, bought)
  assert.equal(codeOf(await shop.app.ask(`POST /orders/${bought.id}/extensions`, undefined, { token: (await shop.buyer()).token })), 'thing.not_found')
  const answers = await Promise.all(Array.from({ length: 6 }, extend))
  assert.deepEqual(answers.map((answer) => answer.status).toSorted(), [200, 409, 409, 409, 409, 409])
  const seen = await shop.seen(who, bought)
  assert.equal(Date.parse(seen.parcel.receivesAt) - Date.parse(parcel.receivesAt), 7 * 86_400_000)
  assert.deepEqual([parcel.can, seen.parcel.can, seen.timeline.filter((event: Json) => event.what === 'receipt_put_off').length], [['receive', 'put_off'], ['receive'], 1])
  await receiveOverdue({ ...shop.app.app.ctx, now: () => new Date(Date.parse(parcel.receivesAt) + 1000) })
  assert.equal((await shop.seen(who, bought)).parcel.state, 'shipped')
})

test('an answer of WeChat that is lost is asked for, and nothing is told twice', async () => {
  const { bought, number } = await buyInWechat(await shop.buyer())
  await shop.fault('lose_answer', { api: 'upload_shipping_info' })
  await shop.ship(bought)
  await until(async () => (await wechatKnows(number)).order_state === 2)
  assert.equal((await shop.rowOf(bought, 'shipped')).report.state, 'waiting')
  await until(async () => {
    await reportShipment(shop.app.app.ctx, bought.id)
    return (await shop.rowOf(bought, 'shipped')).report.state === 'told'
  })
  assert.equal((await wechatKnows(number)).shipping.finish_shipping_count, 1)
})

test('what is opened and not sent is told as such when it was paid by JSAPI', async () => {
  const who = await shop.buyer()
  const placed = await shop.place(who, shop.course)
  const { ctx } = shop.app.app
  const { appid, mchid } = shop.app.tenant
  const kept = await orderOf(ctx, placed.id as Id<'ord'>)
  assert.ok(kept)
  const { openid } = await shop.sim('POST', '/__client/expire-session', { appid, user: who.user })
  const attempt = await inTransaction(ctx, (ctx) => beginAttempt(ctx, kept, 'wechat_pay_jsapi', { mchid, appid, openid }))
  const told = await ctx.gateways.wechatPay.prepayJsapi({ outTradeNo: attempt.outTradeNo, description: placed.title, total: placed.total, notifyUrl: `${ctx.knobs.publicUrl}/api/callbacks/wechatpay`, expiresAt: new Date(Date.now() + 600_000), openid, appid })
  assert.equal(told.outcome, 'done')
  await shop.sim('POST', '/__client/pay', { appid, user: who.user, ...ctx.gateways.wechatPay.signJsapi(told.outcome === 'done' ? told.value.prepayId : '', appid) })
  await shop.becomes(who, placed, 'paid')
  await until(async () => (await wechatKnows(attempt.outTradeNo)).order_state === 2)
  assert.equal((await wechatKnows(attempt.outTradeNo)).shipping.logistics_type, 3)
})

test('the list leaves as a file and comes back with numbers; a row that is wrong keeps no other back', async () => {
  const [one, two] = [await shop.buy(await shop.buyer()), await shop.buy(await shop.buyer())]
  const file = (await shop.app.ask('GET /console/parcel-exports', undefined, { cookie: shop.owner })).text
  const row = file.split('\r\n').find((line) => line.includes(one.id)) ?? ''
  assert.ok(row.includes('13800138000') && row.includes('学院路 1 号 2 单元 301'))
  const head = '编号,订单号,商品,收件人,电话,地址,快递公司,快递单号'
  const filled = [head, row.replace(/,"",""$/, ',顺丰速运,SF7777777777'), `,${two.number},,,,,中通,ZT55 55`, `,${two.number},,,,,飞鸽,ZT5555555555`, `,20990101000,,,,,中通,ZT5555555555`, `,${one.number},,,,,,`].join('\r\n')
  const told = await shop.desk('POST /console/parcel-imports', { csv: filled })
  assert.deepEqual([told.shipped, told.unchanged, told.problems.map((problem: Json) => [problem.line, problem.why])], [1, 0, [[3, 'malformed_number'], [4, 'named_twice'], [5, 'unknown_order']]])
  assert.deepEqual((await shop.desk('POST /console/parcel-imports', { csv: filled })).unchanged, 1)
  assert.equal((await shop.rowOf(one, 'shipped')).trackingNo, 'SF7777777777')
  const { items } = await shop.desk('POST /console/parcel-labels')
  const label = items.find((each: Json) => each.order === two.id)
  assert.deepEqual([label.name, label.phone], ['林知夏', '13800138000'])
  assert.equal(codeOf(await shop.app.ask('POST /console/parcel-imports', { csv: '订单号,单号\r\n1,2' }, { cookie: shop.owner })), 'parcel.columns_missing')
})

// The last one: the sandbox's clock goes past the end of every order that is still open.
test('what nobody confirms counts as received after ten days; until then WeChat keeps its money back', async () => {
  const frozen = async (): Promise<number> => (await shop.sim('GET', `/__sim/ledger?tenant=${shop.app.tenant.appid}`)).frozen
  const before = await frozen()
  const who = await shop.buyer()
  const { bought, number } = await buyInWechat(who)
  assert.equal((await frozen()) - before, bought.total)
  await shop.ship(bought)
  await reported(bought)
  const told = async (): Promise<Json[]> => (await shop.deliveries(number)).filter((one) => one.event === 'trade_manage_order_settlement').map((one) => JSON.parse(one.plain))
  assert.deepEqual((await told()).map((one) => [one.estimated_settlement_time > one.shipped_time, one.confirm_receive_time]), [[true, undefined]])
  assert.equal((await shop.seen(who, bought)).parcel.state, 'shipped', 'a day on which it will be free is no receipt')
  await shop.advance(10 * 86_400 + 60)
  await until(async () => (await shop.seen(who, bought)).parcel.state === 'received')
  assert.deepEqual([(await told()).at(-1)?.confirm_receive_method, (await wechatKnows(number)).order_state], [1, 3])
  assert.ok((await frozen()) < before + bought.total)
})
