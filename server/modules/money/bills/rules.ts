// Decides what a rail's answers to our questions say in the words of a bill.
import { ZERO, minus, plus, type Cents } from '#contracts/words/money.ts'
import type { DouyinRefund } from '#gateways/douyin/shapes.ts'
import type { VirtualOrder } from '#gateways/wechat/shapes.ts'

/** A line of a bill of trades. `total` is what was agreed or asked back, `settled` what of it reached the merchant or left him; a fee that came back is negative. */
export type BillLine = { kind: 'payment' | 'refund'; number: string; vendorNumber: string; tradeNumber: string; at: string; state: string; total: Cents; settled: Cents; fee: Cents }

/** What one question brought: a line, the word that there is nothing of it, or no word at all. */
export type Told = BillLine | 'nothing' | 'silent'

/** What was asked about: our number of it, and when we heard of it. */
export type Asked = { number: string; tradeNumber: string; at: Date }

/** The fee is told and booked with the settlement, days later. */
export function lineOf(kind: BillLine['kind'], { number, tradeNumber, at }: Asked, vendorNumber: string, total: Cents, state = 'SUCCESS'): BillLine {
  return { kind, number, vendorNumber, tradeNumber, at: at.toISOString(), state, total, settled: total, fee: ZERO }
}

/** Money came for an order of virtual payment, whether it went back since or not; one of the other environment is none of ours. */
export function lineOfVirtual(asked: Asked, order: VirtualOrder, env: number): Told {
  const isPaid = order.env === env && !['initial', 'created', 'closed'].includes(order.state)
  return isPaid ? lineOf('payment', asked, order.transactionId ?? order.wxOrderId ?? asked.number, order.fee) : 'nothing'
}

/** WeChat tells what of an order went back in one sum: it is held against all that we gave back, and what is too little or too much falls to the last one. */
export function lineOfRepaid(asked: Asked, refunded: Cents, ours: { number: string; amount: Cents }[]): Told {
  const others = ours.filter((one) => one.number !== asked.number).reduce((sum, one) => plus(sum, one.amount), ZERO)
  const own = ours.find((one) => one.number === asked.number)?.amount ?? ZERO
  const total = ours.at(-1)?.number === asked.number ? minus(refunded, others) : own
  return total > 0 ? lineOf('refund', asked, asked.number, total) : 'nothing'
}

export function lineOfDouyinRefund(asked: Asked, { state, refundId, refund }: DouyinRefund): Told {
  return state === 'FAIL' ? 'nothing' : lineOf('refund', asked, refundId, refund, state)
}
