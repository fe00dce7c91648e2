// Shelves that still hold something cannot be taken down.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openShop, type Shop } from '#server/test/shop.ts'
import { codeOf, type TestApp } from '#server/test/server.ts'

let shop: Shop
let refused: TestApp['ask']
before(async () => {
  shop = await openShop()
  refused = (route) => shop.app.ask(route, undefined, { cookie: shop.owner })
})
after(() => shop.stop())

test('a category with a course stays, and an empty one goes', async () => {
  const [row] = (await shop.desk('GET /console/courses')).items
  const { items } = await shop.desk('GET /categories')
  const used = items.find((one: { name: string }) => one.name === row.categoryName) ?? assert.fail('the desk does not name the category')
  assert.equal(codeOf(await refused(`DELETE /console/categories/${used.id}`)), 'category.not_empty')
  const empty = await shop.desk('POST /console/categories', { name: '空架', parent: null })
  const child = await shop.desk('POST /console/categories', { name: '空格', parent: empty.id })
  assert.equal(codeOf(await refused(`DELETE /console/categories/${empty.id}`)), 'category.not_empty')
  for (const { id } of [child, empty]) assert.equal((await refused(`DELETE /console/categories/${id}`)).status, 200)
})

test('a lecturer whom a course names stays, another goes', async () => {
  const { items } = await shop.desk('GET /console/lecturers')
  const [row] = (await shop.desk('GET /console/courses')).items
  const teaching = items.find((one: { name: string }) => one.name === row.lecturerName) ?? assert.fail('the desk does not name the lecturer')
  assert.equal(codeOf(await refused(`DELETE /console/lecturers/${teaching.id}`)), 'lecturer.teaches')
  const guest = await shop.desk('POST /console/lecturers', { name: '客座', title: '', bio: '', portraitAsset: null })
  assert.equal((await refused(`DELETE /console/lecturers/${guest.id}`)).status, 200)
  assert.equal(codeOf(await refused(`DELETE /console/lecturers/${guest.id}`)), 'thing.not_found')
})
