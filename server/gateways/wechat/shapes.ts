// What the rest of the product sees of the WeChat open platform, its message push and virtual payment.
import type { Cents } from '#contracts/words/money.ts'
import type { Answer } from '../wire.ts'

export type WechatConfig = {
  baseUrl: string
  appid: string
  secret: string
  pushToken: string
  pushAesKey: string
  xpayOfferId: string
  xpayAppKey: string
  /** 0 is production, 1 the vendor's own sandbox. */
  xpayEnv: number
  timeoutMs?: number
}

export type Login = { openid: string; unionid: string | undefined; sessionKey: string }

export type CodePicture = { scene: string; page: string; widthPixels?: number; version?: 'release' | 'trial' | 'develop' }
export type SubscribeMessage = { openid: string; template: string; page?: string; data: Record<string, string> }

export type PushFormat = 'json' | 'xml'
export type PushRefusal =
  | 'not_configured' | 'query_missing' | 'timestamp_skewed' | 'body_malformed' | 'signature_wrong' | 'cannot_decrypt' | 'other_receiver' | 'content_malformed'

/** The money part of xpay_goods_deliver_notify, or of xpay_coin_pay_notify, which names no product and counts coins. */
export type Delivery = {
  openid: string
  outTradeNo: string
  env: number
  platformOrderNo: string | undefined
  transactionId: string | undefined
  paidAt: string | undefined
  product: string | undefined
  quantity: number
  originalPrice: Cents
  actualPrice: Cents | undefined
}
export type VirtualRefundNotice = { openid: string; outTradeNo: string; outRefundNo: string | undefined; platformRefundNo: string; refund: Cents; succeeded: boolean }

/** Apple asks, through the platform, whether a learner should get their money back; `payOrderNo` is our out-trade number or the platform's. */
export type RefundQuestion = { payOrderNo: string; product: string | undefined; provided: boolean }
/** What we tell Apple, who decides. `evidence` is at most a few sentences. */
export type RefundAdvice = { refund: boolean; info: string; evidence: string }

/** A push that is truly from the platform and for this app. `id` is the same for every retry of one event. */
export type GoodPush = { id: string; event: string; format: PushFormat; receiver: string; plain: string } & (
  | { kind: 'deliver'; delivery: Delivery }
  | { kind: 'refund'; refund: VirtualRefundNotice }
  | { kind: 'question'; question: RefundQuestion }
  | { kind: 'receipt'; receipt: { outTradeNo: string } }
  | { kind: 'other' }
)
export type RefusedPush = { kind: 'refused'; reason: PushRefusal; signature: 'valid' | 'invalid' }
export type Push = GoodPush | RefusedPush

export type Query = Record<string, unknown>
export type PushAnswer = { type: 'application/json' | 'text/xml'; body: string }

/** What our payment attempt says should be paid; a price is for one piece. */
export type ExpectedDelivery = { env: number; openid: string; outTradeNo: string; product: string; quantity: number; price: Cents }

/** Goods at a price, or so many coins at the price that the platform knows. */
export type VirtualAsk = { outTradeNo: string; attach?: string; sessionKey: string } & ({ product: string; quantity: number; price: Cents } | { coins: number })
/** Handed to wx.requestVirtualPayment as it stands: signData is signed text and must not be parsed and written again. */
export type VirtualRequest = { mode: 'short_series_goods' | 'short_series_coin'; signData: string; paySig: string; signature: string }

export type VirtualState = 'initial' | 'created' | 'paid' | 'delivering' | 'delivered' | 'refunded' | 'closed' | 'refund_failed'
export type VirtualOrder = {
  outTradeNo: string
  wxOrderId: string | undefined
  platformOrderNo: string | undefined
  transactionId: string | undefined
  state: VirtualState
  fee: Cents
  paid: Cents
  refunded: Cents
  left: Cents
  paidAt: string | undefined
  env: number
  /** Paid through Apple: only Apple gives the money back. */
  isApple: boolean
  /** When its money became ours to withdraw, and what the platform kept of it for itself and for whoever brought the buyer; undefined before. */
  settled: { at: string; fee: Cents } | undefined
}

export type GoodsState = 'running' | 'exists' | 'done' | 'failed'
export type GoodsTask = { state: 'none' | 'running' | 'failed' | 'done'; items: { id: string; state: GoodsState; why: string | undefined }[] }
export type GoodsItem = { id: string; name: string; price: Cents; remark?: string; pictureUrl?: string }

