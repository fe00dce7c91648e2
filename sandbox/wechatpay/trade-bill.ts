// The bill of trades: one row a payment on its day, one a refund on the day it was asked for.
import type { Order, Refund, Tenant } from '../records.ts'
import type { World } from '../world.ts'
import { billTime, writeBill, yuan } from './bill-file.ts'
import type { Spoil } from './bills.ts'
import { FEE_BASIS_POINTS, feeOf } from './fees.ts'

type Kind = 'ALL' | 'SUCCESS' | 'REFUND'
/** The sums of one row; cents, and what it is known by to the merchant. */
type Trade = { number: string; at: string; order: Order; refund?: Refund; state: string; settleCents: number; totalCents: number; refundCents: number; feeCents: number }

const HEAD = ['交易时间', '公众账号ID', '商户号', '特约商户号', '设备号', '微信订单号', '商户订单号', '用户标识', '交易类型', '交易状态', '付款银行', '货币种类', '应结订单金额', '代金券金额']
const REFUND_TIMES = ['退款申请时间', '退款成功时间']
const REFUND = ['微信退款单号', '商户退款单号', '退款金额', '充值券退款金额', '退款类型', '退款状态']
const GOODS = ['商品名称', '商户数据包', '手续费', '费率', '订单金额']
const columns: Record<Kind, string[]> = {
  ALL: [...HEAD, ...REFUND, ...GOODS, '申请退款金额', '费率备注'],
  SUCCESS: [...HEAD, ...GOODS, '费率备注'],
  REFUND: [...HEAD, ...REFUND_TIMES, ...REFUND, ...GOODS, '申请退款金额', '费率备注'],
}

/** Nothing when the day had no trades. */
export function writeTrades(world: World, tenant: Tenant, day: string, kind: Kind, spoils: Spoil[]): string | undefined {
  const payments = kind === 'REFUND' ? [] : listPayments(world, tenant, day)
  const refunds = kind === 'SUCCESS' ? [] : listRefunds(world, tenant, day)
  const trades = spoils.reduce(spoilTrades, [...payments, ...refunds].sort((one, other) => (one.at < other.at ? -1 : 1)))
  if (trades.length === 0) return undefined
  const sum = (of: (trade: Trade) => number) => trades.reduce((all, trade) => all + of(trade), 0)
  return writeBill(columns[kind], trades.map((trade) => writeTrade(trade, kind)), [
    ['总交易单数', String(trades.length)], ['应结订单总金额', yuan(sum((trade) => trade.settleCents))], ['退款总金额', yuan(sum((trade) => trade.refundCents))], ['充值券退款总金额', yuan(sum(couponRefund))],
    ['手续费总金额', yuan(sum((trade) => trade.feeCents), 5)], ['订单总金额', yuan(sum((trade) => trade.totalCents))], ['申请退款总金额', yuan(sum((trade) => trade.refundCents))],
  ])
}

function listPayments(world: World, tenant: Tenant, day: string): Trade[] {
  const trades: Trade[] = []
  for (const order of world.state.tables.orders.values()) {
    if (order.mchid !== tenant.mchid || order.successTime?.startsWith(day) !== true) continue
    trades.push({ number: order.outTradeNo, at: order.successTime, order, state: 'SUCCESS', settleCents: order.totalCents, totalCents: order.totalCents, refundCents: 0, feeCents: feeOf(order.totalCents) })
  }
  return trades
}

/** A refund that was closed moved nothing and stands in no bill. */
function listRefunds(world: World, tenant: Tenant, day: string): Trade[] {
  const trades: Trade[] = []
  for (const refund of world.state.tables.refunds.values()) {
    const order = world.state.tables.orders.get(refund.orderId)
    if (order === undefined || refund.mchid !== tenant.mchid || refund.state === 'CLOSED' || !refund.createTime.startsWith(day)) continue
    trades.push({ number: refund.outRefundNo, at: refund.createTime, order, refund, state: 'REFUND', settleCents: 0, totalCents: 0, refundCents: refund.refundCents, feeCents: -feeOf(refund.refundCents) })
  }
  return trades
}

function writeTrade(trade: Trade, kind: Kind): string[] {
  const { order, refund, at, state } = trade
  const coupon = refund === undefined ? order.totalCents - order.payerCents : 0
  const head = [billTime(at), order.appid, order.mchid, '0', '', order.transactionId ?? '', order.outTradeNo, order.openid, order.tradeType, state, 'OTHERS', order.currency, yuan(trade.settleCents), yuan(coupon)]
  const times = [billTime(refund?.createTime ?? ''), billTime(refund?.successTime ?? '')]
  const back = refund === undefined ? ['0', '0', '0.00', '0.00', '', ''] : [refund.refundId, refund.outRefundNo, yuan(trade.refundCents), yuan(couponRefund(trade)), 'ORIGINAL', refund.state === 'ABNORMAL' ? 'FAIL' : refund.state]
  const goods = [order.description, order.attach, yuan(trade.feeCents, 5), `${(FEE_BASIS_POINTS / 100).toFixed(2)}%`, yuan(trade.totalCents)]
  if (kind === 'SUCCESS') return [...head, ...goods, '']
  return [...head, ...(kind === 'REFUND' ? times : []), ...back, ...goods, yuan(trade.refundCents), '']
}

function couponRefund({ refund }: Trade): number {
  return refund === undefined ? 0 : refund.refundCents - refund.payerRefundCents
}

function spoilTrades(trades: Trade[], spoil: Spoil): Trade[] {
  const target = trades.find((trade) => spoil.number === undefined || trade.number === spoil.number)
  if (target === undefined) return trades
  const amountCents = spoil.amountCents ?? target.order.totalCents + 1
  if (spoil.how === 'missing') return trades.filter((trade) => trade !== target)
  if (spoil.how === 'amount') return trades.map((trade) => (trade === target ? respell(trade, amountCents) : trade))
  if (spoil.how === 'state') return trades.map((trade) => (trade === target && trade.refund !== undefined ? { ...trade, refund: { ...trade.refund, state: 'ABNORMAL' } } : trade))
  const stranger: Order = { ...target.order, outTradeNo: `STRANGER${target.order.outTradeNo}`.slice(0, 32), transactionId: `42999${target.order.transactionId?.slice(5)}` }
  const { refund: _refund, ...rest } = target
  return [...trades, respell({ ...rest, number: stranger.outTradeNo, order: stranger, state: 'SUCCESS' }, spoil.amountCents ?? target.order.totalCents)]
}

function respell(trade: Trade, cents: number): Trade {
  return trade.refund === undefined ? { ...trade, settleCents: cents, totalCents: cents, feeCents: feeOf(cents) } : { ...trade, refundCents: cents, feeCents: -feeOf(cents) }
}
