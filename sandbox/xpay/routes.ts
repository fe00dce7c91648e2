// The server interfaces of virtual payment: /xpay/* with access_token and pay_sig over the exact body.
import { createHmac } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { delay, isOverLimit } from '../limits.ts'
import type { Tenant } from '../records.ts'
import { readJson, refuseTooMany, tenantOfToken } from '../wechat/door.ts'
import { takeFault } from '../world.ts'
import type { World } from '../world.ts'
import { cancelCoinPay, payWithCoins, presentCoins, queryBalance, type Asked } from './coins.ts'
import { queryPublish, queryUpload, startPublish, startUpload } from './goods.ts'
import { noteProvided, queryOrder } from './orders.ts'
import { refundOrder } from './refunds.ts'
import { refuseXpay } from './refusals.ts'
import { createWithdrawal, queryAvailable, queryWithdrawal } from './withdrawals.ts'

type Body = Record<string, unknown>

const CALLS: Record<string, (world: World, tenant: Tenant, body: Body, asked: Asked) => Body> = {
  start_upload_goods: startUpload,
  query_upload_goods: queryUpload,
  start_publish_goods: startPublish,
  query_publish_goods: queryPublish,
  query_order: queryOrder,
  notify_provide_goods: noteProvided,
  refund_order: refundOrder,
  query_user_balance: queryBalance,
  currency_pay: payWithCoins,
  cancel_currency_pay: cancelCoinPay,
  present_currency: presentCoins,
  query_biz_balance: queryAvailable,
  create_withdraw_order: createWithdrawal,
  query_withdraw_order: queryWithdrawal,
}

export function addXpayRoutes(app: FastifyInstance, world: World): void {
  app.post('/xpay/:name', (request, reply) => answerXpay(world, request, reply))
}

async function answerXpay(world: World, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const { name } = request.params as { name: string }
  const tenant = tenantOfToken(world, request.query)
  if ('errcode' in tenant) return tell(reply, tenant)
  await delay(world, tenant.appid, name)
  if (isOverLimit(world, tenant.appid, name)) return tell(reply, refuseTooMany())
  const refused = takeFault(world, tenant.appid, ['refuse'], name)
  if (refused !== undefined) return tell(reply, { errcode: Number(refused['code'] ?? -1), errmsg: String(refused['message'] ?? '系统繁忙，此时请开发者稍候再试') })
  const isLost = takeFault(world, tenant.appid, ['lose_request'], name) !== undefined
  const answer = isLost ? {} : act(world, tenant, name, request)
  if (!isLost && takeFault(world, tenant.appid, ['lose_answer'], name) === undefined) return tell(reply, answer)
  reply.hijack()
  request.raw.socket.resetAndDestroy()
}

function act(world: World, tenant: Tenant, name: string, request: FastifyRequest): Body {
  const call = CALLS[name]
  if (call === undefined) return refuseXpay('params', `/xpay/${name}`)
  const raw = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
  const expected = createHmac('sha256', tenant.appKey).update(`/xpay/${name}&`).update(raw).digest('hex')
  if ((request.query as Body)['pay_sig'] !== expected) return refuseXpay('signature', 'pay_sig')
  const body = readJson(raw)
  if (body['env'] !== 0 && body['env'] !== 1) return refuseXpay('params', 'env')
  return call(world, tenant, body, { raw, signature: String((request.query as Body)['signature'] ?? '') })
}

function tell(reply: FastifyReply, body: Body): void {
  void reply.type('application/json; charset=utf-8').send(JSON.stringify(body))
}
