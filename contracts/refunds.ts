// Money given back by an operator: a whole order, or part of it, as often as there is something left.
import { Pieces } from './offers.ts'
import { route } from './route.ts'
import { At, IdOf, Line, Maybe, Money, OneOf, Shape, Sum, Type, type Static } from './shapes.ts'

export const Refund = Shape({
  id: IdOf('rfd'),
  order: IdOf('ord'),
  outRefundNo: Line(64),
  amount: Money,
  pieces: Maybe(Type.Integer()),
  state: OneOf(['begun', 'processing', 'done', 'failed'] as const),
  reason: Line(80),
  by: Maybe(Line(40)),
  begunAt: At,
  settledAt: Maybe(At),
  problem: Maybe(Line(200)),
  can: Type.Array(OneOf(['redirect'] as const)),
})
export type Refund = Static<typeof Refund>

export const refundRoutes = {
  'POST /console/orders/:order/refunds': route({
    as: { staff: 'order.refund' },
    about: 'Gives money back the way it came: `amount`, or all that is left. Access ends with the last fen, and before that when `endsAccess` says so. `pieces` of goods come back with it, or are not sent; without `amount` it is what was paid for them. `requestKey` makes a repeated request the same refund.',
    params: Shape({ order: IdOf('ord') }),
    body: Shape({ reason: Line(80), requestKey: Type.String({ pattern: '^[A-Za-z0-9_-]{8,64}$' }), amount: Type.Optional(Sum), pieces: Type.Optional(Pieces), endsAccess: Type.Optional(Type.Boolean()) }),
    reply: Refund,
    refusals: ['thing.not_found', 'refund.state_forbids', 'refund.channel_cannot', 'refund.more_than_paid', 'order.upgraded', 'order.upgrade_free', 'refund.more_pieces', 'refund.too_many', 'payment.gateway_unavailable'],
  }),
  'POST /console/refunds/:refund/redirections': route({
    as: { staff: 'order.refund' },
    about: "Sends a refund that the payer's account did not take to a bank card of theirs. The card goes to the gateway and is kept nowhere.",
    params: Shape({ refund: IdOf('rfd') }),
    body: Shape({ bank: Type.String({ pattern: '^[A-Z0-9]{2,24}_DEBIT$' }), account: Type.String({ pattern: '^\\d{12,20}$' }), name: Line(40) }),
    reply: Refund,
    refusals: ['thing.not_found', 'refund.not_abnormal', 'payment.gateway_unavailable'],
  }),
}
