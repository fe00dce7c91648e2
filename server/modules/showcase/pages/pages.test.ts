// The first pages over HTTP: home, the list with its search, and a course page from a shared link, each as its visitor may see it.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from '#kernel/db.ts'
import { firstScreen } from '#modules/showcase/firstscreens/actions.ts'
import type { Json } from '#server/test/sandbox.ts'
import { codeOf } from '#server/test/server.ts'
import { openShop, publishCourse, termsOf, type Buyer, type Course, type Shop } from '#server/test/shop.ts'

let shop: Shop
let cheap: Course
let free: Course
let tree: { parent: string; child: string }
before(async () => {
  shop = await openShop()
  cheap = await publishCourse(shop.app, shop.desk, 4900)
  free = await publishCourse(shop.app, shop.desk, 0)
  const parent = (await shop.desk('POST /console/categories', { name: '自然', parent: null })).id
  tree = { parent, child: (await shop.desk('POST /console/categories', { name: '星空', parent })).id }
  await change(shop.course.id, { title: '夜空识星', slug: 'night-sky', outcomes: ['认出北斗'], category: tree.parent })
  await change(cheap.id, { title: '识字 100%', promise: '慢慢来', category: tree.child })
  await change(free.id, { title: '写字', related: [cheap.id] })
})
after(() => shop.stop())

async function change(id: string, fields: object): Promise<void> {
  const { version } = await shop.desk(`GET /console/courses/${id}`)
  await shop.desk(`PATCH /console/courses/${id}`, { version, ...fields })
}

const search = async (query: Record<string, string>, client?: string): Promise<Json> => (await shop.app.ask(`GET /courses?${new URLSearchParams(query)}`, undefined, client ? { client } : {})).body
const found = async (query: Record<string, string>): Promise<string[]> => (await search(query)).items.map((card: Json) => card.id)
const sameSet = (seen: string[], wanted: string[]) => assert.deepEqual(seen.toSorted(), wanted.toSorted())

async function owner(course: Course): Promise<Buyer> {
  const who = await shop.buyer()
  const { id } = await shop.asBuyer(who, 'GET /me')
  await shop.desk(`POST /console/members/${id}/entitlements`, { course: course.id, until: null, note: '测试' })
  return who
}

test('a search looks at titles, promises, outcomes, lecturers and addresses, and takes no sign for a joker', async () => {
  sameSet(await found({ q: '识' }), [shop.course.id, cheap.id])
  for (const q of ['北斗', 'night-sky', ' 夜空 ']) sameSet(await found({ q }), [shop.course.id])
  sameSet(await found({ q: '慢慢来' }), [cheap.id])
  sameSet(await found({ q: '沈一白' }), [shop.course.id, cheap.id, free.id])
  sameSet(await found({ q: '100%' }), [cheap.id])
  for (const q of ['%', '_', '没有这样的课']) assert.deepEqual((await found({ q })).filter((id) => id !== cheap.id), [])
})

test('category, kind and price narrow; a category holds what is below it', async () => {
  sameSet(await found({ category: tree.parent }), [shop.course.id, cheap.id])
  sameSet(await found({ category: tree.child }), [cheap.id])
  sameSet(await found({ price: 'free' }), [free.id])
  sameSet(await found({ price: 'paid' }), [shop.course.id, cheap.id])
  assert.deepEqual(await found({ kind: 'video' }), [])
})

test('the list is sorted as asked, also together with words', async () => {
  assert.deepEqual(await found({ sort: 'price_up' }), [free.id, cheap.id, shop.course.id])
  assert.deepEqual(await found({ sort: 'price_down' }), [shop.course.id, cheap.id, free.id])
  assert.deepEqual(await found({ sort: 'newest' }), [free.id, cheap.id, shop.course.id])
  assert.deepEqual(await found({ q: '沈一白', sort: 'newest' }), [free.id, cheap.id, shop.course.id])
  assert.deepEqual(await found({ q: '夜空识字', sort: 'newest' }), [])
  assert.deepEqual(await found({ q: '识', sort: 'newest' }), [cheap.id, shop.course.id])
  await owner(cheap)
  assert.equal((await found({ sort: 'popular' }))[0], cheap.id)
})

