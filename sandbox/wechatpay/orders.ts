// What becomes of an order: looking it up, paying, failing, closing.
import { randomDigits } from '../keys.ts'
import { writeEntry } from '../ledger.ts'
import type { Order, Tenant, TradeState } from '../records.ts'
import { beijing, clockOf, saveOrder, takeFault } from '../world.ts'
import type { World } from '../world.ts'
import { SAID, describeOrder } from './describe.ts'
import { feeOf } from './fees.ts'
import { MISMATCHES, sendPaymentNotice, spoil } from './notices.ts'
import { refusePay } from './refusals.ts'
import type { PayAnswer } from './refusals.ts'

export type PayAction = { do: 'pay' | 'cancel' | 'fail' | 'pay_later' | 'pay_with_coupon' | 'enter_password'; openid?: string; delaySeconds?: number; couponCents?: number }
export type PayOutcome = { ok: boolean; state: TradeState; message: string; payAtMs?: number }

export function orderId(mchid: string, outTradeNo: string): string {
  return `${mchid}/${outTradeNo}`
}

/** An order past its time is closed by the platform itself; this is where that shows. */
export function currentOrder(world: World, id: string | undefined): Order | undefined {
  const order = world.state.tables.orders.get(id ?? '')
  if (order === undefined || !isPayable(order.state) || order.expiresAtMs > clockOf(world, order.appid).now()) return order
  const closed: Order = { ...order, state: 'CLOSED' }
  saveOrder(world, closed)
  return closed
}

export function closeOrder(world: World, tenant: Tenant, outTradeNo: string, body: Record<string, unknown>): PayAnswer {
  if (body['mchid'] !== tenant.mchid) return refusePay('PARAM_ERROR', '商户号和签名中的商户号不一致', { location: 'body', field: '/mchid', value: body['mchid'] ?? null, issue: '与Authorization中的mchid不一致' })
  const order = currentOrder(world, orderId(tenant.mchid, outTradeNo))
  if (order === undefined) return refusePay('ORDER_NOT_EXIST')
  if (order.state === 'SUCCESS' || order.state === 'REFUND') return refusePay('ORDER_PAID')
  if (order.state === 'USERPAYING') return refusePay('USER_PAYING')
  if (order.state !== 'CLOSED') saveOrder(world, { ...order, state: 'CLOSED' })
  return { status: 204 }
}

export function queryOrder(world: World, tenant: Tenant, id: string | undefined, mchid: string | null): PayAnswer {
  if (mchid === null || mchid === '') return refusePay('PARAM_ERROR', '缺少参数mchid', { location: 'query', field: 'mchid', value: null, issue: '此字段为必填项' })
  if (mchid !== tenant.mchid) return refusePay('PARAM_ERROR', '商户号和签名中的商户号不一致', { location: 'query', field: 'mchid', value: mchid, issue: '与Authorization中的mchid不一致' })
  const order = currentOrder(world, id)
  if (order === undefined || order.mchid !== tenant.mchid) return refusePay('ORDER_NOT_EXIST')
  return { status: 200, body: spoil(describeOrder(order), takeFault(world, tenant.appid, MISMATCHES, 'query', true)) }
}

/** What the person at the cashier does. `ok` says that it could be done, not that money moved. */
export function actOnOrder(world: World, tenant: Tenant, order: Order, action: PayAction): PayOutcome {
  if (!isPayable(order.state)) return { ok: false, state: order.state, message: SAID[order.state] }
  if (action.do === 'cancel') return move(world, { ...order, state: order.state === 'USERPAYING' ? 'NOTPAY' : order.state }, '用户取消支付')
  if (action.do === 'enter_password') return move(world, { ...order, state: 'USERPAYING' }, SAID.USERPAYING)
  if (action.do === 'fail') return move(world, { ...order, state: 'PAYERROR' }, SAID.PAYERROR)
  if (action.do === 'pay_later') return payLater(world, tenant, order, action)
  return payOrder(world, tenant, order, action)
}

export function resumeLatePayments(world: World): void {
  for (const order of world.state.tables.orders.values()) {
    const tenant = world.state.tables.tenants.get(order.appid)
    if (order.payAtMs !== undefined && tenant !== undefined) waitForPayment(world, tenant, order, {})
  }
}

function payLater(world: World, tenant: Tenant, order: Order, action: PayAction): PayOutcome {
  const payAtMs = clockOf(world, tenant.appid).now() + (action.delaySeconds ?? 10) * 1000
  const late: Order = { ...order, state: 'USERPAYING', payAtMs, openid: order.openid || (action.openid ?? '') }
  saveOrder(world, late)
  waitForPayment(world, tenant, late, action)
  return { ok: true, state: 'USERPAYING', message: SAID.USERPAYING, payAtMs }
}

function waitForPayment(world: World, tenant: Tenant, order: Order, action: Partial<PayAction>): void {
  clockOf(world, tenant.appid).at(order.payAtMs ?? 0, async () => {
    const fresh = world.state.tables.orders.get(order.id)
    if (fresh !== undefined && fresh.payAtMs === order.payAtMs && isPayable(fresh.state)) payOrder(world, tenant, fresh, { ...action, do: 'pay' })
  })
}

function payOrder(world: World, tenant: Tenant, order: Order, action: PayAction): PayOutcome {
  const coupon = action.do === 'pay_with_coupon' ? Math.min(action.couponCents ?? Math.max(1, Math.floor(order.totalCents / 10)), order.totalCents - 1) : 0
  const { payAtMs: _late, ...rest } = order
  const paid: Order = {
    ...rest, state: 'SUCCESS', openid: order.openid || (action.openid ?? `o${randomDigits(27)}`), payerCents: order.totalCents - Math.max(0, coupon),
    transactionId: `42000${randomDigits(23)}`, successTime: beijing(Date.now()), refundable: true, paidAtMs: clockOf(world, tenant.appid).now(),
  }
  saveOrder(world, paid)
  writeEntry(world, tenant.mchid, `pay ${paid.outTradeNo}`, { payer: -paid.payerCents, coupon: paid.payerCents - paid.totalCents, merchant: paid.totalCents })
  writeEntry(world, tenant.mchid, `fee ${paid.outTradeNo}`, { merchant_fees: -feeOf(paid.totalCents), platform: feeOf(paid.totalCents) })
  sendPaymentNotice(world, tenant, paid)
  return { ok: true, state: 'SUCCESS', message: SAID.SUCCESS }
}

function move(world: World, order: Order, message: string): PayOutcome {
  const { payAtMs: _late, ...rest } = order
  saveOrder(world, rest)
  return { ok: true, state: order.state, message }
}

function isPayable(state: TradeState): boolean {
  return state === 'NOTPAY' || state === 'USERPAYING' || state === 'PAYERROR'
}
