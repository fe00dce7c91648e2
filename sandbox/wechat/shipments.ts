// 发货信息管理: how a payment made inside a mini program reached its buyer; until that is told and received, its money is kept back.
import type { FastifyInstance } from 'fastify'
import type { Order, Shipment, Tenant } from '../records.ts'
import { put } from '../state.ts'
import { currentOrder, orderId } from '../wechatpay/orders.ts'
import { clockOf } from '../world.ts'
import type { World } from '../world.ts'
import { refusePlatform } from './door.ts'
import { withToken } from './platform.ts'
import { pushEvent } from './push.ts'

type Body = Record<string, unknown>
const EXPRESS = 1
const VIRTUAL = 3
const MOST_TIMES = 2
const DAY_MS = 86_400_000
/** So long the platform waits for the buyer's word. */
const [EXPRESS_DAYS, OTHER_DAYS] = [10, 2]
const [BY_ITSELF, BY_HAND] = [1, 2]
const RFC3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/

export function addShipmentRoutes(app: FastifyInstance, world: World): void {
  app.post('/wxa/sec/order/upload_shipping_info', (request, reply) => withToken(world, request, reply, 'upload_shipping_info', (tenant, body) => upload(world, tenant, body)))
  app.post('/wxa/sec/order/get_order', (request, reply) => withToken(world, request, reply, 'get_order', (tenant, body) => tell(world, tenant, body)))
  app.post('/wxa/sec/order/is_trade_managed', (request, reply) => withToken(world, request, reply, 'is_trade_managed', (tenant, body) => (body['appid'] === tenant.appid ? { errcode: 0, errmsg: 'ok', is_trade_managed: true } : refusePlatform(40013, 'invalid appid'))))
  app.post('/wxa/sec/order/notify_confirm_receive', (request, reply) => withToken(world, request, reply, 'notify_confirm_receive', (tenant, body) => remind(world, tenant, body)))
}

function upload(world: World, tenant: Tenant, body: Body): Body {
  const wrong = findWrong(body)
  if (wrong !== undefined) return wrong
  const order = findOrder(world, tenant, objectOf(body['order_key']))
  if (order === undefined) return refusePlatform(10060001, '支付单不存在')
  if (objectOf(body['payer'])['openid'] !== order.openid) return refusePlatform(10060031, '该笔支付单不属于 openid 所指定的用户')
  const known = world.state.tables.shipments.get(order.id)
  if (order.state !== 'SUCCESS') return refusePlatform(10060004, '支付单处于不可发货的状态')
  if (known?.receivedAtMs !== undefined) return refusePlatform(10060002, '支付单已完成发货，无法继续发货')
  if (known !== undefined && known.count >= MOST_TIMES) return refusePlatform(10060003, '支付单已使用重新发货机会')
  const [item = {}] = body['shipping_list'] as Body[]
  const list = [{ item_desc: String(item['item_desc']), ...(item['tracking_no'] === undefined ? {} : { tracking_no: String(item['tracking_no']), express_company: String(item['express_company']) }) }]
  if (known !== undefined && JSON.stringify(known.list) === JSON.stringify(list)) return refusePlatform(10060023, '发货信息未更新')
  const logisticsType = Number(body['logistics_type'])
  const settleAtMs = known?.settleAtMs ?? clockOf(world, tenant.appid).now() + (logisticsType === EXPRESS ? EXPRESS_DAYS : OTHER_DAYS) * DAY_MS
  const shipment: Shipment = { id: order.id, appid: tenant.appid, logisticsType, list, uploadTime: String(body['upload_time']), count: (known?.count ?? 0) + 1, settleAtMs, ...(known?.remindedAtMs === undefined ? {} : { remindedAtMs: known.remindedAtMs }) }
  put(world.state, 'shipments', order.id, shipment)
  tellSettlement(world, tenant, order, shipment, { estimated_settlement_time: Math.floor(settleAtMs / 1000) })
  if (known === undefined) waitForReceipt(world, tenant, shipment)
  return { errcode: 0, errmsg: 'ok' }
}

