// Money that leaves an order at Douyin: refunds asked by merchant or user, with their audit, and settlements.
import { randomDigits } from '../keys.ts'
import { writeEntry } from '../ledger.ts'
import type { Delivery, Tenant } from '../records.ts'
import { put } from '../state.ts'
import { clockOf, takeFault } from '../world.ts'
import type { World } from '../world.ts'
import { readAnswer, tellRefund, tellRefundAsk, tellSettlement } from './notices.ts'
import { findOrder, type Body, type DouyinAnswer } from './orders.ts'
import type { DouyinOrder, DouyinRefund, DouyinSettlement } from './records.ts'

const AUDIT_MS = 3 * 86_400_000
/** Two per cent, rounded down, is what Douyin keeps here. */
const RAKE_PERCENT = 2

export function createRefund(world: World, tenant: Tenant, body: Body): DouyinAnswer {
  const order = findOrder(world, tenant, { order_id: body['order_id'] })
  const number = String(body['out_refund_no'] ?? '')
  const cents = Number(body['refund_total_amount'])
  if (order === undefined) return { err_no: 22001, err_msg: '订单不存在' }
  if (number === '' || !Number.isInteger(cents) || cents < 1 || !Array.isArray(body['refund_reason']) || typeof body['order_entry_schema'] !== 'object') return wrong('out_refund_no')
  const known = refundsOf(world, order).find((one) => one.outRefundNo === number)
  if (known !== undefined) return known.cents === cents ? created(known) : { err_no: 22012, err_msg: '退款单号重复' }
  if (order.paidAtMs === undefined) return { err_no: 22010, err_msg: '订单状态不支持退款' }
  if (cents > order.totalCents - backOf(world, order)) return { err_no: 22011, err_msg: '退款金额超限' }
  if (body['refund_all'] === true ? body['item_order_detail'] !== undefined || cents !== order.totalCents : !sumsUp(body, order, cents)) return wrong('item_order_detail')
  const now = clockOf(world, tenant.appid).now()
  const needsAudit = takeFault(world, tenant.appid, ['refund_outcome'], 'needs_audit', true) !== undefined
  const refund = makeRefund(tenant, order, { number, cents, reason: JSON.stringify(body['refund_reason']), notifyUrl: String(body['notify_url'] ?? order.notifyUrl), source: 2, now })
  if (needsAudit) waitForDeadline(world, tenant, save(world, refund))
  else agree(world, tenant, save(world, refund), 'AGREE')
  return created(refund)
}

function sumsUp(body: Body, order: DouyinOrder, cents: number): boolean {
  const items = Array.isArray(body['item_order_detail']) ? (body['item_order_detail'] as Body[]) : []
  return items.length === 1 && items[0]?.['item_order_id'] === order.itemOrderId && items[0]?.['refund_amount'] === cents
}

function created(refund: DouyinRefund): DouyinAnswer {
  return { err_no: 0, err_msg: 'success', data: { refund_id: refund.refundId, refund_audit_deadline: refund.auditByMs } }
}

/** Somebody presses 申请退款 inside Douyin. */
export function askRefund(world: World, tenant: Tenant, order: DouyinOrder, cents: number, reason: string): DouyinRefund | undefined {
  if (order.paidAtMs === undefined || cents < 1 || cents > order.totalCents - backOf(world, order)) return undefined
  const refund = save(world, makeRefund(tenant, order, { number: '', cents, reason, notifyUrl: order.notifyUrl, source: 1, now: clockOf(world, tenant.appid).now() }))
  waitForDeadline(world, tenant, refund)
  tellRefundAsk(world, tenant, refund, order)
  return refund
}

/** The merchant's number for a user's refund stands in its answer; without one the refund is stuck. */
export function hearAnswer(world: World, delivery: Delivery, body: string): void {
  if (delivery.event !== 'pre_create_refund') return
  const refundId = String(readAnswer(delivery.plain)['refund_id'])
  const data = readAnswer(JSON.stringify(readAnswer(body)['data'] ?? {}))
  const refund = byRefundId(world, delivery.appid, refundId)
  if (refund !== undefined && typeof data['out_refund_no'] === 'string' && typeof data['order_entry_schema'] === 'object') save(world, { ...refund, outRefundNo: data['out_refund_no'] })
}

