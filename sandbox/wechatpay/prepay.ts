// Placing an order: jsapi, h5, native and app, with the documented checks and the rule for asking twice.
import { randomHex, randomWord } from '../keys.ts'
import type { Order, Tenant, TradeType } from '../records.ts'
import { clockOf, indexOrder, saveOrder } from '../world.ts'
import type { World } from '../world.ts'
import { refuseField, refusePay } from './refusals.ts'
import type { PayAnswer } from './refusals.ts'
import { currentOrder, orderId } from './orders.ts'

type Body = Record<string, unknown>
export type PrepayKind = 'jsapi' | 'h5' | 'native' | 'app'

const TRADE: Record<PrepayKind, TradeType> = { jsapi: 'JSAPI', h5: 'MWEB', native: 'NATIVE', app: 'APP' }
const FIELDS = [
  'appid', 'mchid', 'description', 'out_trade_no', 'time_expire', 'attach', 'notify_url', 'goods_tag', 'support_fapiao', 'amount', 'payer', 'detail',
  'scene_info', 'settle_info', 'limit_pay',
]
const HOUR_MS = 3_600_000
const WEEK_MS = 7 * 24 * HOUR_MS

export function placeOrder(world: World, tenant: Tenant, kind: PrepayKind, body: Body): PayAnswer {
  const wrong = findWrongField(kind, body) ?? checkBinding(tenant, body)
  if (wrong !== undefined) return wrong
  const params = JSON.stringify([kind, canonical(body)])
  const known = currentOrder(world, orderId(tenant.mchid, String(body['out_trade_no'])))
  if (known === undefined) return offer(world, kind, createOrder(world, tenant, kind, body, params))
  if (known.state === 'SUCCESS' || known.state === 'REFUND') return refusePay('ORDER_PAID')
  if (known.state === 'CLOSED') return refusePay('ORDER_CLOSED')
  if (known.params !== params) return refusePay('INVALID_REQUEST', '请求重入时，参数与首次请求时不一致', undefined, 268498688)
  return offer(world, kind, renewPrepay(world, known))
}

function findWrongField(kind: PrepayKind, body: Body): PayAnswer | undefined {
  const stranger = Object.keys(body).find((field) => !FIELDS.includes(field))
  if (stranger !== undefined) {
    return refusePay('PARAM_ERROR', '请求中含有未在API文档中定义的参数', { location: 'body', field: `/${stranger}`, value: body[stranger] ?? null, issue: '未定义的参数' })
  }
  return findWrongText(body) ?? findWrongAmount(body) ?? findWrongParty(kind, body)
}

