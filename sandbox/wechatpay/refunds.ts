// Refunds: whole or in parts, idempotent by out_refund_no, settled a little later on the virtual clock.
import { randomDigits } from '../keys.ts'
import { writeEntry } from '../ledger.ts'
import type { Order, Refund, RefundState, Tenant } from '../records.ts'
import { put } from '../state.ts'
import { beijing, clockOf, indexRefund, saveOrder, takeFault } from '../world.ts'
import type { World } from '../world.ts'
import { feeOf } from './fees.ts'
import { noteFullRefund } from './complaints.ts'
import { sendRefundNotice } from './notices.ts'
import { currentOrder, orderId } from './orders.ts'
import { openPersonal } from './personal.ts'
import { refuseField, refusePay } from './refusals.ts'
import type { PayAnswer } from './refusals.ts'

type Body = Record<string, unknown>

const MOST_REFUNDS = 50
const PAUSE_MS = 60_000
const YEAR_MS = 365 * 86_400_000

export function requestRefund(world: World, tenant: Tenant, body: Body): PayAnswer {
  const wrong = findWrongField(body)
  if (wrong !== undefined) return wrong
  const byNumber = typeof body['out_trade_no'] === 'string' ? orderId(tenant.mchid, body['out_trade_no']) : undefined
  const order = currentOrder(world, byNumber ?? world.byTransaction.get(String(body['transaction_id'])))
  if (order === undefined || order.mchid !== tenant.mchid) return refusePay('RESOURCE_NOT_EXISTS', '订单不存在')
  const amount = body['amount'] as Body
  const outRefundNo = String(body['out_refund_no'])
  const params = JSON.stringify([order.id, amount['refund'], amount['total'], amount['currency']])
  const known = world.state.tables.refunds.get(refundId(tenant.mchid, outRefundNo))
  if (known !== undefined) return known.params === params ? { status: 200, body: describeRefund(world, known) } : refusePay('INVALID_REQUEST', '请求参数与首次请求时不一致')
  const refused = checkAgainstOrder(world, order, Number(amount['refund']), Number(amount['total']))
  if (refused !== undefined) return refused
  return { status: 200, body: describeRefund(world, createRefund(world, tenant, order, body, params)) }
}

export function queryRefund(world: World, tenant: Tenant, outRefundNo: string): PayAnswer {
  const refund = world.state.tables.refunds.get(refundId(tenant.mchid, outRefundNo))
  return refund === undefined ? refusePay('RESOURCE_NOT_EXISTS') : { status: 200, body: describeRefund(world, refund) }
}

/** An abnormal refund goes to a bank card: the payer's, or the merchant's own, who then pays the person elsewhere. */
export function redirectRefund(world: World, tenant: Tenant, ask: { refundId: string; body: Body; serial: string }): PayAnswer {
  const refund = world.state.tables.refunds.get(refundId(tenant.mchid, String(ask.body['out_refund_no'])))
  if (refund === undefined || refund.refundId !== ask.refundId) return refusePay('RESOURCE_NOT_EXISTS')
  const { type } = ask.body
  if (type !== 'USER_BANK_CARD' && type !== 'MERCHANT_BANK_CARD') return refuseField('/type', '异常退款处理方式', type, '应为 USER_BANK_CARD 或 MERCHANT_BANK_CARD')
  const account = openPersonal(tenant, ask.serial, ask.body['bank_account'])
  const name = openPersonal(tenant, ask.serial, ask.body['real_name'])
  if (type === 'USER_BANK_CARD' && (account === undefined || name === undefined)) return refusePay('PARAM_ERROR', '敏感信息解密失败，请检查Wechatpay-Serial与加密所用的公钥是否一致')
  if (type === 'USER_BANK_CARD' && (!/^\d{12,20}$/.test(account ?? '') || !/^[A-Z0-9]{2,24}_DEBIT$/.test(String(ask.body['bank_type'])))) return refusePay('PARAM_ERROR', '银行卡信息有误，只支持借记卡')
  if (refund.state !== 'ABNORMAL') return refusePay('INVALID_REQUEST', '退款单状态不是退款异常，不能发起异常退款')
  const received = type === 'USER_BANK_CARD' ? `${String(ask.body['bank_type'])}${(account ?? '').slice(-4)}` : '商户结算银行账户'
  const again: Refund = { ...refund, state: 'PROCESSING', outcome: 'SUCCESS', receivedBy: received, settleAtMs: clockOf(world, tenant.appid).now() + tenant.refundSeconds * 1000 }
  put(world.state, 'refunds', again.id, again)
  waitForSettlement(world, tenant, again)
  return { status: 200, body: describeRefund(world, again) }
}

