// Courses over HTTP: their states and the clock, what publishing still needs, two hands on one course, the tree.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from '#kernel/db.ts'
import { newId } from '#kernel/ids.ts'
import type { Json } from '#server/test/sandbox.ts'
import { codeOf, type Answer } from '#server/test/server.ts'
import { openShop, publishCourse, type Shop } from '#server/test/shop.ts'
import { publishDue } from './actions.ts'

let shop: Shop
before(async () => {
  shop = await openShop()
})
after(() => shop.stop())

const ask = (route: string, body?: unknown): Promise<Answer> => shop.app.ask(route, body, { cookie: shop.owner })
const show = (id: string): Promise<Json> => shop.desk(`GET /console/courses/${id}`)
const visible = async (id: string): Promise<number> => (await shop.app.ask(`GET /courses/${id}`)).status
const later = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString()
/** The minute's job, as the clock calls it. */
const minute = (at = new Date()) => publishDue({ ...shop.app.app.ctx, now: () => at })

/** Complete, and back from the shelf. */
async function draft(): Promise<string> {
  const { id } = await publishCourse(shop.app, shop.desk, 100 + Math.floor(Math.random() * 1_000_000))
  await shop.desk(`DELETE /console/courses/${id}/publications`)
  return id
}

test('a draft is seen by nobody, a published course by everybody, an archived one by nobody again', async () => {
  const id = await draft()
  assert.equal(await visible(id), 404)
  const published = await shop.desk(`POST /console/courses/${id}/publications`, { at: null })
  assert.deepEqual([published.state, published.can, await visible(id)], ['published', ['edit', 'unpublish', 'archive'], 200])
  const archived = await shop.desk(`POST /console/courses/${id}/archivings`)
  assert.deepEqual([archived.state, archived.can, await visible(id)], ['archived', ['restore'], 404])
  const restored = await shop.desk(`DELETE /console/courses/${id}/publications`)
  assert.deepEqual([restored.state, restored.publishedAt !== null, restored.can.includes('delete')], ['draft', true, false])
})

test('a scheduled course is published when its hour has come, and only then', async () => {
  const id = await draft()
  const at = later(3600)
  const scheduled = await shop.desk(`POST /console/courses/${id}/publications`, { at })
  assert.deepEqual([scheduled.state, scheduled.publishAt, await visible(id)], ['scheduled', at, 404])
  await minute()
  assert.equal((await show(id)).state, 'scheduled')
  await minute(new Date(Date.parse(at) + 1))
  const { state, publishAt } = await show(id)
  assert.deepEqual([state, publishAt, await visible(id)], ['published', null, 200])
  const { items } = await shop.desk(`GET /console/audit?q=${id}`)
  assert.deepEqual(items.slice(0, 2).map((one: Json) => one.action), ['course.published', 'course.scheduled'])
})

test('a scheduled course can be moved to another hour, taken back, or published at once', async () => {
  const id = await draft()
  await shop.desk(`POST /console/courses/${id}/publications`, { at: later(3600) })
  const other = later(7200)
  assert.equal((await shop.desk(`POST /console/courses/${id}/publications`, { at: other })).publishAt, other)
  const back = await shop.desk(`DELETE /console/courses/${id}/publications`)
  assert.deepEqual([back.state, back.publishAt], ['draft', null])
  await shop.desk(`POST /console/courses/${id}/publications`, { at: other })
  assert.equal((await shop.desk(`POST /console/courses/${id}/publications`, { at: null })).state, 'published')
})

test('an hour that has passed means now', async () => {
  assert.equal((await shop.desk(`POST /console/courses/${await draft()}/publications`, { at: later(-60) })).state, 'published')
})

