// What the Alipay app on the payer's phone does: hand out a code, open the pay sheet, use the cashier.
import type { FastifyInstance } from 'fastify'
import type { Tenant } from '../records.ts'
import { findOrMakeUser, issueCode } from '../users.ts'
import { readJson } from '../wechat/door.ts'
import { findTenant } from '../world.ts'
import type { World } from '../world.ts'
import type { AlipayTrade } from './records.ts'
import { findAlipayTenant } from './sign.ts'
import { payTrade, payTradeLater, tradeByNumber } from './trades.ts'

type Body = Record<string, unknown>
/** As my.tradePay tells it: 9000 paid, 8000 in progress, 4000 failed, 6001 given up. */
export type SheetResult = { resultCode: string; memo: string }

/** `appid` is Alipay's or the sandbox's own name of the tenant. */
export function addAlipayClient(app: FastifyInstance, world: World): void {
  const asUser = (path: string, act: (tenant: Tenant, openid: string, body: Body) => Body) => app.post(path, async (request, reply) => {
    const body = readJson(request.body)
    const name = String(body['appid'] ?? '')
    const tenant = findAlipayTenant(world, name) ?? findTenant(world, name)
    if (tenant?.alipay === undefined || typeof body['user'] !== 'string' || body['user'] === '') return reply.code(404).send({ errorMessage: '没有这个 appid，或没有给出 user' })
    return act(tenant, findOrMakeUser(world, tenant.appid, body['user']).openid, body)
  })
  asUser('/__client/alipay/auth-code', (tenant, _openid, body) => ({ authCode: issueCode(world, 'login', findOrMakeUser(world, tenant.appid, String(body['user']))) }))
  asUser('/__client/alipay/pay', (tenant, openid, body) => {
    const trade = tradeByNumber(world, tenant, String(body['tradeNO'] ?? ''))
    if (trade === undefined) return { resultCode: '4000', memo: '交易不存在' }
    if (trade.buyerOpenid !== openid) return { resultCode: '4000', memo: '买家与下单时不一致' }
    return useSheet(world, tenant, trade, body)
  })
}

export function useSheet(world: World, tenant: Tenant, trade: AlipayTrade, body: Body): SheetResult {
  const doing = String(body['do'] ?? 'pay')
  if (trade.state !== 'WAIT_BUYER_PAY') return { resultCode: '4000', memo: trade.state === 'TRADE_CLOSED' ? '交易已关闭' : '交易已支付' }
  if (doing === 'cancel') return { resultCode: '6001', memo: '用户取消' }
  if (doing === 'fail') return { resultCode: '4000', memo: '支付失败' }
  if (doing === 'pay_later') {
    payTradeLater(world, tenant, trade, Number(body['delaySeconds'] ?? 10))
    return { resultCode: '8000', memo: '正在处理' }
  }
  payTrade(world, tenant, trade)
  return { resultCode: '9000', memo: '支付成功' }
}