export function auditRefund(world: World, tenant: Tenant, body: Body): DouyinAnswer {
  const refund = byRefundId(world, tenant.appid, String(body['refund_id']))
  if (refund === undefined) return { err_no: 22020, err_msg: '退款单不存在' }
  if (refund.audit !== 'TOAUDIT') return { err_no: 22021, err_msg: '退款单状态不支持审核' }
  if (body['refund_audit_status'] === 1) agree(world, tenant, refund, 'AGREE')
  else if (body['refund_audit_status'] === 2 && typeof body['deny_message'] === 'string' && body['deny_message'] !== '') deny(world, tenant, refund, body['deny_message'])
  else return wrong('refund_audit_status')
  return { err_no: 0, err_msg: 'success' }
}

export function queryRefund(world: World, tenant: Tenant, body: Body): DouyinAnswer {
  const wanted = [...world.state.tables.douyinRefunds.values()].filter((one) => one.appid === tenant.appid && (one.outRefundNo === body['out_refund_no'] || one.refundId === body['refund_id']))
  const refund_list = wanted.map((one) => ({
    refund_id: one.refundId, out_refund_no: one.outRefundNo, order_id: world.state.tables.douyinOrders.get(one.orderKey)?.orderId, refund_total_amount: one.cents, refund_status: one.status, message: one.message,
    create_at: one.createdAtMs, refund_at: one.doneAtMs ?? 0, merchant_audit_detail: { audit_status: one.audit, need_refund_audit: one.source === 1 ? 1 : 2, refund_audit_deadline: one.auditByMs },
  }))
  return { err_no: 0, err_msg: 'success', data: { refund_list } }
}

function agree(world: World, tenant: Tenant, refund: DouyinRefund, audit: 'AGREE' | 'OVERTIME'): void {
  const settleAtMs = clockOf(world, tenant.appid).now() + tenant.refundSeconds * 1000
  const agreed = save(world, { ...refund, audit, settleAtMs })
  waitForMoney(world, tenant, agreed)
}

function deny(world: World, tenant: Tenant, refund: DouyinRefund, message: string): void {
  const denied = save(world, { ...refund, audit: 'DENY', status: 'FAIL', message })
  const order = world.state.tables.douyinOrders.get(refund.orderKey)
  if (order !== undefined) tellRefund(world, tenant, denied, order, clockOf(world, tenant.appid).now())
}

/** Nobody's word in three days is agreement. */
export function waitForDeadline(world: World, tenant: Tenant, refund: DouyinRefund): void {
  clockOf(world, tenant.appid).at(refund.auditByMs, async () => {
    const fresh = world.state.tables.douyinRefunds.get(refund.id)
    if (fresh?.audit === 'TOAUDIT') agree(world, tenant, fresh, 'OVERTIME')
  })
}

export function waitForMoney(world: World, tenant: Tenant, refund: DouyinRefund): void {
  clockOf(world, tenant.appid).at(refund.settleAtMs ?? 0, async () => {
    const [fresh, order] = [world.state.tables.douyinRefunds.get(refund.id), world.state.tables.douyinOrders.get(refund.orderKey)]
    if (fresh?.status !== 'PROCESSING' || order === undefined) return
    const outcome = takeFault(world, tenant.appid, ['refund_outcome'], 'refund_create')
    const now = clockOf(world, tenant.appid).now()
    const done = save(world, outcome === undefined ? { ...fresh, status: 'SUCCESS', doneAtMs: now } : { ...fresh, status: 'FAIL', message: '账户余额不足' })
    if (done.status === 'SUCCESS') writeEntry(world, tenant.mchid, `douyin refund ${done.refundId}`, { douyin: -done.cents, payer: done.cents })
    tellRefund(world, tenant, done, order, now)
  })
}