test('a scheduled course that is no longer complete waits until it is', async () => {
  const id = await draft()
  await shop.desk(`POST /console/courses/${id}/publications`, { at: later(60) })
  const { chapters: [{ lessons: [lesson] }] } = await show(id)
  await shop.write(lesson.id, { articleHtml: '' })
  await minute(new Date(Date.now() + 61_000))
  assert.deepEqual([(await show(id)).state, await visible(id)], ['scheduled', 404])
  await shop.write(lesson.id, { articleHtml: '<p>写完了</p>' })
  await minute(new Date(Date.now() + 61_000))
  assert.equal((await show(id)).state, 'published')
})

test('publishing names everything that is missing', async () => {
  const { id } = await shop.desk('POST /console/courses', { title: '空课', kind: 'mixed' })
  const refused = async () => (await ask(`POST /console/courses/${id}/publications`, { at: null })).body.error
  assert.deepEqual([(await refused()).code, (await refused()).details.missing], ['course.cannot_publish', ['cover', 'lecturer', 'category', 'lessons']])
  const { chapters: [chapter] } = await shop.desk(`POST /console/courses/${id}/chapters`, { title: '一' })
  const { chapters: [{ lessons }] } = await shop.desk(`POST /console/chapters/${chapter.id}/lessons`, { title: '没有片子', kind: 'video' })
  assert.deepEqual((await refused()).details.missing, ['cover', 'lecturer', 'category', `lesson_not_ready:${lessons[0].id}`])
  assert.deepEqual((await show(id)).missing, (await refused()).details.missing)
})

test('each state refuses what it does not allow', async () => {
  const id = await draft()
  assert.equal(codeOf(await ask(`DELETE /console/courses/${id}`)), 'course.state_forbids', 'it was on the shelf once')
  assert.equal(codeOf(await ask(`DELETE /console/courses/${id}/publications`)), 'course.state_forbids')
  await shop.desk(`POST /console/courses/${id}/publications`, { at: null })
  assert.equal(codeOf(await ask(`POST /console/courses/${id}/publications`, { at: null })), 'course.state_forbids')
  await shop.desk(`POST /console/courses/${id}/archivings`)
  const { version, chapters } = await show(id)
  for (const answer of [await ask(`PATCH /console/courses/${id}`, { version, title: '改' }), await ask(`POST /console/courses/${id}/chapters`, { title: '二' }), await ask(`PATCH /console/chapters/${chapters[0].id}`, { title: '改' }), await ask(`POST /console/courses/${id}/publications`, { at: null })]) assert.equal(codeOf(answer), 'course.state_forbids')
})

test('of two who save the same version the second is told, and nothing of theirs is lost in silence', async () => {
  const id = await draft()
  const { version } = await show(id)
  const saves = await Promise.all(['甲', '乙'].map((title) => ask(`PATCH /console/courses/${id}`, { version, title })))
  assert.deepEqual(saves.map((answer) => answer.status).toSorted(), [200, 409])
  const lost = saves.find((answer) => answer.status === 409) ?? assert.fail()
  assert.equal(codeOf(lost), 'thing.changed_meanwhile')
  assert.equal((await show(id)).title, saves.find((answer) => answer.status === 200)?.body.title)
  assert.equal(codeOf(await ask(`PATCH /console/courses/${id}`, { version, title: '丙' })), 'thing.changed_meanwhile')
})

test('of two who write one lesson the second is told, and what the first wrote stays', async () => {
  const id = await draft()
  const lessonNow = async (): Promise<Json> => (await show(id)).chapters[0].lessons[0]
  const { id: lesson, version } = await lessonNow()
  const saves = await Promise.all(['甲', '乙'].map((word) => ask(`PATCH /console/lessons/${lesson}`, { version, articleHtml: `<p>${word}</p>` })))
  assert.deepEqual(saves.map((answer) => answer.status).toSorted(), [200, 409])
  const lost = saves.find((answer) => answer.status === 409) ?? assert.fail()
  assert.deepEqual([codeOf(lost), lost.body.error.details], ['thing.changed_meanwhile', { version: version + 1 }])
  const won = saves.find((answer) => answer.status === 200) ?? assert.fail()
  const kept = await lessonNow()
  assert.deepEqual(kept, won.body.chapters[0].lessons[0])
  assert.equal(kept.version, version + 1)
  assert.equal(codeOf(await ask(`PATCH /console/lessons/${lesson}`, { title: '没有说是哪一版' })), 'request.invalid')
})

