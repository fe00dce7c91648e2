// Payments that do not fit their order, or have none: seen, asked about again, and closed with a word.
import { OrderRow } from './orders.ts'
import { route } from './route.ts'
import { At, IdOf, Line, Maybe, Money, OneOf, PageOf, Shape, Type, type Static } from './shapes.ts'

/** Money, or word of money, that does not fit what was asked for. Nothing was granted for it; a person looks at it. */
export const Discrepancy = Shape({
  id: Type.Union([IdOf('pay'), IdOf('ntc')]),
  kind: OneOf(['mismatched', 'unknown_order'] as const),
  outTradeNo: Line(64, 0),
  /** What differs: `total`, `currency`, `mchid`, `appid`, `price`, `env` … */
  reasons: Type.Array(Line(80)),
  asked: Maybe(Money),
  told: Maybe(Shape({ amount: Maybe(Money), currency: Maybe(Line(16)), mchid: Maybe(Line(64)), appid: Maybe(Line(64)), transactionNo: Maybe(Line(64)) })),
  order: Maybe(OrderRow),
  at: At,
  resolution: Maybe(Shape({ note: Line(200), by: Line(40), at: At })),
  can: Type.Array(OneOf(['check', 'give_back', 'resolve'] as const)),
})
export type Discrepancy = Static<typeof Discrepancy>

const oneDiscrepancy = Shape({ discrepancy: Type.Union([IdOf('pay'), IdOf('ntc')]) })

export const discrepancyRoutes = {
  'GET /console/discrepancies': route({
    as: { staff: 'ledger.read' },
    about: 'Payments that do not fit their order or have none, newest first, the open ones before those dealt with; at most the latest 200 of each kind.',
    query: Shape({ open: Type.Optional(Type.Boolean()) }),
    reply: PageOf(Discrepancy),
  }),
  'POST /console/discrepancies/:discrepancy/checks': route({
    as: { staff: 'order.refund' },
    about: 'Asks the gateway about a mismatched payment again. When it now tells exactly what was asked for, the order is paid. `standing` is what the gateway said.',
    params: oneDiscrepancy,
    reply: Shape({ standing: OneOf(['paid', 'open', 'closed', 'unknown'] as const) }),
    refusals: ['thing.not_found', 'order.state_forbids'],
    limit: { count: 30, seconds: 60 },
  }),
  'POST /console/discrepancies/:discrepancy/refunds': route({
    as: { staff: 'order.refund' },
    about: 'Asks the gateway what really came, books it as the payer’s and sends all of it back the way it came; closes the payment with `note`. One that fits after all is booked instead, and refused here.',
    params: oneDiscrepancy,
    body: Shape({ note: Line(200) }),
    reply: Discrepancy,
    refusals: ['thing.not_found', 'thing.changed_meanwhile', 'order.state_forbids', 'discrepancy.nothing_came'],
    limit: { count: 30, seconds: 60 },
  }),
  'POST /console/discrepancies/:discrepancy/resolutions': route({
    as: { staff: 'order.refund' },
    about: 'Says what was done about it outside, which closes it; the first word stands, and is audited.',
    params: oneDiscrepancy,
    body: Shape({ note: Line(200) }),
    reply: Discrepancy,
    refusals: ['thing.not_found', 'thing.changed_meanwhile'],
  }),
}
