// A visitor's course page is kept in memory, and never shows what is no longer so.
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { openApp, type App } from '#server/app.ts'
import { readConfig } from '#server/config.ts'
import { openShop, termsOf, type Shop } from '#server/test/shop.ts'

let shop: Shop
let other: App
let folder: string
before(async () => {
  shop = await openShop()
  folder = await mkdtemp(join(tmpdir(), 'shuyuan-kept-'))
  other = await openApp(readConfig({ ...shop.app.tenant.env, DATABASE_URL: shop.app.databaseUrl, DATABASE_POOL: '2', DATA_DIR: folder, SECRET: 'a secret that only tests know, 32+ chars', LOG_LEVEL: 'fatal' }))
})
after(async () => {
  await other.close()
  await shop.stop()
  await rm(folder, { recursive: true, force: true })
})

const here = async (client?: string) => (await shop.app.ask(`GET /courses/${shop.course.id}`, undefined, client ? { client } : {})).body
const elsewhere = async () => (await other.http.inject({ url: `/api/courses/${shop.course.id}` })).json()
const setPrice = (price: number) => shop.desk(`PUT /console/offers/${shop.course.offer}`, termsOf(shop.course.id, price))

test('a new price is seen at once here, and within a second by another process', async () => {
  for (const price of [9900, 8800, 7700]) {
    await setPrice(price)
    assert.equal((await here()).card.price, price)
    assert.equal((await here()).action.price, price)
    for (const end = Date.now() + 1000; (await elsewhere()).card.price !== price; ) assert.ok(Date.now() < end, `${price} is not seen elsewhere`)
  }
})

test('a new title and a new lesson are seen at once', async () => {
  const { version, chapters } = await shop.desk(`GET /console/courses/${shop.course.id}`)
  await shop.desk(`PATCH /console/courses/${shop.course.id}`, { version, title: '把日子写下来' })
  assert.equal((await here()).card.title, '把日子写下来')
  const { chapters: [changed] } = await shop.desk(`POST /console/chapters/${chapters[0].id}/lessons`, { title: '第二讲', kind: 'article' })
  assert.equal((await here()).card.lessons, 1, 'there is nothing in it yet')
  const { id, version: first } = changed.lessons[1]
  await shop.desk(`PATCH /console/lessons/${id}`, { version: first, articleHtml: '<p>第二讲</p>' })
  assert.equal((await here()).card.lessons, 2)
})

test('a kept page has the type and the shape of any other', async () => {
  const [first, second] = [await shop.app.ask(`GET /courses/${shop.course.id}`), await shop.app.ask(`GET /courses/${shop.course.id}`)]
  assert.equal(second.text, first.text)
  assert.equal(second.headers.get('content-type'), 'application/json; charset=utf-8')
  assert.equal(second.headers.get('cache-control'), 'no-store')
  assert.equal(Number(second.headers.get('content-length')), Buffer.byteLength(second.text))
})

test('where nothing may be sold, the page kept for others is not shown', async () => {
  assert.equal((await here('h5/android/device-test')).action.kind, 'buy')
  const iosInWechat = await here('wechat/ios/device-test')
  assert.deepEqual(iosInWechat.action, { kind: 'closed', price: null, lesson: null })
  assert.equal(iosInWechat.card.price, null)
})

test('a member sees the page as theirs, and a course taken from the shelf is gone', async () => {
  const buyer = await shop.buyer()
  const free = await shop.desk(`POST /console/members/${await memberOf(buyer)}/entitlements`, { course: shop.course.id, until: null, note: '赠送' })
  assert.ok(free.id)
  assert.equal((await shop.asBuyer(buyer, `GET /courses/${shop.course.id}`)).card.owned, true)
  assert.equal((await here()).card.owned, false)
  await shop.desk(`POST /console/courses/${shop.course.id}/archivings`)
  assert.equal((await shop.app.ask(`GET /courses/${shop.course.id}`)).status, 404)
})

async function memberOf(buyer: { token: string }): Promise<string> {
  return (await shop.app.ask('GET /me', undefined, { token: buyer.token })).body.id
}
