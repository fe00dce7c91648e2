// Whether a refund that was not made here fits its order, and what it ends.
import type { AlipayRefund } from '#gateways/alipay/shapes.ts'
import type { Refund } from '#gateways/wechatpay/shapes.ts'
import type { Cents } from '#contracts/words/money.ts'

/** Of a refund whose number we never gave: those that say what it was, and where it was made. */
const consoles = { wechat_pay: '微信商户平台', alipay: '支付宝商家平台' }

export function saysForeign(rail: string): rail is keyof typeof consoles {
  return Object.hasOwn(consoles, rail)
}

/** For the order's timeline and the list of refunds. */
export function reasonOf(rail: string): string {
  return saysForeign(rail) ? `在${consoles[rail]}退款` : '平台退款'
}

/** Whether money went or is going. At Alipay a refund that nobody made is told like one under way. */
export function isUnderWay(rail: string, state: Refund['state'] | AlipayRefund['state']): boolean {
  return rail === 'alipay' ? state === 'SUCCESS' : state !== 'CLOSED'
}

type Standing = { left: Cents; unreturned: Cents }

/** It fits when as much was still there. The last of it ends access, as one of ours would; `isSpent`: an upgrade lives on some of it. */
export function adoption({ left, unreturned }: Standing, attempt: { state: string }, amount: Cents): { amount: Cents; endsAccess: boolean; isSpent: boolean } | undefined {
  if (attempt.state !== 'paid' || amount <= 0 || amount > unreturned) return undefined
  return { amount, endsAccess: amount === unreturned, isSpent: amount > left }
}
