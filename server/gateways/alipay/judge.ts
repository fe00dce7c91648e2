// Decides whether what Alipay says was paid is what our attempt asked for; pure.
import type { Cents } from '#contracts/words/money.ts'
import type { AlipayTrade } from './shapes.ts'

export type ExpectedTrade = { appid: string; sellerId: string; outTradeNo: string; total: Cents }
export type TradeMismatch = 'appid' | 'seller_id' | 'out_trade_no' | 'total'
/** `refunded`: it was paid once, and the whole sum has gone back. */
export type TradeJudgement = { verdict: 'pays' } | { verdict: 'not_paid'; state: 'open' | 'closed' | 'refunded' } | { verdict: 'differs'; reasons: TradeMismatch[] }

export function judgeTrade(told: AlipayTrade, expected: ExpectedTrade): TradeJudgement {
  const checks: [TradeMismatch, boolean][] = [
    ['appid', told.appid === expected.appid],
    ['seller_id', told.sellerId === expected.sellerId],
    ['out_trade_no', told.outTradeNo === expected.outTradeNo],
    ['total', told.total === expected.total],
  ]
  const reasons = checks.filter(([, isRight]) => !isRight).map(([reason]) => reason)
  if (reasons.length > 0) return { verdict: 'differs', reasons }
  if (told.state === 'TRADE_SUCCESS' || told.state === 'TRADE_FINISHED') return { verdict: 'pays' }
  if (told.state === 'WAIT_BUYER_PAY') return { verdict: 'not_paid', state: 'open' }
  return { verdict: 'not_paid', state: told.paidAt === undefined ? 'closed' : 'refunded' }
}
