// What a rail paid to the bank is booked from the statement: once a reference, never more than the rail holds.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { codeOf } from '#server/test/server.ts'
import type { Json } from '#server/test/sandbox.ts'
import { openShop, type Shop } from '#server/test/shop.ts'
import { cents } from '#contracts/words/money.ts'
import { inTransaction } from '#kernel/ctx.ts'
import { post, saleEntry } from './actions.ts'

let shop: Shop
before(async () => {
  shop = await openShop()
  await inTransaction(shop.app.app.ctx, (ctx) => post(ctx, saleEntry('wechat_virtual', 'pay_of_a_test', cents(10_000)), null))
  await inTransaction(shop.app.app.ctx, (ctx) => post(ctx, saleEntry('alipay', 'pay_of_another', cents(500)), null))
})
after(() => shop.stop())

const book = (more: object = {}) => shop.app.ask('POST /console/ledger/arrivals', { rail: 'wechat_virtual', amount: 1000, reference: 'BANK-1', ...more }, { cookie: shop.owner })
const held = async (account: string): Promise<number> => (await shop.desk('GET /console/ledger/accounts')).items.find((one: Json) => one.account === account).balance

test('what came leaves the rail, however often the same reference is booked at once', async () => {
  const answers = await Promise.all(Array.from({ length: 8 }, () => book()))
  assert.deepEqual(answers.filter((answer) => answer.status === 200).map((answer) => answer.body.held), [9000])
  assert.deepEqual([...new Set(answers.filter((answer) => answer.status !== 200).map(codeOf))], ['arrival.known'])
  assert.deepEqual([await held('asset:wechat_virtual'), await held('asset:bank')], [9000, 1000])
  assert.equal((await shop.desk('GET /console/audit?q=ledger.arrival_booked')).items.length, 1)
  await shop.isBalanced()
})

test('twelve references at once never book more than the rail holds', async () => {
  const answers = await Promise.all(Array.from({ length: 12 }, (_, at) => book({ amount: 2000, reference: `MANY-${at}` })))
  assert.equal(answers.filter((answer) => answer.status === 200).length, 4)
  assert.deepEqual([...new Set(answers.filter((answer) => answer.status !== 200).map(codeOf))], ['arrival.more_than_held'])
  assert.equal(await held('asset:wechat_virtual'), 1000)
})

test('a rail whose bills tell what it paid is not booked by hand; only who keeps the books may book', async () => {
  assert.equal((await book({ rail: 'alipay', amount: 400, reference: 'A-1' })).body.held, 100)
  assert.equal(codeOf(await book({ rail: 'wechat_pay' })), 'request.invalid')
  await shop.desk('POST /console/staff', { name: '客服', email: 'support@example.com', role: 'support', password: 'a long enough password' })
  const answer = await shop.app.ask('POST /console/sessions', { email: 'support@example.com', password: 'a long enough password' })
  const cookie = (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
  assert.equal(codeOf(await shop.app.ask('POST /console/ledger/arrivals', { rail: 'alipay', amount: 1, reference: 'A-2' }, { cookie })), 'staff.not_permitted')
})
