// What learners ask back inside a platform's own app, where its page is not ours: an operator agrees or denies before the platform decides.
import { route } from './route.ts'
import { At, IdOf, Line, Maybe, Money, OneOf, PageOf, Shape, Text, Type, paging, type Static } from './shapes.ts'

/** `lapsed`: nobody answered in time, and the platform agreed by itself. */
export const refundAskStates = ['open', 'agreed', 'denied', 'lapsed'] as const

export const RefundAsk = Shape({
  id: IdOf('ask'),
  order: IdOf('ord'),
  number: Line(32),
  title: Line(100),
  amount: Money,
  reason: Text(400),
  state: OneOf(refundAskStates),
  askedAt: At,
  decideBy: At,
  decidedAt: Maybe(At),
  by: Maybe(Line(40)),
  note: Maybe(Line(80)),
  can: Type.Array(OneOf(['decide'] as const)),
})
export type RefundAsk = Static<typeof RefundAsk>

export const refundAskRoutes = {
  'GET /console/refund-asks': route({
    as: { staff: 'order.read' },
    about: 'What learners asked back inside Douyin, newest first; `open` keeps only what waits for a word.',
    query: Shape({ ...paging, open: Type.Optional(Type.Boolean()) }),
    reply: PageOf(RefundAsk),
  }),
  'POST /console/refund-asks/:ask/decisions': route({
    as: { staff: 'order.refund' },
    about: 'Agrees (access ends now, the money goes back) or denies; the learner reads `note` in Douyin when it is denied. The first word stands.',
    params: Shape({ ask: IdOf('ask') }),
    body: Shape({ agrees: Type.Boolean(), note: Line(80) }),
    reply: RefundAsk,
    refusals: ['thing.not_found', 'thing.changed_meanwhile', 'refund.state_forbids', 'refund.more_than_paid', 'order.upgraded', 'payment.gateway_unavailable'],
  }),
}
