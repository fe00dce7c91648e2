// Payment attempts: each with an out-trade number of its own, through the channel that platform, system and goods allow.
import { channels } from './channels.ts'
import { Order } from './orders.ts'
import { route } from './route.ts'
import { At, IdOf, Line, Maybe, Money, OneOf, PageOf, Shape, Type, paging, type Static } from './shapes.ts'

export const attemptStates = ['begun', 'paid', 'closed', 'failed', 'mismatched', 'surplus'] as const

/** What the client does next. `paid` is there already, with coins; `wait` comes when the gateway's answer was lost: ask again with checks. */
export const PaymentAction = Type.Union([
  Shape({ kind: Type.Literal('redirect'), url: Type.String() }),
  Shape({ kind: Type.Literal('qr'), content: Type.String(), picture: Type.String({ description: 'data: URL of an SVG' }), page: Maybe(Type.String({ description: 'where a sandbox payer can open the code' })) }),
  Shape({ kind: Type.Literal('jsapi'), appId: Line(32), timeStamp: Line(20), nonceStr: Line(64), package: Line(128), signType: Type.Literal('RSA'), paySign: Type.String() }),
  Shape({ kind: Type.Literal('wechat_virtual'), mode: Line(40), signData: Type.String(), paySig: Line(64), signature: Line(64) }),
  Shape({ kind: Type.Literal('alipay'), tradeNo: Line(64) }),
  Shape({ kind: Type.Literal('douyin'), data: Type.String({ description: 'goes through to tt.requestOrder unchanged' }), byteAuthorization: Type.String() }),
  Shape({ kind: Type.Literal('paid') }),
  Shape({ kind: Type.Literal('wait') }),
])
export type PaymentAction = Static<typeof PaymentAction>

export const PaymentAttempt = Shape({
  id: IdOf('pay'),
  order: IdOf('ord'),
  channel: OneOf(channels),
  outTradeNo: Line(32),
  transactionNo: Maybe(Line(64)),
  state: OneOf(attemptStates),
  amount: Money,
  begunAt: At,
  settledAt: Maybe(At),
  problem: Maybe(Line(200)),
})
export type PaymentAttempt = Static<typeof PaymentAttempt>

/** A vendor's push as it came, and what became of it. */
export const Notice = Shape({
  id: IdOf('ntc'),
  source: OneOf(['wechat_pay', 'wechat_push', 'alipay', 'douyin'] as const),
  noticeId: Line(64),
  event: Line(64),
  outTradeNo: Maybe(Line(64)),
  outcome: Maybe(OneOf(['settled', 'repeated', 'refund_noted', 'complaint_noted', 'mismatched', 'unknown_order', 'ignored'] as const)),
  why: Maybe(Line(200)),
  receivedAt: At,
  handledAt: Maybe(At),
})
export type Notice = Static<typeof Notice>

const one = Shape({ order: IdOf('ord') })

export const paymentRoutes = {
  'POST /orders/:order/payments': route({
    as: 'member',
    about: 'Begins a payment attempt and replies what the client must do: go to an address, show a QR code, or call the platform.',
    params: one,
    body: Shape({
      wide: Type.Boolean({ description: 'on the web: true asks for a QR code (Native), false for a redirect (H5)' }),
      coins: Type.Optional(Type.Boolean({ description: 'spend coins of WeChat: nothing is confirmed by the payer any more' })),
      payerCode: Type.Optional(Type.String({ minLength: 1, maxLength: 128, description: "in Alipay a fresh code of the platform's sign-in, in WeChat's own browser one of the official account: it names the payer" })),
    }),
    reply: Shape({ attempt: IdOf('pay'), action: PaymentAction }),
    refusals: ['thing.not_found', 'order.state_forbids', 'payment.channel_closed', 'payment.item_not_ready', 'payment.gateway_unavailable', 'payment.session_stale', 'coin.not_enough', 'sign_in.platform_refused'],
    limit: { count: 30, seconds: 60 },
  }),
  'POST /orders/:order/checks': route({
    as: 'member',
    about: 'Asks the gateway about the open attempts now and replies the order as it then is. A client calls it after the cashier.',
    params: one,
    reply: Order,
    refusals: ['thing.not_found'],
    limit: { count: 60, seconds: 60 },
  }),
  'POST /orders/:order/closings': route({
    as: 'member',
    about: 'Closes an unpaid order, after asking the gateway. Replies the order: it may turn out to be paid.',
    params: one,
    reply: Order,
    refusals: ['thing.not_found', 'order.state_forbids', 'payment.gateway_unavailable'],
  }),
}

export const noticeRoutes = {
  'GET /console/notices': route({
    as: { staff: 'ledger.read' },
    about: 'The inbox of payment notices, newest first; `attention` keeps only what a person must look at.',
    query: Shape({ ...paging, attention: Type.Optional(Type.Boolean()) }),
    reply: PageOf(Notice),
  }),
}
