// What we tell Apple when it asks whether a learner should get their money back.
import type { RefundAdvice } from '#gateways/wechat/shapes.ts'

const dayMs = 86_400_000
/** The prepaid interpretation of 2025 gives back the principal within seven days. */
const principalDays = 7

export type Sold = { number: string; title: string; state: 'placed' | 'paid' | 'closed' | 'refunded'; paidAt: Date | null }

/** Apple decides; it should know what was given and when. Money that nothing was given for is never fought over. */
export function adviceFor(sold: Sold | undefined, now: Date): RefundAdvice {
  if (!sold) return { refund: false, info: '没有这笔订单', evidence: '商家没有找到这笔支付对应的订单。' }
  if (sold.state !== 'paid' || !sold.paidAt) return { refund: true, info: '同意退款', evidence: `订单 ${sold.number} 没有交付，或已经退款。` }
  const days = Math.floor((now.getTime() - sold.paidAt.getTime()) / dayMs)
  if (days < principalDays) return { refund: true, info: '同意退款', evidence: `订单 ${sold.number} 支付未满七天。` }
  return { refund: false, info: '不建议退款', evidence: `订单 ${sold.number} 购买课程「${sold.title}」，${sold.paidAt.toISOString()} 支付，课程当时开通，至今可以学习，已 ${days} 天。` }
}