function findWrongText(body: Body): PayAnswer | undefined {
  const rules: [field: string, name: string, rule: RegExp, words: string, required: boolean][] = [
    ['appid', '公众账号ID', /^.{1,32}$/, '字符串长度应在1到32之间', true],
    ['mchid', '商户号', /^.{1,32}$/, '字符串长度应在1到32之间', true],
    ['description', '商品描述', /^[\s\S]{1,127}$/, '字符串长度应在1到127之间', true],
    ['out_trade_no', '商户订单号', /^[0-9A-Za-z_\-*|]{6,32}$/, '只能是数字、大小写字母_-*|，长度6到32', true],
    ['notify_url', '通知地址', /^https?:\/\/[^?#\s]{1,240}$/, '必须是不带查询串的完整地址，长度不超过255', true],
    ['attach', '附加数据', /^[\s\S]{0,128}$/, '字符串长度不超过128', false],
    ['goods_tag', '订单优惠标记', /^[\s\S]{0,32}$/, '字符串长度不超过32', false],
    ['time_expire', '支付结束时间', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)$/, '应为rfc3339格式', false],
  ]
  for (const [field, name, rule, words, required] of rules) {
    const value = body[field]
    if (value === undefined && !required) continue
    if (typeof value !== 'string' || value === '' && required) return refuseField(`/${field}`, name, value === '' ? undefined : value, '类型应为字符串')
    if (!rule.test(value)) return refuseField(`/${field}`, name, value, words)
  }
  if (typeof body['time_expire'] === 'string' && Date.parse(body['time_expire']) <= Date.now()) return refusePay('PARAM_ERROR', 'time_expire时间过短，刷卡至少1分钟，其他5分钟')
  return undefined
}

function findWrongAmount(body: Body): PayAnswer | undefined {
  const amount = asObject(body['amount'])
  if (amount === undefined) return refuseField('/amount', '订单金额', undefined, '')
  const total = amount['total']
  if (total === undefined) return refuseField('/amount/total', '总金额', undefined, '')
  if (typeof total !== 'number' || !Number.isInteger(total)) return refuseField('/amount/total', '总金额', total, '类型应为整数')
  if (total < 1) return refuseField('/amount/total', '总金额', total, '值低于最小值 1')
  if (amount['currency'] !== undefined && amount['currency'] !== 'CNY') return refuseField('/amount/currency', '货币类型', amount['currency'], '值应为 CNY')
  return undefined
}

function findWrongParty(kind: PrepayKind, body: Body): PayAnswer | undefined {
  const payer = asObject(body['payer'])
  const scene = asObject(body['scene_info'])
  if (kind === 'jsapi') {
    if (typeof payer?.['openid'] !== 'string' || payer['openid'] === '') return { ...refuseField('/payer/openid', '用户标识', undefined, ''), code: 268501013 }
    if (!/^[\w-]{1,128}$/.test(payer['openid'])) return refusePay('PARAM_ERROR', '无效的openid', { location: 'body', field: '/payer/openid', value: payer['openid'], issue: '无效的openid' })
  } else if (payer !== undefined) {
    return refusePay('PARAM_ERROR', '请求中含有未在API文档中定义的参数', { location: 'body', field: '/payer', value: payer, issue: '未定义的参数' })
  }
  if (kind !== 'h5') return undefined
  if (scene === undefined) return refuseField('/scene_info', '场景信息', undefined, '')
  if (typeof scene['payer_client_ip'] !== 'string') return refuseField('/scene_info/payer_client_ip', '用户终端IP', scene['payer_client_ip'], '类型应为字符串')
  if (asObject(scene['h5_info'])?.['type'] === undefined) return refuseField('/scene_info/h5_info/type', '场景类型', undefined, '')
  return undefined
}

function checkBinding(tenant: Tenant, body: Body): PayAnswer | undefined {
  if (body['mchid'] !== tenant.mchid) return refusePay('PARAM_ERROR', '商户号和签名中的商户号不一致', { location: 'body', field: '/mchid', value: body['mchid'], issue: '与Authorization中的mchid不一致' })
  if (body['appid'] !== tenant.appid && body['appid'] !== tenant.official?.appid) return refusePay('APPID_MCHID_NOT_MATCH')
  return undefined
}

/** The product's `time_expire` is wall time; the order keeps the same span on the tenant's virtual clock. */
function createOrder(world: World, tenant: Tenant, kind: PrepayKind, body: Body, params: string): Order {
  const now = clockOf(world, tenant.appid).now()
  const expire = body['time_expire']
  const lastsMs = typeof expire === 'string' ? Date.parse(expire) - Date.now() : WEEK_MS
  const outTradeNo = String(body['out_trade_no'])
  const total = Number(asObject(body['amount'])?.['total'])
  const order: Order = {
    id: orderId(tenant.mchid, outTradeNo), appid: tenant.appid, ...(body['appid'] === tenant.appid ? {} : { payAppid: String(body['appid']) }), mchid: tenant.mchid, outTradeNo, tradeType: TRADE[kind], params,
    description: String(body['description']), attach: String(body['attach'] ?? ''), notifyUrl: String(body['notify_url']),
    openid: String(asObject(body['payer'])?.['openid'] ?? ''), totalCents: total, payerCents: total, currency: 'CNY',
    prepayId: makePrepayId(), prepayExpiresAtMs: now + 2 * HOUR_MS, expiresAtMs: now + lastsMs, createdAtMs: now, state: 'NOTPAY',
    ...(asObject(body['settle_info'])?.['profit_sharing'] === true ? { sharing: 'frozen' as const } : {}),
    ...(kind === 'native' ? { codeUrl: `weixin://wxpay/bizpayurl?pr=${randomWord(9)}zz` } : {}),
  }
  saveOrder(world, order)
  return order
}

function renewPrepay(world: World, order: Order): Order {
  const now = clockOf(world, order.appid).now()
  if (order.prepayExpiresAtMs > now) return order
  const renewed: Order = { ...order, prepayId: makePrepayId(), prepayExpiresAtMs: now + 2 * HOUR_MS }
  saveOrder(world, renewed)
  indexOrder(world, renewed)
  return renewed
}

function makePrepayId(): string {
  const stamp = new Date(Date.now() + 8 * HOUR_MS).toISOString().slice(0, 19).replace(/\D/g, '')
  return `wx${stamp.slice(2)}${randomHex(22).toLowerCase()}`
}

function offer(world: World, kind: PrepayKind, order: Order): PayAnswer {
  if (kind === 'native') return { status: 200, body: { code_url: order.codeUrl } }
  if (kind !== 'h5') return { status: 200, body: { prepay_id: order.prepayId } }
  return { status: 200, body: { h5_url: `${world.url}/cashier/h5?prepay_id=${order.prepayId}&package=${Math.floor(Date.now() / 1000)}` } }
}

function asObject(value: unknown): Body | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Body) : undefined
}

/** The order of fields does not make a different request. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical)
  const object = asObject(value)
  if (object === undefined) return value
  return Object.fromEntries(Object.keys(object).sort().map((key) => [key, canonical(object[key])]))
}
