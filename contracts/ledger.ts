// The double-entry ledger as the console shows it.
import { route } from './route.ts'
import { At, IdOf, Line, Maybe, Money, Month, OneOf, PageOf, Shape, Sum, Text, Type, paging, type Static } from './shapes.ts'

export const accountKinds = ['asset', 'liability', 'income', 'expense'] as const

/** Rails whose payments to the bank stand in no bill that is fetched. */
export const arrivalRails = ['wechat_virtual', 'alipay', 'douyin'] as const

export const LedgerEntry = Shape({
  id: IdOf('ldg'),
  at: At,
  what: Line(60),
  order: Maybe(IdOf('ord')),
  lines: Type.Array(Shape({ account: Line(60), debit: Money, credit: Money })),
})
export type LedgerEntry = Static<typeof LedgerEntry>

export const ledgerRoutes = {
  'GET /console/ledger/accounts': route({
    as: { staff: 'ledger.read' },
    about: 'Every account with the sum of its lines; assets and expenses grow by debit, the others by credit.',
    reply: Shape({ items: Type.Array(Shape({ account: Line(60), kind: OneOf(accountKinds), balance: Money })), checkedAt: At, balanced: Type.Boolean() }),
  }),
  'GET /console/ledger/exports/:month': route({
    as: { staff: 'order.export' },
    about: "A month of the academy's zone for the accountant, as a CSV file (UTF-8 with BOM): a line of the ledger each, with its place and hash in the chain; audited.",
    params: Shape({ month: Month }),
    reply: Type.String(),
    type: 'text/csv; charset=utf-8',
    refusals: ['export.too_many'],
  }),
  'POST /console/ledger/arrivals': route({
    as: { staff: 'ledger.book' },
    about: 'Books what a rail paid to the bank account, as the bank statement says, where it was asked to at the rail itself. What the rail keeps is booked by its bills and settlements. A reference is booked once; never more than the rail holds.',
    body: Shape({ rail: OneOf(arrivalRails), amount: Sum, reference: Line(60, 1) }),
    reply: Shape({ held: Money }),
    refusals: ['arrival.known', 'arrival.more_than_held'],
  }),
  'GET /console/ledger/entries': route({
    as: { staff: 'ledger.read' },
    about: 'Entries, newest first, of one order or of all.',
    query: Shape({ ...paging, order: Type.Optional(IdOf('ord')), q: Type.Optional(Text(80)) }),
    reply: PageOf(LedgerEntry),
  }),
}