test('those who write different lessons of a course at once are both served, and a lesson that is dragged meanwhile is no conflict', async () => {
  const id = await draft()
  const { chapters: [chapter] } = await show(id)
  await shop.desk(`POST /console/chapters/${chapter.id}/lessons`, { title: '第二课', kind: 'article' })
  const { chapters: [{ lessons }] } = await show(id)
  const order = { chapters: [{ chapter: chapter.id, lessons: lessons.map((one: Json) => one.id).toReversed() }] }
  const answers = await Promise.all([...lessons.map((one: Json) => ask(`PATCH /console/lessons/${one.id}`, { version: one.version, summary: one.title })), ask(`PUT /console/courses/${id}/order`, order)])
  assert.deepEqual(answers.map((answer) => answer.status), [200, 200, 200])
  const { chapters: [after] } = await show(id)
  assert.deepEqual(after.lessons.map((one: Json) => [one.id, one.summary]), lessons.map((one: Json) => [one.id, one.title]).toReversed())
})

test('an address belongs to one course, whoever asks first', async () => {
  const [one, two] = await Promise.all([shop.desk('POST /console/courses', { title: '甲', kind: 'article' }), shop.desk('POST /console/courses', { title: '乙', kind: 'article' })])
  const both = await Promise.all([one, two].map(({ id, version }) => ask(`PATCH /console/courses/${id}`, { version, slug: 'night-walk' })))
  assert.deepEqual(both.map((answer) => answer.status).toSorted(), [200, 409])
  assert.equal(codeOf(both.find((answer) => answer.status === 409) ?? assert.fail()), 'course.slug_taken')
  for (const slug of ['Night', 'a_b', '-a', 'a--b', '']) assert.equal(codeOf(await ask(`PATCH /console/courses/${one.id}`, { version: 1, slug })), 'request.invalid', slug)
})

test('dragging keeps every chapter and lesson, in the order dropped', async () => {
  const { id } = await shop.desk('POST /console/courses', { title: '树', kind: 'article' })
  for (const title of ['一', '二', '三']) await shop.desk(`POST /console/courses/${id}/chapters`, { title })
  const chapters: string[] = (await show(id)).chapters.map((one: Json) => one.id)
  for (const chapter of chapters) for (const title of ['甲', '乙']) await shop.desk(`POST /console/chapters/${chapter}/lessons`, { title, kind: 'article' })
  const tree: { chapter: string; lessons: string[] }[] = (await show(id)).chapters.map((one: Json) => ({ chapter: one.id, lessons: one.lessons.map((lesson: Json) => lesson.id) }))
  const [a, b, c] = tree
  assert.ok(a && b && c)
  const wish = [{ chapter: c.chapter, lessons: [...c.lessons.toReversed(), ...a.lessons] }, { chapter: a.chapter, lessons: [] }, b]
  const after = await shop.desk(`PUT /console/courses/${id}/order`, { chapters: wish })
  assert.deepEqual(after.chapters.map((one: Json) => ({ chapter: one.id, lessons: one.lessons.map((lesson: Json) => lesson.id) })), wish)
  for (const wrong of [wish.slice(1), [...wish, { chapter: newId('chp'), lessons: [] }], [wish[0], wish[0], b], [{ ...c, lessons: [] }, wish[1], b]]) {
    assert.equal(codeOf(await ask(`PUT /console/courses/${id}/order`, { chapters: wrong })), 'request.invalid')
  }
  const fresh = await shop.desk(`POST /console/chapters/${a.chapter}/lessons`, { title: '丙', kind: 'article' })
  assert.equal(fresh.chapters[1].lessons.at(-1).title, '丙')
})

