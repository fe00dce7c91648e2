// Decides what a payment that really happened means for its order, and when an open attempt is asked about again.
import type { Channel } from '#contracts/channels.ts'
import type { OrderEvent } from '#contracts/orders.ts'

export type Rail = 'wechat_pay' | 'wechat_virtual'

export function railOf(channel: Channel): Rail {
  return channel === 'wechat_virtual' ? 'wechat_virtual' : 'wechat_pay'
}

/**
 * What money for an attempt does. A second payment of a paid order, or one for a course that is already owned,
 * is surplus and goes back; a payment after closing still opens the course, because the buyer did pay for it.
 */
export function decideSettlement(order: { state: 'placed' | 'paid' | 'closed' | 'refunded'; ownsCourse: boolean }): { as: 'sale'; late: boolean } | { as: 'surplus' } {
  if (order.state === 'placed') return { as: 'sale', late: false }
  if (order.state === 'closed' && !order.ownsCourse) return { as: 'sale', late: true }
  return { as: 'surplus' }
}

export function paidEvent(late: boolean): OrderEvent['what'] {
  return late ? 'paid_late' : 'paid'
}

const sweepAfterSeconds = [30, 120, 300, 900, 3600] as const

/** True when an open attempt is due to be asked about: 30 s, 2 min, 5 min, 15 min and 1 h after it began, then hourly. */
export function isDue(attempt: { begunAt: Date; checkedAt: Date | null; checks: number }, now: Date): boolean {
  const last = sweepAfterSeconds[sweepAfterSeconds.length - 1] ?? 3600
  const next = sweepAfterSeconds[attempt.checks]
  const due = next === undefined ? (attempt.checkedAt ?? attempt.begunAt).getTime() + last * 1000 : attempt.begunAt.getTime() + next * 1000
  return due <= now.getTime()
}

/** Letters and digits only, at most 32: fits WeChat Pay and virtual payment alike. */
export function outTradeNo(orderNumber: string, salt: string): string {
  return `S${orderNumber}A${salt}`
}
