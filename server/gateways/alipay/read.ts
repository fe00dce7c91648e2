// Reads Alipay's fields: Beijing time, trades and refunds.
import { filledText, textOf, type Fields } from '../fields.ts'
import { centsOfYuan } from '../yuan.ts'
import type { AlipayRefund, AlipayTrade, AlipayTradeState } from './shapes.ts'

const states: readonly AlipayTradeState[] = ['WAIT_BUYER_PAY', 'TRADE_SUCCESS', 'TRADE_FINISHED', 'TRADE_CLOSED']
const BEIJING_MS = 8 * 3_600_000

/** `2026-11-21 09:30:00`, in Beijing's time. */
export function beijingTime(at: Date): string {
  return new Date(at.getTime() + BEIJING_MS).toISOString().slice(0, 19).replace('T', ' ')
}

export function instantOf(text: string | undefined): string | undefined {
  if (!/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}/.test(text ?? '')) return undefined
  const at = Date.parse(`${(text ?? '').slice(0, 19).replace(' ', 'T')}Z`) - BEIJING_MS
  return Number.isNaN(at) ? undefined : new Date(at).toISOString()
}

/** A trade from a notice's form or from a query's answer; the answer is about our own app and names neither app nor seller. */
export function readTrade(fields: Fields | undefined, own?: { appid: string; sellerId: string }): AlipayTrade | undefined {
  const [outTradeNo, tradeNo] = [filledText(fields, 'out_trade_no'), filledText(fields, 'trade_no')]
  const state = states.find((known) => known === textOf(fields, 'trade_status'))
  const total = centsOfYuan(textOf(fields, 'total_amount'))
  const [appid, sellerId] = [own?.appid ?? filledText(fields, 'app_id'), own?.sellerId ?? filledText(fields, 'seller_id')]
  if (outTradeNo === undefined || tradeNo === undefined || state === undefined || total === undefined || appid === undefined || sellerId === undefined) return undefined
  return { appid, sellerId, outTradeNo, tradeNo, state, total, paidAt: instantOf(textOf(fields, own === undefined ? 'gmt_payment' : 'send_pay_date')) }
}

/** `fund_change` Y is the only word of a refund's own answer that says money moved. */
export function readRefund(fields: Fields | undefined, outRefundNo: string): AlipayRefund | undefined {
  const outTradeNo = filledText(fields, 'out_trade_no')
  if (outTradeNo === undefined) return undefined
  return { outTradeNo, outRefundNo, state: textOf(fields, 'fund_change') === 'Y' ? 'SUCCESS' : 'PROCESSING', refund: undefined }
}

/** An answer without the refund's own status is Alipay's way of saying that it has not succeeded. */
export function readRefundQuery(fields: Fields | undefined, outTradeNo: string, outRefundNo: string): AlipayRefund {
  const isDone = textOf(fields, 'refund_status') === 'REFUND_SUCCESS' && textOf(fields, 'out_request_no') === outRefundNo
  return { outTradeNo, outRefundNo, state: isDone ? 'SUCCESS' : 'PROCESSING', refund: centsOfYuan(textOf(fields, 'refund_amount')) }
}
