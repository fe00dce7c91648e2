// Reads Douyin's fields: orders, refunds and settlements; amounts are fen, instants milliseconds.
import { centsOf, fieldOf, filledText, listOf, textOf, wholeOf, fieldsOf, type Fields } from '../fields.ts'
import type { DouyinOrder, DouyinPayState, DouyinRefund, DouyinRefundState, DouyinSettlement } from './shapes.ts'

const payStates: readonly DouyinPayState[] = ['PROCESS', 'SUCCESS', 'FAIL', 'TIMEOUT', 'CANCEL']

/** `stateField` differs: a callback says `status`, a query `pay_status`. An order without a currency is in yuan. */
export function readOrder(fields: Fields | undefined, stateField: 'status' | 'pay_status'): DouyinOrder | undefined {
  const [appid, orderId, outOrderNo] = [filledText(fields, 'app_id'), filledText(fields, 'order_id'), filledText(fields, 'out_order_no')]
  const state = payStates.find((known) => known === textOf(fields, stateField))
  const total = centsOf(fields, 'total_amount')
  if (appid === undefined || orderId === undefined || outOrderNo === undefined || state === undefined || total === undefined) return undefined
  return { appid, orderId, outOrderNo, state, total, currency: filledText(fields, 'currency') ?? 'CNY', itemOrderId: filledText(listOf(fields, 'item_order_list')[0], 'item_order_id') }
}

/** The one refund of a query by our own number. */
export function readRefund(fields: Fields | undefined, outRefundNo: string): DouyinRefund | undefined {
  const found = listOf(fields, 'refund_list').find((one) => textOf(one, 'out_refund_no') === outRefundNo)
  const [orderId, refundId, refund] = [filledText(found, 'order_id'), filledText(found, 'refund_id'), centsOf(found, 'refund_total_amount')]
  if (orderId === undefined || refundId === undefined || refund === undefined) return undefined
  const audit = textOf(fieldsOf(found, 'merchant_audit_detail'), 'audit_status')
  return { orderId, outRefundNo, refundId, refund, state: refundStateOf(textOf(found, 'refund_status')), toAudit: audit === 'TOAUDIT' || audit === 'INIT', message: filledText(found, 'message') }
}

/** Every word but the two endings means that it is still under way. */
function refundStateOf(word: string | undefined): DouyinRefundState {
  return word === 'SUCCESS' || word === 'FAIL' ? word : 'PROCESSING'
}

export function readSettlement(fields: Fields | undefined, outSettleNo: string): DouyinSettlement | undefined {
  const found = Array.isArray(fieldOf(fields, 'settle_list')) ? listOf(fields, 'settle_list').find((one) => textOf(one, 'out_settle_no') === outSettleNo) : fields
  const settleId = filledText(found, 'settle_id')
  if (settleId === undefined) return undefined
  return { outSettleNo, settleId, state: refundStateOf(textOf(found, 'settle_status')), amount: centsOf(found, 'settle_amount'), fee: centsOf(found, 'rake') }
}

export function instantOfMilliseconds(fields: Fields, name: string): string | undefined {
  const at = wholeOf(fields, name)
  return at === undefined || at <= 0 || at > 8.64e15 ? undefined : new Date(at).toISOString()
}
