// What becomes of a trade at Alipay: created, paid, closed, given back, and looked up.
import { randomDigits } from '../keys.ts'
import { writeEntry } from '../ledger.ts'
import type { Tenant } from '../records.ts'
import { put } from '../state.ts'
import { feeOf } from '../wechatpay/fees.ts'
import { clockOf, takeFault } from '../world.ts'
import type { World } from '../world.ts'
import { sendTradeNotice } from './notices.ts'
import type { AlipayRefund, AlipayTrade } from './records.ts'
import { alipayTime, readAlipayTime, readYuan, yuan } from './sign.ts'

export type Content = Record<string, unknown>
/** The inside of an answer's node: 10000, or a refusal with its sub_code. */
export type Node = Record<string, unknown> & { code: string }

const DAY_MS = 86_400_000

export function createTrade(world: World, tenant: Tenant, content: Content, notifyUrl: string): Node {
  const [outTradeNo, subject, openid] = ['out_trade_no', 'subject', 'buyer_open_id'].map((name) => String(content[name] ?? ''))
  const totalCents = readYuan(content['total_amount'])
  if (!/^[0-9A-Za-z_]{1,64}$/.test(outTradeNo ?? '') || !subject || totalCents === undefined || totalCents < 1) return refuse('ACQ.INVALID_PARAMETER', '参数无效')
  if (/[/=&]/.test(subject)) return refuse('ACQ.INVALID_PARAMETER', 'subject 含有特殊字符')
  if (content['product_code'] !== 'JSAPI_PAY' || content['op_app_id'] !== tenant.alipay?.appid) return refuse('ACQ.INVALID_PARAMETER', 'product_code 或 op_app_id 无效')
  if (!openid) return refuse('ACQ.BUYER_NOT_EXIST', '买家不存在')
  const known = currentTrade(world, tenant, outTradeNo ?? '')
  if (known === undefined) return offer(keepTrade(world, tenant, { outTradeNo: outTradeNo ?? '', subject, openid, totalCents, notifyUrl, expires: content['time_expire'] }))
  if (known.state === 'TRADE_SUCCESS') return refuse('ACQ.TRADE_HAS_SUCCESS', '交易已被支付')
  if (known.state === 'TRADE_CLOSED') return refuse('ACQ.TRADE_HAS_CLOSE', '交易已经关闭')
  return known.totalCents === totalCents && known.subject === subject && known.buyerOpenid === openid ? offer(known) : refuse('ACQ.CONTEXT_INCONSISTENT', '交易信息被篡改')
}

function keepTrade(world: World, tenant: Tenant, asked: { outTradeNo: string; subject: string; openid: string; totalCents: number; notifyUrl: string; expires: unknown }): AlipayTrade {
  const now = clockOf(world, tenant.appid).now()
  const { outTradeNo, subject, openid, totalCents, notifyUrl, expires } = asked
  const trade: AlipayTrade = {
    id: tradeKey(tenant, outTradeNo), appid: tenant.appid, outTradeNo, tradeNo: `${alipayTime(now).slice(0, 10).replaceAll('-', '')}2200${randomDigits(16)}`, subject, totalCents, buyerOpenid: openid,
    notifyUrl, expiresAtMs: typeof expires === 'string' ? readAlipayTime(expires) : now + 15 * DAY_MS, state: 'WAIT_BUYER_PAY', refunds: [],
  }
  return save(world, trade)
}

export function queryTrade(world: World, tenant: Tenant, content: Content): Node {
  const trade = findTrade(world, tenant, content)
  if (trade === undefined) return refuse('ACQ.TRADE_NOT_EXIST', '交易不存在')
  return {
    ...offer(trade), trade_status: trade.state, total_amount: yuan(trade.totalCents), buyer_open_id: trade.buyerOpenid,
    ...(trade.paidAtMs === undefined ? {} : { send_pay_date: alipayTime(trade.paidAtMs) }),
  }
}

