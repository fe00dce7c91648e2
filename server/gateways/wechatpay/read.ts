// From WeChat Pay's words to ours: orders, refunds and transfers; nothing when what must be there is not.
import { centsOf, fieldsOf, filledText, instantOf, textOf, type Fields } from '../fields.ts'
import type { Refund, RefundState, TradeState, Transaction, Transfer } from './shapes.ts'

const TRADE_STATES: readonly TradeState[] = ['SUCCESS', 'REFUND', 'NOTPAY', 'CLOSED', 'REVOKED', 'USERPAYING', 'PAYERROR']
const REFUND_STATES: readonly RefundState[] = ['SUCCESS', 'CLOSED', 'PROCESSING', 'ABNORMAL']

export function readTransaction(fields: Fields | undefined): Transaction | undefined {
  const [mchid, appid, outTradeNo] = ['mchid', 'appid', 'out_trade_no'].map((name) => filledText(fields, name))
  const tradeState = TRADE_STATES.find((state) => state === textOf(fields, 'trade_state'))
  const amount = fieldsOf(fields, 'amount')
  if (!mchid || !appid || !outTradeNo || tradeState === undefined) return undefined
  return {
    mchid,
    appid,
    outTradeNo,
    tradeState,
    transactionId: filledText(fields, 'transaction_id'),
    tradeType: filledText(fields, 'trade_type'),
    paidAt: instantOf(fields, 'success_time'),
    payerOpenid: filledText(fieldsOf(fields, 'payer'), 'openid'),
    total: centsOf(amount, 'total'),
    payerTotal: centsOf(amount, 'payer_total'),
    currency: filledText(amount, 'currency'),
  }
}

/** A query calls the state `status`, a notice calls it `refund_status`. */
export function readRefund(fields: Fields | undefined, stateField: 'status' | 'refund_status'): Refund | undefined {
  const [outTradeNo, transactionId, outRefundNo, refundId] = ['out_trade_no', 'transaction_id', 'out_refund_no', 'refund_id'].map((name) => filledText(fields, name))
  const state = REFUND_STATES.find((one) => one === textOf(fields, stateField))
  const amount = fieldsOf(fields, 'amount')
  const [total, refund] = [centsOf(amount, 'total'), centsOf(amount, 'refund')]
  if (!outTradeNo || !transactionId || !outRefundNo || !refundId || state === undefined || total === undefined || refund === undefined) return undefined
  return {
    outTradeNo,
    transactionId,
    outRefundNo,
    refundId,
    state,
    refundedAt: instantOf(fields, 'success_time'),
    total,
    refund,
    payerTotal: centsOf(amount, 'payer_total'),
    payerRefund: centsOf(amount, 'payer_refund'),
    receivedBy: filledText(fields, 'user_received_account'),
  }
}

export function readTransfer(fields: Fields | undefined): Transfer | undefined {
  const [outBillNo, transferBillNo, state] = ['out_bill_no', 'transfer_bill_no', 'state'].map((name) => filledText(fields, name))
  const amount = centsOf(fields, 'transfer_amount')
  if (!outBillNo || !transferBillNo || !state || amount === undefined) return undefined
  return { outBillNo, transferBillNo, state, amount, openid: filledText(fields, 'openid'), failReason: filledText(fields, 'fail_reason') }
}
