// Coins of WeChat: a pack bought inside WeChat and something paid with its coins; and what must be so of the purses in the end.
import type { Json } from '../server/test/sandbox.ts'
import { inWechat, type Cast, type Person } from './cast.ts'
import { atPhone, buy, buyNamed } from './paying.ts'
import type { Act } from './plan.ts'
import type { World } from './world.ts'

export const FEN_A_COIN = 10

/** Fills the purse, and mostly spends from it at once. */
export async function fill(world: World, cast: Cast, person: Person, act: Act): Promise<void> {
  const [, how = 0, after = 0, spends = 0, ...rest] = act.dice
  // Squared: mostly the pack is paid, or there would be nothing to spend.
  await buyNamed(world, cast, person, 'pack', { ...act, road: 'virtual', dice: [0, how * how, after] })
  if (spends < 0.7) await buy(world, cast, person, { ...act, road: 'coins', dice: [spends / 0.7, ...rest] })
}

/** Whoever was signed out of WeChat comes back: without a session their coins neither leave nor return. */
export async function comeBack(world: World, cast: Cast, person: Person): Promise<void> {
  const { code } = await atPhone(world, person, 'login', {})
  await cast.as(person, 'PUT /me/session-key/wechat', { code }, inWechat)
}

/** What left a purse under a number, and what of it came back, in fen. */
export async function spentBy(world: World, number: string): Promise<{ paid: number; back: number }> {
  const { moves } = await world.sim('GET', `/__sim/coins?tenant=${world.tenant.appid}`)
  const spent = (moves as Json[]).find((move) => move.number === number && move.kind === 'spend')
  return { paid: (spent?.coins ?? 0) * FEN_A_COIN, back: (spent?.givenBack ?? 0) * FEN_A_COIN }
}

/** Every coin that somebody paid for and has is owed by our books, and no other. */
export async function judgeCoins(world: World): Promise<string[]> {
  const { addsUp, purses } = await world.sim('GET', `/__sim/coins?tenant=${world.tenant.appid}`)
  const [{ owed }] = (await world.rows("select coalesce(-sum(amount), 0)::int as owed from ledger_lines where account = 'liability:coins'")) as [{ owed: number }]
  const held = (purses as Json[]).reduce((sum, purse) => sum + purse.paid, 0) * FEN_A_COIN
  return [...(addsUp ? [] : ['the coins at WeChat do not add up']), ...(owed === held ? [] : [`our books owe ${owed} fen of coins, the purses hold ${held}`])]
}
