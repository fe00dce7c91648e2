// Walks every platform, system, kind of goods and day of a rule over HTTP, by a table of its own: where buying is not allowed no client reaches a payment or reads a price, and where it is, the channels of the table answer.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Channel, SaleWords } from '#contracts/channels.ts'
import { platforms, systems, type Platform, type System } from '#contracts/words/platforms.ts'
import { publishCourse, openShop, termsOf, type Buyer, type Course, type Shop } from '#server/test/shop.ts'
import { codeOf, type Answer } from '#server/test/server.ts'
import type { Json } from '#server/test/sandbox.ts'
import { channelRules } from './rules.ts'

/** Written from facts §0, §2.1, §4 and platforms §4.1, not from the rules: from that instant on these channels, in these words. */
type Line = [from: string, by: Channel[], words: SaleWords]
type Cell = { apple: Line[]; others: Line[] }
const [always, douyins, apples, virtuals] = ['2020-01-01T00:00:00.000Z', '2023-10-31T16:00:00.000Z', '2025-11-17T00:00:00.000Z', '2026-03-31T16:00:00.000Z']
const both = (...lines: Line[]): Cell => ({ apple: lines, others: lines })
const web: Channel[] = ['wechat_pay_h5', 'wechat_pay_native', 'wechat_pay_jsapi']
const table: Record<'study' | 'book' | 'coins', Record<Platform, Cell>> = {
  study: {
    h5: both([always, web, 'buy']),
    wechat: { apple: [[always, [], 'browse'], [apples, ['wechat_virtual'], 'buy_apple']], others: [[virtuals, ['wechat_virtual', 'wechat_coins'], 'buy']] },
    douyin: { apple: [[douyins, [], 'browse']], others: [[douyins, ['douyin'], 'buy']] },
    alipay: { apple: [[always, [], 'browse']], others: [[always, ['alipay'], 'buy']] },
    baidu: both([always, [], 'browse']),
  },
  book: { h5: both([always, web, 'buy']), wechat: both([always, ['wechat_pay_jsapi'], 'buy']), alipay: both([always, ['alipay'], 'buy']), douyin: both([always, [], 'browse']), baidu: both([always, [], 'browse']) },
  coins: { h5: both([always, [], 'see_balance']), wechat: { apple: [[apples, [], 'see_balance']], others: [[virtuals, ['wechat_virtual'], 'top_up']] }, douyin: both([always, [], 'see_balance']), alipay: both([always, [], 'see_balance']), baidu: both([always, [], 'see_balance']) },
}
const APPLES_LEAST = 100

type Kind = 'course' | 'cheap' | 'bundle' | 'plan' | 'upgrade' | 'trial' | 'book' | 'courseWithBook' | 'coins'
const kinds: Kind[] = ['course', 'cheap', 'bundle', 'plan', 'upgrade', 'trial', 'book', 'courseWithBook', 'coins']
type Place = { platform: Platform; system: System }
type Expected = { by: Channel[]; words: SaleWords }

function lineAt(goods: keyof typeof table, { platform, system }: Place, at: Date): Expected {
  const cell = table[goods][platform]
  const line = (system === 'ios' ? cell.apple : cell.others).findLast(([from]) => new Date(from) <= at)
  return line ? { by: line[1], words: line[2] } : { by: [], words: 'browse' }
}

/** What the table says of a kind for a sum. Coins pay only what they can pay exactly: ten to the yuan. */
function expectedAt(kind: Kind, place: Place, at: Date, total: number): Expected {
  if (kind === 'coins' || kind === 'book') return lineAt(kind, place, at)
  const study = lineAt('study', place, at)
  const least = place.platform === 'wechat' && place.system === 'ios' && total < APPLES_LEAST
  const beside = kind === 'courseWithBook' ? lineAt('book', place, at).by : study.by
  const by = least ? [] : study.by.filter((channel) => beside.includes(channel) && (channel !== 'wechat_coins' || total % 10 === 0))
  return { by, words: by.length > 0 ? study.words : 'browse' }
}

