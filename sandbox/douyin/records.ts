// What the sandbox remembers of Douyin's trade system: a merchant's app there, and its orders.

export type DouyinApp = {
  appid: string
  secret: string
  merchantUid: string
  keyVersion: string
  /** Which of the two documented forms of byteAuthorization this platform insists on. */
  wantsQuotes: boolean
  appPrivateKey: string
  appPublicKey: string
  platformPrivateKey: string
  platformPublicKey: string
  /** Newest last; instants on the tenant's clock. */
  tokens: { value: string; endsAtMs: number }[]
}

export type DouyinPayStatus = 'PROCESS' | 'SUCCESS' | 'TIMEOUT'

export type DouyinOrder = {
  id: string
  appid: string
  orderId: string
  itemOrderId: string
  outOrderNo: string
  openId: string
  sku: string
  title: string
  totalCents: number
  notifyUrl: string
  expiresAtMs: number
  createdAtMs: number
  status: DouyinPayStatus
  channelPayId?: string
  paidAtMs?: number
  payAtMs?: number
}

/** `source` 1 is the user, 2 the developer. Without an `outRefundNo` the user's refund is stuck. */
export type DouyinRefund = {
  id: string
  appid: string
  refundId: string
  orderKey: string
  outRefundNo: string
  cents: number
  reason: string
  notifyUrl: string
  source: 1 | 2
  audit: 'TOAUDIT' | 'AGREE' | 'DENY' | 'OVERTIME'
  status: 'PROCESSING' | 'SUCCESS' | 'FAIL'
  message: string
  createdAtMs: number
  auditByMs: number
  settleAtMs?: number
  doneAtMs?: number
}

export type DouyinSettlement = {
  id: string
  appid: string
  settleId: string
  outSettleNo: string
  orderKey: string
  description: string
  notifyUrl: string
  cents: number
  rakeCents: number
  status: 'PROCESSING' | 'SUCCESS'
  settleAtMs: number
}
