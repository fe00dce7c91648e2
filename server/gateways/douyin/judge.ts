// Decides whether what Douyin says was paid is what our attempt asked for; pure.
import type { Cents } from '#contracts/words/money.ts'
import type { Refused } from '../wire.ts'
import type { DouyinOrder } from './shapes.ts'

export type ExpectedOrder = { appid: string; outOrderNo: string; total: Cents }
export type OrderMismatch = 'appid' | 'out_trade_no' | 'total' | 'currency'
export type OrderJudgement = { verdict: 'pays' } | { verdict: 'not_paid'; state: 'open' | 'closed' } | { verdict: 'differs'; reasons: OrderMismatch[] }

/** A discount is Douyin's own gift: the total is what the merchant is owed. */
export function judgeOrder(told: DouyinOrder, expected: ExpectedOrder): OrderJudgement {
  const checks: [OrderMismatch, boolean][] = [
    ['appid', told.appid === expected.appid],
    ['out_trade_no', told.outOrderNo === expected.outOrderNo],
    ['total', told.total === expected.total],
    ['currency', told.currency === 'CNY'],
  ]
  const reasons = checks.filter(([, isRight]) => !isRight).map(([reason]) => reason)
  if (reasons.length > 0) return { verdict: 'differs', reasons }
  if (told.state === 'SUCCESS') return { verdict: 'pays' }
  return { verdict: 'not_paid', state: told.state === 'PROCESS' ? 'open' : 'closed' }
}

/** A refusal that is about the order: the platform's five-digit codes from 20000 on, or an empty list. Any other says that it has not heard the question. */
export function knowsNone({ code }: Refused): boolean {
  return code === 'REFUND_NOT_EXIST' || /^2\d{4}$/.test(code)
}
