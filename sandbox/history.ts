// A past that a test wishes for: many orders that were paid on a day, written at once.
import { randomDigits } from './keys.ts'
import { writeEntry } from './ledger.ts'
import type { Order, Tenant } from './records.ts'
import { feeOf } from './wechatpay/fees.ts'
import { orderId } from './wechatpay/orders.ts'
import { saveOrder } from './world.ts'
import type { World } from './world.ts'

/** Orders `prefix1`, `prefix2` … of one sum each, spread over the day; their money stands in the ledger and in the day's bills. */
export function writeHistory(world: World, tenant: Tenant, wish: { day: string; prefix: string; count: number; cents: number }): { count: number } {
  const start = Date.parse(`${wish.day}T00:00:00+08:00`)
  for (let at = 0; at < wish.count; at += 1) {
    const paidAtMs = start + Math.floor((at * 86_399_000) / wish.count)
    const order = pastOrder(tenant, `${wish.prefix}${at + 1}`, wish.cents, paidAtMs)
    saveOrder(world, order)
    writeEntry(world, tenant.mchid, `pay ${order.outTradeNo}`, { payer: -wish.cents, merchant: wish.cents }, paidAtMs)
    writeEntry(world, tenant.mchid, `fee ${order.outTradeNo}`, { merchant_fees: -feeOf(wish.cents), platform: feeOf(wish.cents) }, paidAtMs)
  }
  return { count: wish.count }
}

function pastOrder(tenant: Tenant, outTradeNo: string, cents: number, paidAtMs: number): Order {
  return {
    id: orderId(tenant.mchid, outTradeNo), appid: tenant.appid, mchid: tenant.mchid, outTradeNo, tradeType: 'NATIVE', params: '', description: '课程', attach: '', notifyUrl: '', openid: `o${randomDigits(27)}`,
    totalCents: cents, payerCents: cents, currency: 'CNY', prepayId: `wx${randomDigits(34)}`, prepayExpiresAtMs: paidAtMs, expiresAtMs: paidAtMs, createdAtMs: paidAtMs, state: 'SUCCESS',
    transactionId: `42000${randomDigits(23)}`, successTime: `${new Date(paidAtMs + 8 * 3_600_000).toISOString().slice(0, 19)}+08:00`, refundable: true,
  }
}