export function createSettlement(world: World, tenant: Tenant, body: Body): DouyinAnswer {
  const order = findOrder(world, tenant, { out_order_no: body['out_order_no'] })
  const number = String(body['out_settle_no'] ?? '')
  if (order === undefined) return { err_no: 22001, err_msg: '订单不存在' }
  if (number === '' || typeof body['settle_desc'] !== 'string') return wrong('out_settle_no')
  const known = world.state.tables.douyinSettlements.get(`${tenant.appid}/${number}`)
  if (known !== undefined) return known.orderKey === order.id ? settled(known) : { err_no: 22032, err_msg: '分账单号重复' }
  const cents = order.totalCents - backOf(world, order)
  const isSettled = [...world.state.tables.douyinSettlements.values()].some((one) => one.orderKey === order.id)
  if (order.paidAtMs === undefined || cents < 1 || isSettled) return { err_no: 22030, err_msg: '订单状态不支持分账' }
  const rakeCents = Math.floor((cents * RAKE_PERCENT) / 100)
  const settlement: DouyinSettlement = {
    id: `${tenant.appid}/${number}`, appid: tenant.appid, settleId: `sett${randomDigits(20)}`, outSettleNo: number, orderKey: order.id, description: body['settle_desc'],
    notifyUrl: String(body['notify_url'] ?? ''), cents: cents - rakeCents, rakeCents, status: 'PROCESSING', settleAtMs: clockOf(world, tenant.appid).now() + tenant.refundSeconds * 1000,
  }
  put(world.state, 'douyinSettlements', settlement.id, settlement)
  waitForSettlement(world, tenant, settlement)
  return settled(settlement)
}

function settled(settlement: DouyinSettlement): DouyinAnswer {
  return { err_no: 0, err_msg: 'success', data: { settle_id: settlement.settleId } }
}

export function querySettlement(world: World, tenant: Tenant, body: Body): DouyinAnswer {
  const found = world.state.tables.douyinSettlements.get(`${tenant.appid}/${String(body['out_settle_no'])}`)
  const settle_list = found === undefined ? [] : [{ settle_id: found.settleId, out_settle_no: found.outSettleNo, settle_status: found.status, settle_amount: found.cents, rake: found.rakeCents, commission: 0 }]
  return { err_no: 0, err_msg: 'success', data: { settle_list } }
}

export function waitForSettlement(world: World, tenant: Tenant, settlement: DouyinSettlement): void {
  clockOf(world, tenant.appid).at(settlement.settleAtMs, async () => {
    const [fresh, order] = [world.state.tables.douyinSettlements.get(settlement.id), world.state.tables.douyinOrders.get(settlement.orderKey)]
    if (fresh?.status !== 'PROCESSING' || order === undefined) return
    const done: DouyinSettlement = { ...fresh, status: 'SUCCESS' }
    put(world.state, 'douyinSettlements', done.id, done)
    writeEntry(world, tenant.mchid, `douyin settle ${done.settleId}`, { douyin: -done.cents - done.rakeCents, merchant: done.cents, douyin_rake: done.rakeCents })
    tellSettlement(world, tenant, done, order, clockOf(world, tenant.appid).now())
  })
}

function makeRefund(tenant: Tenant, order: DouyinOrder, asked: { number: string; cents: number; reason: string; notifyUrl: string; source: 1 | 2; now: number }): DouyinRefund {
  const { number, cents, reason, notifyUrl, source, now } = asked
  const refundId = `motr${randomDigits(22)}`
  return { id: `${tenant.appid}/${refundId}`, appid: tenant.appid, refundId, orderKey: order.id, outRefundNo: number, cents, reason, notifyUrl, source, audit: 'TOAUDIT', status: 'PROCESSING', message: '', createdAtMs: now, auditByMs: now + AUDIT_MS }
}

function refundsOf(world: World, order: DouyinOrder): DouyinRefund[] {
  return [...world.state.tables.douyinRefunds.values()].filter((one) => one.orderKey === order.id)
}

function backOf(world: World, order: DouyinOrder): number {
  return refundsOf(world, order).filter((one) => one.status !== 'FAIL').reduce((sum, one) => sum + one.cents, 0)
}

function byRefundId(world: World, appid: string, refundId: string): DouyinRefund | undefined {
  return world.state.tables.douyinRefunds.get(`${appid}/${refundId}`)
}

function wrong(field: string): DouyinAnswer {
  return { err_no: 10000, err_msg: `参数错误 ${field}` }
}

function save(world: World, refund: DouyinRefund): DouyinRefund {
  put(world.state, 'douyinRefunds', refund.id, refund)
  return refund
}
