// What we tell Apple when it asks whether a learner should get their money back.
import type { RefundAdvice } from '#gateways/wechat/shapes.ts'
import { showMoney, type Cents } from '#contracts/words/money.ts'
import type { Standing } from '#modules/trade/policies/actions.ts'

export type Sold = { number: string; title: string; state: 'placed' | 'paid' | 'closed' | 'refunded'; paidAt: Date | null }

/** Apple decides, and gives back all or nothing; it should know what was given and how much of it was used. What would come back whole by the rule of giving back is not fought over. */
export function adviceFor(sold: Sold | undefined, standing: Standing | undefined, taken: Cents): RefundAdvice {
  if (!sold) return { refund: false, info: '没有这笔订单', evidence: '商家没有找到这笔支付对应的订单。' }
  if (sold.state !== 'paid' || !sold.paidAt || !standing) return { refund: true, info: '同意退款', evidence: `订单 ${sold.number} 没有交付，或已经退款。` }
  const used = usageSentence(standing)
  if (taken > 0) return { refund: false, info: '不建议退款', evidence: `订单 ${sold.number} 的款项中 ${showMoney(taken)} 已抵扣会员升级，升级后的会员正在使用；请先退升级的订单。` }
  if (standing.rule === 'seven_days') return { refund: true, info: '同意退款', evidence: `订单 ${sold.number} 支付未满七天，${used}。` }
  if (standing.rule === 'policy') return { refund: true, info: '同意退款', evidence: `订单 ${sold.number} 符合商家的退款承诺，${used}。` }
  if (standing.usedPercent === 0) return { refund: true, info: '同意退款', evidence: `订单 ${sold.number} 没有使用过。` }
  return { refund: false, info: '不建议退款', evidence: `订单 ${sold.number} 购买「${sold.title}」，${sold.paidAt.toISOString()} 支付，当时开通，已 ${standing.daysSincePaid} 天，${used}。商家按规则退还未使用的部分。` }
}

function usageSentence(standing: Standing): string {
  if (standing.days > 0) return `会员已使用 ${Math.min(100, Math.floor(standing.usedPercent))}% 的时间`
  return `${standing.lessons} 个课时已学 ${standing.usedTenths / 10} 个，占 ${Math.floor(standing.usedPercent)}%`
}
