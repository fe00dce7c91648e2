// Virtual payment's orders: the pay sheet in the WeChat app, the query, the word that goods were given.
import { createHmac } from 'node:crypto'
import { randomDigits, randomHex } from '../keys.ts'
import { writeEntry } from '../ledger.ts'
import type { Tenant, User, VirtualOrder } from '../records.ts'
import { put } from '../state.ts'
import { findUserByOpenid } from '../users.ts'
import { pushEvent } from '../wechat/push.ts'
import { takeFault } from '../world.ts'
import type { World } from '../world.ts'
import { fillPurse, isPublished, priceOfCoins } from './coins.ts'
import { findOnSale } from './goods.ts'
import { refuseXpay } from './refusals.ts'
import { describeSettlement, settleLater } from './settlements.ts'

type Body = Record<string, unknown>
export type SheetAsk = { mode: string; signData: string; paySig: string; signature: string; do?: string; system?: string }
export type SheetAnswer = { errMsg: string; errCode: number }

export const STATUS = { created: 1, paid: 2, delivering: 3, delivered: 4, refunded: 5, refundFailed: 7 }

/** What the WeChat app does when a page calls wx.requestVirtualPayment and the person confirms. */
export function openPaySheet(world: World, tenant: Tenant, user: User, ask: SheetAsk): SheetAnswer {
  const data = readSignData(ask.signData)
  if (data === undefined) return fail(-15001, 'signData不是有效的JSON字符串')
  const ofCoins = ask.mode === 'short_series_coin'
  if (!ofCoins && ask.mode !== 'short_series_goods') return fail(-15002, `mode参数不支持 ${ask.mode}`)
  if (hex(user.sessionKey, ask.signData) !== ask.signature) return fail(-15005, 'signature签名错误')
  if (hex(tenant.appKey, `requestVirtualPayment&${ask.signData}`) !== ask.paySig) return fail(-15006, 'paySig签名错误')
  const wrong = findWrongField(tenant, data) ?? (ofCoins ? findWrongCoins(tenant, data) : findWrongGoods(world, tenant, data))
  if (wrong !== undefined) return wrong
  const id = orderKey(tenant, String(data['outTradeNo']))
  if (world.state.tables.virtualOrders.has(id)) return fail(-15003, '订单号重复')
  const order = createOrder(tenant, user, id, ofCoins ? { ...data, productId: undefined } : data, ask.system === 'ios')
  if (order.isApple && order.priceCents * order.quantity < 100) return fail(-15013, 'iOS 道具价格不能低于 1 元')
  if (ask.do === 'cancel') return leave(world, order, fail(-2, 'cancel'))
  if (ask.do === 'fail') return leave(world, order, fail(-1, '支付失败'))
  markPaid(world, tenant, order)
  return { errMsg: 'requestVirtualPayment:ok', errCode: 0 }
}

export function queryOrder(world: World, tenant: Tenant, body: Body): Body {
  const order = findOrder(world, tenant, body)
  if (findUserByOpenid(world, tenant.appid, String(body['openid'] ?? '')) === undefined) return refuseXpay('openid')
  if (order === undefined || order.openid !== body['openid']) return refuseXpay('params', 'order not exist')
  return { errcode: 0, errmsg: 'ok', order: describe(order) }
}

export function noteProvided(world: World, tenant: Tenant, body: Body): Body {
  const order = findOrder(world, tenant, body)
  if (order === undefined) return refuseXpay('params', 'order not exist')
  if (order.status === STATUS.delivered) return refuseXpay('repeated')
  if (order.status !== STATUS.paid && order.status !== STATUS.delivering) return refuseXpay('params', 'order status invalid')
  put(world.state, 'virtualOrders', order.id, { ...order, status: STATUS.delivered, providedAt: seconds() })
  return { errcode: 0, errmsg: 'ok' }
}

function findWrongField(tenant: Tenant, data: Body): SheetAnswer | undefined {
  if (data['offerId'] !== tenant.offerId) return fail(-15002, 'offerId参数错误')
  if (data['currencyType'] !== 'CNY') return fail(-15002, 'currencyType参数错误')
  if (data['env'] === 1) return fail(-15002, 'PAYMENT_ILLEGAL_IN_SANDBOX')
  if (data['env'] !== 0) return fail(-15002, 'env参数错误')
  if (!Number.isInteger(data['buyQuantity']) || Number(data['buyQuantity']) < 1) return fail(-15002, 'buyQuantity参数错误')
  if (!/^(?!_)[0-9A-Za-z_\-|*@]{8,32}$/.test(String(data['outTradeNo'] ?? ''))) return fail(-15002, 'outTradeNo参数错误')
  if (data['attach'] !== undefined && typeof data['attach'] !== 'string') return fail(-15002, 'attach参数错误')
  return undefined
}

function findWrongCoins(tenant: Tenant, data: Body): SheetAnswer | undefined {
  if (!isPublished(tenant)) return fail(-15010, '代币未发布')
  return Number.isInteger(priceOfCoins(tenant, Number(data['buyQuantity']))) ? undefined : fail(-15002, 'buyQuantity参数错误')
}

function findWrongGoods(world: World, tenant: Tenant, data: Body): SheetAnswer | undefined {
  if (typeof data['productId'] !== 'string') return fail(-15001, '缺少参数productId')
  const sale = findOnSale(world, tenant, Number(data['env']), String(data['productId']))
  if (sale === 'unpublished') return fail(-15010, '道具未发布')
  if (sale === 'too_new') return fail(-15014, 'COIN_OR_PRODUCT_ID_CREATED_IN_RECENTLY')
  return sale.priceCents === data['goodsPrice'] ? undefined : fail(-15013, '道具价格错误')
}

