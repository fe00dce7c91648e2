// Membership plans: tiers that unlock courses or make them cheaper, and what a member has of them.
import { Sale } from './channels.ts'
import { route } from './route.ts'
import { At, IdOf, Line, Maybe, Money, OneOf, Price, Shape, Text, Type, type Static } from './shapes.ts'

export const periods = ['trial', 'month', 'season', 'year', 'lifetime'] as const
export const Period = OneOf(periods)
export type Period = Static<typeof Period>

const terms = {
  title: Line(20),
  about: Text(300),
  rank: Type.Integer({ minimum: 1, maximum: 99, description: 'the higher tier has the higher rank' }),
  unlocksAll: Type.Boolean(),
  courses: Type.Array(IdOf('crs'), { maxItems: 200, uniqueItems: true, description: 'what it unlocks when not all' }),
  discountBasisPoints: Maybe(Type.Integer({ minimum: 1, maximum: 9999, description: 'what members pay of the price, 8000 = 80 %' })),
  remindDays: Type.Integer({ minimum: 0, maximum: 60 }),
}
const PlanTerms = Shape(terms)
export type PlanTerms = Static<typeof PlanTerms>

export const Plan = Shape({ id: IdOf('pln'), ...terms, updatedAt: At })
export type Plan = Static<typeof Plan>

export const PlanRow = Shape({ plan: Plan, members: Type.Integer(), endingSoon: Type.Integer() })
export type PlanRow = Static<typeof PlanRow>

const one = Shape({ plan: IdOf('pln') })
export const planRoutes = {
  'GET /console/plans': route({ as: { staff: 'course.read' }, about: 'Every plan, the lowest tier first.', reply: Shape({ items: Type.Array(Plan) }) }),
  'POST /console/plans': route({ as: { staff: 'price.write' }, about: 'A new plan.', body: PlanTerms, reply: Plan, refusals: ['thing.not_found'] }),
  'PUT /console/plans/:plan': route({ as: { staff: 'price.write' }, about: 'Changes a plan; members have the new terms at once.', params: one, body: PlanTerms, reply: Plan, refusals: ['thing.not_found'] }),
}

/** What a member has of a plan: all its live times together. */
export const Membership = Shape({ plan: IdOf('pln'), title: Line(20), until: Maybe(At), remind: Type.Boolean(), trial: Type.Boolean() })
export type Membership = Static<typeof Membership>

export const PlanCard = Shape({
  id: IdOf('pln'),
  title: Line(20),
  about: Text(300),
  unlocksAll: Type.Boolean(),
  courses: Type.Array(Shape({ id: IdOf('crs'), title: Line(60), slug: Line(60) })),
  discountBasisPoints: Maybe(Type.Integer()),
  offers: Type.Array(Shape({ id: IdOf('ofr'), title: Line(30), period: Period, price: Price, days: Maybe(Type.Integer()), giftDays: Type.Integer(), total: Money, credit: Money, can: Type.Boolean() })),
})
export type PlanCard = Static<typeof PlanCard>

export const membershipRoutes = {
  'GET /memberships': route({
    as: 'anyone',
    about: 'The plans on sale here with what each costs this caller, and what the caller has of them.',
    reply: Shape({ own: Type.Array(Membership), plans: Type.Array(PlanCard), sale: Sale }),
  }),
  'GET /console/memberships': route({ as: { staff: 'course.read' }, about: 'How many members each plan has, and how many of them end within its reminder.', reply: Shape({ items: Type.Array(PlanRow) }) }),
}