type Ware = { offer: string; wish: Json; order: Json | undefined }
type Person = { buyer: Buyer; wares: Record<Kind, Ware> }
let shop: Shop
let free: Course
let offers: Record<Kind, string>
let clock = () => new Date()
const people = new Map<Platform, Person>()
const atHome = (kind: Kind) => (kind === 'coins' ? 'wechat/android/device-home' : 'h5/android/device-home')
const clientOf = ({ platform, system }: Place) => `${platform}/${system}/device-walk`

before(async () => {
  shop = await openShop({ also: ['alipay', 'douyin'] }, undefined, { XPAY_APPLE: '1' }, () => clock())
  await shop.app.ask('PUT /console/coin', { name: '书院币', perYuan: 10, onSale: true }, { cookie: shop.owner })
  free = await publishCourse(shop.app, shop.desk, 0)
  offers = await offerAll()
  for (const platform of platforms) people.set(platform, await invite())
})
after(() => shop.stop())

/** One offer of each kind. */
async function offerAll(): Promise<Record<Kind, string>> {
  const second = await publishCourse(shop.app, shop.desk, 5900)
  const offer = async (kind: string, terms: object): Promise<string> => (await shop.desk('POST /console/offers', { kind, ...terms })).id
  const plan = (title: string, rank: number) => shop.desk('POST /console/plans', { title, about: '', rank, unlocksAll: false, courses: [second.id], discountBasisPoints: null, remindDays: 7 })
  const [low, high, other] = [await plan('书友', 1), await plan('学者', 2), await plan('旁听', 3)]
  const parcel = { goods: '手帐本一册', fee: 800, freeFrom: null }
  const time = (of: Json, period: string, price: number, accessDays: number | null = null) => offer('plan', { ...termsOf('', price), title: period, plan: of.id, period, accessDays })
  lowYear = await time(low, 'year', 36_500)
  return {
    course: shop.course.offer,
    cheap: (await publishCourse(shop.app, shop.desk, 99)).offer,
    bundle: await offer('bundle', { ...termsOf(shop.course.id, 12_000), title: '两门', courses: [shop.course.id, second.id] }),
    plan: await time(low, 'month', 3900),
    upgrade: await time(high, 'year', 730_000),
    trial: await time(other, 'trial', 0, 7),
    book: await offer('goods', { ...termsOf(second.id, 4900), title: '手帐本', parcel, vat: 'books' }),
    courseWithBook: await offer('course', { ...termsOf(second.id, 15_900), title: '带书', parcel: { ...parcel, worth: 3000 } }),
    coins: await offer('coins', { ...termsOf('', 0), coins: 300 }),
  }
}
let lowYear = ''

/** Somebody who has the lower plan, paid for, and an open order of everything else, placed where that is allowed. */
async function invite(): Promise<Person> {
  const buyer = await shop.buyer()
  const lower = await shop.place(buyer, { ...shop.course, offer: lowYear })
  await shop.cashier(await shop.begin(buyer, lower))
  await shop.becomes(buyer, lower, 'paid')
  const { id: address } = await shop.asBuyer(buyer, 'POST /me/addresses', { name: '林知夏', phone: '13800138000', province: '北京市', city: '北京市', district: '海淀区', detail: '学院路 1 号', isDefault: true })
  const wares = await Promise.all(kinds.map(async (kind) => {
    const { total, agreementVersion, policy, ships } = await shop.asBuyer(buyer, 'POST /quotes', { offer: offers[kind] }, atHome(kind))
    const wish = { offer: offers[kind], total, agreementVersion, policy, requestKey: `home-${kind}-${buyer.user}`, ...(ships ? { address } : {}) }
    const order = kind === 'trial' ? undefined : await shop.asBuyer(buyer, 'POST /orders', wish, atHome(kind))
    return [kind, { offer: offers[kind], wish, order }] as const
  }))
  return { buyer, wares: Object.fromEntries(wares) as Record<Kind, Ware> }
}

const whoOn = (platform: Platform): Person => people.get(platform) ?? assert.fail(platform)

/** Both sides of every date, for the first system up to it and for the last from it on; all in minutes of their own, so that nobody asks too often. */
function instants(system: System): Date[] {
  const [early, late] = [systems.indexOf(system), systems.length - 1 - systems.indexOf(system)].map((steps) => steps * 5 * 60_000) as [number, number]
  return [always, douyins, apples, virtuals].flatMap((day) => [new Date(new Date(String(day)).getTime() - 1 - early), new Date(new Date(String(day)).getTime() + late)])
}

