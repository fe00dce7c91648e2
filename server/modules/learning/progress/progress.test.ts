// Progress over HTTP: seconds count once whoever reports them, late reports find their place, and a lesson is resumed where it was left.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from '#kernel/db.ts'
import { newId } from '#kernel/ids.ts'
import { codeOf, type Answer } from '#server/test/server.ts'
import { openShop, type Buyer, type Shop } from '#server/test/shop.ts'
import { addSoundLesson } from '#server/test/sound.ts'

let shop: Shop
let lesson: string
let other: string
let free: string
let trial: string
before(async () => {
  shop = await openShop()
  lesson = (await addSoundLesson(shop, shop.course.id, 100)).lesson
  other = (await addSoundLesson(shop, shop.course.id, 20)).lesson
  free = (await addSoundLesson(shop, shop.course.id, 20, { free: true })).lesson
  trial = (await addSoundLesson(shop, shop.course.id, 20, { trial: { seconds: 8, basisPoints: null } })).lesson
})
after(() => shop.stop())

const ago = (seconds: number) => new Date(Date.now() - seconds * 1000).toISOString()
const tell = (who: Buyer, id: string, ranges: [number, number][], positionSeconds: number, at = ago(0)): Promise<Answer> => shop.app.ask(`PUT /lessons/${id}/progress`, { ranges, positionSeconds, at }, { token: who.token })
const learning = (who: Buyer) => shop.asBuyer(who, 'GET /learning')

async function owner(): Promise<Buyer> {
  const who = await shop.buyer()
  const { id } = await shop.asBuyer(who, 'GET /me')
  await shop.desk(`POST /console/members/${id}/entitlements`, { course: shop.course.id, until: null, note: '测试' })
  return who
}

test('the same seconds count once, from several devices, twice or overlapping', async () => {
  const who = await owner()
  assert.equal((await tell(who, lesson, [[0, 10]], 10)).body.watchedSeconds, 10)
  assert.equal((await tell(who, lesson, [[0, 10]], 10)).body.watchedSeconds, 10)
  assert.equal((await tell(who, lesson, [[5, 15], [30, 40], [35, 45]], 45)).body.watchedSeconds, 30)
  const { today, totalSeconds, streakDays } = await learning(who)
  assert.deepEqual([today, totalSeconds, streakDays], [{ seconds: 30, lessons: 1 }, 30, 1])
})

test('reports that arrive in the same instant lose nothing and count nothing twice', async () => {
  const who = await owner()
  const reports = Array.from({ length: 12 }, (_, at) => tell(who, lesson, [[at * 5, at * 5 + 10]], at * 5 + 10))
  assert.deepEqual(new Set((await Promise.all(reports)).map((answer) => answer.status)), new Set([200]))
  const { lessons } = await shop.asBuyer(who, `GET /courses/${shop.course.id}/progress`)
  assert.equal(lessons[0].watchedSeconds, 65)
  assert.equal((await learning(who)).totalSeconds, 65)
})

test('a late report adds its seconds to the day they were played, and does not move the position back', async () => {
  const who = await owner()
  await tell(who, lesson, [[50, 60]], 60, ago(5))
  await tell(who, other, [[0, 4]], 4, ago(3))
  const late = await tell(who, lesson, [[0, 20]], 20, ago(2 * 86_400))
  assert.deepEqual([late.body.watchedSeconds, late.body.positionSeconds], [30, 60])
  const told = await learning(who)
  assert.deepEqual([told.today.seconds, told.totalSeconds], [14, 34])
  assert.equal(told.courses[0].next.lesson, other, 'what was learnt last is what is gone on with')
  const { rows } = await shop.app.app.ctx.db.query<{ seconds: number }>(sql`select seconds from progress_days where seconds = 20 and day < (now() at time zone 'Asia/Shanghai')::date`)
  assert.equal(rows.length, 1)
})

test('a device whose clock runs ahead cannot hold the position for ever', async () => {
  const who = await owner()
  await tell(who, lesson, [[0, 5]], 5, new Date(Date.now() + 86_400_000).toISOString())
  assert.equal((await tell(who, lesson, [[5, 9]], 9, new Date().toISOString())).body.positionSeconds, 9)
})

test('a report beyond the end or backwards is refused and changes nothing', async () => {
  const who = await owner()
  await tell(who, lesson, [[0, 5]], 5)
  for (const ranges of [[[0, 140]], [[10, 10]], [[20, 10]], [[-1, 5]], [[0, 5.5]], [[0, 1, 2]]] as [number, number][][]) {
    const answer = await tell(who, lesson, ranges, 5)
    assert.deepEqual([answer.status, codeOf(answer)], [400, 'request.invalid'], JSON.stringify(ranges))
  }
  const { lessons } = await shop.asBuyer(who, `GET /courses/${shop.course.id}/progress`)
  assert.equal(lessons[0].watchedSeconds, 5)
})

