// Whether a refund that was not made here fits its order, and what it ends.
import type { Cents } from '#contracts/words/money.ts'
import type { Attempt } from '#modules/trade/attempts/actions.ts'

/** Who says of a refund what it was whose number we never gave, and where it was made then. */
const consoles = { wechat_pay: '微信商户平台', alipay: '支付宝商家平台', douyin: '抖音商家后台' }

export function saysForeign(rail: string): rail is keyof typeof consoles {
  return Object.hasOwn(consoles, rail)
}

/** For the order's timeline and the list of its refunds. */
export function reasonOf(rail: string): string {
  return saysForeign(rail) ? `在${consoles[rail]}退款` : '平台退款'
}

type Paid = Pick<Attempt, 'outTradeNo' | 'transactionNo'>
type Told = { state: string; refund: Cents | undefined } & ({ outTradeNo: string } | { orderId: string })

/** What of a payment went back or is on its way; undefined when it is another payment's, or over. At Alipay one that nobody made is told like one under way. */
export function amountIn(rail: keyof typeof consoles, paid: Paid, told: Told): Cents | undefined {
  const isIts = 'orderId' in told ? told.orderId === paid.transactionNo : told.outTradeNo === paid.outTradeNo
  const stands = rail === 'alipay' ? told.state === 'SUCCESS' : told.state !== 'CLOSED' && told.state !== 'FAIL'
  return isIts && stands ? told.refund : undefined
}

type Standing = { left: Cents; unreturned: Cents }

/** It fits when as much was still there. The last of it ends access, as one of ours would; `isSpent`: an upgrade lives on some of it. */
export function adoption({ left, unreturned }: Standing, attempt: { state: string }, amount: Cents): { amount: Cents; endsAccess: boolean; isSpent: boolean } | undefined {
  if (attempt.state !== 'paid' || amount <= 0 || amount > unreturned) return undefined
  return { amount, endsAccess: amount === unreturned, isSpent: amount > left }
}