function findWrong(body: Body): Body | undefined {
  const list = body['shipping_list']
  const key = objectOf(body['order_key'])
  if (key['order_number_type'] !== 1 && key['order_number_type'] !== 2) return refusePlatform(268485194, '订单单号类型不能为空')
  if (typeof body['logistics_type'] !== 'number') return refusePlatform(10060005, '物流类型有误')
  if (body['delivery_mode'] !== 1) return refusePlatform(268485224, '发货模式非法')
  if (!Array.isArray(list) || list.length !== 1) return refusePlatform(268485228, '统一发货模式下，物流信息列表长度必须为 1')
  if (typeof body['upload_time'] !== 'string' || !RFC3339.test(body['upload_time'])) return refusePlatform(268485216, '上传时间非法，请按照 RFC 3339 格式填写')
  return findWrongItem(objectOf(list[0]), body['logistics_type'])
}

function findWrongItem(item: Body, logisticsType: number): Body | undefined {
  const words = String(item['item_desc'] ?? '')
  if (words === '') return refusePlatform(10060008, '商品描述 item_desc 不能为空')
  if (words.length > 120) return refusePlatform(10060009, '商品描述 item_desc 太长')
  if (logisticsType !== EXPRESS) return logisticsType > VIRTUAL + 1 || logisticsType < EXPRESS ? refusePlatform(10060005, '物流类型有误') : undefined
  if (typeof item['tracking_no'] !== 'string' || item['tracking_no'] === '') return refusePlatform(268485226, '物流单号不能为空')
  if (typeof item['express_company'] !== 'string' || item['express_company'] === '') return refusePlatform(268485227, '物流公司编码不能为空')
  const { consignor_contact: from, receiver_contact: to } = objectOf(item['contact'])
  if (item['express_company'] === 'SF' && !from && !to) return refusePlatform(268485229, '发顺丰必须填写收件人或寄件人联系方式')
  return undefined
}

/** The carrier handed it over: the buyer is asked once to confirm. */
function remind(world: World, tenant: Tenant, body: Body): Body {
  const order = findOrder(world, tenant, { order_number_type: 1, mchid: body['merchant_id'], out_trade_no: body['merchant_trade_no'] })
  const shipment = order && world.state.tables.shipments.get(order.id)
  if (typeof body['received_time'] !== 'number') return refusePlatform(47001, 'data format error')
  if (order === undefined) return refusePlatform(10060001, '支付单不存在')
  if (shipment === undefined || shipment.receivedAtMs !== undefined) return refusePlatform(10060004, '支付单处于不可提醒收货的状态')
  if (shipment.remindedAtMs !== undefined) return refusePlatform(10060006, '支付单已提醒过确认收货')
  put(world.state, 'shipments', order.id, { ...shipment, remindedAtMs: clockOf(world, tenant.appid).now() })
  return { errcode: 0, errmsg: 'ok' }
}

/** 1 to ship, 2 shipped, 3 received, 5 given back. */
function tell(world: World, tenant: Tenant, body: Body): Body {
  const byNumber = { order_number_type: 1, mchid: body['merchant_id'], out_trade_no: body['merchant_trade_no'] }
  if (body['transaction_id'] === undefined && (byNumber.mchid === undefined || byNumber.out_trade_no === undefined)) return refusePlatform(47001, 'data format error')
  const order = findOrder(world, tenant, body['transaction_id'] === undefined ? byNumber : { order_number_type: 2, transaction_id: body['transaction_id'] })
  if (order === undefined) return refusePlatform(10060001, '支付单不存在')
  const shipment = world.state.tables.shipments.get(order.id)
  return { errcode: 0, errmsg: 'ok', order: { ...factsOf(order), order_state: stateOf(order, shipment), in_complaint: false, shipping: shippingOf(shipment) } }
}

function factsOf(order: Order): Body {
  return { transaction_id: order.transactionId, merchant_id: order.mchid, merchant_trade_no: order.outTradeNo, description: order.description, paid_amount: order.totalCents, openid: order.openid }
}

function stateOf(order: Order, shipment: Shipment | undefined): number {
  if (order.state === 'REFUND') return 5
  if (shipment === undefined) return 1
  return shipment.receivedAtMs === undefined ? 2 : 3
}

