// What the sandbox remembers: the shape of every record it keeps.
import type { AlipayApp, AlipayTrade } from './alipay/records.ts'
import type { DouyinApp, DouyinOrder, DouyinRefund, DouyinSettlement } from './douyin/records.ts'

export type KeyMode = 'public_key' | 'certificate' | 'gray'

export type Tenant = {
  appid: string
  mchid: string
  name: string
  mode: KeyMode
  merchantSerial: string
  merchantPrivateKey: string
  merchantCertificate: string
  apiv3Key: string
  apiv3KeyPrevious?: string
  publicKeyId?: string
  publicKey?: string
  publicKeyPrivate?: string
  platformSerial?: string
  platformCertificate?: string
  platformPrivateKey?: string
  platformCertificatePrevious?: { serial: string; certificate: string; notBefore: string; notAfter: string }
  platformNotBefore?: string
  platformNotAfter?: string
  secret: string
  /** The official account of the same merchant: people have another openid there. */
  official?: { appid: string; secret: string }
  token?: { value: string; expiresAtMs: number }
  /** Where notices of complaints go, once the merchant has said so. */
  complaintUrl?: string
  pushToken: string
  pushAesKey: string
  pushUrl?: string
  pushFormat: 'json' | 'xml'
  account: string
  offerId: string
  appKey: string
  publishSeconds: number
  /** The coin of virtual payment as the merchant's console holds it; without one the usual coin. */
  coin?: { perYuan: number; isPublished: boolean }
  refundSeconds: number
  sms: { secretId: string; secretKey: string; appId: string; sign: string; template: string; text: string; more?: { template: string; text: string }[] }
  /** Only tenants that were asked for with them trade there too. */
  alipay?: AlipayApp
  douyin?: DouyinApp
  clockOffsetMs: number
}

export type TradeType = 'JSAPI' | 'NATIVE' | 'APP' | 'MWEB'
export type TradeState = 'SUCCESS' | 'REFUND' | 'NOTPAY' | 'CLOSED' | 'USERPAYING' | 'PAYERROR'

/** One WeChat Pay order. Instants ending in `Ms` run on the tenant's virtual clock; `successTime` is wall time. */
export type Order = {
  id: string
  appid: string
  /** The app that it was placed for, when that is not the tenant's first. */
  payAppid?: string
  mchid: string
  outTradeNo: string
  tradeType: TradeType
  params: string
  description: string
  attach: string
  notifyUrl: string
  openid: string
  totalCents: number
  payerCents: number
  currency: string
  prepayId: string
  prepayExpiresAtMs: number
  codeUrl?: string
  expiresAtMs: number
  createdAtMs: number
  state: TradeState
  payAtMs?: number
  transactionId?: string
  successTime?: string
  refundable?: boolean
  paidAtMs?: number
  /** Placed with profit_sharing: its money stays frozen until it is shared or set free. */
  sharing?: 'frozen' | 'finished'
}

export type TransferState = 'ACCEPTED' | 'PROCESSING' | 'WAIT_USER_CONFIRM' | 'TRANSFERING' | 'SUCCESS' | 'FAIL' | 'CANCELING' | 'CANCELLED'
export type Transfer = {
  id: string; appid: string; mchid: string; outBillNo: string; transferBillNo: string; params: string; openid: string; cents: number; scene: string; remark: string; notifyUrl: string; packageInfo: string
  state: TransferState; expiresAtMs: number; createTime: string; updateTime: string; name?: string; outcome?: string; failReason?: string
}
export type ComplaintStep = { id: string; by: string; at: string; what: string; words: string; pictures: string[] }
/** A picture that a payer showed with a complaint, as base64. */
export type ComplaintPicture = { id: string; mchid: string; type: string; base64: string }
export type Complaint = {
  id: string; appid: string; mchid: string; orderId: string; outTradeNo: string; transactionId: string; openid: string; cents: number; kind: 'REFUND' | 'SERVICE_NOT_WORK' | 'OTHERS'; detail: string
  state: 'PENDING' | 'PROCESSING' | 'PROCESSED'; awaitsReply: boolean; isRefunded: boolean; times: number; madeAtMs: number; steps: ComplaintStep[]; phone: string
}
export type ShareReceiver = { id: string; mchid: string; type: string; account: string; relation: string; name?: string }
export type SharePart = { type: string; account: string; cents: number; description: string; result: 'PENDING' | 'SUCCESS' | 'CLOSED'; detailId: string; failReason?: string }
export type ShareOrder = {
  id: string; appid: string; mchid: string; orderId: string; transactionId: string; outOrderNo: string; shareNo: string; params: string; unfreezes: boolean; parts: SharePart[]
  isFinished: boolean; createdAtMs: number; settleAtMs: number; createTime: string
}
export type ShareReturn = {
  id: string; appid: string; mchid: string; shareId: string; shareNo: string; outOrderNo: string; outReturnNo: string; returnNo: string; account: string; cents: number; params: string
  result: 'PROCESSING' | 'SUCCESS' | 'FAILED'; settleAtMs: number; createTime: string; failReason?: string
}