const pricesIn = (text: string) => text.match(/"(?:price|total|amount|after|worth)":[1-9]\d*/g) ?? []

/** Every door of one kind at one place. */
async function knock(place: Place, at: Date, kind: Kind): Promise<void> {
  const { buyer, wares } = whoOn(place.platform)
  const { offer, wish, order } = wares[kind]
  const as = { token: buyer.token, client: clientOf(place) }
  const where = `${clientOf(place)} ${kind} ${at.toISOString()}`
  const quote = await shop.app.ask('POST /quotes', { offer }, as)
  if (kind === 'trial') return assert.deepEqual([quote.status, quote.body.total], [200, 0], `${where}: what costs nothing needs no channel`)
  const expected = expectedAt(kind, place, at, quote.body?.total ?? wish.total)
  if (expected.by.length > 0) return assert.deepEqual([quote.status, quote.body.channels, quote.body.sale], [200, expected.by, { price: 'shown', words: expected.words }], where)
  const wide = place.system === 'windows'
  const how = [{}, { coins: true }, { payerCode: 'any' }][(kinds.indexOf(kind) + systems.indexOf(place.system)) % 3]
  const doors: Answer[] = [quote, await shop.app.ask('POST /orders', { ...wish, requestKey: `walk-${wish.requestKey}` }, as), await shop.app.ask(`POST /orders/${order?.id}/payments`, { wide, ...how }, as)]
  for (const [door, answer] of doors.entries()) {
    assert.deepEqual([answer.status, codeOf(answer), answer.body.error.details.words ?? expected.words], [409, 'payment.channel_closed', expected.words], `${where}, door ${door}`)
    assert.deepEqual(pricesIn(answer.text), [], where)
  }
  const seen = await shop.app.ask(`GET /orders/${order?.id}`, undefined, as)
  assert.deepEqual([seen.body.total, seen.body.lines, seen.body.can, seen.body.sale, pricesIn(seen.text)], [null, [], ['close'], { price: 'hidden', words: expected.words }, []], where)
}

/** Every page at one place: it names a price and a button where the course is sold, and no price at all where nothing is. */
async function look(place: Place, at: Date): Promise<void> {
  const { buyer } = whoOn(place.platform)
  const study = expectedAt('course', place, at, 9900)
  const isSold = study.by.length > 0
  const get = async (path: string): Promise<Answer> => shop.app.ask(`GET ${path}`, undefined, { token: buyer.token, client: clientOf(place) })
  const [page, lesson, plans, packs, list, home] = await Promise.all([`/courses/${shop.course.id}`, `/lessons/${shop.course.lesson}`, '/memberships', '/coins/packs', '/courses?sort=price_up', '/home'].map(get)) as [Answer, Answer, Answer, Answer, Answer, Answer]
  const where = `${clientOf(place)} ${at.toISOString()}`
  const sale = { price: isSold ? 'shown' : 'hidden', words: study.words }
  for (const answer of [page, lesson, plans, list]) assert.deepEqual(answer.body.sale, sale, where)
  assert.deepEqual([page.body.action.kind, page.body.card.price, lesson.body.offer?.price ?? null], isSold ? ['buy', 9900, 9900] : ['closed', null, null], where)
  assert.deepEqual(plans.body.plans.flatMap((plan: Json) => plan.offers.map((one: Json) => one.period)).toSorted(), isSold ? ['month', 'trial', 'year', 'year'] : ['trial'], where)
  assert.equal(packs.body.items.length, expectedAt('coins', place, at, 3000).by.length, where)
  const goods = page.body.goods.map((one: Json) => one.price)
  if (!isSold) for (const answer of [page, lesson, plans, list, home]) assert.deepEqual(pricesIn(answer.text.replaceAll(`"price":${goods[0]}`, '')), [], where)
}

test('the table knows every date of the rules', () => {
  const days = channelRules.flatMap(({ since, until }) => [since, until]).filter((day) => day !== null)
  assert.deepEqual([...new Set(days)].toSorted(), [always, douyins, apples, virtuals])
})

