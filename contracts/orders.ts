// Orders: placed, paid, closed, refunded; and what each side may do with them.
import { Sale } from './channels.ts'
import { Pieces } from './offers.ts'
import { Parcel } from './parcels.ts'
import { PolicyTerms } from './policies.ts'
import { PriceStep } from './prices.ts'
import { route } from './route.ts'
import { At, IdOf, Line, Maybe, Money, OneOf, PageOf, Picture, PlatformName, Shape, SystemName, Text, Type, paging, type Static } from './shapes.ts'

export const orderStates = ['placed', 'paid', 'closed', 'refunded'] as const

/** One thing that happened to an order. `what` has a sentence in phrases. */
export const OrderEvent = Shape({
  at: At,
  what: OneOf(['placed', 'payment_begun', 'paid', 'access_granted', 'closed', 'paid_late', 'refund_begun', 'refunded', 'refund_failed', 'refund_redirected', 'refund_asked', 'refund_denied', 'access_revoked', 'access_restored', 'mismatch', 'claim_asked', 'complained', 'claim_approved', 'claim_declined', 'claim_withdrawn', 'shipped', 'shipment_corrected', 'received', 'received_by_time', 'receipt_put_off', 'goods_returned'] as const),
  detail: Maybe(Line(200)),
})

export type OrderEvent = Static<typeof OrderEvent>

export const Order = Shape({
  id: IdOf('ord'),
  number: Line(32),
  state: OneOf(orderStates),
  course: Maybe(IdOf('crs')),
  courses: Type.Array(Shape({ id: IdOf('crs'), title: Line(60) })),
  plan: Maybe(IdOf('pln')),
  coins: Maybe(Type.Integer()),
  title: Line(100),
  cover: Maybe(Picture),
  /** Null, and without lines, where nobody paid it and no price is shown. */
  total: Maybe(Money),
  lines: Type.Array(PriceStep),
  refunded: Money,
  sale: Sale,
  placedAt: At,
  paidAt: Maybe(At),
  closesAt: Maybe(At),
  accessUntil: Maybe(At),
  firstLesson: Maybe(IdOf('lsn')),
  timeline: Type.Array(OrderEvent),
  /** A text that stood beside the promise; only orders of earlier versions have one. */
  refundRule: Maybe(Text(600)),
  /** What was promised when it was placed. */
  policy: PolicyTerms,
  parcel: Maybe(Parcel),
  can: Type.Array(OneOf(['pay', 'close', 'learn'] as const)),
})
export type Order = Static<typeof Order>

export const OrderRow = Shape({
  id: IdOf('ord'),
  number: Line(32),
  state: OneOf(orderStates),
  title: Line(100),
  total: Money,
  refunded: Money,
  member: Shape({ id: IdOf('mem'), nickname: Line(30), phone: Maybe(Line(20)) }),
  platform: PlatformName,
  system: SystemName,
  channel: Maybe(Line(30)),
  placedAt: At,
  paidAt: Maybe(At),
})
export type OrderRow = Static<typeof OrderRow>

const one = Shape({ order: IdOf('ord') })
export const orderRoutes = {
  'POST /orders': route({
    as: 'member',
    about: 'Places an order. `total`, `agreementVersion` and `policy` are those shown to the buyer; `pieces` says how many goods, `address` where to, when something is sent; `requestKey` makes a repeated request the same order.',
    body: Shape({ offer: IdOf('ofr'), total: Money, agreementVersion: Type.Integer({ minimum: 0 }), policy: PolicyTerms, requestKey: Type.String({ pattern: '^[A-Za-z0-9_-]{8,64}$' }), pieces: Type.Optional(Pieces), address: Type.Optional(IdOf('adr')) }),
    reply: Order,
    refusals: ['thing.not_found', 'offer.not_on_sale', 'offer.already_owned', 'offer.one_by_one', 'offer.sold_out', 'order.other_open', 'plan.trial_used', 'plan.have_better', 'order.credit_in_use', 'order.price_changed', 'order.agreement_missing', 'order.promise_changed', 'order.address_missing', 'payment.channel_closed'],
    limit: { count: 60, seconds: 60 },
  }),
  'GET /orders': route({ as: 'member', about: 'The own orders, newest first.', query: Shape({ ...paging, state: Type.Optional(OneOf(orderStates)) }), reply: PageOf(Order) }),
  'GET /orders/:order': route({ as: 'member', about: 'One of the own orders.', params: one, reply: Order, refusals: ['thing.not_found'] }),
}
