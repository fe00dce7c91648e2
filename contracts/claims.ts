// Claims: a learner asks for money back, the sum is worked out by rule and shown with its formula, an operator decides.
import { OrderRow } from './orders.ts'
import { route } from './route.ts'
import { At, IdOf, Line, Maybe, Money, OneOf, PageOf, Shape, Sum, Text, Type, paging, type Static } from './shapes.ts'

export const claimStates = ['asked', 'approved', 'declined', 'withdrawn'] as const

/** Whose doing it is that the learning ends: the learner changed their mind, or the academy did not keep its word. */
export const faults = ['learner', 'academy'] as const

/** Where goods are: still with the academy, with their buyer, or back again. */
export const goodsStates = ['here', 'kept', 'returned'] as const
const GoodsSum = Shape({ state: OneOf(goodsStates), paid: Money, sending: Money, refunded: Money, amount: Money, ifReturned: Money })
export type GoodsSum = Static<typeof GoodsSum>

/**
 * How a sum comes about. `seven_days`: the law's days without a reason; `policy`: the academy's own promise; `used`: what was paid less what was used.
 * Used is `basis × usedTenths ÷ (lessons × 10)` of courses, `basis × usedDays ÷ days` of a plan (whose `days` is 0 otherwise, and counts days that came as a gift only when it is the academy's doing), in the learner's favour: `basis` is the list price when the learner changed their mind, what was paid when it is the academy's doing.
 * Of an upgrade `basis` is worth what the tiers it took in were, too, and `below` is what they would have used meanwhile, which is not used again; of an order that upgrades without a price of their own live on, `above` is what those used more. `used` has both in it.
 * Of an order that also sends something `paid`, `basis`, `used` and `refunded` are those of what is learnt, and `goods` is the rest: given back whole while it is here, without what sending cost once it is back (with it when it is the academy's doing), and not while its buyer has it; `ifReturned` is what would follow then. `amount` is both together.
 * `interest` is `(amount − goods.amount) × interestBasisPoints ÷ 10000 ÷ 360 × interestDays`, up to a whole fen: from the day it was asked for, nothing within the seven days. It is owed beside what goes back.
 */
export const ClaimSum = Shape({
  rule: OneOf(['seven_days', 'policy', 'used'] as const),
  fault: OneOf(faults),
  paid: Money,
  basis: Money,
  lessons: Type.Integer(),
  usedTenths: Type.Integer(),
  used: Money,
  days: Type.Integer(),
  usedDays: Type.Integer(),
  giftDays: Type.Integer(),
  below: Money,
  above: Money,
  refunded: Money,
  goods: Maybe(GoodsSum),
  amount: Money,
  daysSincePaid: Type.Integer(),
  policyDays: Type.Integer(),
  policyPercent: Type.Integer(),
  interestBasisPoints: Type.Integer(),
  interestDays: Type.Integer(),
  interest: Money,
})
export type ClaimSum = Static<typeof ClaimSum>

export const Claim = Shape({
  id: IdOf('clm'),
  order: IdOf('ord'),
  state: OneOf(claimStates),
  reason: Text(400, 1),
  askedAt: At,
  sum: Maybe(ClaimSum),
  amount: Maybe(Money),
  answer: Maybe(Text(400)),
  decidedAt: Maybe(At),
})
export type Claim = Static<typeof Claim>

/** What shows how far the course was used: the furthest tenth of every lesson that was opened. */
export const UsageLine = Shape({ lesson: IdOf('lsn'), title: Line(100, 0), free: Type.Boolean(), tenths: Type.Integer(), since: At, at: At })
export type UsageLine = Static<typeof UsageLine>

export const DeskClaim = Type.Composite([Claim, Shape({ row: OrderRow, sums: Type.Array(ClaimSum), usage: Type.Array(UsageLine), decidedBy: Maybe(Line(60)) })], { additionalProperties: false })
export type DeskClaim = Static<typeof DeskClaim>

const oneOrder = Shape({ order: IdOf('ord') })
const oneClaim = Shape({ claim: IdOf('clm') })

export const claimRoutes = {
  'GET /orders/:order/claims': route({
    as: 'member',
    about: 'The claims for one of the own orders, and what would come back if it were asked for now, when anything would.',
    params: oneOrder,
    reply: Shape({ items: Type.Array(Claim), now: Maybe(ClaimSum) }),
    refusals: ['thing.not_found'],
  }),
  'POST /orders/:order/claims': route({
    as: 'member',
    about: 'Asks for money back. One claim is open at a time.',
    params: oneOrder,
    body: Shape({ reason: Text(400, 1) }),
    reply: Claim,
    refusals: ['thing.not_found', 'claim.nothing_left', 'order.upgraded', 'order.upgrade_free', 'claim.already_open'],
    limit: { count: 10, seconds: 3600 },
  }),
  'POST /claims/:claim/withdrawals': route({ as: 'member', about: 'Takes an own claim back.', params: oneClaim, reply: Claim, refusals: ['thing.not_found', 'claim.state_forbids'] }),
  'GET /console/claims': route({
    as: { staff: 'order.read' },
    about: 'Claims, those that wait for an answer first, then the newest.',
    query: Shape({ ...paging, open: Type.Optional(Type.Boolean()) }),
    reply: PageOf(DeskClaim),
  }),
  'POST /console/claims/:claim/approvals': route({
    as: { staff: 'order.refund' },
    about: 'Gives back the sum of the rule for that fault, or `amount` with a word of why; the interest on it is owed to the learner from then on. Access ends.',
    params: oneClaim,
    body: Shape({ fault: OneOf(faults), amount: Type.Optional(Sum), answer: Text(400) }),
    reply: DeskClaim,
    refusals: ['thing.not_found', 'claim.state_forbids', 'claim.nothing_left', 'claim.goods_not_back', 'claim.answer_missing', 'refund.state_forbids', 'refund.channel_cannot', 'refund.more_than_paid', 'order.upgraded', 'order.upgrade_free', 'refund.too_many'],
  }),
  'POST /console/claims/:claim/refusals': route({
    as: { staff: 'order.refund' },
    about: 'Declines, with the reason that the learner reads.',
    params: oneClaim,
    body: Shape({ answer: Text(400, 1) }),
    reply: DeskClaim,
    refusals: ['thing.not_found', 'claim.state_forbids'],
  }),
}
