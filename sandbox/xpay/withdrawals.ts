// What of virtual payment's money the merchant may withdraw, and withdrawing it to the bank. Sums are texts in yuan here, and only here.
import { randomDigits } from '../keys.ts'
import { writeEntry } from '../ledger.ts'
import type { Tenant, VirtualWithdrawal } from '../records.ts'
import { put } from '../state.ts'
import { clockOf, takeFault } from '../world.ts'
import type { World } from '../world.ts'
import { refuseXpay } from './refusals.ts'

type Body = Record<string, unknown>
const STATUS = { under_way: 1, done: 2, failed: 3 } as const
const TAKES_MS = 60_000

export function queryAvailable(world: World, tenant: Tenant): Body {
  return { errcode: 0, errmsg: 'ok', balance_available: { amount: yuan(Math.max(0, balanceOf(world, tenant))), currency_code: 'CNY' } }
}

export function createWithdrawal(world: World, tenant: Tenant, body: Body): Body {
  const number = String(body['withdraw_no'] ?? '')
  if (!/^[0-9A-Za-z_-]{8,32}$/.test(number)) return refuseXpay('params', 'withdraw_no')
  if (find(world, tenant, number) !== undefined) return refuseXpay('repeated')
  const available = balanceOf(world, tenant)
  const cents = body['withdraw_amount'] === undefined ? available : centsOf(body['withdraw_amount'])
  if (cents === undefined || cents <= 0 || cents > available) return refuseXpay('params', 'withdraw_amount')
  const fault = takeFault(world, tenant.appid, ['withdraw_outcome'], 'create_withdraw_order')
  const now = clockOf(world, tenant.appid).now()
  const one: VirtualWithdrawal = { id: idOf(tenant, number), appid: tenant.appid, number, wxNumber: `W${randomDigits(24)}`, cents, state: 'under_way', why: fault === undefined ? '' : String(fault['value'] ?? '银行账户异常'), createdAtMs: now, settleAtMs: now + TAKES_MS }
  put(world.state, 'virtualWithdrawals', one.id, one)
  wait(world, tenant, one)
  return { errcode: 0, errmsg: 'ok', withdraw_no: number, wx_withdraw_no: one.wxNumber }
}

export function queryWithdrawal(world: World, tenant: Tenant, body: Body): Body {
  const one = find(world, tenant, String(body['withdraw_no'] ?? ''))
  if (one === undefined) return refuseXpay('params', 'withdraw order not exist')
  return {
    errcode: 0, errmsg: 'ok', withdraw_no: one.number, status: STATUS[one.state], withdraw_amount: yuan(one.cents), wx_withdraw_no: one.wxNumber,
    withdraw_success_timestamp: one.state === 'done' ? String(Math.floor(one.settleAtMs / 1000)) : '0', create_time: String(Math.floor(one.createdAtMs / 1000)), fail_reason: one.state === 'failed' ? one.why : '',
  }
}

export function resumeWithdrawals(world: World): void {
  for (const one of world.state.tables.virtualWithdrawals.values()) {
    const tenant = world.state.tables.tenants.get(one.appid)
    if (tenant !== undefined && one.state === 'under_way') wait(world, tenant, one)
  }
}

function wait(world: World, tenant: Tenant, one: VirtualWithdrawal): void {
  clockOf(world, tenant.appid).at(one.settleAtMs, async () => {
    const state = one.why === '' ? 'done' : 'failed'
    put(world.state, 'virtualWithdrawals', one.id, { ...one, state })
    if (state === 'done') writeEntry(world, tenant.mchid, `xpay withdraw ${one.number}`, { merchant: -one.cents, bank: one.cents })
  })
}

/** What was settled, less what went back, the fees, and what is withdrawn or on its way. */
function balanceOf(world: World, tenant: Tenant): number {
  const { virtualOrders, virtualWithdrawals } = world.state.tables
  const settled = [...virtualOrders.values()].filter((order) => order.appid === tenant.appid && order.settledAt > 0).reduce((sum, order) => sum + order.paidCents - order.refundedCents - order.feeCents, 0)
  return [...virtualWithdrawals.values()].filter((one) => one.appid === tenant.appid && one.state !== 'failed').reduce((left, one) => left - one.cents, settled)
}

function find(world: World, tenant: Tenant, number: string): VirtualWithdrawal | undefined {
  return world.state.tables.virtualWithdrawals.get(idOf(tenant, number))
}

function idOf(tenant: Tenant, number: string): string {
  return `${tenant.appid}/${number}`
}

function yuan(cents: number): string {
  return (cents / 100).toFixed(2)
}

function centsOf(text: unknown): number | undefined {
  return typeof text === 'string' && /^\d+(\.\d{1,2})?$/.test(text) ? Math.round(Number(text) * 100) : undefined
}
