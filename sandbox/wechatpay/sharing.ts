// Profit sharing: receivers, parts of an order's money for them with a result each, and setting the rest free.
import { randomDigits } from '../keys.ts'
import { writeEntry } from '../ledger.ts'
import type { Order, ShareOrder, SharePart, Tenant } from '../records.ts'
import { forget, put } from '../state.ts'
import { beijing, clockOf, saveOrder, takeFault } from '../world.ts'
import type { World } from '../world.ts'
import { feeOf } from './fees.ts'
import { openPersonal } from './personal.ts'
import { refuseField, refusePay } from './refusals.ts'
import type { PayAnswer } from './refusals.ts'

type Body = Record<string, unknown>

const RELATIONS = ['SERVICE_PROVIDER', 'STORE', 'STAFF', 'STORE_OWNER', 'PARTNER', 'HEADQUARTER', 'BRAND', 'DISTRIBUTOR', 'USER', 'SUPPLIER', 'CUSTOM']
const KINDS = ['MERCHANT_ID', 'PERSONAL_OPENID', 'PERSONAL_SUB_OPENID']
const MINUTE_MS = 60_000
const LAST_MS = 30 * 24 * 60 * MINUTE_MS
const PAUSE_MS = 10_000
const MOST = 50
/** Of ten thousand: what a merchant may share unless it has been granted more. */
const CAP_BASIS_POINTS = 3000

export function addReceiver(world: World, tenant: Tenant, body: Body, serial: string): PayAnswer {
  const [type, account, relation] = [String(body['type'] ?? ''), String(body['account'] ?? ''), String(body['relation_type'] ?? '')]
  if (body['appid'] !== tenant.appid) return refusePay('APPID_MCHID_NOT_MATCH')
  if (!KINDS.includes(type)) return refuseField('/type', '分账接收方类型', body['type'], `应为 ${KINDS.join('、')} 之一`)
  if (account === '') return refuseField('/account', '分账接收方账号', undefined, '')
  if (!RELATIONS.includes(relation)) return refuseField('/relation_type', '与分账方的关系类型', body['relation_type'], '不在枚举范围内')
  if (relation === 'CUSTOM' && !body['custom_relation']) return refuseField('/custom_relation', '自定义的分账关系', undefined, '')
  const name = body['name'] === undefined ? undefined : openPersonal(tenant, serial, body['name'])
  if (type === 'MERCHANT_ID' && name === undefined) return refusePay('PARAM_ERROR', '分账接收方为商户时，商户全称必填，并以Wechatpay-Serial指定的公钥加密')
  if (body['name'] !== undefined && name === undefined) return refusePay('PARAM_ERROR', '敏感信息解密失败')
  if (type === 'MERCHANT_ID' && !/^\d{8,10}$/.test(account)) return refusePay('INVALID_REQUEST', '接收方商户不存在')
  const id = receiverId(tenant, type, account)
  put(world.state, 'shareReceivers', id, { id, mchid: tenant.mchid, type, account, relation, ...(name === undefined ? {} : { name }) })
  return { status: 200, body: { type, account, name: body['name'], relation_type: relation } }
}

export function deleteReceiver(world: World, tenant: Tenant, body: Body): PayAnswer {
  const id = receiverId(tenant, String(body['type']), String(body['account']))
  if (!world.state.tables.shareReceivers.has(id)) return refusePay('INVALID_REQUEST', '分账关系不存在')
  forget(world.state, 'shareReceivers', id)
  return { status: 200, body: { type: body['type'], account: body['account'] } }
}

