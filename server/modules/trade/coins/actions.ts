// The academy's coin, what somebody has of it, and what WeChat does with an attempt that is paid in coins.
import type { Coin, balanceGaps } from '#contracts/coins.ts'
import type { Id } from '#contracts/words/id.ts'
import type { Cents } from '#contracts/words/money.ts'
import { instant } from '#contracts/words/time.ts'
import type { CoinBalance, CoinHolder } from '#gateways/wechat/shapes.ts'
import { done, type Answer, type Refused } from '#gateways/wire.ts'
import { inTransaction, type Ctx, type TxCtx } from '#kernel/ctx.ts'
import { refuse } from '#kernel/refuse.ts'
import { audit } from '#modules/academy/audit/actions.ts'
import { balanceOf } from '#modules/money/ledger/actions.ts'
import { sessionOf, wechatIdentity } from '#modules/people/members/actions.ts'
import { channelsFor, isPayable, saleFor, type Back, type BackWish, type Goods, type Try, type Word } from '#modules/trade/channels/actions.ts'
import type { Channel, Sale } from '#contracts/channels.ts'
import { coinsFor, coinsIn, isAgainstFixed, worthOfCoins } from './rules.ts'
import { findCoin, lockCoin, upsertCoin } from './store.ts'

export { coinsIn, wholeCoins } from './rules.ts'

export async function showCoin(ctx: TxCtx) {
  const kept = await findCoin(ctx.db)
  return { coin: kept?.coin ?? null, fixedAt: kept?.fixedAt ? instant(kept.fixedAt) : null, owed: await balanceOf(ctx, 'liability:coins') }
}

export async function setCoin(ctx: TxCtx, wish: Coin) {
  if (ctx.knobs.xpayOfferId === '') refuse('coin.not_connected')
  return inTransaction(ctx, async (ctx) => {
    await lockCoin(ctx.db)
    const before = await findCoin(ctx.db)
    const coin = { ...wish, name: wish.name.trim() }
    if (isAgainstFixed(before, coin)) refuse('coin.fixed', { name: before?.coin.name })
    await upsertCoin(ctx.db, coin, ctx.now())
    await audit(ctx, { action: 'coin.set', subject: 'coin', before: before?.coin ?? null, after: coin })
    return showCoin(ctx)
  })
}

/** What a pack of so many coins costs; refused while none are sold. */
export async function priceOfPack(ctx: TxCtx, coins: number): Promise<Cents> {
  const kept = await findCoin(ctx.db)
  return kept?.coin.onSale ? worthOfCoins(kept.coin, coins) : refuse('coin.not_on_sale')
}

/** The coin while packs of it are sold. */
export async function coinOnSale(ctx: TxCtx): Promise<Coin | undefined> {
  const kept = await findCoin(ctx.db)
  return kept?.coin.onSale ? kept.coin : undefined
}

/** Whether such goods are sold here for so much and what is said of it, the channels by which it can be paid, and what it is in coins where these are one of them. */
export async function waysToPay(ctx: TxCtx, goods: Goods[], total: Cents): Promise<{ channels: Channel[]; inCoins: { name: string; count: number } | null; sale: Sale; isSoldHere: boolean }> {
  const here = { sale: saleFor(ctx, goods, total), isSoldHere: isPayable(ctx, goods, total) }
  const allowed = channelsFor(ctx, goods, total)
  const coin = allowed.includes('wechat_coins') ? (await findCoin(ctx.db))?.coin : undefined
  const count = coin && total > 0 ? coinsFor(coin, total) : undefined
  if (!coin || count === undefined) return { ...here, channels: allowed.filter((channel) => channel !== 'wechat_coins'), inCoins: null }
  return { ...here, channels: allowed, inCoins: { name: coin.name, count } }
}

type Gap = (typeof balanceGaps)[number]