for (const system of systems)
  test(`on ${system}, on both sides of every date: quote, order, payment and pages of every kind are as the table says, also for an order placed elsewhere before`, async () => {
    for (const at of instants(system)) {
      clock = () => at
      await Promise.all(platforms.map(async (platform) => {
        for (const kind of kinds) await knock({ platform, system }, at, kind)
        await look({ platform, system }, at)
      }))
    }
    clock = () => new Date()
  })

test('nothing was begun on the whole walk', async () => {
  for (const { wares } of people.values()) for (const { order } of Object.values(wares)) if (order) assert.deepEqual(await shop.attempts(order), [])
})

const actions: Record<string, Channel[]> = { redirect: ['wechat_pay_h5'], qr: ['wechat_pay_native'], jsapi: ['wechat_pay_jsapi'], wechat_virtual: ['wechat_virtual'], alipay: ['alipay'], douyin: ['douyin'] }
const payerCode = async ({ user }: Buyer) => (await shop.sim('POST', '/__client/alipay/auth-code', { appid: shop.app.tenant.appid, user })).authCode as string

/** By which channel a payment begins; WeChat publishes its items when it likes, and only virtual payment waits for them. */
async function begun({ buyer, wares }: Person, place: Place, kind: Kind): Promise<Channel[]> {
  const { platform } = place
  const body = { wide: place.system === 'windows', ...(platform === 'alipay' ? { payerCode: await payerCode(buyer) } : {}) }
  const answer = await shop.app.ask(`POST /orders/${wares[kind].order?.id}/payments`, body, { token: buyer.token, client: clientOf(place) })
  if (answer.status === 409) return codeOf(answer) === 'payment.item_not_ready' ? ['wechat_virtual'] : []
  assert.equal(answer.status, 200, answer.text)
  return actions[answer.body.action.kind] ?? []
}

test('today each place begins each kind by a channel of its own and by no other', async () => {
  for (const platform of platforms)
    for (const [at, system] of systems.entries()) {
      // Each a minute earlier than the last, and all within what vendors bear: nobody asks too often.
      clock = () => new Date(Date.now() + 150_000 - at * 61_000)
      const person = whoOn(platform)
      for (const kind of kinds.filter((one) => one !== 'trial')) {
        const { by } = expectedAt(kind, { platform, system }, new Date(), person.wares[kind].wish.total)
        const began = await begun(person, { platform, system }, kind)
        assert.equal(began.length, by.length > 0 ? 1 : 0, `${platform} ${system} ${kind}`)
        assert.ok(began.every((channel) => by.includes(channel)), `${platform} ${system} ${kind}: ${began}`)
      }
    }
  clock = () => new Date()
})

/** Somebody new who signed in inside an app, and asks as if from elsewhere. */
async function liar(platform: Platform, system: System): Promise<{ buyer: Buyer; asks(route: string, body: unknown, client: string): Promise<Answer> }> {
  const user = `liar-${platform}-${system}`
  const { code } = await shop.sim('POST', '/__client/login', { appid: shop.app.tenant.appid, user })
  const { token } = (await shop.app.ask('POST /sessions/wechat', { code }, { client: clientOf({ platform, system }) })).body
  return { buyer: { token, user }, asks: (route, body, client) => shop.app.ask(route, body, { token, client }) }
}