export function closeTrade(world: World, tenant: Tenant, content: Content): Node {
  const trade = findTrade(world, tenant, content)
  if (trade === undefined) return refuse('ACQ.TRADE_NOT_EXIST', '交易不存在')
  if (trade.state !== 'WAIT_BUYER_PAY') return refuse('ACQ.TRADE_STATUS_ERROR', '交易状态不合法')
  return offer(save(world, { ...trade, state: 'TRADE_CLOSED' }))
}

/** The sum of all refunds is what `refund_fee` tells; a repeated number changes nothing. */
export function refundTrade(world: World, tenant: Tenant, content: Content): Node {
  const trade = findTrade(world, tenant, content)
  const cents = readYuan(content['refund_amount'])
  if (trade === undefined) return refuse('ACQ.TRADE_NOT_EXIST', '交易不存在')
  if (cents === undefined || cents < 1) return refuse('ACQ.INVALID_PARAMETER', '参数无效')
  const number = String(content['out_request_no'] ?? trade.outTradeNo)
  const before = trade.refunds.find((one) => one.outRequestNo === number)
  if (before !== undefined) return before.cents === cents ? describeBack(trade, 'N') : refuse('ACQ.DISCORDANT_REPEAT_REQUEST', '请求信息不一致')
  if (trade.paidAtMs === undefined) return refuse('ACQ.TRADE_STATUS_ERROR', '交易状态不合法')
  if (backOf(trade) + cents > trade.totalCents) return refuse('ACQ.REFUND_AMT_NOT_EQUAL_TOTAL', '退款金额超限')
  const isLate = takeFault(world, tenant.appid, ['refund_outcome'], 'trade_refund') !== undefined
  const refund: AlipayRefund = { outRequestNo: number, cents, reason: String(content['refund_reason'] ?? ''), isDone: false, settleAtMs: clockOf(world, tenant.appid).now() + (isLate ? tenant.refundSeconds * 1000 : 0) }
  const asked = save(world, { ...trade, refunds: [...trade.refunds, refund] })
  if (!isLate) return describeBack(finishRefund(world, tenant, asked.id, number) ?? asked, 'Y')
  waitForRefund(world, tenant, asked, refund)
  return describeBack(asked, 'N')
}

export function queryRefund(world: World, tenant: Tenant, content: Content): Node {
  const trade = findTrade(world, tenant, content)
  if (trade === undefined) return refuse('ACQ.TRADE_NOT_EXIST', '交易不存在')
  const refund = trade.refunds.find((one) => one.outRequestNo === content['out_request_no'] && one.isDone)
  if (refund === undefined) return { code: '10000', msg: 'Success' }
  return { ...offer(trade), out_request_no: refund.outRequestNo, total_amount: yuan(trade.totalCents), refund_amount: yuan(refund.cents), refund_status: 'REFUND_SUCCESS' }
}

export function payTrade(world: World, tenant: Tenant, trade: AlipayTrade): AlipayTrade {
  const { payAtMs: _late, ...rest } = trade
  const paid = save(world, { ...rest, state: 'TRADE_SUCCESS', paidAtMs: clockOf(world, tenant.appid).now() })
  writeEntry(world, tenant.mchid, `alipay ${paid.outTradeNo}`, { payer: -paid.totalCents, merchant: paid.totalCents })
  writeEntry(world, tenant.mchid, `alipay fee ${paid.outTradeNo}`, { merchant_fees: -feeOf(paid.totalCents), platform: feeOf(paid.totalCents) })
  sendTradeNotice(world, tenant, paid)
  return paid
}

export function payTradeLater(world: World, tenant: Tenant, trade: AlipayTrade, delaySeconds: number): AlipayTrade {
  const late = save(world, { ...trade, payAtMs: clockOf(world, tenant.appid).now() + delaySeconds * 1000 })
  waitForPayment(world, tenant, late)
  return late
}

/** A trade past its time is closed by Alipay itself; this is where that shows. */
export function currentTrade(world: World, tenant: Tenant, outTradeNo: string): AlipayTrade | undefined {
  const trade = world.state.tables.alipayTrades.get(tradeKey(tenant, outTradeNo))
  if (trade === undefined || trade.state !== 'WAIT_BUYER_PAY' || trade.expiresAtMs > clockOf(world, tenant.appid).now()) return trade
  return save(world, { ...trade, state: 'TRADE_CLOSED' })
}

