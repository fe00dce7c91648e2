// A verdict is worth what it finds: each of these worlds was spoilt on purpose, past the product, and must be found out.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { playRound } from './acting.ts'
import { gather, type Cast } from './cast.ts'
import { fill } from './coins.ts'
import type { Round } from './plan.ts'
import { settle } from './settling.ts'
import { judge } from './verdict.ts'
import { openWorld, type World } from './world.ts'

let world: World
let cast: Cast
const dice = [0.01, 0.01, 0.9, 0, 0, 0]
const calm = (...acts: Round['acts']): Round => ({ acts, isTogether: false, fault: undefined, killAfterMs: undefined, lagSeconds: 0, leapSeconds: 0 })
const buying = calm({ who: 0, what: 'buy', road: 'native', dice }, { who: 1, what: 'buy', road: 'native', dice }, { who: 0, what: 'order', road: 'virtual', dice })
const complaining = calm({ who: 1, what: 'complain', road: 'native', dice: [0, 0.9] })

before(async () => {
  world = await openWorld()
  cast = await gather(world, 1, 2)
  for (const round of [buying, complaining]) await playRound(world, cast, round)
  assert.deepEqual(await settle(world, cast), [])
  assert.deepEqual((await judge(world, cast)).filter((one) => !one.startsWith('our books hold')), [], 'an honest world passes; fees wait for their bills')
})
after(() => world.stop())

const orderOf = (at: number): string => cast.people[at]?.orders[0] ?? ''
const finds = async (said: RegExp) => assert.ok((await judge(world, cast)).some((one) => said.test(one)), `${said} was not found: ${JSON.stringify(await judge(world, cast))}`)

/** Spoils the books for the time of one verdict. */
async function spoilt(change: string, undo: string, said: RegExp): Promise<void> {
  const values = change.includes('$1') ? [orderOf(0)] : []
  await world.rows(change, values)
  await finds(said)
  await world.rows(undo, values)
}

test('access without money is found', () => spoilt("update orders set state = 'closed' where id = $1", "update orders set state = 'paid' where id = $1", /is closed, but \d+ rights of it live/))

test('money without access is found', () => spoilt("update entitlements set revoked_at = now() where order_id = $1", 'update entitlements set revoked_at = null where order_id = $1', /opens nothing, and neither a refund nor an upgrade ended it/))

test('money without access is found, whatever word is left on the right, when no refund of it stands', () => spoilt("update entitlements set revoked_at = now(), revoked_why = '学员申请' where order_id = $1", 'update entitlements set revoked_at = null, revoked_why = null where order_id = $1', /opens nothing, and neither a refund nor an upgrade ended it/))

test('money that the platform has and we do not know of is found', async () => {
  const [attempt] = await world.rows('select id, state from payment_attempts where order_id = $1', [orderOf(0)])
  await world.rows("update payment_attempts set state = 'closed' where id = $1", [attempt.id])
  await finds(/the payer paid 9900 fen .* we have it as closed/)
  await world.rows("update payment_attempts set state = 'paid' where id = $1", [attempt.id])
})

test('a parcel whose number WeChat was told otherwise is found', () => spoilt("update parcels set tracking_no = tracking_no || 'X' where order_id in (select order_id from shipping_reports)", "update parcels set tracking_no = left(tracking_no, -1) where order_id in (select order_id from shipping_reports)", /WeChat has SF\S+ for the parcel of ord_/))

test('a complaint that stands otherwise at WeChat Pay, and one that nobody heard of, are found', async () => {
  await spoilt("update complaints set state = 'pending'", "update complaints set state = 'done'", /complaint \d+ is PROCESSED at WeChat Pay, pending with us/)
  await spoilt("update complaints set number = 'X' || number", "update complaints set number = substr(number, 2)", /nobody heard of complaint \d+/)
})

test('a job that gave up is found', async () => {
  await world.rows("update pgboss.job set state = 'failed' where id = (select id from pgboss.job where state = 'completed' and name not like '\\_\\_pgboss%' limit 1)")
  await finds(/job \S+ is failed/)
  await world.rows("update pgboss.job set state = 'completed' where state = 'failed'")
})

test('a fen that moved at the platform alone is found', async () => {
  const before = await judge(world, cast)
  await world.sim('POST', '/__sim/ledger', { tenant: world.tenant.appid, subject: 'penalty P1', cents: -1 })
  assert.notDeepEqual(await judge(world, cast), before)
})

test('a fen that lies at another platform than our books say is found', async () => {
  const move = (subject: string, cents: number) => world.sim('POST', '/__sim/ledger', { tenant: world.tenant.appid, subject, cents })
  await move('penalty P2', -5)
  await move('alipay penalty', 5)
  await finds(/our books hold 0 fen in asset:alipay, the platform 5/)
})

test('coins that WeChat filled in and our books do not owe are found', async () => {
  const [person] = cast.people
  assert.ok(person)
  await world.sim('POST', '/__sim/faults', { tenant: world.tenant.appid, kind: 'drop_notice', api: 'push', count: 9 })
  await fill(world, cast, person, { who: 0, what: 'fill', road: 'virtual', dice: [0, 0.01, 0.9, 0.9, 0, 0] })
  await finds(/our books owe 0 fen of coins, the purses hold 50000/)
})
