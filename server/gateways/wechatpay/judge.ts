// Decides whether what WeChat Pay says was paid is what our attempt asked for; pure.
import type { Cents } from '#contracts/words/money.ts'
import type { TradeState, Transaction } from './shapes.ts'

export type ExpectedPayment = { mchid: string; appid: string; outTradeNo: string; total: Cents; currency: 'CNY' }
export type Mismatch = 'mchid' | 'appid' | 'out_trade_no' | 'total' | 'currency' | 'payer_total' | 'transaction_id'
export type Judgement = { verdict: 'pays' } | { verdict: 'not_paid'; state: TradeState } | { verdict: 'differs'; reasons: Mismatch[] }

/** A coupon makes the payer's part smaller than the total, which is right; who the payer is does not matter. */
export function judgeTransaction(told: Transaction, expected: ExpectedPayment): Judgement {
  const asked: [Mismatch, boolean][] = [
    ['mchid', told.mchid === expected.mchid],
    ['appid', told.appid === expected.appid],
    ['out_trade_no', told.outTradeNo === expected.outTradeNo],
  ]
  const paid: [Mismatch, boolean][] = [
    ['total', told.total === expected.total],
    ['currency', told.currency === expected.currency],
    ['payer_total', told.payerTotal === undefined || (told.payerTotal >= 0 && told.payerTotal <= expected.total)],
    ['transaction_id', told.transactionId !== undefined],
  ]
  const isSuccess = told.tradeState === 'SUCCESS'
  const reasons = [...asked, ...(isSuccess ? paid : [])].filter(([, isRight]) => !isRight).map(([reason]) => reason)
  if (reasons.length > 0) return { verdict: 'differs', reasons }
  return isSuccess ? { verdict: 'pays' } : { verdict: 'not_paid', state: told.tradeState }
}
