// Virtual payment's refunds: asked for by the merchant or made by Apple, settled a little later on the virtual clock, told by a push.
import { randomDigits, randomHex } from '../keys.ts'
import { writeEntry } from '../ledger.ts'
import type { Tenant, VirtualOrder, VirtualRefund } from '../records.ts'
import { put } from '../state.ts'
import { pushEvent } from '../wechat/push.ts'
import { clockOf, takeFault } from '../world.ts'
import type { World } from '../world.ts'
import { findOrder, leftOf, seconds, STATUS } from './orders.ts'
import { refuseXpay } from './refusals.ts'
import { giveFeeBack } from './settlements.ts'

type Body = Record<string, unknown>
const HALF_YEAR_SECONDS = 180 * 86_400

export function refundOrder(world: World, tenant: Tenant, body: Body): Body {
  const order = findOrder(world, tenant, body)
  const number = String(body['refund_order_id'] ?? '')
  const fee = body['refund_fee']
  if (order === undefined || order.openid !== body['openid']) return refuseXpay('params', 'order not exist')
  if (!/^[0-9A-Za-z_-]{8,32}$/.test(number)) return refuseXpay('params', 'refund_order_id invalid')
  if (order.status < STATUS.paid) return refuseXpay('params', 'order not paid')
  if (order.isApple) return refuseXpay('params', 'ios order can not be refunded by developer')
  const known = order.refunds.find((refund) => refund.number === number)
  if (known !== undefined) return known.cents === fee ? describe(order, known) : refuseXpay('params', 'refund_fee differs from the first request')
  if (seconds() - order.paidAt > HALF_YEAR_SECONDS) return refuseXpay('params', 'order can not be refunded after 180 days')
  const left = leftOf(order)
  if (body['left_fee'] !== left) return refuseXpay('params', 'left_fee mismatch')
  if (typeof fee !== 'number' || !Number.isInteger(fee) || fee < 1 || fee > left) return refuseXpay('params', 'refund_fee invalid')
  return describe(order, begin(world, tenant, order, number, fee))
}

/** Starts a refund; an empty number is Apple's own. */
export function begin(world: World, tenant: Tenant, order: VirtualOrder, number: string, cents: number): VirtualRefund {
  const outcome = takeFault(world, tenant.appid, ['refund_outcome'], 'refund_order')?.['value'] === 'FAILED' ? 'failed' : 'done'
  const refund: VirtualRefund = { number, wxNumber: `R${randomHex(24)}`, cents, state: 'processing', outcome, settleAtMs: clockOf(world, tenant.appid).now() + tenant.refundSeconds * 1000 }
  put(world.state, 'virtualOrders', order.id, { ...order, refunds: [...order.refunds, refund] })
  wait(world, tenant, order.id, refund)
  return refund
}

export function resumeVirtualRefunds(world: World): void {
  for (const order of world.state.tables.virtualOrders.values()) {
    const tenant = world.state.tables.tenants.get(order.appid)
    for (const refund of order.refunds) if (refund.state === 'processing' && tenant !== undefined) wait(world, tenant, order.id, refund)
  }
}

function wait(world: World, tenant: Tenant, orderId: string, refund: VirtualRefund): void {
  clockOf(world, tenant.appid).at(refund.settleAtMs, async () => settle(world, tenant, orderId, refund))
}

function settle(world: World, tenant: Tenant, orderId: string, refund: VirtualRefund): void {
  const order = world.state.tables.virtualOrders.get(orderId)
  if (order === undefined) return
  const refunds = order.refunds.map((one) => (one.wxNumber === refund.wxNumber ? { ...one, state: refund.outcome } : one))
  const refundedCents = refunds.reduce((sum, one) => sum + (one.state === 'done' ? one.cents : 0), 0)
  const status = refund.outcome === 'failed' ? STATUS.refundFailed : refundedCents === order.paidCents ? STATUS.refunded : order.status
  const settled: VirtualOrder = { ...order, refunds, refundedCents, status }
  put(world.state, 'virtualOrders', order.id, refund.outcome === 'done' ? giveFeeBack(world, tenant, settled) : settled)
  if (refund.outcome === 'done') writeEntry(world, tenant.mchid, `xpay refund ${refund.wxNumber}`, { merchant: -refund.cents, payer: refund.cents })
  tell(world, tenant, settled, refund)
}

function tell(world: World, tenant: Tenant, order: VirtualOrder, refund: VirtualRefund): void {
  const isDone = refund.outcome === 'done'
  const fields = {
    OpenId: order.openid, WxRefundId: refund.wxNumber, MchRefundId: refund.number, WxOrderId: order.wxOrderId, MchOrderId: order.outTradeNo, RefundFee: refund.cents, RetCode: isDone ? 0 : 1,
    RetMsg: isDone ? 'success' : 'refund failed', RefundStartTimestamp: seconds(), RefundSuccTimestamp: isDone ? seconds() : 0, WxpayRefundTransactionId: isDone ? `50${randomDigits(26)}` : '', RetryTimes: 0,
  }
  pushEvent(world, tenant, { event: 'xpay_refund_notify', openid: order.openid, subject: order.outTradeNo, fields })
}

function describe(order: VirtualOrder, refund: VirtualRefund): Body {
  return { errcode: 0, errmsg: 'ok', refund_order_id: refund.number, refund_wx_order_id: refund.wxNumber, pay_order_id: order.outTradeNo, pay_wx_order_id: order.wxOrderId }
}