export function resumeRefunds(world: World): void {
  for (const refund of world.state.tables.refunds.values()) {
    const tenant = world.state.tables.tenants.get(refund.appid)
    if (refund.state === 'PROCESSING' && tenant !== undefined) waitForSettlement(world, tenant, refund)
  }
}

function refundId(mchid: string, outRefundNo: string): string {
  return `${mchid}/${outRefundNo}`
}

function findWrongField(body: Body): PayAnswer | undefined {
  if (typeof body['out_trade_no'] !== 'string' && typeof body['transaction_id'] !== 'string') return refuseField('/out_trade_no', '商户订单号', undefined, '')
  const number = body['out_refund_no']
  if (typeof number !== 'string' || !/^[0-9A-Za-z_\-|*@]{1,64}$/.test(number)) return refuseField('/out_refund_no', '商户退款单号', number, '只能是数字、大小写字母_-|*@，长度1到64')
  const amount = body['amount'] as Body | undefined
  if (typeof amount !== 'object' || amount === null) return refuseField('/amount', '金额信息', undefined, '')
  for (const [field, name] of [['refund', '退款金额'], ['total', '原订单金额']] as const) {
    const value = amount[field]
    if (value === undefined) return refuseField(`/amount/${field}`, name, undefined, '')
    if (typeof value !== 'number' || !Number.isInteger(value) || value < 1) return refuseField(`/amount/${field}`, name, value, '应为不小于1的整数')
  }
  if (amount['currency'] !== 'CNY') return refuseField('/amount/currency', '退款币种', amount['currency'], '值应为 CNY')
  const notifyUrl = body['notify_url']
  if (notifyUrl !== undefined && !/^https?:\/\/[^?#\s]{1,240}$/.test(String(notifyUrl))) return refuseField('/notify_url', '退款结果回调url', notifyUrl, '必须是不带查询串的完整地址')
  return undefined
}

function checkAgainstOrder(world: World, order: Order, refundCents: number, totalCents: number): PayAnswer | undefined {
  if (order.transactionId === undefined) return refusePay('INVALID_REQUEST', '订单未支付，不能退款')
  if (totalCents !== order.totalCents) return refusePay('INVALID_REQUEST', '订单金额或退款金额与之前请求不一致，请核实后再试')
  const now = clockOf(world, order.appid).now()
  if (now - order.createdAtMs > YEAR_MS) return refusePay('INVALID_REQUEST', '订单已经超过退款期限')
  const before = refundsOf(world, order)
  if (before.length >= MOST_REFUNDS) return refusePay('RULE_LIMIT', '该订单退款次数已达上限')
  if (sumOf(before) + refundCents > order.totalCents) return refusePay('INVALID_REQUEST', '申请退款金额大于订单可退金额')
  const last = Math.max(...before.map((one) => one.createdAtMs))
  if (now - last < PAUSE_MS) return refusePay('FREQUENCY_LIMITED', '同一笔订单多次退款的请求需相隔1分钟')
  return undefined
}

function refundsOf(world: World, order: Order): Refund[] {
  const known = (world.refundsOf.get(order.id) ?? []).map((id) => world.state.tables.refunds.get(id))
  return known.filter((refund) => refund !== undefined)
}

/** A refund that was closed gave nothing back. */
function sumOf(refunds: Refund[]): number {
  return refunds.reduce((sum, refund) => sum + (refund.state === 'CLOSED' ? 0 : refund.refundCents), 0)
}

function createRefund(world: World, tenant: Tenant, order: Order, body: Body, params: string): Refund {
  const now = clockOf(world, tenant.appid).now()
  const outRefundNo = String(body['out_refund_no'])
  const refundCents = Number((body['amount'] as Body)['refund'])
  const outcome = takeFault(world, tenant.appid, ['refund_outcome'], 'refund')
  const refund: Refund = {
    id: refundId(tenant.mchid, outRefundNo), appid: tenant.appid, mchid: tenant.mchid, orderId: order.id, outTradeNo: order.outTradeNo, outRefundNo,
    refundId: `50${randomDigits(27)}`, params, reason: String(body['reason'] ?? ''), notifyUrl: String(body['notify_url'] ?? ''), totalCents: order.totalCents, refundCents,
    payerRefundCents: Math.floor(refundCents * order.payerCents / order.totalCents), state: 'PROCESSING', outcome: (outcome?.['value'] as RefundState | undefined) ?? 'SUCCESS',
    createdAtMs: now, settleAtMs: now + tenant.refundSeconds * 1000, createTime: beijing(Date.now()),
  }
  put(world.state, 'refunds', refund.id, refund)
  indexRefund(world, order.id, refund.id)
  saveOrder(world, { ...order, state: 'REFUND' })
  waitForSettlement(world, tenant, refund)
  return refund
}

function waitForSettlement(world: World, tenant: Tenant, refund: Refund): void {
  clockOf(world, tenant.appid).at(refund.settleAtMs, async () => settle(world, tenant, refund, refund.outcome))
}

/** What a merchant does in the console of the platform with money that the payer's account did not take. */
export function finishAbnormal(world: World, tenant: Tenant, outRefundNo: string): Refund | undefined {
  const refund = world.state.tables.refunds.get(refundId(tenant.mchid, outRefundNo))
  if (refund?.state !== 'ABNORMAL') return undefined
  settle(world, tenant, refund, 'SUCCESS')
  return world.state.tables.refunds.get(refund.id)
}

function settle(world: World, tenant: Tenant, refund: Refund, state: RefundState): void {
  const settled: Refund = { ...refund, state, ...(state === 'SUCCESS' ? { successTime: beijing(Date.now()) } : {}) }
  put(world.state, 'refunds', refund.id, settled)
  const order = world.state.tables.orders.get(refund.orderId)
  if (order === undefined) return
  if (state === 'SUCCESS') {
    const coupon = settled.refundCents - settled.payerRefundCents
    const fee = feeOf(settled.refundCents)
    writeEntry(world, tenant.mchid, `refund ${settled.outRefundNo}`, { merchant: -settled.refundCents, payer: settled.payerRefundCents, coupon, merchant_fees: fee, platform: -fee })
  }
  if (state === 'SUCCESS' && refundsOf(world, order).reduce((sum, one) => sum + (one.state === 'SUCCESS' ? one.refundCents : 0), 0) === order.totalCents) noteFullRefund(world, tenant, order.id)
  if (state === 'CLOSED' && refundsOf(world, order).every((one) => one.state === 'CLOSED')) saveOrder(world, { ...order, state: 'SUCCESS' })
  sendRefundNotice(world, tenant, settled, order.transactionId ?? '')
}

function describeRefund(world: World, refund: Refund): Record<string, unknown> {
  const order = world.state.tables.orders.get(refund.orderId)
  return {
    refund_id: refund.refundId, out_refund_no: refund.outRefundNo, transaction_id: order?.transactionId, out_trade_no: refund.outTradeNo, channel: 'ORIGINAL',
    user_received_account: refund.receivedBy ?? '支付用户零钱', ...(refund.successTime === undefined ? {} : { success_time: refund.successTime }), create_time: refund.createTime, status: refund.state,
    funds_account: 'AVAILABLE', promotion_detail: [],
    amount: {
      total: refund.totalCents, refund: refund.refundCents, from: [], payer_total: order?.payerCents ?? refund.totalCents, payer_refund: refund.payerRefundCents,
      settlement_refund: refund.payerRefundCents, settlement_total: order?.payerCents ?? refund.totalCents, discount_refund: refund.refundCents - refund.payerRefundCents,
      currency: 'CNY', refund_fee: 0,
    },
  }
}
