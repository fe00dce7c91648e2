// The refund policy that the academy promises beyond the law, and since when.
import { route } from './route.ts'
import { At, Line, Maybe, Shape, Type, type Static } from './shapes.ts'

const terms = { days: Type.Integer({ minimum: 0, maximum: 365 }), mostPercent: Type.Integer({ minimum: 0, maximum: 100 }) }

/** Everything back within so many days while no more than so much of what was paid for is used; no days, no promise. */
export const PolicyTerms = Shape(terms)
export type PolicyTerms = Static<typeof PolicyTerms>

export const Policy = Shape({ ...terms, since: Maybe(At) })
export type Policy = Static<typeof Policy>

export const policyRoutes = {
  'GET /refund-policy': route({ as: 'anyone', about: 'The policy for whoever buys now what has none of its own. Days of the law (seven) hold beside it.', reply: Policy }),
  'GET /console/refund-policies': route({
    as: { staff: 'order.read' },
    about: 'Every policy there was, the one that holds first.',
    reply: Shape({ items: Type.Array(Type.Composite([Policy, Shape({ by: Line(60) })], { additionalProperties: false })) }),
  }),
  'POST /console/refund-policies': route({
    as: { staff: 'academy.manage' },
    about: 'A new policy, for orders placed from now on; those placed before keep theirs.',
    body: PolicyTerms,
    reply: Policy,
  }),
}
