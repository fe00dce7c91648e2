// Money given back: the whole order, by an operator.
import { route } from './route.ts'
import { At, IdOf, Line, Maybe, Money, OneOf, Shape, Type, type Static } from './shapes.ts'

export const Refund = Shape({
  id: IdOf('rfd'),
  order: IdOf('ord'),
  outRefundNo: Line(64),
  amount: Money,
  state: OneOf(['begun', 'processing', 'done', 'failed'] as const),
  reason: Line(80),
  by: Maybe(Line(40)),
  begunAt: At,
  settledAt: Maybe(At),
  problem: Maybe(Line(200)),
})
export type Refund = Static<typeof Refund>

export const refundRoutes = {
  'POST /console/orders/:order/refunds': route({
    as: { staff: 'order.refund' },
    about: 'Refunds the whole order: access ends now, the money goes back the way it came. `requestKey` makes a repeated request the same refund.',
    params: Shape({ order: IdOf('ord') }),
    body: Shape({ reason: Line(80), requestKey: Type.String({ pattern: '^[A-Za-z0-9_-]{8,64}$' }) }),
    reply: Refund,
    refusals: ['thing.not_found', 'refund.state_forbids', 'refund.channel_cannot', 'refund.more_than_paid', 'payment.gateway_unavailable'],
  }),
}