export function shareOrder(world: World, tenant: Tenant, body: Body): PayAnswer {
  const order = paidOrder(world, tenant, body['transaction_id'])
  if ('status' in order) return order
  const number = String(body['out_order_no'] ?? '')
  if (!/^[0-9A-Za-z_\-|*@]{1,64}$/.test(number)) return refuseField('/out_order_no', '商户分账单号', body['out_order_no'], '只能是数字、大小写字母_-|*@，长度1到64')
  const wanted = Array.isArray(body['receivers']) ? (body['receivers'] as Body[]) : []
  if (wanted.length === 0 || wanted.length > MOST) return refuseField('/receivers', '分账接收方列表', wanted.length, `应为1到${MOST}个`)
  if (typeof body['unfreeze_unsplit'] !== 'boolean') return refuseField('/unfreeze_unsplit', '是否解冻剩余未分资金', body['unfreeze_unsplit'], '应为布尔值')
  const params = JSON.stringify([order.id, wanted, body['unfreeze_unsplit']])
  const known = world.state.tables.shareOrders.get(shareId(tenant, number))
  if (known !== undefined) return known.params === params ? answer(known) : refusePay('INVALID_REQUEST', '分账单号重复，参数与首次请求不一致')
  const refused = findObstacle(world, tenant, order) ?? checkAmounts(world, order, wanted)
  if (refused !== undefined) return refused
  return answer(begin(world, tenant, order, { number, params, unfreezes: body['unfreeze_unsplit'], parts: wanted.map((one) => partOf(world, tenant, one)) }))
}

export function unfreeze(world: World, tenant: Tenant, body: Body): PayAnswer {
  const order = paidOrder(world, tenant, body['transaction_id'])
  if ('status' in order) return order
  const number = String(body['out_order_no'] ?? '')
  if (number === '') return refuseField('/out_order_no', '商户分账单号', undefined, '')
  const params = JSON.stringify([order.id, 'unfreeze'])
  const known = world.state.tables.shareOrders.get(shareId(tenant, number))
  if (known !== undefined) return known.params === params ? answer(known) : refusePay('INVALID_REQUEST', '分账单号重复，参数与首次请求不一致')
  return findObstacle(world, tenant, order) ?? answer(begin(world, tenant, order, { number, params, unfreezes: true, parts: [] }))
}

export function queryShare(world: World, tenant: Tenant, number: string, transactionId: string | null): PayAnswer {
  const known = world.state.tables.shareOrders.get(shareId(tenant, number))
  if (known === undefined || known.transactionId !== transactionId) return refusePay('RESOURCE_NOT_EXISTS', '分账单不存在')
  return answer(known)
}

export function queryUnsplit(world: World, tenant: Tenant, transactionId: string): PayAnswer {
  const order = paidOrder(world, tenant, transactionId)
  return 'status' in order ? order : { status: 200, body: { transaction_id: transactionId, unsplit_amount: unsplitOf(world, order) } }
}

function paidOrder(world: World, tenant: Tenant, transactionId: unknown): Order | PayAnswer {
  const order = world.state.tables.orders.get(world.byTransaction.get(String(transactionId)) ?? '')
  if (order === undefined || order.mchid !== tenant.mchid) return refusePay('ORDER_NOT_EXIST')
  if (order.sharing === undefined) return refusePay('INVALID_REQUEST', '该订单不支持分账，下单时未标记profit_sharing')
  return order
}

function findObstacle(world: World, tenant: Tenant, order: Order): PayAnswer | undefined {
  const now = clockOf(world, tenant.appid).now()
  const paidAtMs = order.paidAtMs ?? now
  if (now - paidAtMs < MINUTE_MS) return refusePay('RULE_LIMIT', '订单处理中，请在支付成功1分钟后再分账')
  if (order.sharing === 'finished' || now - paidAtMs > LAST_MS) return refusePay('RULE_LIMIT', '订单已分账完结，冻结资金已解冻')
  const before = sharesOf(world, order)
  if (before.length >= MOST) return refusePay('RULE_LIMIT', '该订单分账次数已达上限')
  if (before.some((one) => now - one.createdAtMs < PAUSE_MS)) return refusePay('FREQUENCY_LIMITED', '对同笔订单分账频率过高，请稍后再试')
  return undefined
}

function checkAmounts(world: World, order: Order, wanted: Body[]): PayAnswer | undefined {
  if (wanted.some((one) => !Number.isInteger(one['amount']) || Number(one['amount']) < 1)) return refuseField('/receivers/0/amount', '分账金额', wanted[0]?.['amount'], '应为不小于1的整数')
  if (wanted.some((one) => typeof one['description'] !== 'string' || one['description'] === '')) return refuseField('/receivers/0/description', '分账描述', undefined, '')
  const sum = wanted.reduce((all, one) => all + Number(one['amount']), 0)
  const shared = sharedOf(world, order)
  if (shared + sum > Math.floor((order.totalCents * CAP_BASIS_POINTS) / 10_000)) return refusePay('RULE_LIMIT', '超出分账最大比例30%')
  return sum > unsplitOf(world, order) ? refusePay('NOT_ENOUGH', '分账金额超出订单剩余待分金额') : undefined
}

