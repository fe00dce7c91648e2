// Which channel may take money for which goods where, and what may be shown and said there. Data with dates; the rule of a day is the row in force that day.
import type { Channel, Sale } from '#contracts/channels.ts'
import { ZERO, cents, type Cents } from '#contracts/words/money.ts'
import type { Platform, System } from '#contracts/words/platforms.ts'

export type Goods = 'course' | 'physical' | 'coins'
/** `sale` holds while one of the channels serves, `otherwise` while none does: without keys, or below the least sum. A rule without channels has only `sale`. */
export type Rule = { platform: Platform; systems: readonly System[] | 'all'; goods: Goods; channels: readonly Channel[]; least?: Cents; sale: Sale; otherwise?: Sale; since: string; until: string | null; rule: string }

const priced: Sale = { price: 'shown', words: 'buy' }
const unopened: Sale = { price: 'shown', words: 'not_open' }
const untold: Sale = { price: 'hidden', words: 'browse' }
const balanceOnly: Sale = { price: 'hidden', words: 'see_balance' }

const notApple = ['android', 'windows', 'mac', 'harmony', 'other'] as const

/** Sources: WeChat's notice of 2026-02-27 (all terminals by 2026-04-01) and the vendors' published rules as known in November 2026. */
export const channelRules: readonly Rule[] = [
  {
    platform: 'h5',
    systems: 'all',
    goods: 'course',
    channels: ['wechat_pay_h5', 'wechat_pay_native', 'wechat_pay_jsapi'],
    sale: priced,
    otherwise: unopened,
    since: '2020-01-01T00:00:00.000Z',
    until: null,
    rule: '网页由微信支付 v3 收款：手机用 H5 支付，电脑用 Native 扫码，微信自带的浏览器里由公众号 JSAPI 收款。',
  },
  {
    platform: 'wechat',
    systems: notApple,
    goods: 'course',
    channels: ['wechat_virtual', 'wechat_coins'],
    sale: priced,
    otherwise: untold,
    since: '2026-03-31T16:00:00.000Z',
    until: null,
    rule: '微信 2026-02-27 公告：课程等非实物内容自 2026-04-01 起在小程序内须走虚拟支付：道具直购，或用充值的代币支付。',
  },
  {
    platform: 'wechat',
    systems: ['ios'],
    goods: 'course',
    channels: ['wechat_virtual'],
    sale: { price: 'shown', words: 'buy_apple' },
    otherwise: untold,
    least: cents(100),
    since: '2025-11-17T00:00:00.000Z',
    until: null,
    rule: 'iOS 虚拟支付须单独开通苹果通道，价格不低于 ¥1，退款只由苹果办理；未开通前不展示购买。',
  },
  { platform: 'wechat', systems: ['ios'], goods: 'course', channels: [], sale: untold, since: '2020-01-01T00:00:00.000Z', until: '2025-11-17T00:00:00.000Z', rule: '2025-11 之前微信小程序在 iOS 上不得出售虚拟商品：不出现价格和购买的字样，也不引导到别处。' },
  {
    platform: 'douyin',
    systems: notApple,
    goods: 'course',
    channels: ['douyin'],
    sale: priced,
    otherwise: untold,
    since: '2023-10-31T16:00:00.000Z',
    until: null,
    rule: '抖音小程序自 2023-11 起须走通用交易系统；课程须先过课程库审核。',
  },
  { platform: 'douyin', systems: ['ios'], goods: 'course', channels: [], sale: untold, since: '2023-10-31T16:00:00.000Z', until: null, rule: '抖音在 iOS 上只收钻石，与人民币标价不同；不展示购买。' },
  { platform: 'alipay', systems: notApple, goods: 'course', channels: ['alipay'], sale: priced, otherwise: untold, since: '2020-01-01T00:00:00.000Z', until: null, rule: '支付宝小程序由 alipay.trade.create 与 my.tradePay 收款。' },
  { platform: 'alipay', systems: ['ios'], goods: 'course', channels: [], sale: untold, since: '2020-01-01T00:00:00.000Z', until: null, rule: '支付宝 iOS 端虚拟内容的收款规则未获官方确认；确认之前不展示购买。' },
  { platform: 'baidu', systems: 'all', goods: 'course', channels: [], sale: untold, since: '2020-01-01T00:00:00.000Z', until: null, rule: '百度小程序收款尚未接入；不展示购买。' },
  {
    platform: 'h5',
    systems: 'all',
    goods: 'physical',
    channels: ['wechat_pay_h5', 'wechat_pay_native', 'wechat_pay_jsapi'],
    sale: priced,
    otherwise: unopened,
    since: '2020-01-01T00:00:00.000Z',
    until: null,
    rule: '网页由微信支付 v3 收款：手机用 H5 支付，电脑用 Native 扫码，微信自带的浏览器里由公众号 JSAPI 收款。',
  },
  { platform: 'alipay', systems: 'all', goods: 'physical', channels: ['alipay'], sale: priced, otherwise: unopened, since: '2020-01-01T00:00:00.000Z', until: null, rule: '实物不涉及虚拟内容规则，支付宝小程序各端均可收款。' },
  { platform: 'wechat', systems: 'all', goods: 'physical', channels: ['wechat_pay_jsapi'], sale: priced, otherwise: unopened, since: '2020-01-01T00:00:00.000Z', until: null, rule: '小程序内的实物不走虚拟支付：由微信支付 JSAPI 收款，发货后须录入发货信息。' },
  { platform: 'douyin', systems: 'all', goods: 'physical', channels: [], sale: untold, since: '2020-01-01T00:00:00.000Z', until: null, rule: '抖音的实物须在抖音小店成交，不经小程序收款；不展示购买。' },
  { platform: 'wechat', systems: notApple, goods: 'coins', channels: ['wechat_virtual'], sale: { price: 'shown', words: 'top_up' }, otherwise: balanceOnly, since: '2026-03-31T16:00:00.000Z', until: null, rule: '代币由微信虚拟支付充值、由微信记账，名称与兑换比例发布后不可更改；余额只能在小程序内使用。' },
  { platform: 'wechat', systems: ['ios'], goods: 'coins', channels: [], sale: balanceOnly, since: '2025-11-17T00:00:00.000Z', until: null, rule: 'iOS 上充值代币须走苹果通道，这里没有接入；不展示充值，也不展示用代币购买。' },
  { platform: 'h5', systems: 'all', goods: 'coins', channels: [], sale: balanceOnly, since: '2020-01-01T00:00:00.000Z', until: null, rule: '代币只在微信小程序内充值和使用；网页不展示。' },
  { platform: 'douyin', systems: 'all', goods: 'coins', channels: [], sale: balanceOnly, since: '2020-01-01T00:00:00.000Z', until: null, rule: '微信的代币不得在其他平台出售；不展示。' },
  { platform: 'alipay', systems: 'all', goods: 'coins', channels: [], sale: balanceOnly, since: '2020-01-01T00:00:00.000Z', until: null, rule: '微信的代币不得在其他平台出售；不展示。' },
  { platform: 'baidu', systems: 'all', goods: 'coins', channels: [], sale: balanceOnly, since: '2020-01-01T00:00:00.000Z', until: null, rule: '微信的代币不得在其他平台出售；不展示。' },
  { platform: 'baidu', systems: 'all', goods: 'physical', channels: [], sale: untold, since: '2020-01-01T00:00:00.000Z', until: null, rule: '百度小程序收款尚未接入；不展示购买。' },
]

