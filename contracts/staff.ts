// Operators: signing in, two-factor, who they are, and the record of what they did.
import { route } from './route.ts'
import { At, Empty, IdOf, Line, Maybe, OneOf, PageOf, Shape, Text, Type, paging, type Static } from './shapes.ts'
import { permissions, roles, type Permission } from './words/permissions.ts'

const Email = Type.String({ pattern: '^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$', maxLength: 120 })
const NewPassword = Type.String({ minLength: 10, maxLength: 200 })
const Code = Type.String({ pattern: '^\\d{6}$' })

export const Operator = Shape({
  id: IdOf('stf'),
  name: Line(40),
  email: Email,
  role: OneOf(roles),
  totp: Type.Boolean(),
  active: Type.Boolean(),
  createdAt: At,
  lastSeenAt: Maybe(At),
})
export type Operator = Static<typeof Operator>

export const Me = Shape({
  operator: Operator,
  permissions: Type.Array(OneOf(Object.keys(permissions) as Permission[])),
  academy: Shape({ name: Line(40), zone: Line(60) }),
  demo: Type.Boolean(),
})
export type Me = Static<typeof Me>

export const AuditEntry = Shape({
  id: IdOf('adt'),
  at: At,
  operator: Maybe(Shape({ id: IdOf('stf'), name: Line(40) })),
  action: Line(80),
  subject: Line(80),
  before: Type.Unknown(),
  after: Type.Unknown(),
  address: Line(64, 0),
})
export type AuditEntry = Static<typeof AuditEntry>

export const staffRoutes = {
  'GET /console/setup': route({ as: 'anyone', about: 'Whether the academy still waits for its first operator.', reply: Shape({ needed: Type.Boolean() }) }),
  'POST /console/setup': route({
    as: 'anyone',
    about: 'Makes the first owner of a new academy; works once. `key` is printed by the server at its start.',
    body: Shape({ key: Line(80), academy: Line(40), name: Line(40), email: Email, password: NewPassword }),
    reply: Me,
    refusals: ['setup.already_done', 'staff.not_permitted'],
    limit: { count: 10, seconds: 60 },
  }),
  'POST /console/sessions': route({
    as: 'anyone',
    about: 'Signs an operator in and sets the cookie. `totp` only when asked by `staff.totp_needed`.',
    body: Shape({ email: Email, password: Type.String({ maxLength: 200 }), totp: Type.Optional(Code) }),
    reply: Me,
    refusals: ['staff.wrong_password', 'staff.totp_needed', 'staff.totp_wrong', 'staff.locked_out'],
    limit: { count: 20, seconds: 60 },
  }),
  'DELETE /console/sessions/current': route({ as: 'operator', about: 'Signs out.', reply: Empty }),
  'GET /console/me': route({ as: 'operator', about: 'Who is signed in and what they may do.', reply: Me }),
  'PUT /console/me/password': route({
    as: 'operator',
    about: 'Changes the own password; ends all other sessions.',
    body: Shape({ current: Type.String({ maxLength: 200 }), next: NewPassword }),
    reply: Empty,
    refusals: ['staff.wrong_password'],
    limit: { count: 5, seconds: 60 },
  }),
  'POST /console/me/totp': route({
    as: 'operator',
    about: 'Begins two-factor enrolment: the secret and its otpauth address (show as a QR picture).',
    reply: Shape({ secret: Line(64), url: Type.String(), qr: Type.String({ description: 'data: URL of a PNG' }) }),
  }),
  'PUT /console/me/totp': route({
    as: 'operator',
    about: 'Completes enrolment with a code from the app.',
    body: Shape({ code: Code }),
    reply: Me,
    refusals: ['staff.totp_wrong'],
    limit: { count: 10, seconds: 60 },
  }),
  'DELETE /console/me/totp': route({
    as: 'operator',
    about: 'Switches two-factor off, with the password.',
    body: Shape({ password: Type.String({ maxLength: 200 }) }),
    reply: Me,
    refusals: ['staff.wrong_password'],
    limit: { count: 5, seconds: 60 },
  }),
  'GET /console/staff': route({ as: { staff: 'staff.manage' }, about: 'All operators.', reply: Shape({ items: Type.Array(Operator) }) }),
  'POST /console/staff': route({
    as: { staff: 'staff.manage' },
    about: 'Adds an operator.',
    body: Shape({ name: Line(40), email: Email, role: OneOf(roles), password: NewPassword }),
    reply: Operator,
    refusals: ['staff.email_taken'],
  }),
  'PATCH /console/staff/:staff': route({
    as: { staff: 'staff.manage' },
    about: 'Changes name, role or whether they may sign in, or takes away a second step whose phone was lost; ends their sessions when a right is taken.',
    params: Shape({ staff: IdOf('stf') }),
    body: Shape({ name: Type.Optional(Line(40)), role: Type.Optional(OneOf(roles)), active: Type.Optional(Type.Boolean()), password: Type.Optional(NewPassword), totp: Type.Optional(Type.Literal(false)) }),
    reply: Operator,
    refusals: ['thing.not_found', 'staff.last_owner'],
  }),
}

export const auditRoutes = {
  'GET /console/audit': route({
    as: { staff: 'audit.read' },
    about: 'What operators did, newest first. `q` matches action, subject and name.',
    query: Shape({ ...paging, q: Type.Optional(Text(80)) }),
    reply: PageOf(AuditEntry),
  }),
}