test('related courses are shown in their order while they are on the shelf, and a deleted one leaves no trace', async () => {
  const [home, shown, hidden] = [await publishCourse(shop.app, shop.desk, 1200), await publishCourse(shop.app, shop.desk, 1300), await draft()]
  const { id: gone } = await shop.desk('POST /console/courses', { title: '将要删掉', kind: 'article' })
  const related = [hidden, shown.id, gone, shop.course.id]
  const { version } = await show(home.id)
  await shop.desk(`PATCH /console/courses/${home.id}`, { version, related })
  const cards = async () => (await shop.app.ask(`GET /courses/${home.id}`)).body.related.map((card: Json) => card.id)
  assert.deepEqual(await cards(), [shown.id, shop.course.id])
  await shop.desk(`DELETE /console/courses/${gone}`)
  const after = await show(home.id)
  assert.deepEqual(after.related, [hidden, shown.id, shop.course.id])
  assert.equal((await ask(`PATCH /console/courses/${home.id}`, { version: after.version, related: after.related })).status, 200)
  for (const wrong of [[home.id], [newId('crs')], [newId('ast')]]) assert.notEqual((await ask(`PATCH /console/courses/${home.id}`, { version: after.version + 1, related: wrong })).status, 200)
})

test('the desk lists the latest change first and finds by title, lecturer, address and state', async () => {
  const id = await draft()
  await shop.desk(`POST /console/courses/${id}/publications`, { at: null })
  const { id: newer } = await publishCourse(shop.app, shop.desk, 1400)
  const { version } = await show(id)
  await shop.desk(`PATCH /console/courses/${id}`, { version, title: '岸边100%的树', slug: 'trees' })
  const found = async (query: string): Promise<string[]> => (await shop.desk(`GET /console/courses?${query}`)).items.map((one: Json) => one.id)
  const all = await found('state=published&limit=100')
  assert.ok(all.indexOf(id) < all.indexOf(newer))
  for (const q of ['岸边', 'trees', '0%的']) assert.deepEqual(await found(`q=${encodeURIComponent(q)}`), [id], q)
  assert.ok((await found('q=%E6%B2%88%E4%B8%80%E7%99%BD&limit=100')).length > 2)
  for (const state of ['draft', 'archived']) assert.ok(!(await found(`state=${state}&limit=100`)).includes(id))
  const first = await shop.desk('GET /console/courses?limit=2')
  const second = await shop.desk(`GET /console/courses?limit=2&cursor=${first.next}`)
  assert.equal(new Set([...first.items, ...second.items].map((one: Json) => one.id)).size, 4)
})

test('a subtitle of a language is set, replaced and taken away', async () => {
  const { lesson, asset } = await makeSubtitled()
  const path = `PUT /console/lessons/${lesson}/subtitles`
  const labels = (course: Json) => course.chapters[0].lessons[0].subtitles.map((one: Json) => one.language)
  assert.deepEqual(labels(await shop.desk(path, { language: 'zh-Hans', asset })), ['zh-Hans'])
  assert.deepEqual(labels(await shop.desk(path, { language: 'zh-Hans', asset })), ['zh-Hans'])
  assert.deepEqual(labels(await shop.desk(path, { language: 'zh-Hans', asset: null })), [])
  assert.equal(codeOf(await ask(path, { language: 'en', asset: newId('ast') })), 'thing.not_found')
})

async function makeSubtitled(): Promise<{ lesson: string; asset: string }> {
  const { id } = await shop.desk('POST /console/courses', { title: '有字幕', kind: 'video' })
  const { chapters: [chapter] } = await shop.desk(`POST /console/courses/${id}/chapters`, { title: '一' })
  const { chapters: [{ lessons }] } = await shop.desk(`POST /console/chapters/${chapter.id}/lessons`, { title: '甲', kind: 'video' })
  const asset = newId('ast')
  await shop.app.app.ctx.db.query(sql`insert into assets (id, kind, name, state, size_bytes, created_at) values (${asset}, 'subtitle', '字幕', 'ready', 1, now())`)
  return { lesson: lessons[0].id, asset }
}
