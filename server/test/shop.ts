// An academy with courses on sale, for tests of money: buyers, the cashier, and what the books say afterwards.
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import type { Id } from '#contracts/words/id.ts'
import { importFile, processAsset } from '#modules/content/media/actions.ts'
import { lessonOf } from '#modules/content/outline/actions.ts'
import type { Json } from './sandbox.ts'
import { signInOwner, startApp, until, type Answer, type TestApp } from './server.ts'

export type Course = { id: string; lesson: string; offer: string; price: number }
export type Buyer = { token: string; user: string }
export type Shop = ReturnType<typeof shopOver> & { course: Course; stop(): Promise<void> }

/** The app with one published course of ¥99; `wish` chooses the keys of the sandbox's tenant. */
export async function openShop(...how: Parameters<typeof startApp>): Promise<Shop> {
  const app = await startApp(...how)
  const shop = await setUpShop(app).catch(async (error: unknown) => {
    await app.stop()
    throw error
  })
  return { ...shop, stop: () => app.stop() }
}

/** The same in an app that somebody else started. */
export async function setUpShop(app: Ground): Promise<Omit<Shop, 'stop'>> {
  const shop = shopOver(app, await signInOwner(app))
  return { ...shop, course: await publishCourse(app, shop.desk, 9900) }
}

export type Ground = Omit<TestApp, 'stop'>

export type Desk = (route: string, body?: unknown) => Promise<Json>

/** A course of one article, published by the console's own routes. */
export async function publishCourse(app: Pick<TestApp, 'app'>, desk: Desk, price: number): Promise<Course> {
  const cover = await makeCover(app)
  const category = await desk('POST /console/categories', { name: `写作${price}`, parent: null })
  const lecturer = await desk('POST /console/lecturers', { name: '沈一白', title: '编辑', bio: '', portraitAsset: null })
  const { id } = await desk('POST /console/courses', { title: '把日子记下来', kind: 'article' })
  const chaptered = await desk(`POST /console/courses/${id}/chapters`, { title: '开始' })
  const { chapters } = await desk(`POST /console/chapters/${chaptered.chapters[0].id}/lessons`, { title: '记给谁看', kind: 'article' })
  const { id: lesson, version: first } = chapters[0].lessons[0]
  const { version } = await desk(`PATCH /console/lessons/${lesson}`, { version: first, articleHtml: '<p>第一段</p><p>第二段</p>' })
  await desk(`PATCH /console/courses/${id}`, { version, promise: '十讲', category: category.id, lecturer: lecturer.id, coverAsset: cover })
  const offer = await desk('POST /console/offers', { kind: 'course', ...termsOf(id, price) })
  await desk(`POST /console/courses/${id}/publications`, { at: null })
  return { id, lesson, offer: offer.id, price }
}

/** Terms of an offer for good and for all, as a test changes one of them. */
export function termsOf(course: string, price: number) {
  return { title: '', courses: course === '' ? [] : [course], plan: null as string | null, period: null as string | null, price, accessDays: null as number | null, onSale: true, from: null as string | null, until: null as string | null, seats: null as number | null }
}

async function makeCover({ app }: Pick<TestApp, 'app'>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'shuyuan-cover-'))
  await sharp({ create: { width: 320, height: 200, channels: 3, background: '#3b7a6b' } }).png().toFile(join(folder, 'cover.png'))
  const cover = await importFile(app.ctx, join(folder, 'cover.png'), 'image', '封面')
  await processAsset(app.ctx, cover)
  await rm(folder, { recursive: true, force: true })
  return cover
}

let buyers = 0

function shopOver(app: Ground, owner: string) {
  const desk: Desk = async (route, body) => good(await app.ask(route, body, { cookie: owner }), route)
  const asBuyer: AsBuyer = async (buyer, route, body, client) => good(await app.ask(route, body, { token: buyer.token, ...(client ? { client } : {}) }), route)
  const sim: Sim = (method, path, body) => app.sandbox.ask(method, path, body)
  /** Writes over a lesson as it now stands. */
  const write = async (lesson: string, fields: object) => desk(`PATCH /console/lessons/${lesson}`, { version: (await lessonOf(app.app.ctx, lesson as Id<'lsn'>))?.version, ...fields })
  return { app, owner, desk, write, asBuyer, sim, ...counter(app, asBuyer, sim), ...phones(app, asBuyer, sim), ...windowOn(app, desk, asBuyer, sim), ...bookkeeper(desk, asBuyer) }
}

type AsBuyer = (buyer: Buyer, route: string, body?: unknown, client?: string) => Promise<Json>
type Sim = (method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown) => Promise<Json>

/** What buyers do. */
function counter(app: Ground, asBuyer: AsBuyer, sim: Sim) {
  return {
    /** Somebody new, known by their WeChat identity, so that both roads of paying are open to them. */
    async buyer(): Promise<Buyer> {
      const user = `buyer-${(buyers += 1)}`
      const { code } = await sim('POST', '/__client/login', { appid: app.tenant.appid, user })
      const { token } = good(await app.ask('POST /sessions/wechat', { code }), 'sign in')
      return { token, user }
    },
    async place(buyer: Buyer, course: Course, client?: string): Promise<Json> {
      const quote = await asBuyer(buyer, 'POST /quotes', { offer: course.offer }, client)
      const wish = { offer: course.offer, total: quote.total, agreementVersion: quote.agreementVersion, policy: quote.policy, requestKey: `key-${Math.random().toString(36).slice(2, 12)}` }
      return asBuyer(buyer, 'POST /orders', wish, client)
    },
    /** Begins a Native payment; replies what the QR code holds. */
    async begin(buyer: Buyer, order: { id: string }): Promise<string> {
      const { action } = await asBuyer(buyer, `POST /orders/${order.id}/payments`, { wide: true })
      assert.equal(action.kind, 'qr')
      return action.content
    },
    cashier: (code: string, how = 'pay', more: object = {}) => sim('POST', '/__client/cashier', { code_url: code, do: how, ...more }),
    fault: (kind: string, more: object = {}) => app.sandbox.fault(app.tenant, kind, more),
    advance: (seconds: number) => sim('POST', '/__sim/clock', { tenant: app.tenant.appid, advanceSeconds: seconds }),
  }
}