function createOrder(tenant: Tenant, user: User, id: string, data: Body, isApple: boolean): VirtualOrder {
  return {
    id, appid: tenant.appid, isApple, env: Number(data['env']), outTradeNo: String(data['outTradeNo']), wxOrderId: `WXO${randomHex(24)}`, mchOrderNo: `WXMO${randomDigits(20)}`,
    transactionId: '', openid: user.openid, goodsId: String(data['productId'] ?? ''), quantity: Number(data['buyQuantity']),
    priceCents: data['productId'] === undefined ? priceOfCoins(tenant, 1) : Number(data['goodsPrice']), paidCents: 0,
    refundedCents: 0, refunds: [], attach: String(data['attach'] ?? ''), status: STATUS.created, createdAt: seconds(), paidAt: 0, providedAt: 0, settleAtMs: 0, settledAt: 0, feeCents: 0,
  }
}

function leave(world: World, order: VirtualOrder, answer: SheetAnswer): SheetAnswer {
  put(world.state, 'virtualOrders', order.id, order)
  return answer
}

function markPaid(world: World, tenant: Tenant, order: VirtualOrder): void {
  const isOfCoins = order.goodsId === ''
  const paid: VirtualOrder = { ...order, status: isOfCoins ? STATUS.delivered : STATUS.paid, paidCents: order.priceCents * order.quantity, paidAt: seconds(), transactionId: `42000${randomDigits(23)}` }
  put(world.state, 'virtualOrders', paid.id, paid)
  writeEntry(world, tenant.mchid, `xpay ${paid.outTradeNo}`, { payer: -paid.paidCents, merchant: paid.paidCents })
  settleLater(world, tenant, paid)
  if (isOfCoins) fillPurse(world, tenant, paid.env, paid.openid, paid.quantity)
  pushEvent(world, tenant, { event: isOfCoins ? 'xpay_coin_pay_notify' : 'xpay_goods_deliver_notify', openid: paid.openid, subject: paid.outTradeNo, fields: describePush(world, tenant, paid) })
}

function describePush(world: World, tenant: Tenant, order: VirtualOrder): Body {
  const fault = takeFault(world, tenant.appid, ['mismatch_amount', 'mismatch_product', 'mismatch_env', 'mismatch_openid', 'mismatch_out_trade_no', 'mismatch_quantity'], 'push')
  const wrong = (kind: string, right: unknown, other: unknown) => (fault?.kind === kind ? fault['value'] ?? other : right)
  const isOfCoins = order.goodsId === ''
  const price = wrong('mismatch_amount', isOfCoins ? order.priceCents * order.quantity : order.priceCents, 1)
  const sold = { Quantity: wrong('mismatch_quantity', order.quantity, 2), OrigPrice: price, ActualPrice: price, Attach: order.attach }
  return {
    OpenId: wrong('mismatch_openid', order.openid, `o${randomDigits(27)}`), OutTradeNo: wrong('mismatch_out_trade_no', order.outTradeNo, `X${randomDigits(20)}`), Env: wrong('mismatch_env', order.env, 1),
    WeChatPayInfo: { MchOrderNo: order.mchOrderNo, TransactionId: order.transactionId, PaidTime: order.paidAt },
    ...(isOfCoins ? { CoinInfo: sold } : { GoodsInfo: { ProductId: wrong('mismatch_product', order.goodsId, 'another_product'), ...sold } }),
    RetryTimes: 0,
  }
}

/** What may still be refunded: parts that are on their way are taken off at once. */
export function leftOf(order: VirtualOrder): number {
  return order.refunds.reduce((left, refund) => left - (refund.state === 'failed' ? 0 : refund.cents), order.paidCents)
}

function describe(order: VirtualOrder): Body {
  return {
    order_id: order.outTradeNo, create_time: order.createdAt, update_time: Math.max(order.createdAt, order.paidAt, order.providedAt), status: order.status, biz_type: 2,
    order_fee: order.priceCents * order.quantity, coupon_fee: 0, paid_fee: order.paidCents, order_type: order.isApple ? 7 : 0, refund_fee: order.refundedCents, paid_time: order.paidAt,
    provide_time: order.providedAt, biz_meta: order.attach, env_type: order.env + 1, token: '', left_fee: leftOf(order), wx_order_id: order.wxOrderId,
    channel_order_id: order.mchOrderNo, wxpay_order_id: order.transactionId, ...describeSettlement(order),
  }
}

export function findOrder(world: World, tenant: Tenant, body: Body): VirtualOrder | undefined {
  const orders = world.state.tables.virtualOrders
  if (typeof body['order_id'] === 'string') return orders.get(orderKey(tenant, body['order_id']))
  if (typeof body['wx_order_id'] !== 'string') return undefined
  return [...orders.values()].find((one) => one.appid === tenant.appid && one.wxOrderId === body['wx_order_id'])
}

function orderKey(tenant: Tenant, outTradeNo: string): string {
  return `${tenant.appid}/${outTradeNo}`
}

function readSignData(text: string): Body | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Body) : undefined
  } catch {
    return undefined
  }
}

function fail(errCode: number, words: string): SheetAnswer {
  return { errMsg: `requestVirtualPayment:fail ${words}`, errCode }
}

function hex(key: string, text: string): string {
  return createHmac('sha256', key).update(text).digest('hex')
}

export function seconds(): number {
  return Math.floor(Date.now() / 1000)
}