test('pages of the list hold each course once', async () => {
  const first = await search({ limit: '2' })
  const second = await search({ limit: '2', cursor: first.next })
  assert.equal(second.next, null)
  sameSet([...first.items, ...second.items].map((card: Json) => card.id), [shop.course.id, cheap.id, free.id])
  assert.equal(codeOf(await shop.app.ask('GET /courses?cursor=x')), 'request.invalid')
})

test('what is not among the newest is found, sorted and shelved all the same', async () => {
  const { pool } = shop.app.app.ctx
  await pool.query(sql`insert into courses (id, slug, title, kind, state, published_at, updated_at) select 'crs_many' || n, 'many-' || n, '很多', 'video', 'published', now() + n * interval '1 s', now() from generate_series(1, 230) n`)
  assert.deepEqual(await found({ price: 'free' }), [free.id])
  assert.deepEqual(await found({ sort: 'price_down', limit: '2' }), [shop.course.id, cheap.id])
  assert.equal((await found({ sort: 'popular', limit: '1' }))[0], cheap.id)
  assert.deepEqual(await found({ kind: 'article', sort: 'newest' }), [free.id, cheap.id, shop.course.id])
  const all: string[] = []
  for (let cursor: string | null = '0'; cursor !== null;) {
    const page: Json = await search({ sort: 'newest', limit: '50', cursor })
    all.push(...page.items.map((card: Json) => card.id))
    cursor = page.next
  }
  assert.deepEqual([all.length, new Set(all).size, all.at(-1)], [233, 233, shop.course.id])
  const { shelves } = (await shop.app.ask('GET /home')).body
  assert.deepEqual(shelves.filter((shelf: Json) => shelf.key === 'category').map((shelf: Json) => [shelf.category, shelf.courses.map((card: Json) => card.id)]), [[tree.parent, [cheap.id, shop.course.id]]])
  await pool.query(sql`delete from courses where title = '很多'`)
})

test('home begins with what was begun, and has it no longer once it is done', async () => {
  const who = await owner(shop.course)
  assert.equal((await shop.asBuyer(who, 'GET /home')).continueLearning, null)
  const tell = (end: number) => shop.app.ask(`PUT /lessons/${shop.course.lesson}/progress`, { ranges: [[0, end]], positionSeconds: end, at: new Date().toISOString() }, { token: who.token })
  await tell(3000)
  const home = await shop.asBuyer(who, 'GET /home')
  assert.deepEqual([home.continueLearning.course, home.continueLearning.basisPoints], [shop.course.id, 3000])
  assert.deepEqual((await shop.asBuyer(who, `GET /courses/${shop.course.id}`)).action, { kind: 'continue', lesson: shop.course.lesson, number: 1 })
  await tell(10_000)
  assert.equal((await shop.asBuyer(who, 'GET /home')).continueLearning, null)
  assert.equal((await shop.app.ask('GET /home')).body.continueLearning, null)
})

test('home has the newest first, and no shelf for what is not on it', async () => {
  const { shelves } = (await shop.app.ask('GET /home')).body
  assert.deepEqual(shelves[0].courses.map((card: Json) => card.id), [free.id, cheap.id, shop.course.id])
  assert.deepEqual(shelves.find((shelf: Json) => shelf.key === 'free').courses.map((card: Json) => card.id), [free.id])
  await shop.desk(`POST /console/courses/${free.id}/archivings`)
  const after = (await shop.app.ask('GET /home')).body.shelves
  assert.ok(!JSON.stringify(after).includes(free.id))
  assert.equal(after.find((shelf: Json) => shelf.key === 'free'), undefined)
  await shop.desk(`DELETE /console/courses/${free.id}/publications`)
  await shop.desk(`POST /console/courses/${free.id}/publications`, { at: null })
})

test('home lets anybody taste the first free lesson of each course, but not of one that is had', async () => {
  const tasters = async (who?: Buyer) => (await shop.app.ask('GET /home', undefined, who ? { token: who.token } : {})).body.tasters.map((one: Json) => [one.lesson, one.course])
  assert.deepEqual(await tasters(), [])
  await shop.write(cheap.lesson, { free: true })
  const { title } = (await shop.app.ask(`GET /courses/${cheap.id}`)).body.card
  assert.deepEqual([await tasters(), await tasters(await owner(cheap))], [[[cheap.lesson, title]], []])
  await shop.write(cheap.lesson, { free: false })
})

