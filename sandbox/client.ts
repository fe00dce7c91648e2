// What the WeChat app on the payer's phone does: sign in, give a phone number, open the pay sheets, use the cashier.
import type { FastifyInstance } from 'fastify'
import { isSignedBy } from './keys.ts'
import type { Order, Tenant, Transfer, User } from './records.ts'
import { put } from './state.ts'
import { changePhone, findOrMakeUser, issueCode, renewSession } from './users.ts'
import { readJson } from './wechat/door.ts'
import { confirmReceipt } from './wechat/shipments.ts'
import { actOnOrder, currentOrder } from './wechatpay/orders.ts'
import type { PayAction, PayOutcome } from './wechatpay/orders.ts'
import { complain, PROBLEMS } from './wechatpay/complaints.ts'
import { confirmTransfer } from './wechatpay/transfers.ts'
import { clockOf, findTenant } from './world.ts'
import type { World } from './world.ts'
import { askApple } from './xpay/apple.ts'
import { openPaySheet } from './xpay/orders.ts'

type Body = Record<string, unknown>
const DOINGS = ['pay', 'cancel', 'fail', 'pay_later', 'pay_with_coupon', 'enter_password']

export function addClientRoutes(app: FastifyInstance, world: World): void {
  openToPages(app)
  const asUser = (path: string, act: (tenant: Tenant, user: User, body: Body) => Body | Promise<Body>) => app.post(path, async (request, reply) => {
    const body = readJson(request.body)
    const tenant = findTenant(world, String(body['appid'] ?? ''))
    if (tenant === undefined || typeof body['user'] !== 'string' || body['user'] === '') return reply.code(404).send({ errMsg: 'fail 没有这个 appid，或没有给出 user' })
    return act(tenant, findOrMakeUser(world, tenant.appid, body['user']), body)
  })
  asUser('/__client/login', (_tenant, user) => ({ code: issueCode(world, 'login', user), errMsg: 'login:ok' }))
  asUser('/__client/phone', (_tenant, user, body) => {
    const owner = typeof body['phone'] === 'string' ? changePhone(world, user, body['phone']) : user
    return { code: issueCode(world, 'phone', owner), errMsg: 'getPhoneNumber:ok' }
  })
  asUser('/__client/expire-session', (_tenant, user) => ({ errMsg: 'ok', openid: renewSession(world, user).openid }))
  asUser('/__client/subscribe', (tenant, user, body) => subscribe(world, tenant, user, body))
  asUser('/__client/receive', (tenant, user, body) => confirmReceipt(world, tenant, user.openid, String(body['out_trade_no'] ?? '')))
  asUser('/__client/pay', (tenant, user, body) => requestPayment(world, tenant, user, body))
  asUser('/__client/xpay/pay', (tenant, user, body) => openPaySheet(world, tenant, user, {
    mode: String(body['mode']), signData: String(body['signData']), paySig: String(body['paySig']), signature: String(body['signature']),
    ...(typeof body['do'] === 'string' ? { do: body['do'] } : {}), ...(body['system'] === 'ios' ? { system: 'ios' } : {}),
  }))
  asUser('/__client/xpay/apple-refund', (tenant, user, body) => refundByApple(world, tenant, user, body))
  asUser('/__client/transfer', (tenant, user, body) => requestTransfer(world, tenant, user, body))
  asUser('/__client/complain', (tenant, user, body) => complainOf(world, tenant, user, body))
  app.post('/__client/cashier', async (request, reply) => {
    const body = readJson(request.body)
    const order = findCashierOrder(world, body)
    if (order === undefined) return reply.code(404).send({ ok: false, message: '没有这笔订单，或不止一个商户有这个单号' })
    if (!DOINGS.includes(String(body['do']))) return reply.code(400).send({ ok: false, message: `do 应是 ${DOINGS.join(' ')} 之一` })
    return useCashier(world, order, body)
  })
}

/** A mini program run in a browser calls its phone from another origin. */
function openToPages(app: FastifyInstance): void {
  app.addHook('onRequest', async (request, reply) => {
    if (request.url.startsWith('/__client/')) void reply.headers({ 'Access-Control-Allow-Origin': '*', 'Access-Control-Allow-Headers': 'content-type' })
  })
  app.options('/__client/*', (_request, reply) => reply.code(204).send())
}

/** An order by any of the names it goes by; `tenant` tells apart two merchants with the same number. */
export function findCashierOrder(world: World, body: Body): Order | undefined {
  if (typeof body['prepay_id'] === 'string') return currentOrder(world, world.byPrepayId.get(body['prepay_id']))
  if (typeof body['code_url'] === 'string') return currentOrder(world, world.byCodeUrl.get(body['code_url']))
  const number = String(body['out_trade_no'] ?? '')
  const tenant = typeof body['tenant'] === 'string' ? findTenant(world, body['tenant']) : undefined
  if (tenant !== undefined) return currentOrder(world, `${tenant.mchid}/${number}`)
  const found = [...world.byMchid.keys()].map((mchid) => `${mchid}/${number}`).filter((id) => world.state.tables.orders.has(id))
  return found.length === 1 ? currentOrder(world, found[0]) : undefined
}