/** Somebody at WeChat, whose own session signs what is asked about their coins; `address` is the IP address they came from. */
export type CoinHolder = { openid: string; sessionKey: string; address: string }
export type CoinBalance = { total: number; given: number }
/**
 * Coins are kept and counted by WeChat. A number does its work once: told again it is done, too, so an answer that was lost is asked for by telling it again.
 * Refused with `session_over` when the holder must sign in again, `too_few` when they have not so many.
 */
export type Coins = {
  balance(holder: CoinHolder): Promise<Answer<CoinBalance>>
  spend(holder: CoinHolder, ask: { number: string; coins: number; item: string; price: Cents }): Promise<Answer<'spent'>>
  /** Gives back coins that were spent under `spentNumber`, whole or in parts. */
  giveBack(holder: CoinHolder, ask: { number: string; spentNumber: string; coins: number }): Promise<Answer<'given_back'>>
}

export type VirtualPayment = {
  offerId: string
  env: number
  prepare(ask: VirtualAsk): VirtualRequest
  findOrder(openid: string, outTradeNo: string): Promise<Answer<VirtualOrder>>
  /** Done also when it had been told before. */
  noteProvided(openid: string, outTradeNo: string): Promise<Answer<'provided'>>
  /** `left` is what can still be refunded, as findOrder says. Not for orders paid on iOS. */
  refund(ask: { openid: string; outTradeNo: string; outRefundNo: string; left: Cents; refund: Cents }): Promise<Answer<{ platformRefundNo: string | undefined }>>
  uploadGoods(items: GoodsItem[]): Promise<Answer<'started'>>
  findUpload(): Promise<Answer<GoodsTask>>
  publishGoods(ids: string[]): Promise<Answer<'started'>>
  findPublish(): Promise<Answer<GoodsTask>>
  /** What was settled and may be withdrawn to the bank. */
  findAvailable(): Promise<Answer<Cents>>
  /** Done also when it had been asked for by this number before; whether it arrives is to be asked. */
  withdraw(ask: { number: string; amount: Cents }): Promise<Answer<'accepted'>>
  /** Refused with 404 when there is none. */
  findWithdrawal(number: string): Promise<Answer<{ state: 'under_way' | 'done' | 'failed'; amount: Cents; why: string | undefined }>>
}

/** What reached the buyer of a payment: a parcel, or (without one) something that is opened and not sent. `phoneMasked` is the receiver's, which 顺丰 asks for. */
export type ShipmentAsk = { mchid: string; outTradeNo: string; openid: string; item: string; parcel?: { carrier: string; trackingNo: string; phoneMasked: string }; at: Date }
export type ShipmentTold = { state: 'to_ship' | 'shipped' | 'received' | 'finished' | 'refunded' | 'settling'; trackingNo: string | undefined; carrier: string | undefined }
export type Shipments = {
  /** May be told once more to correct it; refused with 10060002 or 10060003 when there is nothing left to correct, 10060004 when the payment has nothing to ship. */
  report(ask: ShipmentAsk): Promise<Answer<'told'>>
  find(payment: { mchid: string; outTradeNo: string }): Promise<Answer<ShipmentTold>>
  /** Asks the buyer to confirm the receipt; `at` the carrier handed it over. WeChat does it once for a payment. */
  remind(payment: { mchid: string; outTradeNo: string }, at: Date): Promise<Answer<'told'>>
  /** Whether this mini program has to report shipments. */
  isManaged(): Promise<Answer<boolean>>
}

export type Wechat = {
  /** False without appid and secret: then every call is refused with NOT_CONFIGURED. */
  isReady: boolean
  appid: string
  exchangeLogin(code: string): Promise<Answer<Login>>
  exchangePhone(code: string): Promise<Answer<{ phone: string; countryCode: string }>>
  drawCode(ask: CodePicture): Promise<Answer<{ picture: Buffer; type: string }>>
  sendMessage(message: SubscribeMessage): Promise<Answer<'sent'>>
  /** The echo string to answer the vendor console's address check with, or nothing when the signature is wrong. */
  echoOf(query: Query): string | undefined
  readPush(query: Query, body: Buffer | string): Push
  /** The sealed answer to a question; it counts when it arrives within three seconds. */
  answerQuestion(push: GoodPush, advice: RefundAdvice): PushAnswer
  virtual: VirtualPayment
  coins: Coins
  shipments: Shipments
}

declare module '#kernel/ctx.ts' {
  interface Gateways {
    wechat: Wechat
  }
}
