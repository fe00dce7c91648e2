// Decides whether an order can be given back, and how much.
import { cents, minus, type Cents } from '#contracts/words/money.ts'
import type { RefusalCode } from '#contracts/words/refusals.ts'

export type Refundable = { state: 'placed' | 'paid' | 'closed' | 'refunded'; total: Cents; refunded: Cents; system: string; hasPaidAttempt: boolean; hasOpenRefund: boolean; isVirtual: boolean }

/** What may still go back: never more than was paid. */
export function refundableAmount(order: Pick<Refundable, 'total' | 'refunded'>): Cents {
  return cents(Math.max(0, minus(order.total, order.refunded)))
}

/** The refusal that stands in the way of a refund, or undefined. Apple's orders are given back by Apple alone. */
export function whyNotRefundable(order: Refundable): RefusalCode | undefined {
  if (order.state !== 'paid' || order.hasOpenRefund) return 'refund.state_forbids'
  if (refundableAmount(order) === 0) return 'refund.more_than_paid'
  if (!order.hasPaidAttempt) return 'refund.state_forbids'
  return order.isVirtual && order.system === 'ios' ? 'refund.channel_cannot' : undefined
}

/** The gateway's key for a refund: the same for every retry, so that money cannot go back twice. */
export function outRefundNo(refund: string): string {
  return `R${refund.slice(4)}`
}

/**
 * What a gateway's refund state means for ours. CLOSED is over, and a new refund may follow. ABNORMAL is not: the payer's account
 * would not take the money, which is still owed until somebody has sent it elsewhere in the gateway's console, under the same number.
 */
export function refundStateOf(state: 'SUCCESS' | 'CLOSED' | 'PROCESSING' | 'ABNORMAL'): 'done' | 'processing' | 'failed' {
  if (state === 'SUCCESS') return 'done'
  return state === 'CLOSED' ? 'failed' : 'processing'
}

/** The gateway's word when a person must know of it. */
export function problemOf(word: string): string | null {
  return word === 'ABNORMAL' || word === 'CLOSED' ? word : null
}
