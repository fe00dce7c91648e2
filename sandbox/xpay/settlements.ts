// When virtual payment's money becomes the merchant's to withdraw, and what the platform keeps of it.
import { writeEntry } from '../ledger.ts'
import type { Tenant, VirtualOrder } from '../records.ts'
import { put } from '../state.ts'
import { clockOf, takeFault } from '../world.ts'
import type { World } from '../world.ts'

type Body = Record<string, unknown>
const DAY_MS = 86_400_000

/** Android's money comes after three days for one percent, Apple's after forty-five for twelve. */
function termsOf(order: VirtualOrder): { days: number; basisPoints: number } {
  return order.isApple ? { days: 45, basisPoints: 1200 } : { days: 3, basisPoints: 100 }
}

/** Of an order that is paid at this hour of the tenant's clock. */
export function settleLater(world: World, tenant: Tenant, order: VirtualOrder): void {
  putOff(world, tenant, order, clockOf(world, tenant.appid).now() + termsOf(order).days * DAY_MS)
}

function putOff(world: World, tenant: Tenant, order: VirtualOrder, settleAtMs: number): void {
  put(world.state, 'virtualOrders', order.id, { ...order, settleAtMs })
  clockOf(world, tenant.appid).at(settleAtMs, async () => settle(world, tenant, order.id))
}

export function resumeSettlements(world: World): void {
  for (const order of world.state.tables.virtualOrders.values()) {
    const tenant = world.state.tables.tenants.get(order.appid)
    if (tenant !== undefined && order.paidAt > 0 && order.settledAt === 0) putOff(world, tenant, order, order.settleAtMs)
  }
}

/** `late_settlement`: it is put off by a week. What was given back whole is never settled. */
function settle(world: World, tenant: Tenant, id: string): void {
  const order = world.state.tables.virtualOrders.get(id)
  if (order === undefined || order.settledAt > 0 || order.refundedCents === order.paidCents) return
  if (takeFault(world, tenant.appid, ['late_settlement'], 'query_order') !== undefined) return putOff(world, tenant, order, order.settleAtMs + 7 * DAY_MS)
  const feeCents = feeOf(order)
  put(world.state, 'virtualOrders', id, { ...order, settledAt: Math.floor(clockOf(world, tenant.appid).now() / 1000), feeCents })
  writeEntry(world, tenant.mchid, `xpay fee ${order.outTradeNo}`, { merchant: -feeCents, xpay_fees: feeCents })
}

/** The fee of what goes back after it was settled is given back too. */
export function giveFeeBack(world: World, tenant: Tenant, order: VirtualOrder): VirtualOrder {
  if (order.settledAt === 0) return order
  const feeCents = feeOf(order)
  writeEntry(world, tenant.mchid, `xpay fee ${order.outTradeNo}`, { merchant: order.feeCents - feeCents, xpay_fees: feeCents - order.feeCents })
  return { ...order, feeCents }
}

function feeOf(order: VirtualOrder): number {
  return Math.floor(((order.paidCents - order.refundedCents) * termsOf(order).basisPoints) / 10_000)
}

export function describeSettlement(order: VirtualOrder): Body {
  return order.settledAt > 0 ? { sett_time: order.settledAt, sett_state: 2, platform_fee_fen: order.feeCents, cps_fee_fen: 0 } : { sett_time: 0, sett_state: order.paidAt > 0 ? 1 : 0 }
}
