// What the Douyin app on the payer's phone does: open an order, pay it, ask for money back.
import type { FastifyInstance } from 'fastify'
import type { Tenant } from '../records.ts'
import { findOrMakeUser } from '../users.ts'
import { readJson } from '../wechat/door.ts'
import { findTenant } from '../world.ts'
import type { World } from '../world.ts'
import { findDouyinTenant, findOrder, payOrder, payOrderLater, requestOrder, type Body } from './orders.ts'
import { askRefund } from './refunds.ts'
import type { DouyinOrder } from './records.ts'

/** `appid` is Douyin's or the sandbox's own name of the tenant. */
export function addDouyinClient(app: FastifyInstance, world: World): void {
  const asUser = (path: string, act: (tenant: Tenant, openId: string, body: Body) => Body) => app.post(path, async (request, reply) => {
    const body = readJson(request.body)
    const name = String(body['appid'] ?? '')
    const tenant = findDouyinTenant(world, name) ?? findTenant(world, name)
    if (tenant?.douyin === undefined || typeof body['user'] !== 'string' || body['user'] === '') return reply.code(404).send({ errMsg: 'fail 没有这个 appid，或没有给出 user' })
    return act(tenant, findOrMakeUser(world, tenant.appid, body['user']).openid, body)
  })
  asUser('/__client/douyin/request-order', (tenant, openId, body) => requestOrder(world, tenant, openId, String(body['data'] ?? ''), String(body['byteAuthorization'] ?? '')))
  asUser('/__client/douyin/pay', (tenant, openId, body) => {
    const order = findOrder(world, tenant, { order_id: body['orderId'] })
    if (order === undefined || order.openId !== openId) return { errNo: 21201, errMsg: 'getOrderPayment:fail 订单不存在' }
    return useSheet(world, tenant, order, body)
  })
  asUser('/__client/douyin/ask-refund', (tenant, openId, body) => {
    const order = findOrder(world, tenant, { order_id: body['orderId'] })
    const refund = order?.openId === openId ? askRefund(world, tenant, order, Number(body['cents'] ?? order.totalCents), String(body['reason'] ?? '')) : undefined
    return refund === undefined ? { errNo: 21301, errMsg: 'fail 不能退款' } : { errNo: 0, refundId: refund.refundId }
  })
}

export function useSheet(world: World, tenant: Tenant, order: DouyinOrder, body: Body): { errNo: number; errMsg: string } {
  const doing = String(body['do'] ?? 'pay')
  if (order.status !== 'PROCESS') return { errNo: 21202, errMsg: `getOrderPayment:fail ${order.status === 'SUCCESS' ? '订单已支付' : '订单已关闭'}` }
  if (doing === 'cancel') return { errNo: 21203, errMsg: 'getOrderPayment:fail cancel' }
  if (doing === 'fail') return { errNo: 21204, errMsg: 'getOrderPayment:fail 支付失败' }
  if (doing === 'pay_later') payOrderLater(world, tenant, order, Number(body['delaySeconds'] ?? 10))
  else payOrder(world, tenant, order)
  return { errNo: 0, errMsg: 'getOrderPayment:ok' }
}
