// What a lecturer may do with courses over HTTP: those of their own and no others, with the files that they sent.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from '#kernel/db.ts'
import { newId } from '#kernel/ids.ts'
import { lecturerOf } from '#server/test/lecturers.ts'
import type { Json } from '#server/test/sandbox.ts'
import { codeOf, type Answer } from '#server/test/server.ts'
import { openShop, publishCourse, type Shop } from '#server/test/shop.ts'

let shop: Shop
before(async () => {
  shop = await openShop()
})
after(() => shop.stop())

const ask = (route: string, body?: unknown): Promise<Answer> => shop.app.ask(route, body, { cookie: shop.owner })
const show = (id: string): Promise<Json> => shop.desk(`GET /console/courses/${id}`)

test('a lecturer writes lessons, but takes none away from what is on the shelf', async () => {
  const course = await publishCourse(shop.app, shop.desk, 4500)
  const { staff, setAccount, asLecturer } = await lecturerOf(shop, course)
  assert.equal((await setAccount(staff)).staff, staff)
  const remove = () => asLecturer(`DELETE /console/lessons/${course.lesson}`)
  assert.equal(codeOf(await remove()), 'staff.not_permitted')
  await shop.desk(`DELETE /console/courses/${course.id}/publications`)
  assert.equal((await remove()).status, 200)
})

test('a lecturer sees and writes the courses of their own and no others, from the hour their account is theirs to the hour it is not', async () => {
  const [own, other] = [await publishCourse(shop.app, shop.desk, 4600), await publishCourse(shop.app, shop.desk, 4700)]
  const { lecturer, staff, setAccount, asLecturer } = await lecturerOf(shop, own)
  const listed = async (): Promise<string[]> => (await asLecturer('GET /console/courses?limit=100')).body.items.map((one: Json) => one.id)
  const isClosed = async (course: { id: string; lesson: string }) => {
    const { version, chapters: [chapter] } = await show(course.id)
    const [lesson] = chapter.lessons
    const refused: [string, unknown?][] = [
      [`GET /console/courses/${course.id}`], [`PATCH /console/courses/${course.id}`, { version, title: '改' }], [`PATCH /console/courses/${course.id}`, { version, lecturer }], [`POST /console/courses/${course.id}/chapters`, { title: '二' }],
      [`PATCH /console/chapters/${chapter.id}`, { title: '改' }], [`DELETE /console/chapters/${chapter.id}`], [`POST /console/chapters/${chapter.id}/lessons`, { title: '二', kind: 'article' }],
      [`PATCH /console/lessons/${lesson.id}`, { version: lesson.version, title: '改' }], [`DELETE /console/lessons/${lesson.id}`], [`PUT /console/lessons/${lesson.id}/subtitles`, { language: 'en', asset: null }],
      [`PUT /console/courses/${course.id}/order`, { chapters: [{ chapter: chapter.id, lessons: [lesson.id] }] }],
    ]
    for (const [route, body] of refused) assert.equal(codeOf(await asLecturer(route, body)), 'staff.not_permitted', route)
    assert.deepEqual(await show(course.id).then((now) => [now.version, now.title]), [version, '把日子记下来'])
  }
  await isClosed(own)
  assert.deepEqual(await listed(), [])
  assert.equal(codeOf(await asLecturer('POST /console/courses', { title: '还没有名字的人', kind: 'article' })), 'staff.not_permitted')

  await setAccount(staff)
  await isClosed(other)
  assert.deepEqual(await listed(), [own.id])
  const { version } = (await asLecturer(`GET /console/courses/${own.id}`)).body
  const changed = await asLecturer(`PATCH /console/courses/${own.id}`, { version, promise: '十二讲' })
  assert.deepEqual([changed.status, changed.body.promise], [200, '十二讲'])
  const { lecturer: another } = await show(other.id)
  for (const to of [another, null]) assert.equal(codeOf(await asLecturer(`PATCH /console/courses/${own.id}`, { version: changed.body.version, lecturer: to })), 'staff.not_permitted', 'it stays theirs')
  const begun = await asLecturer('POST /console/courses', { title: '自己的新课', kind: 'article' })
  assert.deepEqual([begun.status, begun.body.lecturer], [200, lecturer])
  assert.deepEqual((await listed()).toSorted(), [own.id, begun.body.id].toSorted())

  await setAccount(null)
  await isClosed(own)
  assert.deepEqual(await listed(), [])
})

