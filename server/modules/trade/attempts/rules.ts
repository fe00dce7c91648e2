// Decides what a payment that really happened means for its order, and when an open attempt is asked about again.
import type { Channel } from '#contracts/channels.ts'
import type { OrderEvent } from '#contracts/orders.ts'
import type { PaymentAttempt } from '#contracts/payments.ts'

type Source = 'wechat_pay' | Exclude<Channel, 'wechat_pay_h5' | 'wechat_pay_native' | 'wechat_pay_jsapi'>

/** All ways of WeChat Pay end in one account; coins are money that came before. */
export function railOf(channel: Channel): Source {
  return channel === 'wechat_pay_h5' || channel === 'wechat_pay_native' || channel === 'wechat_pay_jsapi' ? 'wechat_pay' : channel
}

/**
 * What money for an attempt does. A second payment of a paid order, or one for what the buyer has otherwise or somebody else got,
 * is surplus and goes back, and so is one for an upgrade whose lower tier was given back meanwhile; a payment after closing still opens the course, because the buyer did pay for it.
 */
export function decideSettlement(order: { state: 'placed' | 'paid' | 'closed' | 'refunded'; isForfeit: boolean }): { as: 'sale'; late: boolean } | { as: 'surplus' } {
  if (order.isForfeit || order.state === 'paid' || order.state === 'refunded') return { as: 'surplus' }
  return { as: 'sale', late: order.state === 'closed' }
}

export function paidEvent(late: boolean): OrderEvent['what'] {
  return late ? 'paid_late' : 'paid'
}

/** WeChat Pay has one transaction a number, for ever. Virtual payment names one payment differently in its push and in its query. */
export function isSameTransaction(attempt: { channel: Channel; transactionNo: string | null }, transactionNo: string): boolean {
  return attempt.channel === 'wechat_virtual' || attempt.transactionNo === transactionNo
}

const sweepAfterSeconds = [30, 120, 300, 900, 3600] as const

/** True when an open attempt is due to be asked about: 30 s, 2 min, 5 min, 15 min and 1 h after it began, then hourly; each up to a tenth later, so that a crowd spreads. */
export function isDue(attempt: { outTradeNo: string; begunAt: Date; checkedAt: Date | null; checks: number }, now: Date): boolean {
  const last = sweepAfterSeconds[sweepAfterSeconds.length - 1] ?? 3600
  const next = sweepAfterSeconds[attempt.checks]
  const from = next === undefined ? (attempt.checkedAt ?? attempt.begunAt) : attempt.begunAt
  return from.getTime() + (next ?? last) * 1000 * (1 + spreadOf(attempt.outTradeNo) / 10) <= now.getTime()
}

/** A fraction below 1, always the same for a number: the salt at its end is chance. */
function spreadOf(outTradeNo: string): number {
  return (Number.parseInt(outTradeNo.slice(-4), 16) || 0) / 0x1_0000
}

const graceMs = 86_400_000

/** These vendors have no way to shut a pay sheet that is already open. */
export function cannotBeShut(channel: Channel): boolean {
  return channel === 'wechat_virtual' || channel === 'douyin'
}

/** An open attempt, and for a day a closed one that could not be shut. */
export function mayStillBePaid(attempt: { state: PaymentAttempt['state']; channel: Channel; settledAt: Date | null }, now: Date): boolean {
  if (attempt.state === 'begun') return true
  return attempt.state === 'closed' && cannotBeShut(attempt.channel) && (attempt.settledAt ?? now) > graceStart(now)
}

export function graceStart(now: Date): Date {
  return new Date(now.getTime() - graceMs)
}

const placingMs = 30_000

/** A number that the gateway does not know is dead only when the request that would place it can no longer be on its way. */
export function wasNeverPlaced(attempt: { begunAt: Date }, now: Date): boolean {
  return now.getTime() - attempt.begunAt.getTime() > placingMs
}

/** Letters and digits only, at most 32: fits WeChat Pay and virtual payment alike. */
export function outTradeNo(orderNumber: string, salt: string): string {
  return `S${orderNumber}A${salt}`
}
