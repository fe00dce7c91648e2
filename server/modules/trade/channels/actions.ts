// Asking which channels serve a caller and what may be said there, and showing the matrix.
import type { Channel, Sale } from '#contracts/channels.ts'
import type { Id } from '#contracts/words/id.ts'
import type { Cents } from '#contracts/words/money.ts'
import type { Platform } from '#contracts/words/platforms.ts'
import { instant } from '#contracts/words/time.ts'
import type { TxCtx } from '#kernel/ctx.ts'
import { changesAhead, channelRules, channelsAt, isInForce, saleAt, saleOf, type Goods, type Rule } from './rules.ts'

export { goodsOf, type Goods } from './rules.ts'

/** An attempt as a channel's own room sees it. */
export type Try = { outTradeNo: string; amount: Cents; expected: { mchid: string; appid: string; openid?: string; coins?: number } }
/** What is sold by it; `picture` is an address that the vendor can load. */
export type Sold = { order: Id<'ord'>; offer: string; title: string; picture: string; payUntil: Date }
/** What a vendor says of an attempt. `never_placed`: it does not know the number; `unknown` changes nothing. */
export type Word =
  | { word: 'paid'; transactionNo: string }
  | { word: 'closed'; why: string }
  | { word: 'differs'; reasons: string[] }
  | { word: 'open' | 'never_placed' | 'unknown' }
/** A refund as a channel's own room is asked for it; `isSent` when the vendor has taken this number before. */
export type BackWish = { order: Id<'ord'>; outRefundNo: string; amount: Cents; reason: string; isSent: boolean }
/** What has become of it, and the vendor's own word. */
export type Back = { to: 'done' | 'processing' | 'failed'; word: string }

/** The channels through which this caller can buy all of such goods at once now, for a sum where it is known: those allowed here that are also connected. */
export function channelsFor(ctx: TxCtx, goods: Goods[] = ['course'], amount?: Cents): Channel[] {
  const [first = [], ...others] = goods.map((one) => channelsAt(channelRules, ctx.client, one, ctx.now(), amount))
  return first.filter((channel) => isConnected(ctx, channel, ctx.client.platform, [ctx.client.system]) && others.every((allowed) => allowed.includes(channel)))
}

/** Whether this caller can have it for that sum: what costs nothing and is not sent needs no channel. */
export function isPayable(ctx: TxCtx, goods: Goods[], amount: Cents): boolean {
  return (amount === 0 && !goods.includes('physical')) || channelsFor(ctx, goods, amount).length > 0
}

/** What this caller may be shown and told of such goods here now. */
export function saleFor(ctx: TxCtx, goods: Goods[] = ['course'], amount?: Cents): Sale {
  return saleAt(channelRules, ctx.client, goods, ctx.now(), channelsFor(ctx, goods, amount).length > 0)
}

/** Whether this caller may be told the price: what costs nothing and is not sent has none to hide. */
export function isPriced(ctx: TxCtx, goods: Goods[], amount: Cents): boolean {
  return isPayable(ctx, goods, amount) || saleFor(ctx, goods, amount).price === 'shown'
}

const NOTICE_DAYS = 90

/** Today's rules, and what changes in the next three months. */
export async function showMatrix(ctx: TxCtx) {
  const items = channelRules.filter((rule) => isInForce(rule, ctx.now())).map((rule) => shown(ctx, rule))
  const ahead = changesAhead(channelRules, ctx.now(), NOTICE_DAYS).map(({ rule, at, change }) => ({ ...shown(ctx, rule), at: instant(new Date(at)), change }))
  return { items, ahead }
}

/** `missing` are allowed here and not connected: they need keys in the configuration. */
function shown(ctx: TxCtx, rule: Rule) {
  const channels = rule.channels.filter((channel) => isConnected(ctx, channel, rule.platform, rule.systems))
  return {
    platform: rule.platform,
    system: rule.systems === 'all' ? 'all' : rule.systems.join(' '),
    goods: rule.goods,
    channels,
    missing: rule.channels.filter((channel) => !isConnected(ctx, channel, rule.platform, rule.systems)),
    least: rule.least ?? null,
    sale: saleOf(rule, channels.length > 0),
    since: instant(new Date(rule.since)),
    until: rule.until === null ? null : instant(new Date(rule.until)),
    rule: rule.rule,
  }
}

/** JSAPI needs an app that knows the payer: the mini program knows them, on the web it is the official account. On iOS virtual payment goes through Apple, which a merchant opens by itself. */
function isConnected(ctx: TxCtx, channel: Channel, platform: Platform, systems: Rule['systems']): boolean {
  const { xpayApple, xpayOfferId, mchid, officialAppid, alipayAppid, douyinAppid } = ctx.knobs
  const account: Record<Channel, string> = { wechat_virtual: xpayOfferId, wechat_coins: xpayOfferId, wechat_pay_h5: mchid, wechat_pay_native: mchid, wechat_pay_jsapi: platform === 'h5' && officialAppid === '' ? '' : mchid, alipay: alipayAppid, douyin: douyinAppid }
  const isApple = systems !== 'all' && systems.includes('ios') && channel === 'wechat_virtual'
  return account[channel] !== '' && (!isApple || xpayApple)
}
