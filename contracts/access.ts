// Who may open what, why, and until when.
import { route } from './route.ts'
import { At, IdOf, Line, Maybe, OneOf, Shape, Type, type Static } from './shapes.ts'

export const accessReasons = ['free_lesson', 'free_course', 'bought', 'granted', 'plan', 'redeemed', 'trial', 'not_signed_in', 'not_owned', 'ended', 'revoked', 'not_published'] as const

/** What a member may do with a lesson: all of it, a trial of it, or nothing; and the plain reason. */
export const LessonAccess = Shape({
  mode: OneOf(['full', 'trial', 'closed'] as const),
  reason: OneOf(accessReasons),
  until: Maybe(At),
  trialSeconds: Maybe(Type.Number()),
  trialBasisPoints: Maybe(Type.Integer()),
})
export type LessonAccess = Static<typeof LessonAccess>

export const Entitlement = Shape({
  id: IdOf('ent'),
  course: Maybe(IdOf('crs')),
  plan: Maybe(IdOf('pln')),
  title: Line(60),
  reason: OneOf(['bought', 'granted', 'free', 'redeemed'] as const),
  order: Maybe(IdOf('ord')),
  note: Line(200, 0),
  grantedAt: At,
  from: Maybe(At),
  until: Maybe(At),
  revokedAt: Maybe(At),
  revokedWhy: Maybe(Line(200)),
  live: Type.Boolean(),
})
export type Entitlement = Static<typeof Entitlement>

export const accessRoutes = {
  'GET /courses/:course/access': route({
    as: 'member',
    about: 'Why the member can or cannot open a course: every right they have or had, and each lesson with its reason.',
    params: Shape({ course: IdOf('crs') }),
    reply: Shape({
      open: Type.Boolean(),
      entitlements: Type.Array(Entitlement),
      lessons: Type.Array(Shape({ lesson: IdOf('lsn'), title: Line(80), access: LessonAccess })),
    }),
    refusals: ['thing.not_found'],
  }),
  'GET /console/members/:member/entitlements': route({
    as: { staff: 'member.read' },
    about: 'What a member owns or owned, with the reason of each.',
    params: Shape({ member: IdOf('mem') }),
    reply: Shape({ items: Type.Array(Entitlement) }),
    refusals: ['thing.not_found'],
  }),
  'POST /console/members/:member/entitlements': route({
    as: { staff: 'access.grant' },
    about: 'Grants a course by hand, with a note that the member can read.',
    params: Shape({ member: IdOf('mem') }),
    body: Shape({ course: IdOf('crs'), until: Maybe(At), note: Line(200) }),
    reply: Entitlement,
    refusals: ['thing.not_found'],
  }),
  'POST /console/entitlements/:entitlement/revocations': route({
    as: { staff: 'access.grant' },
    about: 'Takes a right that was granted by hand back.',
    params: Shape({ entitlement: IdOf('ent') }),
    body: Shape({ why: Line(200) }),
    reply: Entitlement,
    refusals: ['thing.not_found'],
  }),
}