test('whoever signed in inside an app is in it, whatever their client says later: another platform, another system', async () => {
  const lies: [Platform, System, Kind, string[]][] = [
    ['wechat', 'ios', 'cheap', ['wechat/android/device-lies', 'h5/android/device-lies', 'alipay/android/device-lies', 'no place at all']],
    ['wechat', 'android', 'courseWithBook', ['h5/windows/device-lies', 'alipay/other/device-lies']],
    ['alipay', 'ios', 'course', ['alipay/android/device-lies', 'h5/ios/device-lies']],
    ['douyin', 'ios', 'course', ['douyin/android/device-lies', 'h5/ios/device-lies']],
    ['baidu', 'android', 'course', ['h5/android/device-lies', 'wechat/android/device-lies']],
  ]
  for (const [platform, system, kind, clients] of lies) {
    const { buyer, asks } = await liar(platform, system)
    const { wish } = whoOn(platform).wares[kind]
    for (const client of clients) {
      const doors = [await asks('POST /quotes', { offer: wish.offer }, client), await asks('POST /orders', { ...wish, requestKey: `lie-${client.replaceAll(/\W/g, '-')}` }, client)]
      for (const answer of doors) assert.equal(codeOf(answer), 'payment.channel_closed', `${platform} ${system} says ${client}`)
    }
    assert.deepEqual((await shop.asBuyer(buyer, 'GET /orders', undefined, 'h5/android/device-lies')).items, [])
  }
  const { buyer, asks } = await liar('wechat', 'android')
  const order = await shop.place(buyer, shop.course, 'wechat/android/device-true')
  const answer = await asks(`POST /orders/${order.id}/payments`, { wide: true }, 'h5/windows/device-lies')
  assert.equal(answer.status === 409 ? codeOf(answer) : answer.body.action.kind, answer.status === 409 ? 'payment.item_not_ready' : 'wechat_virtual', 'virtual payment all the same')
  assert.deepEqual((await shop.desk(`GET /console/orders/${order.id}`)).row.platform, 'wechat')
})

test('a trial, a free course and a code cost nothing and open on every platform', async () => {
  const batch = await shop.desk('POST /console/code-batches', { title: '赠课', offer: shop.course.offer, count: platforms.length, expiresAt: null })
  const codes = (await shop.app.ask(`GET /console/code-batches/${batch.id}/exports`, undefined, { cookie: shop.owner })).text.match(/[0-9A-Z]{4}(-[0-9A-Z]{4}){3}/g) ?? []
  for (const [at, platform] of platforms.entries()) {
    const [buyer, client] = [await shop.buyer(), `${platform}/ios/device-free`]
    for (const offer of [offers.trial, free.offer]) assert.equal((await shop.place(buyer, { ...shop.course, offer }, client)).state, 'paid', `${platform} ${offer}`)
    await shop.asBuyer(buyer, 'POST /redemptions', { code: codes[at] }, client)
    assert.equal(await shop.opens(buyer, shop.course), true, platform)
  }
})

test('a place whose channel has no keys sells nothing, says what its rule says of that, and the matrix names the keys', async () => {
  const bare = await openShop()
  try {
    const course = await publishCourse(bare.app, bare.desk, 4900)
    const buyer = await bare.buyer()
    for (const client of ['alipay/android/device-test', 'douyin/android/device-test']) {
      const answer = await bare.app.ask('POST /orders', { offer: course.offer, total: 4900, agreementVersion: 0, policy: { days: 0, mostPercent: 0 }, requestKey: 'key-12345678' }, { token: buyer.token, client })
      assert.deepEqual([codeOf(answer), answer.body.error.details], ['payment.channel_closed', { price: 'hidden', words: 'browse' }], client)
    }
    const onIphone = (await bare.app.ask(`GET /courses/${course.id}`, undefined, { client: 'wechat/ios/device-test' })).body
    assert.deepEqual([onIphone.action.kind, onIphone.card.price], ['closed', null], "Apple's channel is opened by itself")
    const { items, ahead } = await bare.desk('GET /console/channels')
    const row = items.find((one: Json) => one.platform === 'alipay' && one.goods === 'course' && one.missing.length > 0)
    assert.deepEqual([row?.channels, row?.missing, row?.sale], [[], ['alipay'], { price: 'hidden', words: 'browse' }])
    const apple = items.find((one: Json) => one.platform === 'wechat' && one.goods === 'course' && one.system === 'ios')
    assert.deepEqual([apple?.least, apple?.sale], [100, { price: 'hidden', words: 'browse' }])
    assert.deepEqual(ahead, [])
  } finally {
    await bare.stop()
  }
})

test('a rule that is about to start is told ahead, with its day and its words', async () => {
  clock = () => new Date('2026-02-20T00:00:00Z')
  const { ahead } = await shop.desk('GET /console/channels')
  clock = () => new Date()
  assert.deepEqual(ahead.map((one: Json) => [one.platform, one.goods, one.at, one.change, one.sale.words]), [['wechat', 'course', virtuals, 'starts', 'buy'], ['wechat', 'coins', virtuals, 'starts', 'top_up']])
})