export type RefundState = 'PROCESSING' | 'SUCCESS' | 'CLOSED' | 'ABNORMAL'

export type Refund = {
  id: string
  appid: string
  mchid: string
  orderId: string
  outTradeNo: string
  outRefundNo: string
  refundId: string
  params: string
  reason: string
  notifyUrl: string
  totalCents: number
  refundCents: number
  payerRefundCents: number
  state: RefundState
  outcome: RefundState
  createdAtMs: number
  settleAtMs: number
  createTime: string
  successTime?: string
  receivedBy?: string
}

export type Attempt = { at: string; virtualAt: string; status: number; durationMs: number; accepted: boolean; answer: string; trick?: string }

/** One notice on its way to the product: WeChat Pay's, WeChat's message push, Alipay's or Douyin's. */
export type Delivery = {
  id: string
  appid: string
  mchid: string
  kind: 'wechatpay' | 'push' | 'alipay' | 'douyin'
  event: string
  subject: string
  url: string
  body: string
  plain: string
  state: 'pending' | 'held' | 'delivered' | 'exhausted' | 'dropped'
  createdAtMs: number
  nextAtMs: number
  tries: number
  attempts: Attempt[]
  trick?: { kind: string; left: number }
}

export type Fault = { id: string; appid: string; kind: string; count: number; api?: string; [detail: string]: unknown }

export type User = { id: string; appid: string; user: string; openid: string; unionid: string; sessionKey: string; phone: string }

export type Goods = {
  id: string
  appid: string
  env: number
  goodsId: string
  name: string
  priceCents: number
  remark: string
  itemUrl: string
  /** Why the upload of it failed. */
  refusedWhy?: string
  uploadedAtMs: number
  publishAskedAtMs?: number
  publishedAtMs?: number
  publishedPriceCents?: number
}

/** Virtual payment's refund; `number` is the merchant's, empty when Apple gave the money back. */
export type VirtualRefund = { number: string; wxNumber: string; cents: number; state: 'processing' | 'done' | 'failed'; outcome: 'done' | 'failed'; settleAtMs: number }

/** Coins of virtual payment that somebody has: bought ones and given ones, and all that ever came and went. */
export type Purse = { id: string; appid: string; openid: string; paid: number; given: number; saved: number; presented: number; spent: number }
/** A number that moved coins; `fromGiven` is the part that nobody had paid for, `givenBack` what of it was taken back. */
export type CoinMove = { id: string; appid: string; openid: string; number: string; kind: 'spend' | 'give_back' | 'present'; coins: number; fromGiven: number; givenBack: number }

export type VirtualOrder = {
  id: string
  appid: string
  env: number
  outTradeNo: string
  wxOrderId: string
  mchOrderNo: string
  transactionId: string
  openid: string
  /** Empty for coins. */
  goodsId: string
  quantity: number
  priceCents: number
  paidCents: number
  refundedCents: number
  /** Paid through Apple: only Apple gives back. */
  isApple: boolean
  refunds: VirtualRefund[]
  attach: string
  status: number
  createdAt: number
  paidAt: number
  providedAt: number
  settleAtMs: number
  /** When its money became the merchant's to withdraw, in seconds, and what the platform kept of it. */
  settledAt: number
  feeCents: number
}

/** `why` is filled where it is going to fail. */
export type VirtualWithdrawal = { id: string; appid: string; number: string; wxNumber: string; cents: number; state: 'under_way' | 'done' | 'failed'; why: string; createdAtMs: number; settleAtMs: number }

export type SmsText = { id: string; appid: string; phone: string; sign: string; template: string; params: string[]; text: string; at: string }
export type SubscribeMessage = { id: string; appid: string; openid: string; template: string; page: string; data: unknown; at: string }
export type Consent = { id: string; appid: string; openid: string; template: string; left: number }
/** A movement of money between the payer, the merchant and WeChat's coupon purse; the lines of one entry add up to zero. */
export type Entry = { id: string; mchid: string; subject: string; at: string; lines: Record<string, number> }

/** What WeChat was told of how a payment reached its buyer; `count` how often, at most twice. */
export type Shipment = { id: string; appid: string; logisticsType: number; list: { tracking_no?: string; express_company?: string; item_desc: string }[]; uploadTime: string; count: number; settleAtMs: number; receivedAtMs?: number; remindedAtMs?: number }

export type Tables = {
  tenants: Tenant
  orders: Order
  refunds: Refund
  deliveries: Delivery
  faults: Fault
  users: User
  goods: Goods
  virtualOrders: VirtualOrder
  purses: Purse
  coinMoves: CoinMove
  virtualWithdrawals: VirtualWithdrawal
  texts: SmsText
  messages: SubscribeMessage
  consents: Consent
  entries: Entry
  shareReceivers: ShareReceiver
  shareOrders: ShareOrder
  shareReturns: ShareReturn
  transfers: Transfer
  complaints: Complaint
  complaintPictures: ComplaintPicture
  shipments: Shipment
  alipayTrades: AlipayTrade
  douyinOrders: DouyinOrder
  douyinRefunds: DouyinRefund
  douyinSettlements: DouyinSettlement
}
