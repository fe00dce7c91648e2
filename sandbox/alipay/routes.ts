// The door of Alipay: one address for every call, verified, acted on and signed over the very text of its node.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { signText } from '../keys.ts'
import { delay, isOverLimit } from '../limits.ts'
import type { Fault, Tenant } from '../records.ts'
import { redeemCode } from '../users.ts'
import { takeFault } from '../world.ts'
import type { World } from '../world.ts'
import { addAlipayBills, askBill } from './bills.ts'
import { ALIPAY_MISMATCHES, spoilTrade } from './notices.ts'
import { findAlipayTenant, isAskSigned, readAlipayTime, signAsAlipay } from './sign.ts'
import { closeTrade, createTrade, currentTrade, payTrade, queryRefund, queryTrade, refundTrade, refuse, type Content, type Node } from './trades.ts'

type Params = Record<string, string>
type Call = { api: string; act: (world: World, tenant: Tenant, params: Params, content: Content) => Node | Record<string, unknown> }

const SKEW_MS = 600_000
const callLimited: Node = { code: '40005', msg: 'Call Limited', sub_code: 'isv.method-call-limited', sub_msg: 'API调用次数超限，包含调用频率超限' }
const CALLS: Record<string, Call> = {
  'alipay.system.oauth.token': { api: 'oauth_token', act: exchangeCode },
  'alipay.trade.create': { api: 'trade_create', act: (world, tenant, params, content) => createTrade(world, tenant, content, params['notify_url'] ?? '') },
  'alipay.trade.query': { api: 'trade_query', act: (world, tenant, _params, content) => spoilQuery(world, tenant, queryTrade(world, tenant, content)) },
  'alipay.trade.close': { api: 'trade_close', act: (world, tenant, _params, content) => closeTrade(world, tenant, content) },
  'alipay.trade.refund': { api: 'trade_refund', act: (world, tenant, _params, content) => refundTrade(world, tenant, content) },
  'alipay.data.dataservice.bill.downloadurl.query': { api: 'bill', act: (world, tenant, _params, content) => askBill(world, tenant, content) },
  'alipay.trade.fastpay.refund.query': { api: 'refund_query', act: (world, tenant, _params, content) => queryRefund(world, tenant, content) },
}

export function addAlipayRoutes(app: FastifyInstance, world: World): void {
  app.post('/gateway.do', (request, reply) => answerAlipay(world, request, reply))
  addAlipayBills(app, world)
}

async function answerAlipay(world: World, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const form = new URLSearchParams(Buffer.isBuffer(request.body) ? request.body.toString('utf8') : '')
  const params: Params = Object.fromEntries([...new URL(request.url, 'http://sandbox').searchParams, ...form])
  const tenant = findAlipayTenant(world, params['app_id'] ?? '')
  const wrong = findDistrust(tenant, params)
  if (tenant === undefined || wrong !== undefined) return send(reply, tenant, 'error_response', wrong ?? {})
  const call = CALLS[params['method'] ?? '']
  if (call === undefined) return send(reply, tenant, 'error_response', { code: '40002', msg: 'Invalid Arguments', sub_code: 'isv.invalid-method', sub_msg: '不存在的方法名' })
  if (takeFault(world, tenant.appid, ['lose_request'], call.api) !== undefined) return cut(request, reply)
  const slow = takeFault(world, tenant.appid, ['slow_answer'], call.api)
  if (slow !== undefined) await new Promise((resolve) => setTimeout(resolve, Number(slow['delaySeconds'] ?? 1) * 1000))
  await delay(world, tenant.appid, call.api)
  const refused = takeFault(world, tenant.appid, ['refuse'], call.api)
  const isLimited = isOverLimit(world, tenant.appid, call.api)
  const content = readContent(params['biz_content'])
  const node = isLimited ? callLimited : refused === undefined ? call.act(world, tenant, params, content) : refuseAsAsked(refused)
  if (takeFault(world, tenant.appid, ['pay_before_answer'], call.api) !== undefined) await payAtOnce(world, tenant, String(content['out_trade_no']))
  if (takeFault(world, tenant.appid, ['lose_answer'], call.api) !== undefined) return cut(request, reply)
  const name = 'grant_type' in params && 'sub_code' in node ? 'error_response' : `${(params['method'] ?? '').replaceAll('.', '_')}_response`
  return send(reply, tenant, name, node, takeFault(world, tenant.appid, ['forge_answer'], call.api))
}

