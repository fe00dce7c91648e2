// Why a lesson opens or not, over HTTP: each reason as the member is told it, and the longest right of several.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { newId } from '#kernel/ids.ts'
import type { Json } from '#server/test/sandbox.ts'
import { codeOf } from '#server/test/server.ts'
import { openShop, publishCourse, type Buyer, type Course, type Shop } from '#server/test/shop.ts'

let shop: Shop
let freeLesson: string
let trialLesson: string
before(async () => {
  shop = await openShop()
  const { chapters } = await shop.desk(`GET /console/courses/${shop.course.id}`)
  freeLesson = await addArticle(chapters[0].id, { free: true })
  trialLesson = await addArticle(chapters[0].id, { trial: { seconds: null, basisPoints: 2000 } })
})
after(() => shop.stop())

async function addArticle(chapter: string, fields: object): Promise<string> {
  const after = await shop.desk(`POST /console/chapters/${chapter}/lessons`, { title: '又一讲', kind: 'article' })
  const { id } = after.chapters[0].lessons.at(-1)
  await shop.write(id, { articleHtml: '<p>字</p>', ...fields })
  return id
}

const idOf = async (who: Buyer): Promise<string> => (await shop.asBuyer(who, 'GET /me')).id
const give = async (who: Buyer, until: string | null, course: Course = shop.course) => shop.desk(`POST /console/members/${await idOf(who)}/entitlements`, { course: course.id, until, note: '测试' })
const explain = (who: Buyer, course: Course = shop.course): Promise<Json> => shop.asBuyer(who, `GET /courses/${course.id}/access`)
const reasons = async (who: Buyer): Promise<string[]> => (await explain(who)).lessons.map((one: Json) => one.access.reason)
const later = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString()

test('a stranger to the course hears what is free, what can be tried and what is not theirs', async () => {
  const who = await shop.buyer()
  const told = await explain(who)
  assert.deepEqual([told.open, told.entitlements], [false, []])
  assert.deepEqual(told.lessons.map((one: Json) => [one.access.mode, one.access.reason]), [['closed', 'not_owned'], ['full', 'free_lesson'], ['trial', 'trial']])
  assert.equal((await shop.app.ask(`GET /lessons/${shop.course.lesson}`)).body.access.reason, 'not_signed_in')
  assert.equal(codeOf(await shop.app.ask(`GET /courses/${shop.course.id}/access`)), 'sign_in.needed')
  assert.equal(codeOf(await shop.app.ask(`GET /courses/${newId('crs')}/access`, undefined, { token: who.token })), 'thing.not_found')
})

test('what was bought, given or free says so, with its order', async () => {
  const [buyer, guest, taker] = [await shop.buyer(), await shop.buyer(), await shop.buyer()]
  const order = await shop.place(buyer, shop.course)
  await shop.cashier(await shop.begin(buyer, order))
  await shop.becomes(buyer, order, 'paid')
  await give(guest, null)
  const free = await publishCourse(shop.app, shop.desk, 0)
  const taken = await shop.place(taker, free)
  assert.deepEqual(new Set(await reasons(buyer)), new Set(['bought']))
  assert.deepEqual(new Set(await reasons(guest)), new Set(['granted']))
  assert.deepEqual([(await explain(taker, free)).lessons[0].access.reason, (await explain(taker, free)).entitlements[0].order], ['free_course', taken.id])
  assert.equal((await explain(buyer)).entitlements[0].order, order.id)
  const { items } = await shop.desk(`GET /console/members/${await idOf(buyer)}/entitlements`)
  assert.deepEqual(items.map((one: Json) => [one.title, one.reason, one.live]), [['把日子记下来', 'bought', true]])
})

test('the longest right counts; when one ends another goes on; when all have ended it says so', async () => {
  const who = await shop.buyer()
  await give(who, later(0.8))
  const middle = later(3600)
  await give(who, middle)
  assert.equal((await explain(who)).lessons[0].access.until, middle)
  const endless = await give(who, null)
  assert.equal((await explain(who)).lessons[0].access.until, null)
  await shop.desk(`POST /console/entitlements/${endless.id}/revocations`, { why: '试一试' })
  assert.deepEqual([(await explain(who)).open, (await explain(who)).lessons[0].access.until], [true, middle])
  const short = await shop.buyer()
  await give(short, later(0.5))
  await new Promise((resolve) => setTimeout(resolve, 700))
  assert.deepEqual(await reasons(short), ['ended', 'free_lesson', 'trial'])
})

test('after a refund it was taken back, and the reason is told', async () => {
  const who = await shop.buyer()
  const order = await shop.place(who, shop.course)
  await shop.cashier(await shop.begin(who, order))
  await shop.becomes(who, order, 'paid')
  await shop.desk(`POST /console/orders/${order.id}/refunds`, { reason: '学员申请', requestKey: 'refund-of-access' })
  const told = await explain(who)
  assert.deepEqual([told.open, told.entitlements[0].live, told.lessons.map((one: Json) => one.access.reason)], [false, false, ['revoked', 'free_lesson', 'trial']])
  assert.ok(told.entitlements[0].revokedWhy)
})

test('off the shelf the course stays with its owners and is gone for the rest', async () => {
  const course = await publishCourse(shop.app, shop.desk, 2100)
  const [owner, other] = [await shop.buyer(), await shop.buyer()]
  await give(owner, null, course)
  await shop.desk(`POST /console/courses/${course.id}/archivings`)
  assert.equal((await explain(owner, course)).lessons[0].access.mode, 'full')
  assert.equal((await explain(other, course)).lessons[0].access.reason, 'not_published')
  assert.equal((await shop.asBuyer(owner, `GET /lessons/${course.lesson}`)).access.reason, 'granted')
  assert.equal((await shop.app.ask(`GET /lessons/${course.lesson}`, undefined, { token: other.token })).status, 404)
})

test('an article is whole for owners, cut for who tries it, and absent for who may not', async () => {
  const [owner, other] = [await shop.buyer(), await shop.buyer()]
  await give(owner, null)
  const article = async (who: Buyer, lesson: string) => (await shop.asBuyer(who, `GET /lessons/${lesson}`)).articleHtml
  assert.equal(await article(owner, shop.course.lesson), '<p>第一段</p><p>第二段</p>')
  assert.equal(await article(other, shop.course.lesson), null)
  assert.equal(await article(other, freeLesson), '<p>字</p>')
  await shop.write(trialLesson, { articleHtml: '<p>一</p><p>二</p><p>三</p><p>四</p><p>五</p>' })
  assert.equal(await article(other, trialLesson), '<p>一</p>')
})
