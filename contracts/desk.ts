// The operators' desk: every order to search, read whole, and take away as a file.
import { OrderEvent, OrderRow, orderStates } from './orders.ts'
import { Parcel } from './parcels.ts'
import { PaymentAttempt } from './payments.ts'
import { PriceStep } from './prices.ts'
import { Refund } from './refunds.ts'
import { route } from './route.ts'
import { At, Day, IdOf, Line, Maybe, Money, OneOf, PageOf, Shape, Text, Type, paging, type Static } from './shapes.ts'
import { vatClasses } from './words/parcels.ts'

export const OrderDetail = Shape({
  row: OrderRow,
  course: Maybe(IdOf('crs')),
  lines: Type.Array(PriceStep),
  agreementVersion: Type.Integer(),
  timeline: Type.Array(OrderEvent),
  attempts: Type.Array(PaymentAttempt),
  refunds: Type.Array(Refund),
  /** What may still be given back: what was paid less every refund that is done or under way. */
  refundable: Money,
  /** What giving back one piece, two pieces … of the goods comes to; empty when they were not several. */
  pieceSums: Type.Array(Money),
  /** The days between which virtual payment's money reaches the merchant; null on other channels. */
  settlement: Maybe(Shape({ from: Day, by: Day })),
  parcel: Maybe(Parcel),
  /** How the sale is taxed; null for orders from before it was noted. */
  vat: Maybe(OneOf(vatClasses)),
  can: Type.Array(OneOf(['refund'] as const)),
  cannotRefundWhy: Maybe(Line(80)),
})
export type OrderDetail = Static<typeof OrderDetail>

const search = {
  q: Type.Optional(Text(80)),
  member: Type.Optional(IdOf('mem')),
  state: Type.Optional(OneOf(orderStates)),
  from: Type.Optional(At),
  to: Type.Optional(At),
}

export const deskRoutes = {
  'GET /console/orders': route({
    as: { staff: 'order.read' },
    about: 'Orders, newest first; `q` matches number, out-trade or transaction number, title, nickname, a whole phone number or its last four digits.',
    query: Shape({ ...paging, ...search }),
    reply: PageOf(OrderRow),
  }),
  'GET /console/order-exports': route({
    as: { staff: 'order.export' },
    about: 'The same search as a CSV file (UTF-8 with BOM), with the class of tax; phone numbers masked; audited. More than 100 000 rows are refused.',
    query: Shape(search),
    reply: Type.String(),
    type: 'text/csv; charset=utf-8',
    refusals: ['export.too_many'],
  }),
  'GET /console/orders/:order': route({ as: { staff: 'order.read' }, about: 'An order with its attempts, refunds and timeline.', params: Shape({ order: IdOf('ord') }), reply: OrderDetail, refusals: ['thing.not_found'] }),
}