test('the seconds of a whole lesson are never more than it has', async () => {
  const who = await owner()
  const { body } = await tell(who, other, [[0, 21]], 360_000)
  assert.ok(body.watchedSeconds <= 21 && body.positionSeconds <= 21, JSON.stringify(body))
  assert.equal(body.basisPoints, 10_000)
})

test('nine tenths make a lesson done, and done it stays', async () => {
  const who = await owner()
  assert.equal((await tell(who, lesson, [[0, 89]], 89)).body.completed, false)
  assert.equal((await tell(who, lesson, [[89, 91]], 91)).body.completed, true)
  const again = (await tell(who, lesson, [[0, 3]], 3)).body
  assert.deepEqual([again.completed, again.positionSeconds], [true, 3])
  const { course } = await shop.asBuyer(who, `GET /courses/${shop.course.id}/progress`)
  assert.equal(course.lessonsDone, 1)
})

test('another device resumes within five seconds of where this one stopped', async () => {
  const who = await owner()
  await tell(who, lesson, [[0, 42]], 42.4)
  const play = await shop.asBuyer(who, `POST /lessons/${lesson}/plays`, undefined, 'h5/ios/another-device')
  const page = await shop.asBuyer(who, `GET /lessons/${lesson}`, undefined, 'h5/ios/another-device')
  assert.ok(Math.abs(play.positionSeconds - 42.4) < 5 && Math.abs(page.positionSeconds - 42.4) < 5)
})

test('a place that only moved is where another device resumes; nothing is counted as played or used', async () => {
  const who = await owner()
  const moved = (await tell(who, lesson, [], 61.5)).body
  assert.deepEqual([moved.positionSeconds, moved.watchedSeconds, moved.basisPoints], [61.5, 0, 0])
  assert.equal((await shop.asBuyer(who, `POST /lessons/${lesson}/plays`)).positionSeconds, 61.5)
  const usesOf = () => shop.app.app.ctx.db.query(sql`select tenths from usages where lesson_id = ${lesson} and member_id = (select member_id from lesson_progress where position_seconds = 61.5)`)
  assert.equal((await usesOf()).rows.length, 0)
  await tell(who, lesson, [[0, 5]], 61.5)
  assert.equal((await usesOf()).rows.length, 1)
})

test('after the last lesson comes the first that is not done', async () => {
  const who = await owner()
  await tell(who, shop.course.lesson, [[0, 10_000]], 10_000, ago(30))
  await tell(who, other, [[0, 20]], 20, ago(20))
  await tell(who, free, [[0, 20]], 20, ago(10))
  await tell(who, trial, [[0, 20]], 20, ago(1))
  assert.equal((await learning(who)).courses[0].next.lesson, lesson)
})

test('who may only try a lesson reports what the trial shows; who may not, nothing', async () => {
  const who = await shop.buyer()
  const tried = (await tell(who, trial, [[0, 20]], 20)).body
  assert.deepEqual([tried.watchedSeconds, tried.completed], [8, false])
  assert.equal(codeOf(await tell(who, lesson, [[0, 5]], 5)), 'lesson.no_access')
  assert.equal((await tell(who, free, [[0, 5]], 5)).status, 200)
  assert.equal(codeOf(await tell(who, newId('lsn'), [[0, 5]], 5)), 'thing.not_found')
  assert.equal(codeOf(await shop.app.ask(`PUT /lessons/${free}/progress`, { ranges: [], positionSeconds: 0, at: ago(0) })), 'sign_in.needed')
})

test('an article counts the parts of its page, and adds no seconds to the day', async () => {
  const who = await owner()
  const read = (await tell(who, shop.course.lesson, [[0, 9500]], 9500)).body
  assert.deepEqual([read.basisPoints, read.completed], [9500, true])
  assert.equal((await learning(who)).totalSeconds, 0)
})

test('what a member learnt is nobody else’s, and operators see it', async () => {
  const [one, two] = [await owner(), await owner()]
  await tell(one, lesson, [[0, 50]], 50)
  assert.deepEqual((await shop.asBuyer(two, `GET /courses/${shop.course.id}/progress`)).lessons, [])
  const { id } = await shop.asBuyer(one, 'GET /me')
  const { courses } = await shop.desk(`GET /console/members/${id}/progress`)
  assert.deepEqual([courses[0].course, courses[0].next.positionSeconds], [shop.course.id, 50])
  assert.equal((await shop.app.ask(`GET /console/members/${newId('mem')}/progress`, undefined, { cookie: shop.owner })).status, 404)
})
