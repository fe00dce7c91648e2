// What the academy owes to people: recorded by operators and by rooms, asked for by the people themselves.
import { route } from './route.ts'
import { At, IdOf, Line, Maybe, Money, PageOf, Shape, Type, paging, type Static } from './shapes.ts'
import type { Cents } from './words/money.ts'

/** `by` is null where a rule recorded it. */
export const Due = Shape({ id: IdOf('due'), member: IdOf('mem'), name: Line(60), amount: Money, reason: Line(32), by: Maybe(Line(40)), madeAt: At })
export type Due = Static<typeof Due>

const manage = { staff: 'payout.manage' } as const

export const dueRoutes = {
  'GET /console/dues': route({ as: manage, about: 'What was recorded as owed to people, newest first.', query: Shape(paging), reply: PageOf(Due) }),
  'POST /console/dues': route({
    as: manage,
    about: 'Records that a person has earned money, or (negative) takes back what they have not asked for. `requestKey` makes a repeated request the same due.',
    body: Shape({
      member: IdOf('mem'),
      amount: Type.Unsafe<Cents>(Type.Integer({ minimum: -100_000_000, maximum: 100_000_000, not: { const: 0 }, description: '分' })),
      reason: Line(32),
      requestKey: Type.String({ pattern: '^[A-Za-z0-9_-]{8,64}$' }),
    }),
    reply: Due,
    refusals: ['thing.not_found', 'payout.owed_too_little'],
  }),
}
