// Two server processes on one database: what one of them changes, the other knows.
import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { after, before, test } from 'node:test'
import { freePort } from '../../scripts/start/ports.ts'
import { bareEnvironment } from './environment.ts'
import { askerAt, codeOf, until, type Asker, type TestApp } from './server.ts'
import { openShop, termsOf, type Buyer, type Shop } from './shop.ts'
import { addSoundLesson } from './sound.ts'

let shop: Shop
let other: ChildProcess
let elsewhere: TestApp['ask']
let lesson: string
before(async () => {
  shop = await openShop()
  lesson = (await addSoundLesson(shop, shop.course.id, 20)).lesson
  const port = await freePort()
  const { tenant, databaseUrl } = shop.app
  const environment = { ...tenant.env, DATABASE_URL: databaseUrl, DATABASE_POOL: '4', DATA_DIR: shop.app.app.ctx.knobs.dataDir, SECRET: 'a secret that only tests know, 32+ chars', PORT: String(port), PUBLIC_URL: `http://127.0.0.1:${port}`, LOG_LEVEL: 'fatal', PARENT_PIPE: '1', ROLE: 'web' }
  other = spawn(process.execPath, ['server/main.ts'], { cwd: new URL('../..', import.meta.url), stdio: ['pipe', 'ignore', 'inherit'], env: { ...bareEnvironment, ...environment } })
  elsewhere = askerAt(`http://127.0.0.1:${port}`)
  for (const end = Date.now() + 60_000; (await fetch(`http://127.0.0.1:${port}/api/health`).then((answer) => answer.status, () => 0)) !== 200; await new Promise((resolve) => setTimeout(resolve, 50))) assert.ok(Date.now() < end, 'the other server did not start')
})
after(async () => {
  if (other.exitCode === null && other.signalCode === null) {
    other.kill('SIGTERM')
    await once(other, 'exit')
  }
  await shop.stop()
})

const here = (route: string, body?: unknown, as?: Asker) => shop.app.ask(route, body, as)

async function given(): Promise<Buyer & { id: string; right: string }> {
  const buyer = await shop.buyer()
  const { id } = await shop.asBuyer(buyer, 'GET /me')
  const { id: right } = await shop.desk(`POST /console/members/${id}/entitlements`, { course: shop.course.id, until: null, note: '测试' })
  return { ...buyer, id, right }
}

test('who signs in here is signed in there, and who signs out there is signed out here, at once', async () => {
  const { token } = await shop.buyer()
  assert.equal((await elsewhere('GET /me', undefined, { token })).status, 200)
  assert.equal((await elsewhere('DELETE /sessions/current', undefined, { token })).status, 200)
  assert.equal(codeOf(await here('GET /me', undefined, { token })), 'sign_in.expired')
})

test('an operator is known on both, and one who is no longer active on neither', async () => {
  const password = 'a long enough password'
  const { id } = await shop.desk('POST /console/staff', { name: '客服', email: 'side@example.com', role: 'support', password })
  const signed = await elsewhere('POST /console/sessions', { email: 'side@example.com', password })
  const cookie = signed.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  for (const ask of [here, elsewhere]) assert.equal((await ask('GET /console/orders', undefined, { cookie })).status, 200)
  await shop.desk(`PATCH /console/staff/${id}`, { active: false })
  for (const ask of [here, elsewhere]) assert.equal(codeOf(await ask('GET /console/orders', undefined, { cookie })), 'staff.sign_in_needed')
})

