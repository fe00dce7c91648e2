// What the sandbox remembers of Alipay: a merchant's app there, and its trades.

export type AlipayApp = { appid: string; sellerId: string; appPrivateKey: string; appPublicKey: string; platformPrivateKey: string; platformPublicKey: string }

export type AlipayTradeState = 'WAIT_BUYER_PAY' | 'TRADE_SUCCESS' | 'TRADE_CLOSED'

/** `appid` is the sandbox's tenant, as everywhere; instants ending in `Ms` run on its virtual clock. */
export type AlipayTrade = {
  id: string
  appid: string
  outTradeNo: string
  tradeNo: string
  subject: string
  totalCents: number
  buyerOpenid: string
  notifyUrl: string
  expiresAtMs: number
  state: AlipayTradeState
  paidAtMs?: number
  payAtMs?: number
  refunds: AlipayRefund[]
}

/** Money has gone back once `isDone`; until then a query says nothing of it. */
export type AlipayRefund = { outRequestNo: string; cents: number; reason: string; isDone: boolean; settleAtMs: number }
