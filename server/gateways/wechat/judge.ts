// Decides whether a virtual-payment push, or the order the platform tells on asking, is what our attempt sold; pure.
import type { Delivery, ExpectedDelivery, VirtualOrder } from './shapes.ts'

export type DeliveryMismatch = 'env' | 'openid' | 'out_trade_no' | 'product' | 'quantity' | 'price'
export type DeliveryJudgement = { verdict: 'pays' } | { verdict: 'differs'; reasons: DeliveryMismatch[] }
export type OrderJudgement = { verdict: 'pays' } | { verdict: 'not_paid'; state: VirtualOrder['state'] } | { verdict: 'differs'; reasons: DeliveryMismatch[] }

/** The platform's own sandbox (env 1) must never unlock what production sells. */
export function judgeDelivery(told: Delivery, expected: ExpectedDelivery): DeliveryJudgement {
  return judge([
    ['env', told.env === expected.env],
    ['openid', told.openid === expected.openid],
    ['out_trade_no', told.outTradeNo === expected.outTradeNo],
    ['product', told.product === expected.product],
    ['quantity', told.quantity === expected.quantity],
    ['price', told.originalPrice === expected.price],
  ])
}

/** How a push of coins counts its price is not written anywhere: the sum is for the query to tell. */
export function judgeCoins(told: Delivery, expected: Pick<ExpectedDelivery, 'env' | 'openid' | 'outTradeNo' | 'quantity'>): DeliveryJudgement {
  return judge([
    ['env', told.env === expected.env],
    ['openid', told.openid === expected.openid],
    ['out_trade_no', told.outTradeNo === expected.outTradeNo],
    ['product', told.product === undefined],
    ['quantity', told.quantity === expected.quantity],
  ])
}

/** A query tells no product, but the sum, and it was asked for by our openid and number. A coupon may make the paid part smaller. */
export function judgeVirtualOrder(told: VirtualOrder, expected: ExpectedDelivery): OrderJudgement {
  if (told.state !== 'paid' && told.state !== 'delivering' && told.state !== 'delivered') return { verdict: 'not_paid', state: told.state }
  return judge([
    ['env', told.env === expected.env],
    ['out_trade_no', told.outTradeNo === expected.outTradeNo],
    ['price', told.fee === expected.price * expected.quantity],
  ])
}

function judge(checks: [DeliveryMismatch, boolean][]): DeliveryJudgement {
  const reasons = checks.filter(([, isRight]) => !isRight).map(([reason]) => reason)
  return reasons.length === 0 ? { verdict: 'pays' } : { verdict: 'differs', reasons }
}
