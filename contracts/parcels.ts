// Parcels: what an order sends, where it is on its way, and the desk that sends it.
import { route } from './route.ts'
import { At, IdOf, Line, Maybe, OneOf, PageOf, Shape, Text, Type, paging, type Static } from './shapes.ts'
import { carriers, parcelStates } from './words/parcels.ts'

const TrackingNo = Type.String({ pattern: '^[A-Za-z0-9-]{6,30}$' })

/** Where a parcel goes, as anybody but who packs it sees it: the phone number is masked. */
export const PlaceMasked = Shape({ name: Line(30), phone: Line(20), address: Line(220) })

/** `receivesAt` is when what is on its way counts as received, if its buyer says nothing. */
const facts = { goods: Line(70), state: OneOf(parcelStates), to: PlaceMasked, carrier: Maybe(OneOf(carriers)), trackingNo: Maybe(Line(30)), shippedAt: Maybe(At), receivesAt: Maybe(At), receivedAt: Maybe(At) }

/** The parcel of an order, as its learner sees it. */
export const Parcel = Shape({ ...facts, can: Type.Array(OneOf(['receive', 'put_off', 'readdress'] as const)) })
export type Parcel = Static<typeof Parcel>

/** A row of the shipping desk. `report` is what WeChat was told of it, where WeChat asks to be told, and whether it has reminded the buyer. */
export const DeskParcel = Shape({
  ...facts,
  order: IdOf('ord'),
  number: Line(32),
  title: Line(100),
  member: Line(30),
  paidAt: Maybe(At),
  report: Maybe(Shape({ state: OneOf(['waiting', 'told', 'refused'] as const), why: Maybe(Line(200)), reminded: Type.Boolean() })),
  can: Type.Array(OneOf(['ship', 'correct', 'resume', 'remind', 'return'] as const)),
})
export type DeskParcel = Static<typeof DeskParcel>

/** What is stuck on a box: the whole name, number and address. */
export const ParcelLabel = Shape({ order: IdOf('ord'), number: Line(32), goods: Line(70), name: Line(30), phone: Line(20), address: Line(220), paidAt: Maybe(At) })
export type ParcelLabel = Static<typeof ParcelLabel>

const shipment = { carrier: OneOf(carriers), trackingNo: TrackingNo }
const one = Shape({ order: IdOf('ord') })
export const parcelRoutes = {
  'POST /orders/:order/extensions': route({ as: 'member', about: 'Puts off the day on which the parcel of the own order counts as received by seven days, once.', params: one, reply: Parcel, refusals: ['thing.not_found', 'parcel.state_forbids'] }),
  'POST /orders/:order/receipts': route({ as: 'member', about: 'Confirms that the parcel of the own order arrived; repeating it changes nothing.', params: one, reply: Parcel, refusals: ['thing.not_found', 'parcel.state_forbids'] }),
  'PUT /orders/:order/address': route({ as: 'member', about: 'Sends the parcel of the own order elsewhere, as long as it is not shipped.', params: one, body: Shape({ address: IdOf('adr') }), reply: Parcel, refusals: ['thing.not_found', 'parcel.state_forbids'] }),
  'GET /console/parcels': route({
    as: { staff: 'order.read' },
    about: 'Parcels in a state (those to ship, when none is named), those waiting longest first; shipped and received ones newest first.',
    query: Shape({ ...paging, state: Type.Optional(OneOf(parcelStates)) }),
    reply: Shape({ ...PageOf(DeskParcel).properties, counts: Shape({ to_ship: Type.Integer(), shipped: Type.Integer() }) }),
  }),
  'PUT /console/parcels/:order/shipment': route({
    as: { staff: 'parcel.ship' },
    about: 'Notes that a parcel is on its way, or corrects its carrier and number; the same again changes nothing.',
    params: one,
    body: Shape(shipment),
    reply: DeskParcel,
    refusals: ['thing.not_found', 'parcel.state_forbids'],
  }),
  'POST /console/parcels/:order/resumptions': route({ as: { staff: 'parcel.ship' }, about: 'Puts a cancelled parcel back on the list, when its order is still paid for: a refund that failed takes nothing from the learner.', params: one, reply: DeskParcel, refusals: ['thing.not_found', 'parcel.state_forbids', 'parcel.order_ends'] }),
  'POST /console/parcels/:order/reminders': route({
    as: { staff: 'parcel.ship' },
    about: 'Has WeChat ask the buyer to confirm the receipt, once, when the carrier says that it was handed over.',
    params: one,
    reply: DeskParcel,
    refusals: ['thing.not_found', 'parcel.state_forbids', 'parcel.reminder_refused', 'payment.gateway_unavailable'],
  }),
  'POST /console/parcels/:order/returns': route({ as: { staff: 'parcel.ship' }, about: 'Notes that what was sent is back, whole: it is in stock again, and what was paid for it may go back.', params: one, reply: DeskParcel, refusals: ['thing.not_found', 'parcel.state_forbids'] }),
  'GET /console/shipping-duty': route({ as: { staff: 'order.read' }, about: 'Whether WeChat wants to be told of every shipment before it pays out, asked of WeChat now.', reply: Shape({ duty: OneOf(['managed', 'free', 'not_connected', 'unknown'] as const) }) }),
  'POST /console/parcel-labels': route({
    as: { staff: 'parcel.ship' },
    about: 'Whole names, numbers and addresses of the next parcels to ship, at most 200, to print; audited.',
    reply: Shape({ items: Type.Array(ParcelLabel) }),
  }),
  'GET /console/parcel-exports': route({ as: { staff: 'parcel.ship' }, about: 'The parcels to ship as a CSV file (UTF-8 with BOM), with empty columns for carrier and number; audited.', reply: Type.String(), type: 'text/csv; charset=utf-8' }),
  'POST /console/parcel-imports': route({
    as: { staff: 'parcel.ship' },
    about: 'Takes the CSV back, with order number, carrier and tracking number filled in; a row that is wrong keeps no other from being shipped.',
    body: Shape({ csv: Text(400_000, 1) }),
    reply: Shape({ shipped: Type.Integer(), unchanged: Type.Integer(), problems: Type.Array(Shape({ line: Type.Integer(), number: Line(60, 0), why: OneOf(['unknown_order', 'unknown_carrier', 'malformed_number', 'state_forbids', 'named_twice'] as const) })) }),
    refusals: ['parcel.columns_missing'],
  }),
}