export function useCashier(world: World, order: Order, body: Body): PayOutcome {
  const tenant = world.state.tables.tenants.get(order.appid)
  if (tenant === undefined) return { ok: false, state: order.state, message: '商户不存在' }
  const isStale = order.codeUrl === undefined && order.prepayExpiresAtMs <= clockOf(world, tenant.appid).now()
  if (isStale) return { ok: false, state: order.state, message: '支付会话已过期，请回到商家页面重新发起' }
  const user = typeof body['user'] === 'string' && body['user'] !== '' ? body['user'] : `cashier-${order.outTradeNo}`
  const payer = order.openid === '' ? findOrMakeUser(world, tenant.appid, user).openid : order.openid
  return actOnOrder(world, tenant, order, {
    do: String(body['do']) as PayAction['do'], openid: payer,
    ...(typeof body['delaySeconds'] === 'number' ? { delaySeconds: body['delaySeconds'] } : {}),
    ...(typeof body['couponCents'] === 'number' ? { couponCents: body['couponCents'] } : {}),
  })
}

/** Reporting a problem at Apple, where an order of an iPhone is given back. */
async function refundByApple(world: World, tenant: Tenant, user: User, body: Body): Promise<Body> {
  const order = world.state.tables.virtualOrders.get(`${tenant.appid}/${String(body['out_trade_no'])}`)
  if (order?.openid !== user.openid) return { ok: false, message: '没有这笔订单' }
  return askApple(world, tenant, order, body['overrules'] === true)
}

/** Complaining on the page of one's own bill. */
function complainOf(world: World, tenant: Tenant, user: User, body: Body): Body {
  const order = findCashierOrder(world, { out_trade_no: body['out_trade_no'], tenant: tenant.appid })
  const kind = String(body['kind'] ?? 'OTHERS')
  if (order?.transactionId === undefined || order.openid !== user.openid) return { ok: false, message: '没有这笔付过的订单' }
  const complaint = complain(world, tenant, order, { kind: kind in PROBLEMS ? (kind as keyof typeof PROBLEMS) : 'OTHERS', words: String(body['words'] ?? ''), pictures: Array.isArray(body['pictures']) ? body['pictures'].map(String) : [] })
  return { ok: true, id: complaint.id }
}

/** wx.requestMerchantTransfer: the person to whom the money goes confirms, or leaves. */
function requestTransfer(world: World, tenant: Tenant, user: User, body: Body): Body {
  const transfer = findTransfer(world, String(body['package'] ?? ''))
  if (transfer?.appid !== tenant.appid || body['mchId'] !== tenant.mchid) return { errMsg: 'requestMerchantTransfer:fail 参数错误', errCode: -1 }
  if (transfer.openid !== user.openid) return { errMsg: 'requestMerchantTransfer:fail 收款用户与当前用户不一致', errCode: -1 }
  if (body['do'] === 'cancel') return { errMsg: 'requestMerchantTransfer:fail cancel', errCode: -2 }
  const { ok, message } = confirmTransfer(world, tenant, transfer)
  return ok ? { errMsg: 'requestMerchantTransfer:ok', errCode: 0 } : { errMsg: `requestMerchantTransfer:fail ${message}`, errCode: -1 }
}

export function findTransfer(world: World, packageInfo: string): Transfer | undefined {
  return [...world.state.tables.transfers.values()].find((one) => one.packageInfo === packageInfo)
}

/** wx.requestPayment: the app checks the merchant's signature before it shows a sheet at all. */
function requestPayment(world: World, tenant: Tenant, user: User, body: Body): Body {
  const packed = String(body['package'] ?? '')
  const payer = typeof body['appId'] === 'string' && body['appId'] === tenant.official?.appid ? findOrMakeUser(world, body['appId'], user.user) : user
  const text = `${payer.appid}\n${String(body['timeStamp'])}\n${String(body['nonceStr'])}\n${packed}\n`
  if (body['signType'] !== 'RSA' || !isSignedBy(tenant.merchantCertificate, Buffer.from(text), String(body['paySign'] ?? ''))) {
    return { errMsg: 'requestPayment:fail 支付验证签名失败', errCode: -1 }
  }
  const order = currentOrder(world, world.byPrepayId.get(packed.replace(/^prepay_id=/, '')))
  if (order === undefined || order.appid !== tenant.appid) return { errMsg: 'requestPayment:fail 缺少参数 prepay_id', errCode: -1 }
  if (order.openid !== payer.openid) return { errMsg: 'requestPayment:fail 下单账号与支付账号不一致', errCode: -1 }
  const doing = typeof body['do'] === 'string' && DOINGS.includes(body['do']) ? body['do'] : 'pay'
  const outcome = useCashier(world, order, { ...body, do: doing })
  if (doing === 'cancel') return { errMsg: 'requestPayment:fail cancel', errCode: -2 }
  return outcome.ok && outcome.state !== 'PAYERROR' ? { errMsg: 'requestPayment:ok', errCode: 0 } : { errMsg: `requestPayment:fail ${outcome.message}`, errCode: -1 }
}

function subscribe(world: World, tenant: Tenant, user: User, body: Body): Body {
  const template = String(body['template_id'] ?? '')
  const id = `${tenant.appid}/${user.openid}/${template}`
  const left = world.state.tables.consents.get(id)?.left ?? 0
  const accepts = body['accept'] !== false
  if (accepts) put(world.state, 'consents', id, { id, appid: tenant.appid, openid: user.openid, template, left: left + 1 })
  return { errMsg: 'requestSubscribeMessage:ok', [template]: accepts ? 'accept' : 'reject' }
}