/** Asked of WeChat each time: only WeChat knows what was bought, spent and given there. */
export async function showBalance(ctx: Ctx, member: Id<'mem'>): Promise<{ coin: Coin | null; balance: CoinBalance | null; gap: Gap | null }> {
  const coin = (await findCoin(ctx.db))?.coin ?? null
  if (coin === null) return { coin, balance: null, gap: null }
  const identity = await wechatIdentity(ctx, member)
  if (!identity) return { coin, balance: null, gap: 'not_in_wechat' }
  const told = await ctx.gateways.wechat.coins.balance({ ...identity, address: addressOf(ctx) })
  if (told.outcome === 'done') return { coin, balance: told.value, gap: null }
  return { coin, balance: null, gap: told.outcome === 'refused' && told.code === 'session_over' ? 'session_stale' : 'no_answer' }
}

/** WeChat wants an address, also of work that nobody is waiting for. */
function addressOf(ctx: Ctx): string {
  return ctx.address === '' ? '127.0.0.1' : ctx.address
}

const sessionOver: Refused = { outcome: 'refused', code: 'session_over', message: 'no session is kept', status: 0 }

async function holderOf(ctx: Ctx, { expected }: Try): Promise<CoinHolder | undefined> {
  const sessionKey = expected.openid ? await sessionOf(ctx, expected.openid) : undefined
  return expected.openid && sessionKey ? { openid: expected.openid, sessionKey, address: addressOf(ctx) } : undefined
}

/** Pays for an attempt. Under its number this happens once, however often it is told. */
export async function spendCoins(ctx: Ctx, attempt: Try): Promise<Answer<'spent'>> {
  const holder = await holderOf(ctx, attempt)
  return holder ? ctx.gateways.wechat.coins.spend(holder, { number: attempt.outTradeNo, coins: attempt.expected.coins ?? 0, item: attempt.outTradeNo, price: attempt.amount }) : sessionOver
}

/** WeChat answers no question about a number but the order itself, told again. Only too small a purse says that nothing was taken. */
export async function askCoins(ctx: Ctx, attempt: Try): Promise<Word> {
  const told = await spendCoins(ctx, attempt)
  if (told.outcome === 'done') return { word: 'paid', transactionNo: attempt.outTradeNo }
  return areCoinsSpent(told) ? { word: 'closed', why: 'too_few' } : { word: 'unknown' }
}

/** Said of a purse that holds too little, and nothing was taken. */
export function areCoinsSpent(told: Answer<unknown>): boolean {
  return told.outcome === 'refused' && told.code === 'too_few'
}

/** Coins go back into the purse at once; without a session of their holder they wait for the next sign-in. */
export async function giveBackCoins(ctx: Ctx, attempt: Try, wish: BackWish): Promise<Answer<Back>> {
  const holder = await holderOf(ctx, attempt)
  if (!holder) return sessionOver
  const told = await ctx.gateways.wechat.coins.giveBack(holder, { number: wish.outRefundNo, spentNumber: attempt.outTradeNo, coins: coinsIn(attempt, wish.amount) })
  return told.outcome === 'done' ? done({ to: 'done', word: 'given_back' }) : told
}

/** Before the money of a pack goes back its coins are taken out of the purse, under the number of the refund. */
export async function takePackBack(ctx: Ctx, attempt: Try, wish: Pick<BackWish, 'outRefundNo' | 'amount'>): Promise<Answer<'spent'>> {
  return spendCoins(ctx, { ...attempt, outTradeNo: wish.outRefundNo, amount: wish.amount, expected: { ...attempt.expected, coins: coinsIn(attempt, wish.amount) } })
}

/** The money of a pack did not go back after all: its coins, taken under `number`, return; tried again while their holder is away. */
export async function restorePack(ctx: Ctx, { member, number, coins }: { member: Id<'mem'>; number: string; coins: number }): Promise<void> {
  const identity = await wechatIdentity(ctx, member)
  const told = identity ? await ctx.gateways.wechat.coins.giveBack({ ...identity, address: addressOf(ctx) }, { number: `${number}B`, spentNumber: number, coins }) : sessionOver
  if (told.outcome !== 'done') throw new Error(`coins of refund ${number} are not restored: ${told.outcome === 'refused' ? told.code : told.why}`)
}
