// Alipay and Douyin over HTTP, from the pay sheet to the books: one grant and one entry whatever is lost, doubled, late or forged.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sweepOpen } from '#modules/trade/attempts/actions.ts'
import { checkForeign } from '#modules/trade/foreign/actions.ts'
import { closeDue } from '#modules/trade/payments/actions.ts'
import { sweepRefunds } from '#modules/trade/refunds/actions.ts'
import { openShop, type Buyer, type Shop } from '#server/test/shop.ts'
import { codeOf, until, type Answer } from '#server/test/server.ts'
import type { Json } from '#server/test/sandbox.ts'

let shop: Shop
before(async () => {
  shop = await openShop({ also: ['alipay', 'douyin'] })
})
after(() => shop.stop())

type Road = {
  client: string
  query: string
  refund: string
  /** The reason that stands with what its console gave back. */
  console: string
  begin(buyer: Buyer, order: { id: string }): Promise<Answer>
  /** What the platform's app does with the action; true when it says that it was paid, or will be. */
  pay(buyer: Buyer, action: Json, more?: object): Promise<boolean>
}

const ask = (buyer: Buyer, order: { id: string }, client: string, body: object): Promise<Answer> => shop.app.ask(`POST /orders/${order.id}/payments`, { wide: false, ...body }, { token: buyer.token, client })
const atPhone = ({ user }: Buyer, path: string, body: object): Promise<Json> => shop.sim('POST', `/__client/${path}`, { appid: shop.app.tenant.appid, user, ...body })

const alipay: Road = {
  client: 'alipay/android/device-test',
  query: 'trade_query',
  refund: 'trade_refund',
  console: '在支付宝商家平台退款',
  async begin(buyer, order) {
    const { authCode } = await atPhone(buyer, 'alipay/auth-code', {})
    return ask(buyer, order, alipay.client, { payerCode: authCode })
  },
  async pay(buyer, { kind, tradeNo }, more = {}) {
    assert.equal(kind, 'alipay')
    return /^[89]000$/.test((await atPhone(buyer, 'alipay/pay', { tradeNO: tradeNo, ...more })).resultCode)
  },
}

const douyin: Road = {
  client: 'douyin/android/device-test',
  query: 'order_query',
  refund: 'refund_create',
  console: '在抖音商家后台退款',
  begin: (buyer, order) => ask(buyer, order, douyin.client, {}),
  async pay(buyer, { kind, ...request }, more = {}) {
    assert.equal(kind, 'douyin')
    const opened = await atPhone(buyer, 'douyin/request-order', request)
    assert.equal(opened.errNo, 0, JSON.stringify(opened))
    return (await atPhone(buyer, 'douyin/pay', { orderId: opened.orderId, ...more })).errNo === 0
  },
}

const roads = { alipay, douyin }
const check = (buyer: Buyer, order: { id: string }) => shop.asBuyer(buyer, `POST /orders/${order.id}/checks`)
const later = (seconds: number) => ({ ...shop.app.app.ctx, now: () => new Date(Date.now() + seconds * 1000) })

async function begun(road: Road) {
  const buyer = await shop.buyer()
  const order = await shop.place(buyer, shop.course, road.client)
  const { body, text } = await road.begin(buyer, order)
  assert.ok(body?.action, text)
  const [{ outTradeNo }] = (await shop.attempts(order)) as [{ outTradeNo: string }]
  return { buyer, order, action: body.action, outTradeNo }
}

async function paid(road: Road) {
  const one = await begun(road)
  assert.equal(await road.pay(one.buyer, one.action), true)
  await shop.becomes(one.buyer, one.order, 'paid')
  return one
}

const linesOf = async (order: { id: string }, what: string): Promise<[string, number, number][]> => {
  const { items } = await shop.desk(`GET /console/ledger/entries?limit=100&order=${order.id}`)
  return items.filter((entry: Json) => entry.what === what).flatMap((entry: Json) => entry.lines.map((line: Json) => [line.account, line.debit, line.credit]))
}