test('a course page does the one thing that its visitor can do', async () => {
  const action = async (course: Course, client?: string) => (await shop.app.ask(`GET /courses/${course.id}`, undefined, client ? { client } : {})).body.action
  assert.deepEqual(await action(shop.course), { kind: 'buy', offer: shop.course.offer, price: 9900, accessDays: null })
  assert.deepEqual(await action(free), { kind: 'get_free', offer: free.offer })
  assert.deepEqual(await action(shop.course, 'wechat/ios/device-0001'), { kind: 'closed', price: null, lesson: null })
  assert.deepEqual(await action(free, 'wechat/ios/device-0001'), { kind: 'get_free', offer: free.offer })
  const cards = (await search({}, 'wechat/ios/device-0001')).items
  assert.deepEqual(new Set(cards.map((card: Json) => card.price)), new Set([null, 0]), 'where nothing may be sold, no price is named')
  const page = await shop.asBuyer(await owner(shop.course), `GET /courses/${shop.course.id}`)
  assert.deepEqual([page.action.kind, page.card.owned], ['begin', true])
  await shop.desk(`PUT /console/offers/${cheap.offer}`, { ...termsOf(cheap.id, 4900), onSale: false })
  assert.deepEqual(await action(cheap), { kind: 'closed', price: null, lesson: null })
})

test('a lesson that is added to a published course is seen once there is something in it, and lowers nobody’s progress before', async () => {
  const who = await owner(cheap)
  await shop.asBuyer(who, `PUT /lessons/${cheap.lesson}/progress`, { ranges: [[0, 10_000]], positionSeconds: 10_000, at: new Date().toISOString() })
  const seen = async (): Promise<Json> => (await shop.asBuyer(who, `GET /courses/${cheap.id}`))
  const lessonsIn = (page: Json) => page.outline.flatMap((chapter: Json) => chapter.lessons)
  const share = async (): Promise<number> => (await shop.asBuyer(who, `GET /courses/${cheap.id}/progress`)).course.basisPoints
  assert.deepEqual([lessonsIn(await seen()).length, await share()], [1, 10_000])
  const { chapters } = await shop.desk(`GET /console/courses/${cheap.id}`)
  const changed = await shop.desk(`POST /console/chapters/${chapters[0].id}/lessons`, { title: '还没写完', kind: 'article' })
  const fresh = changed.chapters[0].lessons[1]
  assert.deepEqual([lessonsIn(await seen()).length, await share()], [1, 10_000])
  await shop.write(fresh.id, { articleHtml: '<p>写完了</p>' })
  assert.deepEqual([lessonsIn(await seen()).map((lesson: Json) => lesson.title), await share()], [['记给谁看', '还没写完'], 5000])
})

test('a shared link opens by address or id, without sign-in; an unknown one says so', async () => {
  const bySlug = (await shop.app.ask('GET /courses/night-sky')).body
  assert.deepEqual([bySlug.card.id, bySlug.outline[0].lessons[0].access.reason], [shop.course.id, 'not_signed_in'])
  for (const unknown of ['nowhere', 'crs_0000000000000000000000000']) assert.equal(codeOf(await shop.app.ask(`GET /courses/${unknown}`)), 'thing.not_found')
})

test('the first screen of a link says what the course says; of a course that is not there it says nothing', async () => {
  const built = '<html><head><title>书院</title></head><body><div id="app"></div></body></html>'
  const screen = (slug: string | undefined) => firstScreen(shop.app.app.ctx, built, slug)
  const shown = await screen('night-sky')
  assert.match(shown, /<title>夜空识星<\/title>/)
  const { route, reply } = JSON.parse(/id="first-answer">(.*?)<\/script>/.exec(shown)?.[1] ?? '')
  assert.deepEqual([route, reply], ['GET /courses/night-sky', (await shop.app.ask('GET /courses/night-sky', undefined, { client: 'h5/other/server-0' })).body])
  assert.match(await screen(undefined), /<h1[^>]*>测试书院<\/h1>/)
  await shop.desk(`POST /console/courses/${shop.course.id}/archivings`)
  for (const slug of ['night-sky', 'nowhere']) assert.equal(await screen(slug), built)
})
