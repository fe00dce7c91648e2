// Reconciliation: each day's bills held against what was booked, the differences, and what was done about them.
import { route } from './route.ts'
import { At, Day, IdOf, Line, Maybe, Money, Month, OneOf, PageOf, Shape, Type, paging, type Static } from './shapes.ts'

const AskedDay = Type.String({ pattern: '^20\\d{2}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])$' })

/** The rails whose days are held against the books: two send a bill of each day, virtual payment and Douyin are asked for every payment and refund of it. */
export const CheckedRail = OneOf(['wechat_pay', 'alipay', 'wechat_virtual', 'douyin'] as const)
export type CheckedRail = Static<typeof CheckedRail>

/** One day of one rail. `waiting` tells in `problem` why its bills are not here yet; `empty` is a day without any trade. */
export const ReconciledDay = Shape({
  day: Day,
  state: OneOf(['none', 'waiting', 'done', 'empty'] as const),
  problem: Maybe(Line(200)),
  payments: Type.Integer(),
  paid: Money,
  refunds: Type.Integer(),
  refunded: Money,
  fees: Money,
  coupons: Money,
  withdrawn: Money,
  /** What the rail said it held for us at the end of the day. */
  balance: Maybe(Money),
  differences: Type.Integer(),
  open: Type.Integer(),
  doneAt: Maybe(At),
})
export type ReconciledDay = Static<typeof ReconciledDay>

export const ReconciledMonth = Shape({
  month: Month,
  rail: CheckedRail,
  days: Type.Array(ReconciledDay),
  total: Shape({ payments: Type.Integer(), paid: Money, refunds: Type.Integer(), refunded: Money, fees: Money, coupons: Money, withdrawn: Money, differences: Type.Integer(), open: Type.Integer() }),
  /** Days that are over and have not been reconciled. */
  missingDays: Type.Integer(),
})

/**
 * Where bill and books differ. `missing`: we booked it, the bill does not know it; `extra`: the other way round.
 * A `flow` is a movement that the fund flow tells, a `movement` a share or payout of ours that it should tell, a `settlement` what a rail should have settled and has not.
 * `gap`: by how much the rail holds less than the ledger says; negative when it holds more.
 */
export const Difference = Shape({
  id: IdOf('dif'),
  rail: CheckedRail,
  day: Day,
  subject: OneOf(['payment', 'refund', 'flow', 'movement', 'settlement'] as const),
  kind: OneOf(['missing', 'extra', 'amount', 'state'] as const),
  number: Line(64),
  vendorNumber: Maybe(Line(64)),
  order: Maybe(IdOf('ord')),
  told: Maybe(Money),
  booked: Maybe(Money),
  toldState: Maybe(Line(40)),
  ourState: Maybe(Line(40)),
  gap: Money,
  foundAt: At,
  resolution: Maybe(Shape({ how: OneOf(['explained', 'written_off', 'converged', 'found_later'] as const), reason: Line(200, 0), by: Line(40, 0), at: At })),
  can: Type.Array(OneOf(['check', 'explain', 'write_off'] as const)),
})
export type Difference = Static<typeof Difference>

const oneDifference = Shape({ difference: IdOf('dif') })

export const reconciliationRoutes = {
  'GET /console/reconciliation/months/:month': route({
    as: { staff: 'ledger.read' },
    about: "A month of a rail, WeChat Pay when none is named, day by day of Beijing: what its bills say, what they took, and how many differences were found and are open.",
    params: Shape({ month: Month }),
    query: Shape({ rail: Type.Optional(CheckedRail) }),
    reply: ReconciledMonth,
  }),
  'POST /console/reconciliation/days': route({
    as: { staff: 'ledger.read' },
    about: 'Fetches the bills of a day now, if they are there and the day was not reconciled before. The month shows what came of it.',
    body: Shape({ day: AskedDay, rail: Type.Optional(CheckedRail) }),
    reply: Shape({ begun: Type.Boolean() }),
    refusals: ['reconciliation.day_ahead'],
    limit: { count: 20, seconds: 60 },
  }),
  'GET /console/differences': route({
    as: { staff: 'ledger.read' },
    about: 'Differences, latest first: those still open, or all; of one day or of every day, of one rail or of all.',
    query: Shape({ ...paging, open: Type.Optional(Type.Boolean()), day: Type.Optional(AskedDay), rail: Type.Optional(CheckedRail) }),
    reply: PageOf(Difference),
  }),
  'POST /console/differences/:difference/checks': route({
    as: { staff: 'order.refund' },
    about: 'Asks the gateway about the payment or refund again and books what it says; the difference is closed when it is none any more.',
    params: oneDifference,
    reply: Difference,
    refusals: ['thing.not_found', 'difference.state_forbids'],
    limit: { count: 30, seconds: 60 },
  }),
  'POST /console/differences/:difference/resolutions': route({
    as: { staff: 'order.refund' },
    about: 'Closes a difference with a reason, once; audited. `written_off` also books its gap as a loss (or gain), so that ledger and rail agree.',
    params: oneDifference,
    body: Shape({ how: OneOf(['explained', 'written_off'] as const), reason: Line(200) }),
    reply: Difference,
    refusals: ['thing.not_found', 'thing.changed_meanwhile', 'difference.state_forbids'],
  }),
}