/** What an offer or an order is, as the rules see it: what is sent and what is opened may each need a channel of its own. */
export function goodsOf({ sends, opens, fills }: { sends: boolean; opens: boolean; fills: boolean }): Goods[] {
  if (fills) return ['coins']
  if (!sends) return ['course']
  return opens ? ['course', 'physical'] : ['physical']
}

export function isInForce(rule: Rule, now: Date): boolean {
  return new Date(rule.since) <= now && (rule.until === null || now < new Date(rule.until))
}

type Place = { platform: Platform; system: System }

function ruleAt(rules: readonly Rule[], place: Place, goods: Goods, now: Date): Rule | undefined {
  return rules.find((rule) => rule.platform === place.platform && rule.goods === goods && isInForce(rule, now) && (rule.systems === 'all' || rule.systems.includes(place.system)))
}

/** The channels allowed at a place on a day, for a sum where it is known; none where no rule is in force. */
export function channelsAt(rules: readonly Rule[], place: Place, goods: Goods, now: Date, amount?: Cents): readonly Channel[] {
  const found = ruleAt(rules, place, goods, now)
  return amount !== undefined && amount < (found?.least ?? ZERO) ? [] : (found?.channels ?? [])
}

/** What may be shown and said at a place on a day, of what is sold there or is not: of several kinds at once as strictly as of any of them. */
export function saleAt(rules: readonly Rule[], place: Place, goods: Goods[], now: Date, isSold: boolean): Sale {
  const sales = goods.map((one) => {
    const found = ruleAt(rules, place, one, now)
    return found ? saleOf(found, isSold) : untold
  })
  return sales.find((sale) => sale.price === 'hidden') ?? sales[0] ?? untold
}

export function saleOf({ sale, otherwise }: Rule, isSold: boolean): Sale {
  return isSold ? sale : (otherwise ?? sale)
}

const DAY_MS = 86_400_000

/** What changes soon: rules that start, and rules that end with nothing after them, soonest first. */
export function changesAhead(rules: readonly Rule[], now: Date, days: number): { rule: Rule; at: string; change: 'starts' | 'ends' }[] {
  const isAhead = (day: string) => new Date(day) > now && new Date(day).getTime() <= now.getTime() + days * DAY_MS
  const starts = rules.filter((rule) => isAhead(rule.since)).map((rule) => ({ rule, at: rule.since, change: 'starts' as const }))
  const ends = rules.filter((rule) => rule.until !== null && isAhead(rule.until) && !rules.some((next) => follows(next, rule))).map((rule) => ({ rule, at: rule.until ?? '', change: 'ends' as const }))
  return [...starts, ...ends].toSorted((a, b) => (a.at < b.at ? -1 : 1))
}

function follows(next: Rule, rule: Rule): boolean {
  return next.since === rule.until && next.platform === rule.platform && next.goods === rule.goods
}
