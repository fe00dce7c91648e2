// The first sale over HTTP: a real database, the real sandbox, its signed and encrypted notices.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { codeOf, signInLearner, signInOwner, startApp, until, type TestApp } from '#server/test/server.ts'

let app: TestApp
let owner: string
let offer: { id: string; price: number }
let course: { id: string; slug: string; lesson: string }

before(async () => {
  app = await startApp()
  owner = await signInOwner(app)
  course = await publishedCourse('/lesson', 9900)
})
after(() => app.stop())

async function desk(route: string, body?: unknown) {
  const answer = await app.ask(route, body, { cookie: owner })
  assert.equal(answer.status, 200, `${route}: ${answer.text}`)
  return answer.body
}

async function publishedCourse(_name: string, price: number) {
  const category = await desk('POST /console/categories', { name: '写作', parent: null })
  const lecturer = await desk('POST /console/lecturers', { name: '沈一白', title: '编辑', bio: '', portraitAsset: null })
  const { importFile, processAsset } = await import('#modules/content/media/actions.ts')
  const { default: sharp } = await import('sharp')
  const { mkdtemp } = await import('node:fs/promises')
  const folder = await mkdtemp('/tmp/shuyuan-cover-')
  await sharp({ create: { width: 320, height: 200, channels: 3, background: '#3b7a6b' } }).png().toFile(`${folder}/cover.png`)
  const cover = await importFile(app.app.ctx, `${folder}/cover.png`, 'image', '封面')
  await processAsset(app.app.ctx, cover)
  let edited = await desk('POST /console/courses', { title: '把日子记下来', kind: 'article' })
  edited = await desk(`POST /console/courses/${edited.id}/chapters`, { title: '开始' })
  edited = await desk(`POST /console/chapters/${edited.chapters[0].id}/lessons`, { title: '记给谁看', kind: 'article' })
  const lesson = edited.chapters[0].lessons[0].id
  edited = await desk(`PATCH /console/lessons/${lesson}`, { articleHtml: '<p>第一段</p><script>alert(1)</script><p>第二段</p>' })
  assert.ok(!edited.chapters[0].lessons[0].articleHtml.includes('script'))
  edited = await desk(`PATCH /console/courses/${edited.id}`, { version: edited.version, promise: '十讲', category: category.id, lecturer: lecturer.id, coverAsset: cover })
  offer = await desk(`PUT /console/courses/${edited.id}/offer`, { kind: 'one_off', price, accessDays: null, onSale: true })
  edited = await desk(`POST /console/courses/${edited.id}/publications`, { at: null })
  return { id: edited.id, slug: edited.slug, lesson }
}

async function placeOrder(token: string) {
  const quote = await app.ask('POST /quotes', { offer: offer.id }, { token })
  const order = await app.ask('POST /orders', { offer: offer.id, total: quote.body.total, agreementVersion: quote.body.agreementVersion, requestKey: `key-${Math.random().toString(36).slice(2, 12)}` }, { token })
  assert.equal(order.status, 200, order.text)
  return order.body
}

async function payByCode(token: string, order: { id: string }, how = 'pay') {
  const begun = await app.ask(`POST /orders/${order.id}/payments`, { wide: true }, { token })
  assert.equal(begun.body.action.kind, 'qr', begun.text)
  await app.sandbox.ask('POST', '/__client/cashier', { code_url: begun.body.action.content, do: how })
}

const isBalanced = async () => (await desk('GET /console/ledger/accounts')).balanced

test('a stranger buys, learns, and gets the money back', async () => {
  const token = await signInLearner(app, '13800000001')
  assert.equal((await app.ask(`GET /lessons/${course.lesson}`, undefined, { token })).body.access.mode, 'closed')
  const order = await placeOrder(token)
  await payByCode(token, order)
  const paid = await until(async () => { const now = (await app.ask(`GET /orders/${order.id}`, undefined, { token })).body; return now.state === 'paid' && now })
  assert.deepEqual(paid.timeline.map((event: { what: string }) => event.what), ['placed', 'payment_begun', 'paid', 'access_granted'])
  const lesson = (await app.ask(`GET /lessons/${course.lesson}`, undefined, { token })).body
  assert.equal(lesson.access.reason, 'bought')
  assert.match(lesson.articleHtml, /第二段/)
  const refund = await desk(`POST /console/orders/${order.id}/refunds`, { reason: '学员申请', requestKey: 'refund-key-1' })
  assert.equal(refund.amount, 9900)
  assert.equal((await app.ask(`GET /lessons/${course.lesson}`, undefined, { token })).body.access.reason, 'revoked')
  await app.sandbox.ask('POST', '/__sim/clock', { tenant: app.tenant.appid, advanceSeconds: 30 })
  await until(async () => (await desk(`GET /console/orders/${order.id}`)).row.state === 'refunded')
  assert.equal(await isBalanced(), true)
})

test('a notice that comes three times is one sale', async () => {
  const token = await signInLearner(app, '13800000002')
  const order = await placeOrder(token)
  await app.sandbox.fault(app.tenant, 'duplicate_notice', { count: 1 })
  await payByCode(token, order)
  await until(async () => (await app.ask(`GET /orders/${order.id}`, undefined, { token })).body.state === 'paid')
  const entries = await desk(`GET /console/ledger/entries?order=${order.id}`)
  assert.equal(entries.items.length, 1)
  assert.equal(await isBalanced(), true)
})

test('when the notice is lost for ever, asking finds the payment', async () => {
  const token = await signInLearner(app, '13800000003')
  const order = await placeOrder(token)
  await app.sandbox.fault(app.tenant, 'drop_notice', { count: 1 })
  await payByCode(token, order)
  const checked = await app.ask(`POST /orders/${order.id}/checks`, undefined, { token })
  assert.equal(checked.body.state, 'paid')
})

test('nobody else sees or pays an order, and a forged notice is refused', async () => {
  const mine = await signInLearner(app, '13800000004')
  const other = await signInLearner(app, '13800000005')
  const order = await placeOrder(mine)
  assert.equal((await app.ask(`GET /orders/${order.id}`, undefined, { token: other })).status, 404)
  assert.equal(codeOf(await app.ask(`GET /orders/${order.id}`)), 'sign_in.needed')
  const forged = await app.ask('POST /callbacks/wechatpay', { id: 'x', event_type: 'TRANSACTION.SUCCESS', resource: {} })
  assert.equal(forged.status, 401)
  const closed = await app.ask(`POST /orders/${order.id}/closings`, undefined, { token: mine })
  assert.equal(closed.body.state, 'closed')
})

test('a price that is not the one shown is refused, and so is null for a number', async () => {
  const token = await signInLearner(app, '13800000006')
  const wish = { offer: offer.id, total: 1, agreementVersion: 0, requestKey: 'a-key-of-mine' }
  assert.equal(codeOf(await app.ask('POST /orders', wish, { token })), 'order.price_changed')
  const wrong = await app.ask('POST /orders', { ...wish, total: null }, { token })
  assert.equal(wrong.status, 400)
  assert.equal(wrong.body.error.details.field, 'total')
})
