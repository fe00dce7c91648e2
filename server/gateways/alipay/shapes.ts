// What the rest of the product sees of Alipay: trades, refunds and notices in our own words.
import type { Cents } from '#contracts/words/money.ts'
import type { Answer } from '../wire.ts'

export type AlipayConfig = {
  /** The whole address of the gateway, `…/gateway.do`. */
  baseUrl: string
  appid: string
  /** The account that money goes to, `2088…`. */
  sellerId: string
  privateKey: string
  /** Alipay's public key, not the app's. */
  publicKey: string
  timeoutMs?: number
}

export type AlipayTradeState = 'WAIT_BUYER_PAY' | 'TRADE_SUCCESS' | 'TRADE_FINISHED' | 'TRADE_CLOSED'

/** A trade as Alipay tells it. `paidAt` stays when a paid trade is closed by a full refund. */
export type AlipayTrade = {
  appid: string
  sellerId: string
  outTradeNo: string
  tradeNo: string
  state: AlipayTradeState
  total: Cents
  paidAt: string | undefined
}

/** `PROCESSING`: Alipay has not said that money moved; ask again under the same number. */
export type AlipayRefund = { outTradeNo: string; outRefundNo: string; state: 'SUCCESS' | 'PROCESSING'; refund: Cents | undefined }

export type AlipayNoticeRefusal = 'not_configured' | 'body_malformed' | 'sign_missing' | 'sign_type_unknown' | 'signature_wrong' | 'content_malformed'

/** `plain` is the form without its signature, kept as evidence. */
export type GoodAlipayNotice = { id: string; event: string; plain: string } & (
  | { kind: 'trade'; trade: AlipayTrade }
  | { kind: 'refund'; trade: AlipayTrade; outRefundNo: string }
  | { kind: 'other' }
)
/** Answer anything but `success`. `signature: 'valid'` with a refusal is an alarm: the sender is genuine, the content is not ours to read. */
export type AlipayNotice = GoodAlipayNotice | { kind: 'refused'; reason: AlipayNoticeRefusal; signature: 'valid' | 'invalid' }

/** A row of a day's bill: a payment with what came of it, or a refund; sums of a refund are positive too. A fee that came back is negative. */
export type AlipayBillRow = { kind: 'payment' | 'refund'; tradeNo: string; outTradeNo: string; outRefundNo: string; at: string; total: Cents; settled: Cents; fee: Cents }
/** `lines` may be read as often as needed, some hundred at a time. */
export type AlipayBill = { sha1: string; count: number; lines(): AsyncGenerator<AlipayBillRow[], unknown> }

export type TradeAsk = { outTradeNo: string; subject: string; total: Cents; buyerOpenid: string; notifyUrl: string; expiresAt: Date }
export type AlipayRefundAsk = { outTradeNo: string; outRefundNo: string; refund: Cents; reason?: string }

export type Alipay = {
  /** False when the configuration has no keys: then every call is refused with NOT_CONFIGURED. */
  isReady: boolean
  appid: string
  sellerId: string
  /** The payer's open id in this app, for a code of my.getAuthCode, which works once. */
  exchangeCode(code: string): Promise<Answer<{ openid: string }>>
  /** What my.tradePay is called with. The same number with the same amount gives the same trade. */
  createTrade(ask: TradeAsk): Promise<Answer<{ tradeNo: string }>>
  /** Refused with ACQ.TRADE_NOT_EXIST when nobody created it. */
  findTrade(outTradeNo: string): Promise<Answer<AlipayTrade>>
  /** Refused with ACQ.TRADE_STATUS_ERROR means: not closed, query. */
  closeTrade(outTradeNo: string): Promise<Answer<'closed'>>
  /** Repeat with the same outRefundNo as often as needed; a new one refunds twice. */
  refund(ask: AlipayRefundAsk): Promise<Answer<AlipayRefund>>
  /** PROCESSING when Alipay knows of no such refund that succeeded. */
  findRefund(outTradeNo: string, outRefundNo: string): Promise<Answer<AlipayRefund>>
  /** The trades of a day of Beijing. Refused with isp.bill_not_exist for a day without trades, and until nine or so of the next. */
  fetchTradeBill(day: string): Promise<Answer<AlipayBill>>
  readNotice(body: Buffer | string): AlipayNotice
}

declare module '#kernel/ctx.ts' {
  interface Gateways {
    alipay: Alipay
  }
}
