// What the rest of the product sees of WeChat Pay: its needs, orders, refunds and notices in our own words.
import type { Cents } from '#contracts/words/money.ts'
import type { Answer } from '../wire.ts'
import type { Complaints } from './complaint-shapes.ts'
import type { Transfers } from './transfer-shapes.ts'
import type { Sharing } from './share-shapes.ts'

export type WechatPayConfig = {
  baseUrl: string
  /** The vendor's far host, asked while the near one is silent. */
  farUrl?: string
  mchid: string
  appid: string
  serial: string
  privateKey: string
  apiv3Key: string
  apiv3KeyPrevious: string
  publicKeyId: string
  publicKey: string
  /** PEM text, any number of certificates one after the other. */
  platformCerts: string
  timeoutMs?: number
}

export type TradeState = 'SUCCESS' | 'REFUND' | 'NOTPAY' | 'CLOSED' | 'REVOKED' | 'USERPAYING' | 'PAYERROR'
export type RefundState = 'SUCCESS' | 'CLOSED' | 'PROCESSING' | 'ABNORMAL'

/** An order as WeChat Pay tells it. Amounts and the transaction number are there once somebody paid. */
export type Transaction = {
  mchid: string
  appid: string
  outTradeNo: string
  transactionId: string | undefined
  tradeType: string | undefined
  tradeState: TradeState
  paidAt: string | undefined
  payerOpenid: string | undefined
  total: Cents | undefined
  payerTotal: Cents | undefined
  currency: string | undefined
}

export type Refund = {
  outTradeNo: string
  transactionId: string
  outRefundNo: string
  refundId: string
  state: RefundState
  refundedAt: string | undefined
  total: Cents
  refund: Cents
  payerTotal: Cents | undefined
  payerRefund: Cents | undefined
  receivedBy: string | undefined
}

export type Transfer = { outBillNo: string; transferBillNo: string; state: string; amount: Cents; openid: string | undefined; failReason: string | undefined }

/** One row of a day's trade bill: for a payment `total` is what was asked and `settled` what came to us, for a refund what was asked back and what we gave; the fee is negative when it came back. */
export type TradeLine = { transactionNo: string; outTradeNo: string; at: string; total: Cents; settled: Cents; fee: Cents; currency: string; state: string } & (
  | { kind: 'payment' }
  | { kind: 'refund'; refundNo: string; outRefundNo: string }
)
/** One movement of the merchant's account: positive when money came. */
export type FundLine = { flowNo: string; businessNo: string; evidence: string; type: string; amount: Cents; balance: Cents; at: string }
/** A bill whose hash and rows were checked; its lines come some hundred at a time, as often as they are asked for. */
export type DayBill<T> = { sha1: string; count: number; lines(): AsyncGenerator<T[], unknown> }

export type NoticeRefusal =
  | 'not_configured' | 'header_missing' | 'timestamp_malformed' | 'timestamp_skewed' | 'serial_unknown' | 'signature_probe' | 'signature_wrong'
  | 'body_not_json' | 'envelope_malformed' | 'algorithm_unknown' | 'cannot_decrypt' | 'content_malformed'

/** A notice whose signature is right and whose content opened. `plain` is what was inside, kept as evidence. */
export type GoodNotice = { id: string; event: string; createdAt: string | undefined; plain: string } & (
  | { kind: 'transaction'; transaction: Transaction }
  | { kind: 'refund'; mchid: string; refund: Refund }
  | { kind: 'transfer'; transfer: Transfer }
  | { kind: 'complaint'; complaint: string; action: string }
  | { kind: 'other' }
)
/** Answer 4xx and grant nothing. `signature: 'valid'` with a refusal is an alarm: the sender is genuine, the content is not ours to read;
 * `plain` is there when it opened and could not be understood. */
export type RefusedNotice = { kind: 'refused'; reason: NoticeRefusal; signature: 'valid' | 'invalid'; plain?: string }
export type Notice = GoodNotice | RefusedNotice

export type Headers = Record<string, string | string[] | undefined>

export type Prepay = { outTradeNo: string; description: string; total: Cents; notifyUrl: string; expiresAt: Date; attach?: string; isShared?: boolean }
export type JsapiPayment = { appId: string; timeStamp: string; nonceStr: string; package: string; signType: 'RSA'; paySign: string }

export type RefundAsk = { outTradeNo: string; outRefundNo: string; refund: Cents; total: Cents; reason?: string; notifyUrl?: string }

export type WechatPay = {
  /** False when the configuration has no keys: then every call is refused with NOT_CONFIGURED. */
  isReady: boolean
  /** True when the platform signs for this merchant with certificates, alone or beside the public key. */
  hasCertificates: boolean
  mchid: string
  appid: string
  prepayH5(ask: Prepay & { payerAddress: string }): Promise<Answer<{ url: string }>>
  prepayNative(ask: Prepay): Promise<Answer<{ codeUrl: string }>>
  /** `appid`: the app or account in which the payer has that openid; the merchant's own when it is left out. */
  prepayJsapi(ask: Prepay & { openid: string; appid?: string }): Promise<Answer<{ prepayId: string }>>
  /** What wx.requestPayment is called with, for a prepay number that is at most two hours old. */
  signJsapi(prepayId: string, appid?: string): JsapiPayment
  findByOutTradeNo(outTradeNo: string): Promise<Answer<Transaction>>
  findByTransactionId(transactionId: string): Promise<Answer<Transaction>>
  /** Refused with ORDER_PAID, USER_PAYING or FREQUENCY_LIMITED means: not closed, query. */
  close(outTradeNo: string): Promise<Answer<'closed'>>
  /** Repeat with the same outRefundNo as often as needed; a new one refunds twice. */
  refund(ask: RefundAsk): Promise<Answer<Refund>>
  findRefund(outRefundNo: string): Promise<Answer<Refund>>
  /** Sends an ABNORMAL refund to a bank card of the payer; refused when it is not abnormal any more. */
  redirectRefund(ask: { refundId: string; outRefundNo: string; bank: string; account: string; name: string }): Promise<Answer<Refund>>
  /** A day of Beijing, `2026-11-21`, at most three months ago. */
  fetchTradeBill(day: string): Promise<Answer<DayBill<TradeLine>>>
  fetchFundFlow(day: string): Promise<Answer<DayBill<FundLine>>>
  /** Fetches platform certificates at most once an hour; for the timetable, never because of a notice. */
  refreshCertificates(): Promise<Answer<{ serials: string[] }>>
  sharing: Sharing
  transfers: Transfers
  complaints: Complaints
  readNotice(headers: Headers, body: Buffer | string): Notice
}

declare module '#kernel/ctx.ts' {
  interface Gateways {
    wechatPay: WechatPay
  }
}
