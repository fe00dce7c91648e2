// Orders at Douyin: opened by the client with the merchant's signature, paid, run out of time, looked up.
import { isSignedBy, randomDigits, randomHex, randomWord } from '../keys.ts'
import { writeEntry } from '../ledger.ts'
import type { Tenant } from '../records.ts'
import { put } from '../state.ts'
import type { MakePair } from '../stock.ts'
import { clockOf } from '../world.ts'
import type { World } from '../world.ts'
import { spoilOrder, tellPayment } from './notices.ts'
import type { DouyinApp, DouyinOrder } from './records.ts'

export type Body = Record<string, unknown>
export type DouyinAnswer = { err_no: number; err_msg: string; data?: Body }

const HOUR_MS = 3_600_000

export async function makeDouyinApp(makePair: MakePair, wantsQuotes: boolean): Promise<DouyinApp> {
  const [app, platform] = [await makePair(), await makePair()]
  return {
    appid: `tt${randomHex(16).toLowerCase()}`, secret: randomHex(40).toLowerCase(), merchantUid: `7${randomDigits(18)}`, keyVersion: '1', wantsQuotes,
    appPrivateKey: app.privateKey, appPublicKey: app.publicKey, platformPrivateKey: platform.privateKey, platformPublicKey: platform.publicKey, tokens: [],
  }
}

export function findDouyinTenant(world: World, appid: string): Tenant | undefined {
  for (const tenant of world.state.tables.tenants.values()) if (tenant.douyin?.appid === appid) return tenant
  return undefined
}

/** tt.requestOrder: the app checks the merchant's signature over the very text of `data` before it places anything. */
export function requestOrder(world: World, tenant: Tenant, openId: string, data: string, authorization: string): Body {
  const wrong = findWrongSignature(tenant, data, authorization)
  if (wrong !== undefined) return { errNo: 21101, errMsg: `requestOrder:fail ${wrong}` }
  const asked = readObject(data)
  const field = findWrongField(asked)
  if (field !== undefined) return { errNo: 21102, errMsg: `requestOrder:fail 参数 ${field} 不合法` }
  const outOrderNo = String(asked['outOrderNo'])
  const known = currentOrder(world, tenant, outOrderNo)
  if (known !== undefined) return known.totalCents === asked['totalAmount'] ? opened(known) : { errNo: 21103, errMsg: 'requestOrder:fail 开发者单号重复' }
  return opened(save(world, makeOrder(world, tenant, openId, outOrderNo, asked)))
}

function makeOrder(world: World, tenant: Tenant, openId: string, outOrderNo: string, asked: Body): DouyinOrder {
  const sku = skuOf(asked)
  const now = clockOf(world, tenant.appid).now()
  return {
    id: `${tenant.appid}/${outOrderNo}`, appid: tenant.appid, orderId: `motb${randomDigits(22)}`, itemOrderId: `motb${randomDigits(22)}`, outOrderNo, openId, sku: String(sku['skuId']), title: String(sku['title']),
    totalCents: Number(asked['totalAmount']), notifyUrl: String(asked['payNotifyUrl'] ?? ''), createdAtMs: now, expiresAtMs: now + (Number(asked['payExpireSeconds']) || 300) * 1000, status: 'PROCESS',
  }
}

function opened(order: DouyinOrder): Body {
  return { errNo: 0, errMsg: 'requestOrder:ok', orderId: order.orderId }
}

function findWrongSignature(tenant: Tenant, data: string, authorization: string): string | undefined {
  const app = tenant.douyin
  if (app === undefined || !authorization.startsWith('SHA256-RSA2048 ')) return '签名类型不支持'
  const pattern = app.wantsQuotes ? /(\w+)="([^"]*)"(?:,|$)/g : /(\w+)=([^,"]*)(?:,|$)/g
  const { appid, nonce_str: nonce, timestamp, key_version: version, signature } = Object.fromEntries([...authorization.slice(15).matchAll(pattern)].map((found) => [found[1], found[2]]))
  if (appid !== app.appid || nonce === undefined || timestamp === undefined || signature === undefined) return 'byteAuthorization 格式错误'
  if (version !== app.keyVersion) return '公钥版本不存在'
  if (Math.abs(Date.now() - Number(timestamp) * 1000) > HOUR_MS) return '签名已过期'
  return isSignedBy(app.appPublicKey, Buffer.from(`POST\n/requestOrder\n${timestamp}\n${nonce}\n${data}\n`), signature) ? undefined : '验签失败'
}