/** Like the real one, an app it does not know gets an answer without a signature. */
function findDistrust(tenant: Tenant | undefined, params: Params): Record<string, unknown> | undefined {
  const say = (sub_code: string, sub_msg: string) => ({ code: '40002', msg: 'Invalid Arguments', sub_code, sub_msg })
  if (tenant?.alipay === undefined) return say('isv.invalid-app-id', '无效的AppID参数')
  if (!params['sign']) return { ...say('isv.missing-signature', '缺少签名参数'), code: '40001', msg: 'Missing Required Arguments' }
  if (params['sign_type'] !== 'RSA2') return say('isv.invalid-signature-type', '无效签名类型')
  if (!isAskSigned(tenant.alipay, params)) return say('isv.invalid-signature', '验签出错，建议检查签名字符串或签名私钥与应用公钥是否匹配')
  const at = readAlipayTime(params['timestamp'] ?? '')
  return Number.isNaN(at) || Math.abs(Date.now() - at) > SKEW_MS ? say('isv.invalid-timestamp', '非法的时间戳参数') : undefined
}

/** Its answer has no `code`: that is how this one call differs from all others. */
function exchangeCode(world: World, tenant: Tenant, params: Params): Record<string, unknown> {
  const user = redeemCode(world, 'login', tenant.appid, params['code'] ?? '')
  if (typeof user === 'string') return { code: '40002', msg: 'Invalid Arguments', sub_code: 'isv.code-invalid', sub_msg: '授权码code无效' }
  return { open_id: user.openid, access_token: `authusrB${user.openid}`, expires_in: 1_296_000, re_expires_in: 2_592_000 }
}

function spoilQuery(world: World, tenant: Tenant, node: Node): Node {
  const fault = takeFault(world, tenant.appid, ALIPAY_MISMATCHES, 'trade_query', true)
  return fault === undefined ? node : { ...spoilTrade(node as Record<string, string>, fault), code: node.code }
}

function refuseAsAsked(fault: Fault): Node {
  const code = String(fault['code'] ?? 'ACQ.SYSTEM_ERROR')
  const words = String(fault['message'] ?? '系统繁忙')
  return code === '20000' ? { code, msg: 'Service Currently Unavailable', sub_code: 'isp.unknow-error', sub_msg: words } : refuse(code, words)
}

/** The notice overtakes the answer: the payer was faster than the network. */
async function payAtOnce(world: World, tenant: Tenant, outTradeNo: string): Promise<void> {
  const trade = currentTrade(world, tenant, outTradeNo)
  if (trade?.state !== 'WAIT_BUYER_PAY') return
  payTrade(world, tenant, trade)
  const isTold = () => [...world.state.tables.deliveries.values()].some((one) => one.subject === outTradeNo && one.appid === tenant.appid && one.attempts.length > 0)
  for (let waitedMs = 0; waitedMs < 5000 && !isTold(); waitedMs += 20) await new Promise((resolve) => setTimeout(resolve, 20))
}

async function send(reply: FastifyReply, tenant: Tenant | undefined, name: string, node: Record<string, unknown>, forgery?: Fault): Promise<void> {
  const text = JSON.stringify(node)
  const how = forgery === undefined ? undefined : String(forgery['how'] ?? 'wrong_key')
  const app = tenant?.alipay
  const shown = how === 'other_body' ? text.replace(/}$/, ' }') : text
  if (app === undefined || how === 'no_signature') return void reply.type('text/html;charset=utf-8').send(`{"${name}":${shown}}`)
  const sign = how === 'wrong_key' ? await signText(app.appPrivateKey, text) : await signAsAlipay(app, text)
  return void reply.type('text/html;charset=utf-8').send(`{"${name}":${shown},"sign":"${sign}"}`)
}

function cut(request: FastifyRequest, reply: FastifyReply): void {
  reply.hijack()
  request.raw.socket.resetAndDestroy()
}

function readContent(text: string | undefined): Content {
  try {
    const value: unknown = JSON.parse(text ?? '{}')
    return typeof value === 'object' && value !== null ? (value as Content) : {}
  } catch {
    return {}
  }
}
