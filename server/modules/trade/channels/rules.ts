// Which channel may take money for which goods where. Data with dates; the rule of a day is the row in force that day.
import type { Channel } from '#contracts/channels.ts'
import type { Platform, System } from '#contracts/words/platforms.ts'

export type Goods = 'course'
export type Rule = { platform: Platform; systems: readonly System[] | 'all'; goods: Goods; channels: readonly Channel[]; since: string; until: string | null; rule: string }

/** Sources: WeChat's notice of 2026-02-27 (all terminals by 2026-04-01) and the vendors' published rules as known in November 2026. */
export const channelRules: readonly Rule[] = [
  {
    platform: 'h5',
    systems: 'all',
    goods: 'course',
    channels: ['wechat_pay_h5', 'wechat_pay_native'],
    since: '2020-01-01T00:00:00.000Z',
    until: null,
    rule: '网页由微信支付 v3 收款：手机用 H5 支付，电脑用 Native 扫码。',
  },
  {
    platform: 'wechat',
    systems: ['android', 'windows', 'mac', 'harmony', 'other'],
    goods: 'course',
    channels: ['wechat_virtual'],
    since: '2026-03-31T16:00:00.000Z',
    until: null,
    rule: '微信 2026-02-27 公告：课程等非实物内容自 2026-04-01 起在小程序内须走虚拟支付。',
  },
  {
    platform: 'wechat',
    systems: ['ios'],
    goods: 'course',
    channels: [],
    since: '2025-11-17T00:00:00.000Z',
    until: null,
    rule: 'iOS 虚拟支付须单独开通苹果通道，价格不低于 ¥1；未开通前不展示购买。',
  },
  { platform: 'douyin', systems: 'all', goods: 'course', channels: [], since: '2023-11-01T00:00:00.000Z', until: null, rule: '抖音课程须走通用交易系统，尚未接入；不展示购买。' },
  { platform: 'alipay', systems: 'all', goods: 'course', channels: [], since: '2020-01-01T00:00:00.000Z', until: null, rule: '支付宝小程序收款尚未接入；不展示购买。' },
  { platform: 'baidu', systems: 'all', goods: 'course', channels: [], since: '2020-01-01T00:00:00.000Z', until: null, rule: '百度小程序收款尚未接入；不展示购买。' },
]

export function isInForce(rule: Rule, now: Date): boolean {
  return new Date(rule.since) <= now && (rule.until === null || now < new Date(rule.until))
}

/** The channels allowed at a place on a day; empty means that buying is not shown. */
export function channelsAt(rules: readonly Rule[], place: { platform: Platform; system: System }, goods: Goods, now: Date): readonly Channel[] {
  const found = rules.find((rule) => rule.platform === place.platform && rule.goods === goods && isInForce(rule, now) && (rule.systems === 'all' || rule.systems.includes(place.system)))
  return found?.channels ?? []
}
