// Payment attempts: each with an out-trade number of its own, through the channel that platform, system and goods allow.
import { channels } from './channels.ts'
import { route } from './route.ts'
import { At, IdOf, Line, Maybe, Money, OneOf, PageOf, Shape, Type, paging, type Static } from './shapes.ts'

export const attemptStates = ['begun', 'paid', 'closed', 'failed', 'mismatched', 'surplus'] as const

/** What the client does next. `wait` comes when the gateway's answer was lost: ask again with checks. */
export const PaymentAction = Type.Union([
  Shape({ kind: Type.Literal('redirect'), url: Type.String() }),
  Shape({ kind: Type.Literal('qr'), content: Type.String(), picture: Type.String({ description: 'data: URL of an SVG' }), page: Maybe(Type.String({ description: 'where a sandbox payer can open the code' })) }),
  Shape({ kind: Type.Literal('wechat_virtual'), mode: Line(40), signData: Type.String(), paySig: Line(64), signature: Line(64) }),
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
  source: OneOf(['wechat_pay', 'wechat_push'] as const),
  noticeId: Line(64),
  event: Line(64),
  outTradeNo: Maybe(Line(64)),
  outcome: Maybe(OneOf(['settled', 'repeated', 'refund_noted', 'mismatched', 'unknown_order', 'ignored'] as const)),
  why: Maybe(Line(200)),
  receivedAt: At,
  handledAt: Maybe(At),
})
export type Notice = Static<typeof Notice>

export const paymentRoutes = {
  'GET /console/notices': route({
    as: { staff: 'ledger.read' },
    about: 'The inbox of payment notices, newest first; `attention` keeps only what a person must look at.',
    query: Shape({ ...paging, attention: Type.Optional(Type.Boolean()) }),
    reply: PageOf(Notice),
  }),
}
