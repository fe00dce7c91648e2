// Rates of interest that the law names for money that is given back, and since when each holds.
import { route } from './route.ts'
import { At, Day, Line, OneOf, Shape, Type, type Static } from './shapes.ts'

/** `lpr_1y`: the one-year loan prime rate, for what is the academy's doing; `deposit_1y`: the central bank's one-year deposit rate, for what is the learner's. */
export const rateKinds = ['lpr_1y', 'deposit_1y'] as const

const terms = { kind: OneOf(rateKinds), since: Day, basisPoints: Type.Integer({ minimum: 0, maximum: 2400 }) }

/** `by` is empty for what the software came with. */
export const InterestRate = Shape({ ...terms, by: Line(60, 0), notedAt: At })
export type InterestRate = Static<typeof InterestRate>

export const rateRoutes = {
  'GET /console/interest-rates': route({ as: { staff: 'order.read' }, about: 'Every rate and the day from which it holds, the latest first.', reply: Shape({ items: Type.Array(InterestRate) }) }),
  'POST /console/interest-rates': route({
    as: { staff: 'academy.manage' },
    about: 'Notes a rate that was published, for orders of that day and later; noted again for the same day it replaces the word before. What was decided keeps its rate.',
    body: Shape(terms),
    reply: InterestRate,
    refusals: ['request.invalid'],
  }),
}
