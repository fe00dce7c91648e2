// Redeem codes over HTTP: made in batches, exported, redeemed once whoever tries at once, and stopped by their end.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Json } from '#server/test/sandbox.ts'
import { codeOf } from '#server/test/server.ts'
import { openShop, publishCourse, termsOf, type Buyer, type Course, type Shop } from '#server/test/shop.ts'
import { codeFrom, printCode, readCode } from './rules.ts'

let shop: Shop
let other: Course
before(async () => {
  shop = await openShop()
  other = await publishCourse(shop.app, shop.desk, 19_900)
})
after(() => shop.stop())

const make = (count: number, more: object = {}): Promise<Json> => shop.desk('POST /console/code-batches', { title: '读书会赠课', offer: shop.course.offer, count, expiresAt: null, ...more })
const codesOf = async (batch: Json): Promise<string[]> => [...(await shop.app.ask(`GET /console/code-batches/${batch.id}/exports`, undefined, { cookie: shop.owner })).text.matchAll(/^"([0-9A-Z-]{19})"/gm)].map((found) => found[1] ?? '')
const redeem = (who: Buyer, code: string) => shop.app.ask('POST /redemptions', { code }, { token: who.token })
const batchNow = async (batch: Json): Promise<Json> => (await shop.desk('GET /console/code-batches')).items.find((one: Json) => one.id === batch.id)

test('a batch is exported whole, every code its own, and each opens the course with where it came from', async () => {
  const batch = await make(500)
  const codes = await codesOf(batch)
  assert.deepEqual([codes.length, new Set(codes).size, batch.gives, batch.redeemed], [500, 500, '把日子记下来', 0])
  const who = await shop.buyer()
  const typed = (codes[0] ?? '').toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l')
  const answer = await redeem(who, typed)
  assert.deepEqual([answer.status, answer.body.courses], [200, [{ id: shop.course.id, title: '把日子记下来' }]])
  const told = await shop.asBuyer(who, `GET /courses/${shop.course.id}/access`)
  assert.deepEqual([told.open, told.entitlements[0].reason, told.entitlements[0].note, told.lessons[0].access.reason], [true, 'redeemed', '读书会赠课', 'redeemed'])
  assert.equal((await batchNow(batch)).redeemed, 1)
  assert.deepEqual([codeOf(await redeem(who, codes[1] ?? '')), (await batchNow(batch)).redeemed], ['offer.already_owned', 1])
  assert.ok((await shop.desk('GET /console/audit?limit=20')).items.some((entry: Json) => entry.action === 'codes.exported'))
})

test('forty people with one code at once: one has it; one person forty times at once has it once', async () => {
  const [shared, own] = await codesOf(await make(2, { offer: other.offer }))
  const people = await Promise.all(Array.from({ length: 40 }, () => shop.buyer()))
  const answers = await Promise.all(people.map((who) => redeem(who, shared ?? '')))
  assert.equal(answers.filter((answer) => answer.status === 200).length, 1)
  assert.deepEqual([...new Set(answers.filter((answer) => answer.status !== 200).map(codeOf))], ['code.used'])
  const opened = await Promise.all(people.map((who) => shop.opens(who, other)))
  assert.equal(opened.filter((isOpen) => isOpen).length, 1)
  const loner = people[opened.indexOf(false)] as Buyer
  const again = await Promise.all(Array.from({ length: 15 }, () => redeem(loner, own ?? '')))
  assert.deepEqual([...new Set(again.map((answer) => answer.status))], [200])
  assert.equal((await shop.asBuyer(loner, `GET /courses/${other.id}/access`)).entitlements.length, 1)
})

test('a code that nobody made, and one past its end, are refused; moving the end lets it be used', async () => {
  const who = await shop.buyer()
  const batch = await make(1, { expiresAt: new Date(Date.now() - 1000).toISOString() })
  const [code = ''] = await codesOf(batch)
  assert.deepEqual([codeOf(await redeem(who, code)), codeOf(await redeem(who, 'AAAA-AAAA-AAAA-AAAA'))], ['code.expired', 'code.unknown'])
  assert.equal((await batchNow(batch)).redeemed, 0)
  await shop.desk(`PUT /console/code-batches/${batch.id}`, { expiresAt: null })
  assert.equal((await redeem(who, code)).status, 200)
})

test('a code may give a time of a plan, and an operator may take back what a code gave', async () => {
  const plan = await shop.desk('POST /console/plans', { title: '书友', about: '', rank: 1, unlocksAll: true, courses: [], discountBasisPoints: null, remindDays: 7 })
  const month = await shop.desk('POST /console/offers', { kind: 'plan', ...termsOf('', 3000), title: '月卡', plan: plan.id, period: 'month', onSale: false })
  const [code = ''] = await codesOf(await make(1, { offer: month.id }))
  const who = await shop.buyer()
  const answer = await redeem(who, code)
  assert.deepEqual([answer.body.plan, answer.body.title], [plan.id, '书友 · 月卡'])
  assert.deepEqual([await shop.opens(who, shop.course), await shop.opens(who, other)], [true, true])
  const { id } = await shop.asBuyer(who, 'GET /me')
  const [right] = (await shop.desk(`GET /console/members/${id}/entitlements`)).items
  await shop.desk(`POST /console/entitlements/${right.id}/revocations`, { why: '发错了' })
  assert.equal(await shop.opens(who, shop.course), false)
})

test('what is printed is read again, however it is typed', () => {
  const code = codeFrom(new Uint8Array([0, 1, 18, 20, 31, 255, 32, 64, 9, 8, 7, 6, 5, 4, 3, 2]))
  assert.match(code, /^[0-9A-HJKMNP-TV-Z]{16}$/)
  assert.equal(readCode(` ${printCode(code).toLowerCase().replaceAll('0', 'O').replaceAll('1', 'i')} `), code)
})
