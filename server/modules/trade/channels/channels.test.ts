// Walks every platform, system and day of a rule over HTTP: where buying is not allowed no client reaches a payment, and where it is, one of its own channels answers.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { platforms, systems, type Platform } from '#contracts/words/platforms.ts'
import { publishCourse, openShop, type Buyer, type Shop } from '#server/test/shop.ts'
import { codeOf } from '#server/test/server.ts'
import { channelRules, channelsAt } from './rules.ts'

let shop: Shop
let clock = () => new Date()
before(async () => {
  shop = await openShop({ also: ['alipay', 'douyin'] }, undefined, { XPAY_APPLE: '1' }, () => clock())
  await shop.app.ask('PUT /console/coin', { name: '书院币', perYuan: 10, onSale: true }, { cookie: shop.owner })
})
after(() => shop.stop())

const kinds: Record<string, string> = { wechat_pay_h5: 'redirect', wechat_pay_native: 'qr', wechat_virtual: 'wechat_virtual', alipay: 'alipay', douyin: 'douyin' }

/** The instants on either side of every date that a rule has. */
function instants(): Date[] {
  const days = channelRules.flatMap(({ since, until }) => [since, until]).filter((day) => day !== null)
  return [...new Set(days)].flatMap((day) => [new Date(new Date(day).getTime() - 1), new Date(day)])
}

const payerCode = async ({ user }: Buyer) => (await shop.sim('POST', '/__client/alipay/auth-code', { appid: shop.app.tenant.appid, user })).authCode as string

async function ordering() {
  clock = () => new Date()
  const buyer = await shop.buyer()
  return { buyer, order: await shop.place(buyer, shop.course) }
}

/** Every system of a platform at an instant; replies how many places were walked. */
async function walk(platform: Platform, at: Date): Promise<number> {
  const { buyer, order } = await ordering()
  clock = () => at
  await Promise.all(systems.map(async (system, index) => {
    const place = `${platform}/${system}/${at.toISOString()}`
    const as = { token: buyer.token, client: `${platform}/${system}/device-test` }
    const allowed = channelsAt(channelRules, { platform, system }, 'course', at)
    const { body } = await shop.app.ask('POST /quotes', { offer: shop.course.offer }, as)
    assert.deepEqual(body.channels, allowed, place)
    if (allowed.length > 0) return
    for (const coins of [{}, { coins: true }]) {
      const refused = await shop.app.ask(`POST /orders/${order.id}/payments`, { wide: index % 2 === 0, payerCode: 'any', ...coins }, as)
      assert.equal(codeOf(refused), 'payment.channel_closed', place)
    }
    const { body: page } = await shop.app.ask(`GET /courses/${shop.course.id}`, undefined, as)
    assert.notEqual(page.action.kind, 'buy', place)
  }))
  clock = () => new Date()
  assert.deepEqual(await shop.attempts(order), [], 'nothing was begun')
  return systems.length
}

test('on every day of a rule, an order placed elsewhere cannot be paid from a place that forbids it', async () => {
  let walked = 0
  for (const at of instants()) for (const platform of platforms) walked += await walk(platform, at)
  assert.equal(walked, instants().length * platforms.length * systems.length)
})

test('today, each place that allows it begins a payment by a channel of its own and by no other', async () => {
  for (const platform of platforms) {
    const { buyer, order } = await ordering()
    for (const system of systems) {
      const allowed = channelsAt(channelRules, { platform, system }, 'course', new Date())
      for (const wide of allowed.length > 0 ? [true, false] : []) {
        const body = { wide, ...(platform === 'alipay' ? { payerCode: await payerCode(buyer) } : {}) }
        const answer = await shop.app.ask(`POST /orders/${order.id}/payments`, body, { token: buyer.token, client: `${platform}/${system}/device-test` })
        if (platform === 'wechat' && answer.status === 409) {
          assert.equal(codeOf(answer), 'payment.item_not_ready')
          continue
        }
        assert.equal(answer.status, 200, answer.text)
        assert.ok(allowed.some((channel) => kinds[channel] === answer.body.action.kind), `${platform} ${system} ${answer.body.action.kind}`)
      }
    }
  }
})

test('a place whose channel has no keys sells nothing, and the matrix says which keys are missing', async () => {
  const bare = await openShop()
  try {
    const course = await publishCourse(bare.app, bare.desk, 4900)
    const buyer = await bare.buyer()
    for (const client of ['alipay/android/device-test', 'douyin/android/device-test']) {
      const answer = await bare.app.ask('POST /orders', { offer: course.offer, total: 4900, agreementVersion: 0, policy: { days: 0, mostPercent: 0 }, requestKey: 'key-12345678' }, { token: buyer.token, client })
      assert.equal(codeOf(answer), 'payment.channel_closed', client)
    }
    const onIphone = (await bare.app.ask(`GET /courses/${course.id}`, undefined, { client: 'wechat/ios/device-test' })).body
    assert.deepEqual([onIphone.action.kind, onIphone.card.price], ['hidden', null], "Apple's channel is opened by itself")
    const { items, ahead } = await bare.desk('GET /console/channels')
    const row = items.find((one: { platform: string; goods: string; missing: string[] }) => one.platform === 'alipay' && one.goods === 'course' && one.missing.length > 0)
    assert.deepEqual([row?.channels, row?.missing], [[], ['alipay']])
    assert.deepEqual(ahead, [])
  } finally {
    await bare.stop()
  }
})

test('on iOS a course is sold from one yuan on', async () => {
  const buyer = await shop.buyer()
  for (const [price, kind] of [[99, 'hidden'], [100, 'buy']] as const) {
    const course = await publishCourse(shop.app, shop.desk, price)
    const place = { token: buyer.token, client: 'wechat/ios/device-test' }
    const page = (await shop.app.ask(`GET /courses/${course.id}`, undefined, place)).body
    assert.deepEqual([page.action.kind, page.card.price], [kind, kind === 'buy' ? price : null])
    const order = await shop.place(buyer, course)
    const answer = await shop.app.ask(`POST /orders/${order.id}/payments`, { wide: false }, place)
    assert.equal(codeOf(answer), kind === 'buy' ? 'payment.item_not_ready' : 'payment.channel_closed')
  }
})

test('a rule that is about to start is told ahead, with its day', async () => {
  clock = () => new Date('2026-02-20T00:00:00Z')
  const { ahead } = await shop.desk('GET /console/channels')
  clock = () => new Date()
  assert.deepEqual(ahead.map((one: { platform: string; goods: string; at: string; change: string }) => [one.platform, one.goods, one.at, one.change]), [['wechat', 'course', '2026-03-31T16:00:00.000Z', 'starts'], ['wechat', 'coins', '2026-03-31T16:00:00.000Z', 'starts']])
})
