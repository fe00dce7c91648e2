// Douyin's callbacks: three signed headers over the raw body, pauses of their own, and err_no 0 as the only good answer.
import { sendNotice } from '../deliveries.ts'
import { randomWord, signText } from '../keys.ts'
import type { Delivery, Tenant } from '../records.ts'
import { takeFault } from '../world.ts'
import type { Carrier, World } from '../world.ts'
import type { DouyinOrder, DouyinRefund, DouyinSettlement } from './records.ts'

export const DOUYIN_MISMATCHES = ['mismatch_amount', 'mismatch_appid', 'mismatch_out_trade_no', 'mismatch_state', 'mismatch_currency']

/** `message` tells why nobody paid: USER_CANCEL or TIME_OUT. */
export function tellPayment(world: World, tenant: Tenant, order: DouyinOrder, nowMs: number, message = ''): void {
  const msg = {
    app_id: tenant.douyin?.appid, out_order_no: order.outOrderNo, order_id: order.orderId, status: order.status === 'SUCCESS' ? 'SUCCESS' : 'CANCEL', total_amount: order.totalCents,
    discount_amount: 0, ...(order.channelPayId === undefined ? {} : { pay_channel: 10, channel_pay_id: order.channelPayId, merchant_uid: tenant.douyin?.merchantUid, user_bill_pay_id: order.channelPayId }),
    message, event_time: nowMs,
  }
  tell(world, tenant, { type: 'payment', url: order.notifyUrl, subject: order.outOrderNo, msg: spoilOrder(world, tenant, msg, 'douyin') })
}

export function tellRefund(world: World, tenant: Tenant, refund: DouyinRefund, order: DouyinOrder, nowMs: number): void {
  const msg = {
    app_id: tenant.douyin?.appid, status: refund.status, order_id: order.orderId, cp_extra: '', message: refund.message, event_time: nowMs, refund_id: refund.refundId, out_refund_no: refund.outRefundNo,
    refund_total_amount: refund.cents, is_all_settled: false, refund_item_detail: itemsOf(order, refund.cents), refund_type: refund.source,
  }
  tell(world, tenant, { type: 'refund', url: refund.notifyUrl, subject: order.outOrderNo, msg })
}

export function tellRefundAsk(world: World, tenant: Tenant, refund: DouyinRefund, order: DouyinOrder): void {
  const msg = {
    app_id: tenant.douyin?.appid, open_id: order.openId, refund_id: refund.refundId, order_id: order.orderId, out_order_no: order.outOrderNo, refund_total_amount: refund.cents,
    need_refund_audit: 1, refund_audit_deadline: refund.auditByMs, create_refund_time: refund.createdAtMs, refund_source: refund.source, refund_reason: ['不想要了'], refund_description: refund.reason,
    cp_extra: '', refund_item_detail: itemsOf(order, refund.cents),
  }
  tell(world, tenant, { type: 'pre_create_refund', url: refund.notifyUrl, subject: order.outOrderNo, msg })
}

export function tellSettlement(world: World, tenant: Tenant, settlement: DouyinSettlement, order: DouyinOrder, nowMs: number): void {
  const msg = {
    app_id: tenant.douyin?.appid, status: settlement.status, order_id: order.orderId, settle_id: settlement.settleId, out_settle_no: settlement.outSettleNo, event_time: nowMs,
    settle_amount: settlement.cents, rake: settlement.rakeCents, commission: 0, message: '',
  }
  tell(world, tenant, { type: 'settle', url: settlement.notifyUrl, subject: order.outOrderNo, msg })
}

/** Tells something else than what happened, rightly signed. */
export function spoilOrder(world: World, tenant: Tenant, told: Record<string, unknown>, api: string): Record<string, unknown> {
  const fault = takeFault(world, tenant.appid, DOUYIN_MISMATCHES, api, api !== 'douyin')
  if (fault === undefined) return told
  const ways: Record<string, Record<string, unknown>> = {
    mismatch_amount: { total_amount: Number(fault['value'] ?? 1) },
    mismatch_appid: { app_id: fault['value'] ?? 'tt0000000000000000' },
    mismatch_out_trade_no: { out_order_no: fault['value'] ?? `X${randomWord(20)}` },
    mismatch_state: { [api === 'douyin' ? 'status' : 'pay_status']: fault['value'] ?? 'CANCEL' },
    mismatch_currency: { currency: fault['value'] ?? 'DIAMOND' },
  }
  return { ...told, ...ways[fault.kind] }
}

function itemsOf(order: DouyinOrder, cents: number): Record<string, unknown> {
  return { item_order_quantity: 1, item_order_detail: [{ item_order_id: order.itemOrderId, refund_amount: cents }] }
}

function tell(world: World, tenant: Tenant, letter: { type: string; url: string; subject: string; msg: Record<string, unknown> }): void {
  if (letter.url === '') return
  const plain = JSON.stringify(letter.msg)
  const body = JSON.stringify({ version: '3.0', msg: plain, type: letter.type })
  sendNotice(world, tenant, { kind: 'douyin', event: letter.type, subject: letter.subject, url: letter.url, body, plain })
}

/** `hear` is told each good answer: the one to a refund that a user asked for holds the merchant's number. */
export function makeDouyinCarrier(hear: (world: World, delivery: Delivery, body: string) => void): Carrier {
  return {
    compose: composeCallback,
    accepts: (status, body) => status === 200 && readAnswer(body)['err_no'] === 0,
    retrySeconds: [12, 12, 33, 60, 120, 180, 240, 300, 360, 420],
    hear,
  }
}

export function readAnswer(body: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}

async function composeCallback(tenant: Tenant, delivery: Delivery, trick: string | undefined): Promise<{ url: string; headers: Record<string, string>; body: string }> {
  const skew = trick === 'stale_notice' ? -7200 : trick === 'future_notice' ? 3600 : 0
  const timestamp = Math.floor(Date.now() / 1000) + skew
  const nonce = randomWord(32)
  const key = trick === 'forge_notice' ? tenant.douyin?.appPrivateKey : tenant.douyin?.platformPrivateKey
  const signature = await signText(key ?? tenant.merchantPrivateKey, `${timestamp}\n${nonce}\n${delivery.body}\n`)
  const body = trick === 'tamper_notice' ? delivery.body.replace(/total_amount\\":\d+/, 'total_amount\\":1') : delivery.body
  const headers = { 'Content-Type': 'application/json', 'User-Agent': 'Mozilla/4.0' }
  if (trick === 'unsigned_notice') return { url: delivery.url, headers, body }
  return { url: delivery.url, body, headers: { ...headers, 'Byte-Timestamp': String(timestamp), 'Byte-Nonce-Str': nonce, 'Byte-Signature': signature } }
}
