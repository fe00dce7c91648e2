// Learners: signing in from each place, the profile, and what operators see of a member.
import { route } from './route.ts'
import { At, Empty, IdOf, Line, Maybe, Money, PageOf, PlatformName, Shape, Text, Type, paging, type Static } from './shapes.ts'

const Phone = Type.String({ pattern: '^1[3-9]\\d{9}$', description: 'mainland mobile number' })
const SmsCode = Type.String({ pattern: '^\\d{6}$' })

export const Member = Shape({
  id: IdOf('mem'),
  nickname: Line(30),
  avatarUrl: Maybe(Type.String()),
  phone: Maybe(Line(20)),
  createdAt: At,
})
export type Member = Static<typeof Member>

export const SignedIn = Shape({ token: Type.String(), expiresAt: At, member: Member, isNew: Type.Boolean() })
export type SignedIn = Static<typeof SignedIn>

export const MemberRow = Shape({
  id: IdOf('mem'),
  nickname: Line(30),
  phone: Maybe(Line(20)),
  platforms: Type.Array(PlatformName),
  courses: Type.Integer(),
  spent: Money,
  createdAt: At,
  lastSeenAt: Maybe(At),
  closed: Type.Boolean(),
})
export type MemberRow = Static<typeof MemberRow>

export const memberRoutes = {
  'POST /sms-codes': route({
    as: 'anyone',
    about: 'Sends a six-digit code that lives ten minutes. The answer never tells whether the number is known.',
    body: Shape({ phone: Phone }),
    reply: Shape({ waitSeconds: Type.Integer() }),
    refusals: ['sign_in.wait', 'sms.not_sent'],
    limit: { count: 30, seconds: 3600 },
  }),
  'POST /sessions/phone': route({
    as: 'anyone',
    about: 'Signs in (or up) with a phone number and its code. Five wrong tries burn the code.',
    body: Shape({ phone: Phone, code: SmsCode, agreed: Type.Literal(true) }),
    reply: SignedIn,
    refusals: ['sign_in.code_wrong', 'sign_in.code_expired', 'sign_in.attempts_exhausted', 'sign_in.account_closed'],
    limit: { count: 30, seconds: 3600 },
  }),
  'POST /sessions/wechat': route({
    as: 'anyone',
    about: 'Signs in (or up) with the code of wx.login.',
    body: Shape({ code: Line(128) }),
    reply: SignedIn,
    refusals: ['sign_in.platform_refused', 'sign_in.account_closed'],
    limit: { count: 60, seconds: 60 },
  }),
  'POST /sessions/official': route({
    as: 'anyone',
    about: "Signs in (or up) inside WeChat's own browser, with the code that its page of authorization brought back.",
    body: Shape({ code: Line(128), agreed: Type.Literal(true) }),
    reply: SignedIn,
    refusals: ['sign_in.platform_refused', 'sign_in.account_closed'],
    limit: { count: 60, seconds: 60 },
  }),
  'POST /official-visits': route({
    as: 'anyone',
    about: "Where a browser inside WeChat goes to be named; it comes back to `back`, a path of the learner's pages, with `code` and `state`. Null where there is no official account.",
    body: Shape({ back: Type.String({ pattern: '^/[A-Za-z0-9_/?=&%.-]{0,500}$' }), state: Type.String({ pattern: '^[a-zA-Z0-9]{1,64}$' }) }),
    reply: Shape({ url: Maybe(Type.String()) }),
  }),
  'DELETE /sessions/current': route({ as: 'member', about: 'Signs out: the token and every play opened with it end.', reply: Empty }),
  'GET /me': route({ as: 'member', about: 'The signed-in member.', reply: Member }),
  'PATCH /me': route({ as: 'member', about: 'Changes the nickname.', body: Shape({ nickname: Line(30) }), reply: Member }),
  'PUT /me/phone/wechat': route({
    as: 'member',
    about: 'Binds the phone number behind the code of a getPhoneNumber button.',
    body: Shape({ code: Line(128) }),
    reply: Member,
    refusals: ['sign_in.platform_refused', 'phone.taken'],
  }),
  'PUT /me/session-key/wechat': route({
    as: 'member',
    about: 'Renews the WeChat session key with a fresh code of wx.login; virtual payment needs it current.',
    body: Shape({ code: Line(128) }),
    reply: Empty,
    refusals: ['sign_in.platform_refused'],
  }),
}

export const memberDeskRoutes = {
  'GET /console/members': route({
    as: { staff: 'member.read' },
    about: 'Members, newest first; `q` matches nickname, id, a whole phone number or its last four digits.',
    query: Shape({ ...paging, q: Type.Optional(Text(80)) }),
    reply: PageOf(MemberRow),
  }),
  'GET /console/members/:member': route({
    as: { staff: 'member.read' },
    about: 'One member; the phone number is masked.',
    params: Shape({ member: IdOf('mem') }),
    reply: MemberRow,
    refusals: ['thing.not_found'],
  }),
  'POST /console/members/:member/phone-views': route({
    as: { staff: 'member.unmask' },
    about: 'Shows the whole phone number once; audited with the reason.',
    params: Shape({ member: IdOf('mem') }),
    body: Shape({ reason: Line(200) }),
    reply: Shape({ phone: Maybe(Line(20)) }),
    refusals: ['thing.not_found'],
  }),
}