test('a lecturer uses the files that they sent and no others; what a course of theirs has from others it keeps', async () => {
  const own = await publishCourse(shop.app, shop.desk, 4900)
  const { staff, setAccount, asLecturer } = await lecturerOf(shop, own)
  await setAccount(staff)
  const send = async (kind: string, by: string | null): Promise<string> => {
    const id = newId('ast')
    await shop.app.app.ctx.db.query(sql`insert into assets (id, kind, name, state, size_bytes, staff_id, created_at) values (${id}, ${kind}, '一份文件', 'ready', 1, ${by}, now())`)
    return id
  }
  const theirs = await Promise.all(['audio', 'image', 'subtitle'].map((kind) => send(kind, staff)))
  const foreign = await Promise.all(['audio', 'image', 'subtitle'].map((kind) => send(kind, null)))
  const listed = (await asLecturer('GET /console/assets?limit=100')).body.items.map((one: Json) => one.id)
  assert.deepEqual(listed.toSorted(), theirs.toSorted())
  assert.ok((await ask('GET /console/assets?limit=100')).body.items.some((one: Json) => foreign.includes(one.id)), 'the owner has them all')
  const { chapters: [chapter] } = await show(own.id)
  const grown = (await asLecturer(`POST /console/chapters/${chapter.id}/lessons`, { title: '听一听', kind: 'audio' })).body
  const { id: lesson } = grown.chapters[0].lessons.at(-1)
  const version = async () => (await show(own.id)).chapters[0].lessons.at(-1).version
  const put = async ([sound, picture, words]: string[]) => [
    await asLecturer(`PATCH /console/lessons/${lesson}`, { version: await version(), asset: sound }),
    await asLecturer(`PATCH /console/courses/${own.id}`, { version: (await show(own.id)).version, coverAsset: picture }),
    await asLecturer(`PUT /console/lessons/${lesson}/subtitles`, { language: 'en', asset: words }),
  ]
  for (const refused of await put(foreign)) assert.equal(codeOf(refused), 'staff.not_permitted')
  for (const done of await put(theirs)) assert.equal(done.status, 200)
  const given = await ask(`PATCH /console/lessons/${lesson}`, { version: await version(), asset: foreign[0] })
  assert.equal(given.status, 200)
  const kept = await asLecturer(`PATCH /console/lessons/${lesson}`, { version: await version(), title: '再听一听', asset: foreign[0] })
  assert.equal(kept.status, 200)
})

test('categories and lecturers, and whose account is whose, are not for a lecturer to say; an editor keeps the shelves, the owner the accounts', async () => {
  const { lecturer, staff, asLecturer } = await lecturerOf(shop, await publishCourse(shop.app, shop.desk, 4800))
  const words = { name: '沈一白', title: '', bio: '', portraitAsset: null }
  const shelving: [string, unknown?][] = [['POST /console/categories', { name: '新', parent: null }], ['POST /console/lecturers', words], [`PUT /console/lecturers/${lecturer}`, words], [`DELETE /console/lecturers/${lecturer}`]]
  const account: [string, unknown?] = [`PUT /console/lecturers/${lecturer}/account`, { staff }]
  for (const [route, body] of [...shelving, account]) assert.equal(codeOf(await asLecturer(route, body)), 'staff.not_permitted', route)
  await shop.desk(`PATCH /console/staff/${staff}`, { role: 'editor' })
  const { email } = (await shop.desk('GET /console/staff')).items.find((one: Json) => one.id === staff)
  const signed = await shop.app.ask('POST /console/sessions', { email, password: 'a long enough password' })
  const asEditor = (route: string, body?: unknown) => shop.app.ask(route, body, { cookie: (signed.headers.get('set-cookie') ?? '').split(';')[0] ?? '' })
  const kept = await asEditor(`PUT /console/lecturers/${lecturer}`, { ...words, title: '主编' })
  assert.deepEqual([kept.status, kept.body.title, kept.body.staff], [200, '主编', null])
  assert.equal(codeOf(await asEditor(...account)), 'staff.not_permitted')
  await shop.desk(...account)
  assert.equal((await asEditor(`PUT /console/lecturers/${lecturer}`, words)).body.staff, staff, 'what is said of them leaves the account alone')
  assert.equal(codeOf(await shop.app.ask(`PUT /console/lecturers/${lecturer}/account`, { staff: newId('stf') }, { cookie: shop.owner })), 'thing.not_found')
})
