// Withdrawing from virtual payment over HTTP: once a key, one at a time, booked when it arrived, and nothing when it failed.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sweepSettlements } from '#modules/trade/settlements/actions.ts'
import { openShop, type Shop } from '#server/test/shop.ts'
import { codeOf, until } from '#server/test/server.ts'
import type { Json } from '#server/test/sandbox.ts'
import { sweepWithdrawals } from './actions.ts'

const phone = 'wechat/android/device-test'
let shop: Shop

before(async () => {
  shop = await openShop({ publishSeconds: 1 })
  await shop.itemIsReady(shop.course)
  const buyer = await shop.buyer()
  const order = await shop.place(buyer, shop.course, phone)
  const { kind: _kind, ...action } = (await shop.asBuyer(buyer, `POST /orders/${order.id}/payments`, { wide: false }, phone)).action
  await shop.sim('POST', '/__client/xpay/pay', { appid: shop.app.tenant.appid, user: buyer.user, system: 'android', ...action })
  await shop.becomes(buyer, order, 'paid')
})
after(() => shop.stop())

let keys = 0
const ask = (amount: number, requestKey = `withdraw-${(keys += 1)}`) => shop.app.ask('POST /console/withdrawals', { amount, requestKey }, { cookie: shop.owner })
const seen = (): Promise<Json> => shop.desk('GET /console/withdrawals')
const booked = async (account: string): Promise<number> => (await shop.desk('GET /console/ledger/accounts')).items.find((one: Json) => one.account === account).balance
const held = async (): Promise<number> => (await shop.sim('GET', `/__sim/ledger?tenant=${shop.app.tenant.appid}`)).balances.merchant
const sweep = () => sweepWithdrawals(shop.app.app.ctx)
const becomes = (id: string, state: string) => until(async () => {
  await sweep()
  return (await seen()).items.find((one: Json) => one.id === id)?.state === state
})

test('what is not settled cannot be withdrawn: WeChat refuses, and nothing is booked', async () => {
  assert.equal((await seen()).available, 0)
  assert.equal(codeOf(await ask(9901)), 'arrival.more_than_held')
  const { body } = await ask(9900)
  await becomes(body.id, 'failed')
  assert.deepEqual([await booked('asset:bank'), await booked('asset:wechat_virtual')], [0, 9900])
})

test('asked for six times at once one withdrawal is sent, also when the answer is lost, and it is booked once when it arrived', async () => {
  await shop.advance(3 * 86_400)
  await until(async () => {
    await sweepSettlements({ ...shop.app.app.ctx, now: () => new Date(Date.now() + 4 * 86_400_000) })
    return (await booked('asset:wechat_virtual')) === 9801
  })
  assert.equal((await seen()).available, 9801)
  await shop.fault('lose_answer', { api: 'create_withdraw_order' })
  const same = await Promise.all([1, 2, 3].map(() => ask(5000, 'the-same-key')))
  assert.equal(new Set(same.map((one) => one.body.id)).size, 1, JSON.stringify(same.map((one) => one.body)))
  const others = await Promise.all([1, 2, 3].map(() => ask(100)))
  assert.deepEqual([...new Set(others.map(codeOf))], ['withdrawal.already_open'])
  const { id } = same[0]?.body ?? {}
  await becomes(id, 'under_way')
  assert.equal(await booked('asset:bank'), 0, 'what is on its way has not arrived')
  await shop.advance(120)
  await Promise.all([sweep(), sweep(), sweep()])
  await becomes(id, 'done')
  assert.deepEqual([await booked('asset:bank'), await booked('asset:wechat_virtual'), await held()], [5000, 4801, 4801])
  assert.equal((await seen()).available, 4801)
  await shop.isBalanced()
})

test('a bank that does not take it leaves the money where it was, with its word, and another may follow', async () => {
  await shop.fault('withdraw_outcome', { api: 'create_withdraw_order', value: '收款账户已销户' })
  const { id } = (await ask(1000)).body
  await becomes(id, 'under_way')
  await shop.advance(120)
  await becomes(id, 'failed')
  assert.equal((await seen()).items.find((one: Json) => one.id === id).problem, '收款账户已销户')
  assert.deepEqual([await booked('asset:bank'), await held()], [5000, 4801])
  assert.equal((await ask(1000)).status, 200)
})
