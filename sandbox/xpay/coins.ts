// Coins of virtual payment: each person's purse at WeChat, filled by the pay sheet, emptied and refilled by the merchant's word.
import { createHmac } from 'node:crypto'
import type { CoinMove, Purse, Tenant, User } from '../records.ts'
import { put } from '../state.ts'
import { findUserByOpenid } from '../users.ts'
import type { World } from '../world.ts'
import { refuseXpay } from './refusals.ts'

type Body = Record<string, unknown>
export type Asked = { raw: Buffer; signature: string }

/** What the merchant's console holds: so many coins a yuan, and whether the coin is published. */
export const firstCoin = { perYuan: 10, isPublished: true }

export function priceOfCoins(tenant: Tenant, coins: number): number {
  return (coins * 100) / (tenant.coin ?? firstCoin).perYuan
}

export function isPublished(tenant: Tenant): boolean {
  return (tenant.coin ?? firstCoin).isPublished
}

export function queryBalance(world: World, tenant: Tenant, body: Body, asked: Asked): Body {
  const user = holderOf(world, tenant, body, asked)
  if ('errcode' in user) return user
  const purse = purseOf(world, tenant, Number(body['env']), user.openid)
  return {
    errcode: 0, errmsg: 'ok', balance: purse.paid + purse.given, present_balance: purse.given, sum_save: purse.saved, sum_present: purse.presented,
    sum_balance: purse.saved + purse.presented, sum_cost: purse.spent, first_save_flag: purse.saved === 0 ? 1 : 0,
  }
}

/** Given coins go first. A number that was used before is answered with "repeated", whatever is asked. */
export function payWithCoins(world: World, tenant: Tenant, body: Body, asked: Asked): Body {
  const user = holderOf(world, tenant, body, asked)
  if ('errcode' in user) return user
  const wrong = findWrong(world, tenant, body)
  if (wrong !== undefined) return wrong
  if (typeof body['payitem'] !== 'string') return refuseXpay('params', 'payitem')
  const [number, coins] = [String(body['order_id']), Number(body['amount'])]
  const purse = purseOf(world, tenant, Number(body['env']), user.openid)
  if (purse.paid + purse.given < coins) return refuseXpay('too_few')
  const fromGiven = Math.min(coins, purse.given)
  const after = { ...purse, given: purse.given - fromGiven, paid: purse.paid - (coins - fromGiven), spent: purse.spent + coins }
  move(world, after, { id: moveKey(tenant, body), appid: tenant.appid, openid: user.openid, number, kind: 'spend', coins, fromGiven, givenBack: 0 })
  return { errcode: 0, errmsg: 'ok', order_id: number, balance: after.paid + after.given, used_present_amount: fromGiven }
}

/** What was spent goes back where it came from, the paid part first. */
export function cancelCoinPay(world: World, tenant: Tenant, body: Body, asked: Asked): Body {
  const user = holderOf(world, tenant, body, asked)
  if ('errcode' in user) return user
  const wrong = findWrong(world, tenant, body)
  if (wrong !== undefined) return wrong
  const spent = world.state.tables.coinMoves.get(moveKey(tenant, { ...body, order_id: body['pay_order_id'] }))
  const [number, coins] = [String(body['order_id']), Number(body['amount'])]
  if (spent?.kind !== 'spend' || spent.openid !== user.openid) return refuseXpay('params', 'pay_order_id not exist')
  if (spent.givenBack + coins > spent.coins) return refuseXpay('too_few')
  const purse = purseOf(world, tenant, Number(body['env']), user.openid)
  const paidLeft = Math.max(0, spent.coins - spent.fromGiven - spent.givenBack)
  const toPaid = Math.min(coins, paidLeft)
  const after = { ...purse, paid: purse.paid + toPaid, given: purse.given + coins - toPaid, spent: purse.spent - coins }
  put(world.state, 'coinMoves', spent.id, { ...spent, givenBack: spent.givenBack + coins })
  move(world, after, { id: moveKey(tenant, body), appid: tenant.appid, openid: user.openid, number, kind: 'give_back', coins, fromGiven: coins - toPaid, givenBack: 0 })
  return { errcode: 0, errmsg: 'ok', order_id: number }
}

/** A present of the merchant needs no session of the person. */
export function presentCoins(world: World, tenant: Tenant, body: Body): Body {
  const user = findUserByOpenid(world, tenant.appid, String(body['openid'] ?? ''))
  if (user === undefined) return refuseXpay('openid')
  const wrong = findWrong(world, tenant, body)
  if (wrong !== undefined) return wrong
  const [number, coins] = [String(body['order_id']), Number(body['amount'])]
  const purse = purseOf(world, tenant, Number(body['env']), user.openid)
  const after = { ...purse, given: purse.given + coins, presented: purse.presented + coins }
  move(world, after, { id: moveKey(tenant, body), appid: tenant.appid, openid: user.openid, number, kind: 'present', coins, fromGiven: coins, givenBack: 0 })
  return { errcode: 0, errmsg: 'ok', order_id: number, balance: after.paid + after.given, present_balance: after.given }
}

/** The pay sheet was paid: the coins are there at once. */
export function fillPurse(world: World, tenant: Tenant, env: number, openid: string, coins: number): void {
  const purse = purseOf(world, tenant, env, openid)
  put(world.state, 'purses', purse.id, { ...purse, paid: purse.paid + coins, saved: purse.saved + coins })
}

/** True when every coin that came in is in a purse or was spent. */
export function coinsAddUp(world: World, tenant: Tenant): boolean {
  return [...world.state.tables.purses.values()].filter((one) => one.appid === tenant.appid).every((one) => one.paid >= 0 && one.given >= 0 && one.paid + one.given + one.spent === one.saved + one.presented)
}

function findWrong(world: World, tenant: Tenant, body: Body): Body | undefined {
  if (!isPublished(tenant)) return refuseXpay('coin_unpublished')
  if (!/^[0-9A-Za-z_\-|*@]{8,32}$/.test(String(body['order_id'] ?? ''))) return refuseXpay('params', 'order_id')
  if (!Number.isInteger(body['amount']) || Number(body['amount']) < 1) return refuseXpay('params', 'amount')
  return world.state.tables.coinMoves.has(moveKey(tenant, body)) ? refuseXpay('repeated') : undefined
}

/** Who is asked about, when their present session signed the words. */
function holderOf(world: World, tenant: Tenant, body: Body, { raw, signature }: Asked): User | { errcode: number; errmsg: string } {
  const user = findUserByOpenid(world, tenant.appid, String(body['openid'] ?? ''))
  if (user === undefined) return refuseXpay('openid')
  if (typeof body['user_ip'] !== 'string' || body['user_ip'] === '') return refuseXpay('params', 'user_ip')
  return createHmac('sha256', user.sessionKey).update(raw).digest('hex') === signature ? user : refuseXpay('session')
}

function purseOf(world: World, tenant: Tenant, env: number, openid: string): Purse {
  const id = `${tenant.appid}/${env}/${openid}`
  return world.state.tables.purses.get(id) ?? { id, appid: tenant.appid, openid, paid: 0, given: 0, saved: 0, presented: 0, spent: 0 }
}

function moveKey(tenant: Tenant, body: Body): string {
  return `${tenant.appid}/${String(body['env'])}/${String(body['order_id'])}`
}

function move(world: World, purse: Purse, made: CoinMove): void {
  put(world.state, 'purses', purse.id, purse)
  put(world.state, 'coinMoves', made.id, made)
}
