// Whether a verified transaction pays what we asked for.
import type { Transaction } from './notice.ts'

export type Expected = { mchid: string; appid: string; outTradeNo: string; total: number; currency: string }
export type Mismatch = 'mchid' | 'appid' | 'out_trade_no' | 'amount' | 'currency' | 'transaction_id'

/** `total` is the price; `payer_total` may be less, because WeChat pays the coupon it gave. */
export function mismatchesOf(transaction: Transaction, expected: Expected): Mismatch[] {
  const wrong: Mismatch[] = []
  if (transaction.mchid !== expected.mchid) wrong.push('mchid')
  if (transaction.appid !== expected.appid) wrong.push('appid')
  if (transaction.out_trade_no !== expected.outTradeNo) wrong.push('out_trade_no')
  if (transaction.amount?.total !== expected.total) wrong.push('amount')
  if (transaction.amount?.currency !== expected.currency) wrong.push('currency')
  if (!transaction.transaction_id) wrong.push('transaction_id')
  return wrong
}

export function isPaid(transaction: Transaction): boolean {
  return transaction.trade_state === 'SUCCESS' || transaction.trade_state === 'REFUND'
}