for (const [name, road] of Object.entries(roads)) {
  test(`${name}: the sheet that the platform opens by our signature, the notice, access, and the books of its own account`, async () => {
    const { buyer, order } = await paid(road)
    await shop.soldOnce(buyer, order, shop.course)
    assert.equal(await shop.opens(buyer, shop.course), true)
    assert.deepEqual(await linesOf(order, 'sale'), [[`asset:${name}`, 9900, 0], ['income:courses', 0, 9900]])
    const [attempt] = await shop.attempts(order)
    assert.deepEqual([attempt?.channel, attempt?.state], [name, 'paid'])
  })

  test(`${name}: given up at the sheet, nothing is sold; the next try pays`, async () => {
    const { buyer, order, action } = await begun(road)
    assert.equal(await road.pay(buyer, action, { do: 'cancel' }), false)
    assert.equal((await check(buyer, order)).state, 'placed')
    await shop.notSold(buyer, order, shop.course)
    const { body } = await road.begin(buyer, order)
    assert.equal(await road.pay(buyer, body.action), true)
    await shop.becomes(buyer, order, 'paid')
    await shop.soldOnce(buyer, order, shop.course)
  })

  test(`${name}: a notice that is lost for ever is made good by asking`, async () => {
    await shop.fault('drop_notice', { api: name, count: 2 })
    const [asked, swept] = [await begun(road), await begun(road)]
    for (const one of [asked, swept]) assert.equal(await road.pay(one.buyer, one.action), true)
    assert.equal((await check(asked.buyer, asked.order)).state, 'paid')
    await sweepOpen(later(60))
    assert.equal((await shop.seen(swept.buyer, swept.order)).state, 'paid')
    for (const one of [asked, swept]) await shop.soldOnce(one.buyer, one.order, shop.course)
  })

  test(`${name}: ten notices at once, and the buyer asking meanwhile, sell once`, async () => {
    await shop.fault('duplicate_notice', { api: name, copies: 10 })
    const { buyer, order, action, outTradeNo } = await begun(road)
    assert.equal(await road.pay(buyer, action), true)
    await Promise.all(Array.from({ length: 5 }, () => check(buyer, order)))
    await shop.becomes(buyer, order, 'paid')
    await until(async () => (await shop.deliveries(outTradeNo)).some((one) => one.state === 'delivered' && one.attempts.length >= 10))
    await shop.soldOnce(buyer, order, shop.course)
    const [delivery] = await shop.deliveries(outTradeNo)
    assert.ok(delivery?.attempts.every((one: Json) => one.accepted), 'each was told that it is known')
  })

  test(`${name}: F22: what somebody gives back in its console is booked once, and the last of it ends access; what is no refund is told to a person`, async () => {
    const { buyer, order, outTradeNo } = await paid(road)
    for (const [at, cents] of [4000, 5900].entries()) {
      await shop.fault('duplicate_notice', { api: name, copies: 3 })
      await shop.sim('POST', '/__sim/console-refunds', { tenant: shop.app.tenant.appid, number: outTradeNo, cents })
      await shop.advance(5)
      await until(async () => (await shop.detail(order)).refunds[at]?.state === 'done')
      assert.equal(await shop.opens(buyer, shop.course), at === 0)
    }
    await shop.becomes(buyer, order, 'refunded')
    assert.deepEqual((await shop.detail(order)).refunds.map((one: Json) => [one.amount, one.reason, one.by]), [4000, 5900].map((cents) => [cents, road.console, null]))
    assert.deepEqual((await shop.whatsOf(order)).toSorted(), ['refund_begun', 'refund_begun', 'refund_done', 'refund_done', 'sale'])
    assert.deepEqual((await linesOf(order, 'refund_done')).filter(([account]) => account === `asset:${name}`).map(([, , credit]) => credit).toSorted(), [4000, 5900])
    const other = await paid(road)
    for (const number of ['CONSOLE-NEVER', (await shop.detail(order)).refunds[0].outRefundNo]) await checkForeign(shop.app.app.ctx, { outRefundNo: number, outTradeNo: other.outTradeNo })
    const { refunds, timeline } = await shop.detail(other.order)
    assert.deepEqual([refunds, timeline.filter((event: Json) => event.what === 'mismatch').map((event: Json) => event.detail)], [[], ['refunded_elsewhere CONSOLE-NEVER']])
  })

  test(`${name}: a notice that tells another sum, app or payee grants nothing`, async () => {
    for (const kind of ['mismatch_amount', 'mismatch_appid', ...(road === alipay ? ['mismatch_mchid'] : [])]) {
      await shop.fault(kind, { api: name })
      const { buyer, order, action, outTradeNo } = await begun(road)
      await road.pay(buyer, action)
      await until(async () => (await shop.notices(outTradeNo)).some((notice) => notice.outcome === 'mismatched'))
      await shop.notSold(buyer, order, shop.course)
      assert.equal((await shop.attempts(order))[0]?.state, 'mismatched')
    }
    await shop.fault('mismatch_out_trade_no', { api: name, value: `SNOBODY${name}` })
    const stray = await begun(road)
    await road.pay(stray.buyer, stray.action)
    await until(async () => (await shop.notices(`SNOBODY${name}`)).some((notice) => notice.outcome === 'unknown_order'))
    await shop.notSold(stray.buyer, stray.order, shop.course)
  })

  test(`${name}: a query that tells another sum grants nothing either`, async () => {
    await shop.fault('drop_notice', { api: name })
    const { buyer, order, action } = await begun(road)
    await road.pay(buyer, action)
    await shop.fault('mismatch_amount', { api: road.query })
    await check(buyer, order)
    await shop.notSold(buyer, order, shop.course)
    assert.equal((await shop.attempts(order))[0]?.state, 'mismatched')
  })

  test(`${name}: strangers' notices are refused, and the genuine one after them is taken`, async () => {
    for (const trick of ['forge_notice', 'tamper_notice', 'unsigned_notice']) {
      await shop.fault(trick, { api: name })
      const { buyer, order, action, outTradeNo } = await begun(road)
      await road.pay(buyer, action)
      await until(async () => (await shop.deliveries(outTradeNo))[0]?.attempts.length === 1)
      const [spoilt] = await shop.deliveries(outTradeNo)
      assert.deepEqual([spoilt?.attempts[0].status, spoilt?.attempts[0].accepted], [401, false], trick)
      await shop.notSold(buyer, order, shop.course)
      await shop.sim('POST', `/__sim/deliveries/${spoilt?.id}/replay`)
      await shop.becomes(buyer, order, 'paid')
      await shop.soldOnce(buyer, order, shop.course)
    }
    const bare = await fetch(`${shop.app.url}/api/callbacks/${name}`, { method: 'POST', headers: { host: 'localhost', 'x-forwarded-host': '127.0.0.1' }, body: '<xml><!ENTITY x SYSTEM "file:///etc/passwd"></xml>' })
    assert.equal(bare.status, 401)
  })

  test(`${name}: given back by the operator: access ends now, the money follows, and the books say so`, async () => {
    const { buyer, order } = await paid(road)
    const refund = await shop.desk(`POST /console/orders/${order.id}/refunds`, { reason: '课程不合适', requestKey: 'refund-key-1' })
    assert.equal(await shop.opens(buyer, shop.course), false)
    for (let round = 0; round < 40 && (await shop.seen(buyer, order)).state !== 'refunded'; round += 1) {
      await shop.advance(5)
      await sweepRefunds(later(60))
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    assert.equal((await shop.seen(buyer, order)).state, 'refunded', JSON.stringify(refund))
    assert.deepEqual(await linesOf(order, 'refund_done'), [['liability:refunds_under_way', 9900, 0], [`asset:${name}`, 0, 9900]])
    await shop.isBalanced()
  })

  test(`${name}: an answer to a refund that is lost costs nothing: the same number goes on`, async () => {
    const { buyer, order } = await paid(road)
    await shop.fault('lose_answer', { api: road.refund })
    await shop.desk(`POST /console/orders/${order.id}/refunds`, { reason: '课程不合适', requestKey: 'refund-key-1' })
    for (let round = 0; round < 40 && (await shop.seen(buyer, order)).state !== 'refunded'; round += 1) {
      await shop.advance(5)
      await sweepRefunds(later(60))
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    assert.equal((await shop.seen(buyer, order)).state, 'refunded')
    const { balances, balanced } = await shop.sim('GET', `/__sim/ledger?tenant=${shop.app.tenant.appid}`)
    assert.equal(balanced, true)
    assert.deepEqual(await linesOf(order, 'refund_done'), [['liability:refunds_under_way', 9900, 0], [`asset:${name}`, 0, 9900]])
    assert.ok(balances.payer < 0)
  })

  test(`${name}: two payments of one order: the second goes back by itself`, async () => {
    const { buyer, order, action } = await begun(road)
    const second = (await road.begin(buyer, order)).body.action
    assert.equal(await road.pay(buyer, action), true)
    await shop.becomes(buyer, order, 'paid')
    assert.equal(await road.pay(buyer, second), true)
    await until(async () => (await shop.attempts(order)).some((attempt) => attempt.state === 'surplus'))
    for (let round = 0; round < 40 && !(await shop.whatsOf(order)).includes('refund_done'); round += 1) {
      await shop.advance(5)
      await sweepRefunds(later(60))
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    assert.ok((await shop.whatsOf(order)).includes('refund_done'))
    await shop.soldOnce(buyer, order, shop.course)
  })

  test(`${name}: an order is closed only when nothing can be paid for it, and one that was paid meanwhile is sold`, async () => {
    const open = await begun(road)
    assert.equal((await shop.asBuyer(open.buyer, `POST /orders/${open.order.id}/closings`)).state, 'closed')
    await shop.fault('drop_notice', { api: name })
    const meanwhile = await begun(road)
    await road.pay(meanwhile.buyer, meanwhile.action)
    assert.equal((await shop.asBuyer(meanwhile.buyer, `POST /orders/${meanwhile.order.id}/closings`)).state, 'paid')
    await shop.soldOnce(meanwhile.buyer, meanwhile.order, shop.course)
    const unsure = await begun(road)
    await shop.fault('lose_request', { api: road.query })
    const answer = await shop.app.ask(`POST /orders/${unsure.order.id}/closings`, {}, { token: unsure.buyer.token })
    assert.equal(codeOf(answer), 'payment.gateway_unavailable')
    assert.equal((await shop.seen(unsure.buyer, unsure.order)).state, 'placed')
  })
}

test('alipay: the payer is named by a fresh code; without one, or with a used one, the client is asked for it', async () => {
  const buyer = await shop.buyer()
  const order = await shop.place(buyer, shop.course, alipay.client)
  assert.equal(codeOf(await ask(buyer, order, alipay.client, {})), 'payment.session_stale')
  assert.equal(codeOf(await ask(buyer, order, alipay.client, { payerCode: 'used' })), 'payment.session_stale')
  assert.equal((await shop.attempts(order)).length, 0)
})

test('alipay: an answer to create that is lost is asked for again under the same number; a broken Alipay leaves the try open', async () => {
  const buyer = await shop.buyer()
  const order = await shop.place(buyer, shop.course, alipay.client)
  await shop.fault('lose_answer', { api: 'trade_create' })
  const { body } = await alipay.begin(buyer, order)
  assert.equal(body.action.kind, 'alipay')
  await shop.fault('refuse', { api: 'trade_create', code: 'ACQ.SYSTEM_ERROR', count: 2 })
  assert.equal((await alipay.begin(buyer, order)).body.action.kind, 'wait')
  await shop.fault('refuse', { api: 'trade_create', code: 'ACQ.BUYER_NOT_EXIST' })
  assert.equal(codeOf(await alipay.begin(buyer, order)), 'payment.gateway_unavailable')
  assert.deepEqual((await shop.attempts(order)).map((attempt) => attempt.state).toSorted(), ['begun', 'begun', 'failed'])
  assert.equal(await alipay.pay(buyer, body.action), true)
  await shop.becomes(buyer, order, 'paid')
})

test('douyin: money for a sheet that stayed open after the order was closed still opens the course', async () => {
  const { buyer, order, action } = await begun(douyin)
  await closeDue(later(3600))
  await shop.becomes(buyer, order, 'closed')
  await shop.fault('drop_notice', { api: 'douyin' })
  assert.equal(await douyin.pay(buyer, action), true)
  await sweepOpen(later(2 * 3600))
  assert.equal((await shop.seen(buyer, order)).state, 'paid')
  await shop.soldOnce(buyer, order, shop.course)
})

test('a purchase begun where it is allowed cannot be paid where it is not', async () => {
  const { buyer, order } = await begun(alipay)
  for (const client of ['alipay/ios/device-test', 'douyin/ios/device-test', 'wechat/ios/device-test', 'baidu/android/device-test']) {
    assert.equal(codeOf(await ask(buyer, order, client, { payerCode: 'any' })), 'payment.channel_closed', client)
  }
})