test('settings, a new agreement, a price and a course taken from the shelf are known there long before a kept answer ends', async () => {
  const settings = await shop.desk('GET /console/academy')
  for (const name of ['拾光书院', '拾遗书院']) {
    await shop.desk('PUT /console/academy', { ...settings, name })
    await until(async () => (await elsewhere('GET /home')).body.academy.name === name)
    await until(async () => (await elsewhere('GET /academy')).body.name === name)
  }
  for (const price of [8800, 9900]) {
    await elsewhere(`GET /courses/${shop.course.id}`)
    await shop.desk(`PUT /console/offers/${shop.course.offer}`, termsOf(shop.course.id, price))
    await until(async () => (await elsewhere(`GET /courses/${shop.course.id}`)).body.card.price === price)
    const { token } = await shop.buyer()
    await until(async () => (await elsewhere('POST /quotes', { offer: shop.course.offer }, { token })).body.total === price)
  }
  await shop.desk(`DELETE /console/courses/${shop.course.id}/publications`)
  await until(async () => (await elsewhere(`GET /courses/${shop.course.id}`)).status === 404)
  await shop.desk(`POST /console/courses/${shop.course.id}/publications`, { at: null })
  await until(async () => (await elsewhere(`GET /courses/${shop.course.id}`)).status === 200)
})

test('an agreement published here is the one that is asked for there', async () => {
  const { token } = await shop.buyer()
  const before = (await elsewhere('POST /quotes', { offer: shop.course.offer }, { token })).body.agreementVersion
  await shop.desk('POST /console/agreements', { kind: 'purchase', title: '购买须知', markdown: '一经开通，七日内可退。' })
  await until(async () => (await elsewhere('POST /quotes', { offer: shop.course.offer }, { token })).body.agreementVersion === before + 1)
})

test('a right taken back here ends the play that was opened there', async () => {
  const who = await given()
  const answer = await elsewhere(`POST /lessons/${lesson}/plays`, undefined, { token: who.token, client: 'wechat/android/device-0001' })
  const list = await (await fetch(shop.app.url + answer.body.audioUrl)).text()
  const key = /URI="([^"]+)"/.exec(list)?.[1] ?? ''
  const path = key.replace(/^\/api/, '')
  assert.deepEqual([(await here(`GET ${path}`)).status, (await elsewhere(`GET ${path}`)).status], [200, 200])
  await shop.desk(`POST /console/entitlements/${who.right}/revocations`, { why: '给错了人' })
  for (const ask of [here, elsewhere]) assert.equal((await ask(`GET ${path}`)).status, 403)
})

test('what is watched on both at once counts once, and the same order placed on both is one', async () => {
  const who = await given()
  const at = new Date().toISOString()
  const tell = (ask: TestApp['ask'], from: number) => ask(`PUT /lessons/${lesson}/progress`, { ranges: [[from, from + 6]], positionSeconds: from + 6, at }, { token: who.token })
  await Promise.all([tell(here, 0), tell(elsewhere, 3), tell(here, 3), tell(elsewhere, 6), tell(here, 6)])
  assert.equal((await elsewhere('GET /learning', undefined, { token: who.token })).body.totalSeconds, 12)
  const buyer = await shop.buyer()
  const quote = await shop.asBuyer(buyer, 'POST /quotes', { offer: shop.course.offer })
  const wish = { offer: shop.course.offer, total: quote.total, agreementVersion: quote.agreementVersion, policy: quote.policy, requestKey: 'one-wish-on-two' }
  const placed = await Promise.all([here, elsewhere, here, elsewhere].map((ask) => ask('POST /orders', wish, { token: buyer.token })))
  assert.deepEqual(new Set(placed.map((one) => one.status)), new Set([200]))
  assert.equal(new Set(placed.map((one) => one.body.id)).size, 1)
})

test('what is paid by a notice that came here is open there', async () => {
  const buyer = await shop.buyer()
  const order = await shop.place(buyer, shop.course)
  await shop.cashier(await shop.begin(buyer, order))
  await until(async () => (await elsewhere(`GET /orders/${order.id}`, undefined, { token: buyer.token })).body.state === 'paid')
  assert.equal((await elsewhere(`GET /courses/${shop.course.id}/access`, undefined, { token: buyer.token })).body.open, true)
})
