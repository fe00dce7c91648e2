// Decides what Douyin's states mean for ours, and what it is told about pages and times.
import type { DouyinRefundState } from '#gateways/douyin/shapes.ts'
import type { Back } from '#modules/trade/channels/actions.ts'

/** A failed refund is over under its number; another may follow. */
export function backOf(state: DouyinRefundState): Back {
  if (state === 'SUCCESS') return { to: 'done', word: state }
  return state === 'FAIL' ? { to: 'failed', word: 'CLOSED' } : { to: 'processing', word: state }
}

const mostSeconds = 48 * 3600
const leastSeconds = 60

/** Douyin takes at most two days; less than a minute is no time to pay in. */
export function secondsUntil(at: Date, now: Date): number {
  return Math.min(mostSeconds, Math.max(leastSeconds, Math.floor((at.getTime() - now.getTime()) / 1000)))
}

/** The page of an order in the mini program, without a leading stroke, as Douyin wants it. */
export function pageOf(order: string): { path: string; params: Record<string, string> } {
  return { path: 'pkg-order/order', params: { order } }
}

/** Where a learner finds all of their orders. */
export const listPage = { path: 'pkg-order/orders', params: {} }

/** Our number for what a learner asked back: the same whenever Douyin tells it again. */
export function askedNumber(refundId: string): string {
  return `A${refundId}`
}

export function isAskedNumber(outRefundNo: string): boolean {
  return outRefundNo.startsWith('A')
}
