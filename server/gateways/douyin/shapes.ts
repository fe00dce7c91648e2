// What the rest of the product sees of Douyin's trade system (通用交易系统): orders, refunds, settlements and callbacks in our own words.
import type { Cents } from '#contracts/words/money.ts'
import type { Answer } from '../wire.ts'

export type DouyinConfig = {
  baseUrl: string
  appid: string
  secret: string
  /** The app's key, which signs what the client opens the pay sheet with. */
  privateKey: string
  keyVersion: string
  /** The platform's key, which signs callbacks. */
  platformPublicKey: string
  /** Two official pages disagree about quotes around the values of byteAuthorization; the joint test with Douyin settles it. */
  quotesAuthorization: boolean
  /** The kind of goods and its rule of refunds, from Douyin's own lists. */
  skuType: number
  tagGroup: string
  /** The account that money goes to; empty takes the app's default one. */
  merchantUid: string
  timeoutMs?: number
}

export type DouyinPayState = 'PROCESS' | 'SUCCESS' | 'FAIL' | 'TIMEOUT' | 'CANCEL'

/** An order as Douyin tells it, in a callback or to a query. The item number is told to a query alone. */
export type DouyinOrder = {
  appid: string
  orderId: string
  outOrderNo: string
  state: DouyinPayState
  total: Cents
  /** Diamonds are Apple's money: an amount in them is no amount of ours. */
  currency: string
  itemOrderId: string | undefined
}

export type DouyinRefundState = 'SUCCESS' | 'PROCESSING' | 'FAIL'
/** `toAudit`: Douyin waits for our word before it moves money. */
export type DouyinRefund = { orderId: string; outRefundNo: string; refundId: string; state: DouyinRefundState; refund: Cents; toAudit: boolean; message: string | undefined }

/** A learner asked for money back inside Douyin, where we do not see the page. */
export type DouyinRefundAsk = { appid: string; refundId: string; orderId: string; outOrderNo: string; outRefundNo: string | undefined; refund: Cents; needsAudit: boolean; decideBy: string | undefined; reason: string }

export type DouyinCallbackRefusal =
  | 'not_configured' | 'header_missing' | 'timestamp_malformed' | 'timestamp_skewed' | 'signature_wrong' | 'body_not_json' | 'content_malformed'

/** Callbacks carry no number of their own: `id` is the digest of what was told, the same for every repetition. */
export type GoodDouyinCallback = { id: string; event: string; plain: string } & (
  | { kind: 'payment'; order: DouyinOrder }
  /** `succeeded` false: no money moved, and none will. */
  | { kind: 'refund'; appid: string; outRefundNo: string; refundId: string; orderId: string; succeeded: boolean }
  | { kind: 'refund_ask'; ask: DouyinRefundAsk }
  | { kind: 'settle'; outSettleNo: string }
  | { kind: 'other' }
)
export type DouyinCallback = GoodDouyinCallback | { kind: 'refused'; reason: DouyinCallbackRefusal; signature: 'valid' | 'invalid' }

export type Headers = Record<string, string | string[] | undefined>

export type DouyinOrderAsk = {
  outOrderNo: string
  sku: string
  title: string
  /** An https address of the picture. */
  picture: string
  total: Cents
  expiresInSeconds: number
  notifyUrl: string
  /** The page of this order in the mini program. */
  page: { path: string; params: Record<string, string> }
}
/** What tt.requestOrder is called with; `data` goes through as the very text that was signed. */
export type DouyinOrderRequest = { data: string; byteAuthorization: string }

export type DouyinRefundWish = { orderId: string; itemOrderId: string; outRefundNo: string; refund: Cents; total: Cents; reason: string; notifyUrl: string; page: { path: string; params: Record<string, string> } }
export type DouyinSettleState = 'SUCCESS' | 'PROCESSING' | 'FAIL'
export type DouyinSettlement = { outSettleNo: string; settleId: string; state: DouyinSettleState; amount: Cents | undefined; fee: Cents | undefined }

export type Douyin = {
  /** False when the configuration has no keys: then every call is refused with NOT_CONFIGURED. */
  isReady: boolean
  appid: string
  /** Signs an order for the client; nothing is placed at Douyin until the client has opened it, within the hour. */
  prepareOrder(ask: DouyinOrderAsk): DouyinOrderRequest
  /** Refused while no client has opened it; Douyin documents no one code for that, so a refusal says nothing about the order. */
  findOrder(outOrderNo: string): Promise<Answer<DouyinOrder>>
  /** Repeat with the same outRefundNo as often as needed; a new one refunds twice. */
  refund(wish: DouyinRefundWish): Promise<Answer<{ refundId: string }>>
  /** Refused with REFUND_NOT_EXIST when there is none of this number. */
  findRefund(outRefundNo: string): Promise<Answer<DouyinRefund>>
  /** Our word on a refund that waits for it; `denial` is the reason the learner reads, undefined agrees. */
  auditRefund(refundId: string, denial?: string): Promise<Answer<'told'>>
  /** Asks for the order's money to be paid out to the merchant. The same number asks once. */
  settle(ask: { outOrderNo: string; outSettleNo: string; description: string; notifyUrl: string }): Promise<Answer<{ settleId: string }>>
  findSettlement(outSettleNo: string): Promise<Answer<DouyinSettlement>>
  readCallback(headers: Headers, body: Buffer | string): DouyinCallback
}

declare module '#kernel/ctx.ts' {
  interface Gateways {
    douyin: Douyin
  }
}
