// What happens when somebody asks Apple for their money: the merchant is asked three times at most, has three seconds each, and Apple decides.
import { createDecipheriv, createHash, randomUUID } from 'node:crypto'
import { postNotice } from '../post.ts'
import type { Delivery, Tenant, VirtualOrder } from '../records.ts'
import { put } from '../state.ts'
import { pushCarrier } from '../wechat/push.ts'
import { beijing, clockOf } from '../world.ts'
import type { World } from '../world.ts'
import { leftOf, STATUS } from './orders.ts'
import { begin } from './refunds.ts'

type Body = Record<string, unknown>
const EVENT = 'xpay_subscribe_ios_refund_query_notify'
const PATIENCE_MS = 3000
const MOST_QUESTIONS = 3

/** `overrules`: Apple gives the money back whatever the merchant says. Replies what the merchant said and what became of it. */
export async function askApple(world: World, tenant: Tenant, order: VirtualOrder, overrules: boolean): Promise<Body> {
  if (!order.isApple || order.status < STATUS.paid || leftOf(order) === 0) return { ok: false, message: '不是苹果通道的已付订单' }
  const advice = await askMerchant(world, tenant, order)
  const isRefunded = overrules || advice?.['result_code'] !== 1
  if (isRefunded) begin(world, tenant, world.state.tables.virtualOrders.get(order.id) ?? order, '', leftOf(order))
  return { ok: true, advice: advice ?? null, refunded: isRefunded }
}

async function askMerchant(world: World, tenant: Tenant, order: VirtualOrder): Promise<Body | undefined> {
  const told = {
    ToUserName: tenant.account, FromUserName: order.openid, CreateTime: Math.floor(Date.now() / 1000), MsgType: 'event', Event: EVENT,
    pay_order_id: order.outTradeNo, product_id: order.goodsId, p_count: String(order.quantity), provide_status: order.status === STATUS.delivered ? '1' : '0', request_id: randomUUID(),
  }
  let delivery: Delivery = {
    id: `EV-${randomUUID()}`, appid: tenant.appid, mchid: tenant.mchid, kind: 'push', event: EVENT, subject: order.outTradeNo, url: tenant.pushUrl ?? '', body: '', plain: JSON.stringify(told),
    state: 'exhausted', createdAtMs: clockOf(world, tenant.appid).now(), nextAtMs: 0, tries: 0, attempts: [],
  }
  for (let tries = 0; tries < MOST_QUESTIONS; tries += 1) {
    const startedAt = Date.now()
    const parcel = await pushCarrier.compose(tenant, { ...delivery, tries }, undefined)
    const result = await postNotice(parcel.url, parcel.headers, parcel.body)
    const durationMs = Date.now() - startedAt
    const advice = durationMs <= PATIENCE_MS && result.status === 200 ? readAdvice(tenant, result.body) : undefined
    const entry = { at: beijing(startedAt), virtualAt: beijing(clockOf(world, tenant.appid).now()), status: result.status, durationMs, accepted: advice !== undefined, answer: result.error ?? result.body.slice(0, 300) }
    delivery = { ...delivery, tries: tries + 1, attempts: [...delivery.attempts, entry], state: advice === undefined ? 'exhausted' : 'delivered' }
    put(world.state, 'deliveries', delivery.id, delivery)
    if (advice !== undefined) return advice
  }
  return undefined
}

/** The answer must be sealed and signed as the question was; anything else is no answer. */
function readAdvice(tenant: Tenant, body: string): Body | undefined {
  const fieldOf = (name: string) => new RegExp(`<${name}>(?:<!\\[CDATA\\[)?([^\\]<]*)`).exec(body)?.[1]
  const outer = tenant.pushFormat === 'json' ? parse(body) : { Encrypt: fieldOf('Encrypt'), MsgSignature: fieldOf('MsgSignature'), TimeStamp: fieldOf('TimeStamp'), Nonce: fieldOf('Nonce') }
  const sealed = String(outer?.['Encrypt'] ?? '')
  const signature = createHash('sha1').update([tenant.pushToken, String(outer?.['TimeStamp']), String(outer?.['Nonce']), sealed].toSorted().join('')).digest('hex')
  if (outer?.['MsgSignature'] !== signature) return undefined
  const inner = open(tenant, sealed)
  const advice = inner === undefined ? undefined : tenant.pushFormat === 'json' ? parse(inner) : { result_code: Number(/<result_code>(\d+)</.exec(inner)?.[1] ?? -1), result_info: inner }
  return advice?.['result_code'] === 0 || advice?.['result_code'] === 1 ? advice : undefined
}

function open(tenant: Tenant, sealed: string): string | undefined {
  const key = Buffer.from(`${tenant.pushAesKey}=`, 'base64')
  try {
    const decipher = createDecipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false)
    const content = Buffer.concat([decipher.update(Buffer.from(sealed, 'base64')), decipher.final()])
    const end = 20 + content.readUInt32BE(16)
    const tail = content.subarray(end, content.length - (content.at(-1) ?? 0)).toString()
    return tail === tenant.appid ? content.subarray(20, end).toString('utf8') : undefined
  } catch {
    return undefined
  }
}

function parse(text: string): Body | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Body) : undefined
  } catch {
    return undefined
  }
}
