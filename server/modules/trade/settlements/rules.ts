// Decides when Douyin is asked to pay an order's money out, and by which number.

const holdDays = 7
const dayMs = 86_400_000

/** After the week in which a learner may change their mind: what has been paid out can no longer simply go back. */
export function dueAt(paidAt: Date): Date {
  return new Date(paidAt.getTime() + holdDays * dayMs)
}

/** One for each attempt, the same for every try to ask. */
export function outSettleNo(outTradeNo: string): string {
  return `T${outTradeNo}`
}