/** Paying at a platform's own sheet, on the buyer's phone. */
function phones(app: Ground, asBuyer: AsBuyer, sim: Sim) {
  const begin = async (buyer: Buyer, order: { id: string }, client: string): Promise<Json> => {
    const { kind: _kind, ...action } = (await asBuyer(buyer, `POST /orders/${order.id}/payments`, { wide: false }, client)).action
    return action
  }
  return {
    async payVirtual(buyer: Buyer, order: { id: string }, system = 'android', client = `wechat/${system}/device-test`): Promise<void> {
      const action = await begin(buyer, order, client)
      assert.equal((await sim('POST', '/__client/xpay/pay', { appid: app.tenant.appid, user: buyer.user, system, ...action })).errCode, 0)
    },
    /** Replies Douyin's number of the order. */
    async payDouyin(buyer: Buyer, order: { id: string }): Promise<string> {
      const atPhone = (path: string, body: object): Promise<Json> => sim('POST', `/__client/douyin/${path}`, { appid: app.tenant.appid, user: buyer.user, ...body })
      const { orderId } = await atPhone('request-order', await begin(buyer, order, 'douyin/android/device-test'))
      await atPhone('pay', { orderId })
      return orderId
    },
  }
}

/** What can be seen from outside. */
function windowOn(app: Ground, desk: Desk, asBuyer: AsBuyer, sim: Sim) {
  const seen = (buyer: Buyer, order: { id: string }) => asBuyer(buyer, `GET /orders/${order.id}`)
  return {
    seen,
    becomes: (buyer: Buyer, order: { id: string }, state: string): Promise<Json> => until(async () => {
      const now = await seen(buyer, order)
      return now.state === state && now
    }),
    /** WeChat has published the course's item, and its minutes of waiting are over: virtual payment can sell it. */
    async itemIsReady(course: Course): Promise<void> {
      await until(async () => {
        await sim('POST', '/__sim/clock', { tenant: app.tenant.appid, advanceSeconds: 2 })
        return (await desk(`GET /console/offers?course=${course.id}`)).items[0].virtualItems[0]?.state === 'ready'
      })
      await sim('POST', '/__sim/clock', { tenant: app.tenant.appid, advanceSeconds: 60 })
    },
    detail: (order: { id: string }) => desk(`GET /console/orders/${order.id}`),
    attempts: async (order: { id: string }): Promise<Json[]> => (await desk(`GET /console/orders/${order.id}`)).attempts,
    notices: async (number: string): Promise<Json[]> => (await desk('GET /console/notices?limit=100')).items.filter((notice: Json) => notice.outTradeNo === number),
    deliveries: async (number: string): Promise<Json[]> => (await sim('GET', `/__sim/deliveries?tenant=${app.tenant.appid}&subject=${number}`)).items,
    opens: async (buyer: Buyer, course: Course): Promise<boolean> => (await asBuyer(buyer, `GET /courses/${course.id}/access`)).open,
  }
}

function good(answer: Answer, route: string): Json {
  assert.equal(answer.status, 200, `${route}: ${answer.text}`)
  return answer.body
}

/** What a settled order must look like, whatever went wrong on the way. */
function bookkeeper(desk: Desk, asBuyer: AsBuyer) {
  const whatsOf = async (order: { id: string }): Promise<string[]> => (await desk(`GET /console/ledger/entries?limit=100&order=${order.id}`)).items.map((entry: Json) => entry.what).toReversed()
  const grants = async (buyer: Buyer, order: { id: string }, course: Course): Promise<Json[]> => (await asBuyer(buyer, `GET /courses/${course.id}/access`)).entitlements.filter((right: Json) => right.order === order.id)
  const isBalanced = async () => assert.equal((await desk('GET /console/ledger/accounts')).balanced, true)
  return {
    whatsOf,
    isBalanced,
    /** Paid once: one sale, one grant, one `paid` on the timeline, and the course opens. */
    async soldOnce(buyer: Buyer, order: { id: string }, course: Course): Promise<void> {
      const now = await asBuyer(buyer, `GET /orders/${order.id}`)
      assert.equal(now.state, 'paid')
      assert.deepEqual((await whatsOf(order)).filter((what) => what === 'sale'), ['sale'])
      const rights = await grants(buyer, order, course)
      assert.deepEqual(rights.map((right) => [right.reason, right.live]), [['bought', true]])
      const steps = now.timeline.map((event: Json) => event.what)
      assert.equal(steps.filter((what: string) => what === 'paid' || what === 'paid_late').length, 1, String(steps))
      assert.equal(steps.filter((what: string) => what === 'access_granted').length, 1, String(steps))
      await isBalanced()
    },
    /** Nothing was granted and nothing booked as a sale. */
    async notSold(buyer: Buyer, order: { id: string }, course: Course): Promise<void> {
      assert.deepEqual(await grants(buyer, order, course), [])
      assert.deepEqual((await whatsOf(order)).filter((what) => what === 'sale'), [])
      await isBalanced()
    },
  }
}