export function tradeByNumber(world: World, tenant: Tenant, tradeNo: string): AlipayTrade | undefined {
  for (const trade of world.state.tables.alipayTrades.values()) if (trade.appid === tenant.appid && trade.tradeNo === tradeNo) return currentTrade(world, tenant, trade.outTradeNo)
  return undefined
}

/** Puts late payments and refunds back on their clocks after a restart. */
export function resumeAlipay(world: World): void {
  for (const trade of world.state.tables.alipayTrades.values()) {
    const tenant = world.state.tables.tenants.get(trade.appid)
    if (tenant === undefined) continue
    if (trade.payAtMs !== undefined) waitForPayment(world, tenant, trade)
    for (const refund of trade.refunds) if (!refund.isDone) waitForRefund(world, tenant, trade, refund)
  }
}

function waitForPayment(world: World, tenant: Tenant, trade: AlipayTrade): void {
  clockOf(world, tenant.appid).at(trade.payAtMs ?? 0, async () => {
    const fresh = currentTrade(world, tenant, trade.outTradeNo)
    if (fresh?.state === 'WAIT_BUYER_PAY' && fresh.payAtMs === trade.payAtMs) payTrade(world, tenant, fresh)
  })
}

function waitForRefund(world: World, tenant: Tenant, trade: AlipayTrade, refund: AlipayRefund): void {
  clockOf(world, tenant.appid).at(refund.settleAtMs, async () => void finishRefund(world, tenant, trade.id, refund.outRequestNo))
}

function finishRefund(world: World, tenant: Tenant, id: string, number: string): AlipayTrade | undefined {
  const trade = world.state.tables.alipayTrades.get(id)
  const refund = trade?.refunds.find((one) => one.outRequestNo === number && !one.isDone)
  if (trade === undefined || refund === undefined) return trade
  const done = { ...refund, isDone: true }
  const refunds = trade.refunds.map((one) => (one === refund ? done : one))
  const isWhole = refunds.filter((one) => one.isDone).reduce((sum, one) => sum + one.cents, 0) === trade.totalCents
  const after = save(world, { ...trade, refunds, state: isWhole ? 'TRADE_CLOSED' : trade.state })
  writeEntry(world, tenant.mchid, `alipay refund ${number}`, { merchant: -refund.cents, payer: refund.cents })
  writeEntry(world, tenant.mchid, `alipay fee ${number}`, { merchant_fees: feeOf(refund.cents), platform: -feeOf(refund.cents) })
  sendTradeNotice(world, tenant, after, done)
  return after
}

function describeBack(trade: AlipayTrade, fundChange: 'Y' | 'N'): Node {
  return { ...offer(trade), buyer_open_id: trade.buyerOpenid, fund_change: fundChange, refund_fee: yuan(backOf(trade)) }
}

/** Also what was asked and has not gone yet: it cannot be asked for again. */
function backOf(trade: AlipayTrade): number {
  return trade.refunds.reduce((sum, one) => sum + one.cents, 0)
}

function offer(trade: AlipayTrade): Node {
  return { code: '10000', msg: 'Success', out_trade_no: trade.outTradeNo, trade_no: trade.tradeNo }
}

export function refuse(subCode: string, words: string): Node {
  return { code: '40004', msg: 'Business Failed', sub_code: subCode, sub_msg: words }
}

function findTrade(world: World, tenant: Tenant, content: Content): AlipayTrade | undefined {
  if (typeof content['out_trade_no'] === 'string') return currentTrade(world, tenant, content['out_trade_no'])
  return tradeByNumber(world, tenant, String(content['trade_no'] ?? ''))
}

function save(world: World, trade: AlipayTrade): AlipayTrade {
  put(world.state, 'alipayTrades', trade.id, trade)
  return trade
}

function tradeKey(tenant: Tenant, outTradeNo: string): string {
  return `${tenant.appid}/${outTradeNo}`
}