function findWrongField(asked: Body): string | undefined {
  const sku = skuOf(asked)
  const entry = readObject(JSON.stringify(asked['orderEntrySchema'] ?? {}))
  if (!/^[0-9A-Za-z_-]{1,64}$/.test(String(asked['outOrderNo'] ?? ''))) return 'outOrderNo'
  if (!Number.isInteger(asked['totalAmount']) || Number(asked['totalAmount']) < 1) return 'totalAmount'
  if (sku['price'] !== asked['totalAmount'] || sku['quantity'] !== 1) return 'skuList'
  if (typeof sku['title'] !== 'string' || Buffer.byteLength(sku['title']) > 256 || sku['title'] === '') return 'title'
  if (!Array.isArray(sku['imageList']) || sku['imageList'].length !== 1) return 'imageList'
  if (typeof sku['type'] !== 'number' || typeof sku['tagGroupId'] !== 'string') return 'tagGroupId'
  if (typeof entry['path'] !== 'string' || /^\/|[?:&*]/.test(entry['path'])) return 'orderEntrySchema'
  if (Number(asked['payExpireSeconds'] ?? 0) > 172_800) return 'payExpireSeconds'
  return undefined
}

function skuOf(asked: Body): Body {
  const list = Array.isArray(asked['skuList']) ? (asked['skuList'] as Body[]) : []
  return list.length === 1 && typeof list[0] === 'object' && list[0] !== null ? list[0] : {}
}

export function queryOrder(world: World, tenant: Tenant, body: Body): DouyinAnswer {
  const order = findOrder(world, tenant, body)
  if (order === undefined) return { err_no: 22001, err_msg: '订单不存在' }
  const data = {
    app_id: tenant.douyin?.appid, order_id: order.orderId, out_order_no: order.outOrderNo, pay_status: order.status, total_amount: order.totalCents, discount_amount: 0, trade_time: order.createdAtMs,
    merchant_uid: tenant.douyin?.merchantUid, item_order_list: [{ item_order_id: order.itemOrderId, sku_id: order.sku, item_order_amount: order.totalCents }],
    ...(order.paidAtMs === undefined ? {} : { pay_channel: 10, channel_pay_id: order.channelPayId, pay_time: order.paidAtMs }),
  }
  return { err_no: 0, err_msg: 'success', data: spoilOrder(world, tenant, data, 'order_query') }
}

export function payOrder(world: World, tenant: Tenant, order: DouyinOrder): DouyinOrder {
  const now = clockOf(world, tenant.appid).now()
  const { payAtMs: _late, ...rest } = order
  const paid = save(world, { ...rest, status: 'SUCCESS', paidAtMs: now, channelPayId: `DTPA${randomWord(18)}` })
  writeEntry(world, tenant.mchid, `douyin ${paid.outOrderNo}`, { payer: -paid.totalCents, douyin: paid.totalCents })
  tellPayment(world, tenant, paid, now)
  return paid
}

export function payOrderLater(world: World, tenant: Tenant, order: DouyinOrder, delaySeconds: number): void {
  const late = save(world, { ...order, payAtMs: clockOf(world, tenant.appid).now() + delaySeconds * 1000 })
  waitForPayment(world, tenant, late)
}

export function waitForPayment(world: World, tenant: Tenant, order: DouyinOrder): void {
  clockOf(world, tenant.appid).at(order.payAtMs ?? 0, async () => {
    const fresh = currentOrder(world, tenant, order.outOrderNo)
    if (fresh?.status === 'PROCESS' && fresh.payAtMs === order.payAtMs) payOrder(world, tenant, fresh)
  })
}

/** An order past its time is closed by Douyin itself, which tells so. */
export function currentOrder(world: World, tenant: Tenant, outOrderNo: string): DouyinOrder | undefined {
  const order = world.state.tables.douyinOrders.get(`${tenant.appid}/${outOrderNo}`)
  const now = clockOf(world, tenant.appid).now()
  if (order === undefined || order.status !== 'PROCESS' || order.expiresAtMs > now) return order
  const over = save(world, { ...order, status: 'TIMEOUT' })
  tellPayment(world, tenant, over, now, 'TIME_OUT')
  return over
}

export function findOrder(world: World, tenant: Tenant, body: Body): DouyinOrder | undefined {
  if (typeof body['out_order_no'] === 'string') return currentOrder(world, tenant, body['out_order_no'])
  for (const order of world.state.tables.douyinOrders.values()) if (order.appid === tenant.appid && order.orderId === body['order_id']) return currentOrder(world, tenant, order.outOrderNo)
  return undefined
}

function save(world: World, order: DouyinOrder): DouyinOrder {
  put(world.state, 'douyinOrders', order.id, order)
  return order
}

export function readObject(text: string): Body {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Body) : {}
  } catch {
    return {}
  }
}
