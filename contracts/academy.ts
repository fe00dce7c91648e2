// The academy itself: its name and rules as learners see them, its settings as operators keep them.
import { route } from './route.ts'
import { At, Line, Maybe, OneOf, Picture, Shape, Text, Type, type Static } from './shapes.ts'

export const agreementKinds = ['terms', 'privacy', 'purchase'] as const

export const Academy = Shape({
  name: Line(40),
  motto: Line(80, 0),
  introduction: Text(2000),
  logo: Maybe(Picture),
  zone: Line(60),
  icpLine: Line(120, 0),
  supportPhone: Line(40, 0),
  features: Shape({ reviews: Type.Boolean(), search: Type.Boolean() }),
  speeds: Type.Array(Type.Number({ minimum: 0.5, maximum: 3 }), { minItems: 1, maxItems: 12 }),
})
export type Academy = Static<typeof Academy>

export const AcademySettings = Shape({
  name: Line(40),
  motto: Line(80, 0),
  introduction: Text(2000),
  logoAsset: Maybe(Type.String({ maxLength: 40 })),
  zone: Line(60),
  icpLine: Line(120, 0),
  supportPhone: Line(40, 0),
  features: Shape({ reviews: Type.Boolean(), search: Type.Boolean() }),
  speeds: Type.Array(Type.Number({ minimum: 0.5, maximum: 3 }), { minItems: 1, maxItems: 12 }),
  deviceLimit: Type.Integer({ minimum: 1, maximum: 20 }),
  closeUnpaidMinutes: Type.Integer({ minimum: 5, maximum: 1440 }),
  receiveAfterDays: Type.Integer({ minimum: 7, maximum: 60 }),
})
export type AcademySettings = Static<typeof AcademySettings>

export const Agreement = Shape({
  kind: OneOf(agreementKinds),
  version: Type.Integer(),
  title: Line(80),
  html: Type.String(),
  effectiveAt: At,
})
export type Agreement = Static<typeof Agreement>

export const academyFaceRoutes = {
  'GET /academy': route({ as: 'anyone', about: 'The academy as every client shows it.', reply: Academy }),
}

export const academyRoutes = {
  'GET /agreements/:kind': route({
    as: 'anyone',
    about: 'The agreement in force: terms, privacy or purchase.',
    params: Shape({ kind: OneOf(agreementKinds) }),
    reply: Agreement,
    refusals: ['thing.not_found'],
  }),
  'GET /console/academy': route({ as: { staff: 'report.read' }, about: 'All settings of the academy.', reply: AcademySettings }),
  'PUT /console/academy': route({ as: { staff: 'academy.manage' }, about: 'Replaces the settings.', body: AcademySettings, reply: AcademySettings }),
  'GET /console/agreements': route({
    as: { staff: 'academy.manage' },
    about: 'The agreements in force with their Markdown.',
    reply: Shape({ items: Type.Array(Shape({ kind: OneOf(agreementKinds), version: Type.Integer(), title: Line(80), markdown: Text(60_000), effectiveAt: At })) }),
  }),
  'POST /console/agreements': route({
    as: { staff: 'academy.manage' },
    about: 'Publishes a new version of an agreement; earlier versions stay as accepted.',
    body: Shape({ kind: OneOf(agreementKinds), title: Line(80), markdown: Text(60_000, 1) }),
    reply: Agreement,
  }),
}