function sharesOf(world: World, order: Order): ShareOrder[] {
  return [...world.state.tables.shareOrders.values()].filter((one) => one.orderId === order.id)
}

function sharedOf(world: World, order: Order): number {
  return sharesOf(world, order).flatMap((one) => one.parts).reduce((sum, part) => sum + (part.result === 'CLOSED' ? 0 : part.cents), 0)
}

function unsplitOf(world: World, order: Order): number {
  if (order.sharing === 'finished') return 0
  const refunded = [...world.state.tables.refunds.values()].filter((one) => one.orderId === order.id && one.state !== 'CLOSED').reduce((sum, one) => sum + one.refundCents, 0)
  return Math.max(0, order.totalCents - feeOf(order.totalCents) - sharedOf(world, order) - refunded)
}

function partOf(world: World, tenant: Tenant, wish: Body): SharePart {
  const [type, account] = [String(wish['type']), String(wish['account'])]
  const fault = takeFault(world, tenant.appid, ['share_outcome'])
  const isKnown = world.state.tables.shareReceivers.has(receiverId(tenant, type, account))
  const failReason = isKnown ? (fault?.['value'] as string | undefined) : 'NO_RELATION'
  return { type, account, cents: Number(wish['amount']), description: String(wish['description']), result: 'PENDING', detailId: `36${randomDigits(24)}`, ...(failReason === undefined ? {} : { failReason }) }
}

type Fresh = { number: string; params: string; unfreezes: boolean; parts: SharePart[] }

function begin(world: World, tenant: Tenant, order: Order, fresh: Fresh): ShareOrder {
  const now = clockOf(world, tenant.appid).now()
  const share: ShareOrder = {
    id: shareId(tenant, fresh.number), appid: tenant.appid, mchid: tenant.mchid, orderId: order.id, transactionId: order.transactionId ?? '', outOrderNo: fresh.number, shareNo: `30${randomDigits(26)}`,
    params: fresh.params, unfreezes: fresh.unfreezes, parts: fresh.parts, isFinished: fresh.parts.length === 0, createdAtMs: now, settleAtMs: now + tenant.refundSeconds * 1000, createTime: beijing(Date.now()),
  }
  put(world.state, 'shareOrders', share.id, share)
  if (fresh.unfreezes) saveOrder(world, { ...order, sharing: 'finished' })
  if (!share.isFinished) wait(world, tenant, share)
  return share
}

export function resumeShares(world: World): void {
  for (const share of world.state.tables.shareOrders.values()) {
    const tenant = world.state.tables.tenants.get(share.appid)
    if (!share.isFinished && tenant !== undefined) wait(world, tenant, share)
  }
}

function wait(world: World, tenant: Tenant, share: ShareOrder): void {
  clockOf(world, tenant.appid).at(share.settleAtMs, async () => {
    const parts = share.parts.map((part): SharePart => ({ ...part, result: part.failReason === undefined ? 'SUCCESS' : 'CLOSED' }))
    put(world.state, 'shareOrders', share.id, { ...share, parts, isFinished: true })
    for (const part of parts) if (part.result === 'SUCCESS') writeEntry(world, tenant.mchid, `share ${share.outOrderNo} ${part.detailId}`, { merchant: -part.cents, [`receiver:${part.account}`]: part.cents })
  })
}

function answer(share: ShareOrder): PayAnswer {
  const receivers = share.parts.map((part) => ({
    type: part.type, account: part.account, amount: part.cents, description: part.description, result: part.result, detail_id: part.detailId, create_time: share.createTime,
    ...(part.result === 'CLOSED' ? { fail_reason: part.failReason } : {}), ...(part.result === 'PENDING' ? {} : { finish_time: share.createTime }),
  }))
  return { status: 200, body: { transaction_id: share.transactionId, out_order_no: share.outOrderNo, order_id: share.shareNo, state: share.isFinished ? 'FINISHED' : 'PROCESSING', receivers } }
}

export function shareId(tenant: Tenant, number: string): string {
  return `${tenant.mchid}/${number}`
}

function receiverId(tenant: Tenant, type: string, account: string): string {
  return `${tenant.mchid}/${type}/${account}`
}