function shippingOf(shipment: Shipment | undefined): Body {
  if (shipment === undefined) return { delivery_mode: 1, logistics_type: EXPRESS, finish_shipping: false, finish_shipping_count: 0, shipping_list: [] }
  return { delivery_mode: 1, logistics_type: shipment.logisticsType, finish_shipping: true, goods_desc: shipment.list[0]?.item_desc ?? '', finish_shipping_count: shipment.count, shipping_list: shipment.list.map((one) => ({ ...one, upload_time: Date.parse(shipment.uploadTime) / 1000 })) }
}

/** Only what was paid inside the mini program is managed. */
function findOrder(world: World, tenant: Tenant, key: Body): Order | undefined {
  const id = key['order_number_type'] === 2 ? world.byTransaction.get(String(key['transaction_id'])) : orderId(String(key['mchid']), String(key['out_trade_no']))
  const order = id === undefined ? undefined : currentOrder(world, id)
  return order?.mchid === tenant.mchid && order.tradeType === 'JSAPI' && (order.state === 'SUCCESS' || order.state === 'REFUND') ? order : undefined
}

/** What the buyer does in WeChat: the money is set free, and the mini program is told. */
export function confirmReceipt(world: World, tenant: Tenant, openid: string, outTradeNo: string): Body {
  const order = findOrder(world, tenant, { order_number_type: 1, mchid: tenant.mchid, out_trade_no: outTradeNo })
  const shipment = order && world.state.tables.shipments.get(order.id)
  if (order === undefined || shipment === undefined || order.openid !== openid) return { errMsg: 'openBusinessView:fail 没有可以确认收货的订单' }
  if (shipment.receivedAtMs === undefined) settle(world, tenant, order, shipment, BY_HAND)
  return { errMsg: 'openBusinessView:ok' }
}

/** Nobody confirmed: it counts as received after some days. */
function waitForReceipt(world: World, tenant: Tenant, { id, settleAtMs }: Shipment): void {
  clockOf(world, tenant.appid).at(settleAtMs, async () => {
    const [order, shipment] = [currentOrder(world, id), world.state.tables.shipments.get(id)]
    if (order?.state === 'SUCCESS' && shipment !== undefined && shipment.receivedAtMs === undefined) settle(world, tenant, order, shipment, BY_ITSELF)
  })
}

export function resumeShipments(world: World): void {
  for (const shipment of world.state.tables.shipments.values()) {
    const tenant = world.state.tables.tenants.get(shipment.appid)
    if (tenant !== undefined && shipment.receivedAtMs === undefined) waitForReceipt(world, tenant, shipment)
  }
}

function settle(world: World, tenant: Tenant, order: Order, shipment: Shipment, method: number): void {
  const receivedAtMs = clockOf(world, tenant.appid).now()
  put(world.state, 'shipments', order.id, { ...shipment, receivedAtMs })
  const at = Math.floor(receivedAtMs / 1000)
  tellSettlement(world, tenant, order, shipment, { confirm_receive_method: method, confirm_receive_time: at, settlement_time: at })
}

/** Told when it was shipped, with the day on which its money will be free, and when it is. */
function tellSettlement(world: World, tenant: Tenant, order: Order, shipment: Shipment, more: Body): void {
  const shippedAt = Math.floor(Date.parse(shipment.uploadTime) / 1000)
  const facts = { transaction_id: order.transactionId, merchant_id: order.mchid, merchant_trade_no: order.outTradeNo, pay_time: Math.floor((order.paidAtMs ?? 0) / 1000), shipped_time: shippedAt }
  pushEvent(world, tenant, { event: 'trade_manage_order_settlement', openid: order.openid, subject: order.outTradeNo, fields: { ...facts, ...more } })
}

/** What was paid inside the mini program and is not received yet: no withdrawal could take it. */
export function sumFrozen(world: World, tenant: Tenant): number {
  const isKept = (order: Order) => order.mchid === tenant.mchid && order.tradeType === 'JSAPI' && order.state === 'SUCCESS' && world.state.tables.shipments.get(order.id)?.receivedAtMs === undefined
  return [...world.state.tables.orders.values()].filter(isKept).reduce((sum, order) => sum + order.totalCents, 0)
}

function objectOf(value: unknown): Body {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Body) : {}
}
