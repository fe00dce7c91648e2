// The door of Douyin's open platform: the token, and the trade system behind it.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { randomDigits, randomWord } from '../keys.ts'
import { delay, isOverLimit } from '../limits.ts'
import type { Tenant } from '../records.ts'
import { put } from '../state.ts'
import { readJson } from '../wechat/door.ts'
import { clockOf, takeFault } from '../world.ts'
import type { World } from '../world.ts'
import { findDouyinTenant, queryOrder, waitForPayment, type Body, type DouyinAnswer } from './orders.ts'
import { auditRefund, createRefund, createSettlement, queryRefund, querySettlement, waitForDeadline, waitForMoney, waitForSettlement } from './refunds.ts'

const TOKEN_MS = 7_200_000
const GRACE_MS = 300_000
const CALLS: Record<string, (world: World, tenant: Tenant, body: Body) => DouyinAnswer> = {
  order_query: queryOrder,
  refund_create: createRefund,
  refund_query: queryRefund,
  refund_audit_callback: auditRefund,
  settle_create: createSettlement,
  settle_query: querySettlement,
}

export function addDouyinRoutes(app: FastifyInstance, world: World): void {
  app.post('/oauth/client_token/', (request, reply) => answerToken(world, readJson(request.body), reply))
  app.post('/api/trade_basic/v1/developer/:name/', (request, reply) => answerTrade(world, request, reply))
}

/** Puts what was waiting back on its clocks after a restart. */
export function resumeDouyin(world: World): void {
  const { tenants, douyinOrders, douyinRefunds, douyinSettlements } = world.state.tables
  for (const order of douyinOrders.values()) {
    const tenant = tenants.get(order.appid)
    if (tenant !== undefined && order.payAtMs !== undefined) waitForPayment(world, tenant, order)
  }
  for (const refund of douyinRefunds.values()) {
    const tenant = tenants.get(refund.appid)
    if (tenant === undefined || refund.status !== 'PROCESSING') continue
    if (refund.audit === 'TOAUDIT') waitForDeadline(world, tenant, refund)
    else waitForMoney(world, tenant, refund)
  }
  for (const settlement of douyinSettlements.values()) {
    const tenant = tenants.get(settlement.appid)
    if (tenant !== undefined && settlement.status === 'PROCESSING') waitForSettlement(world, tenant, settlement)
  }
}

/** A new token leaves the one before five more minutes. */
function answerToken(world: World, body: Body, reply: FastifyReply): FastifyReply {
  const tenant = findDouyinTenant(world, String(body['client_key'] ?? ''))
  const refuse = (error_code: number, description: string) => tell(reply, { data: { error_code, description, access_token: '', expires_in: 0 }, message: 'error' })
  if (tenant?.douyin === undefined || body['client_secret'] !== tenant.douyin.secret) return refuse(10013, 'client_key或client_secret错误')
  if (body['grant_type'] !== 'client_credential') return refuse(10001, 'grant_type错误')
  if (takeFault(world, tenant.appid, ['refuse'], 'client_token', true) !== undefined) return refuse(10020, '请求频次过高')
  const now = clockOf(world, tenant.appid).now()
  const value = `clt.${randomWord(48)}`
  const older = tenant.douyin.tokens.map((one) => ({ ...one, endsAtMs: Math.min(one.endsAtMs, now + GRACE_MS) })).filter((one) => one.endsAtMs > now)
  put(world.state, 'tenants', tenant.appid, { ...tenant, douyin: { ...tenant.douyin, tokens: [...older, { value, endsAtMs: now + TOKEN_MS }] } })
  return tell(reply, { data: { access_token: value, expires_in: TOKEN_MS / 1000, error_code: 0, description: '' }, message: 'success' })
}

async function answerTrade(world: World, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { name } = request.params as { name: string }
  const tenant = tenantOfToken(world, String(request.headers['access-token'] ?? ''))
  const call = CALLS[name]
  if (tenant === undefined) return answer(reply, { err_no: 28001003, err_msg: 'access_token无效' })
  if (call === undefined) return answer(reply, { err_no: 28001007, err_msg: '接口不存在' })
  if (takeFault(world, tenant.appid, ['lose_request'], name) !== undefined) return cut(request, reply)
  const slow = takeFault(world, tenant.appid, ['slow_answer'], name)
  if (slow !== undefined) await new Promise((resolve) => setTimeout(resolve, Number(slow['delaySeconds'] ?? 1) * 1000))
  await delay(world, tenant.appid, name)
  if (isOverLimit(world, tenant.appid, name)) return answer(reply, { err_no: 28003017, err_msg: 'quota已用完' })
  const refused = takeFault(world, tenant.appid, ['refuse'], name)
  const told = refused === undefined ? call(world, tenant, readJson(request.body)) : { err_no: Number(refused['code'] ?? 13000), err_msg: String(refused['message'] ?? '系统错误') }
  if (takeFault(world, tenant.appid, ['lose_answer'], name) !== undefined) return cut(request, reply)
  return answer(reply, told)
}

function tenantOfToken(world: World, value: string): Tenant | undefined {
  for (const tenant of world.state.tables.tenants.values()) {
    const token = tenant.douyin?.tokens.find((one) => one.value === value)
    if (token !== undefined) return token.endsAtMs > clockOf(world, tenant.appid).now() ? tenant : undefined
  }
  return undefined
}

function answer(reply: FastifyReply, told: DouyinAnswer): FastifyReply {
  return tell(reply, { ...told, log_id: `2026${randomDigits(28)}` })
}

function tell(reply: FastifyReply, body: Body): FastifyReply {
  return reply.type('application/json; charset=utf-8').send(JSON.stringify(body))
}

function cut(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  reply.hijack()
  request.raw.socket.resetAndDestroy()
  return reply
}
