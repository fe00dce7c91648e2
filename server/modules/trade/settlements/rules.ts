// Decides when the money of a sale is looked for at a rail that settles later, when it is late, and by which number it is known.
export type SettledChannel = 'douyin' | 'wechat_virtual'

const dayMs = 86_400_000

/**
 * Days after the sale from which, and by which, a rail settles. Douyin is asked a week after it, when a learner may no longer
 * change their mind: what has been paid out can no longer simply go back. Virtual payment settles on working days: T+3, 45 to 60 for iOS.
 */
const terms = { douyin: { from: 7, by: 14 }, wechat_virtual: { from: 3, by: 8 }, apple: { from: 45, by: 60 } } as const

export function spanOf(channel: SettledChannel, isApple: boolean, paidAt: Date): { dueAt: Date; lateAt: Date } {
  const { from, by } = terms[channel === 'wechat_virtual' && isApple ? 'apple' : channel]
  return { dueAt: new Date(paidAt.getTime() + from * dayMs), lateAt: new Date(paidAt.getTime() + by * dayMs) }
}

/** One for each attempt, the same for every try to ask. Virtual payment knows the settlement by the order itself. */
export function settlementNumber(channel: SettledChannel, outTradeNo: string): string {
  return channel === 'douyin' ? `T${outTradeNo}` : outTradeNo
}

export function isSettledChannel(channel: string): channel is SettledChannel {
  return channel === 'douyin' || channel === 'wechat_virtual'
}
