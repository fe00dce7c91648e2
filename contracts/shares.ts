// Sharing an order's money with partners and lecturers through WeChat Pay.
import { route } from './route.ts'
import { At, Empty, IdOf, Line, Maybe, Money, OneOf, PageOf, Shape, Type, paging, type Static } from './shapes.ts'

export const receiverKinds = ['merchant', 'person'] as const
export const receiverRelations = ['PARTNER', 'DISTRIBUTOR', 'STAFF', 'SUPPLIER'] as const
export const shareStates = ['cooling', 'sharing', 'releasing', 'done'] as const
const lineStates = ['waiting', 'sent', 'done', 'closed', 'dropped'] as const

export const ShareReceiver = Shape({ id: IdOf('rcv'), kind: OneOf(receiverKinds), account: Line(64), name: Line(64), relation: OneOf(receiverRelations), addedAt: At })
export type ShareReceiver = Static<typeof ShareReceiver>

const BasisPoints = Type.Integer({ minimum: 1, maximum: 10_000, description: '万分之一' })
const Rate = Shape({ receiver: IdOf('rcv'), basisPoints: BasisPoints })

/** One order's sharing. A line is one receiver's part: `closed` was refused by the platform and waits for a person, `dropped` was given up. */
export const Share = Shape({
  id: IdOf('shr'),
  order: IdOf('ord'),
  number: Line(32),
  title: Line(60),
  total: Money,
  refunding: Money,
  state: OneOf(shareStates),
  dueAt: At,
  problem: Maybe(Line(200)),
  lines: Type.Array(Shape({
    id: IdOf('shl'), receiver: IdOf('rcv'), name: Line(64), basisPoints: BasisPoints, amount: Money, returned: Money, state: OneOf(lineStates), why: Maybe(Line(200)), can: Type.Array(OneOf(['retry'] as const)),
  })),
  can: Type.Array(OneOf(['release'] as const)),
})
export type Share = Static<typeof Share>

const Terms = Shape({ coolingDays: Type.Integer({ minimum: 0, maximum: 28 }), capBasisPoints: Type.Integer({ minimum: 0, maximum: 10_000 }) })
const one = Shape({ offer: IdOf('ofr') })

export const receiverRoutes = {
  'GET /console/share-terms': route({ as: { staff: 'ledger.read' }, about: 'How long money cools before it is shared, and how much of an order may be shared at all.', reply: Terms }),
  'PUT /console/share-terms': route({ as: { staff: 'share.manage' }, about: 'Sets them. A cap above 30 % must have been granted by WeChat Pay.', body: Terms, reply: Terms }),
  'GET /console/share-receivers': route({ as: { staff: 'ledger.read' }, about: 'Who may receive parts of orders.', reply: Shape({ items: Type.Array(ShareReceiver) }) }),
  'POST /console/share-receivers': route({
    as: { staff: 'share.manage' },
    about: 'Adds a receiver at WeChat Pay: a merchant by number and full name, a person by openid.',
    body: Shape({ kind: OneOf(receiverKinds), account: Type.String({ pattern: '^[A-Za-z0-9_-]{8,64}$' }), name: Line(64), relation: OneOf(receiverRelations) }),
    reply: ShareReceiver,
    refusals: ['share.receiver_refused', 'payment.gateway_unavailable'],
  }),
  'DELETE /console/share-receivers/:receiver': route({
    as: { staff: 'share.manage' },
    about: 'Takes a receiver out of every offer; what is under way for them goes on.',
    params: Shape({ receiver: IdOf('rcv') }),
    reply: Empty,
    refusals: ['thing.not_found'],
  }),
  'GET /console/offers/:offer/share-rates': route({ as: { staff: 'ledger.read' }, about: 'Who gets how much of each order of an offer.', params: one, reply: Shape({ rates: Type.Array(Rate) }), refusals: ['thing.not_found'] }),
  'PUT /console/offers/:offer/share-rates': route({
    as: { staff: 'share.manage' },
    about: 'Replaces them. Orders that are paid keep theirs.',
    params: one,
    body: Shape({ rates: Type.Array(Rate, { maxItems: 20 }) }),
    reply: Shape({ rates: Type.Array(Rate) }),
    refusals: ['thing.not_found', 'share.over_cap'],
  }),
}

export const shareRoutes = {
  'GET /console/shares': route({
    as: { staff: 'ledger.read' },
    about: 'The sharing of orders, newest first; `attention` keeps those with a part that the platform refused.',
    query: Shape({ ...paging, attention: Type.Optional(Type.Boolean()) }),
    reply: PageOf(Share),
  }),
  'POST /console/share-lines/:line/retries': route({
    as: { staff: 'share.manage' },
    about: 'Sends a refused part again, under a new number: the old one is known to have moved nothing.',
    params: Shape({ line: IdOf('shl') }),
    reply: Share,
    refusals: ['thing.not_found', 'share.state_forbids'],
  }),
  'POST /console/shares/:share/releases': route({
    as: { staff: 'share.manage' },
    about: 'Gives up the refused parts: what was not shared becomes ours.',
    params: Shape({ share: IdOf('shr') }),
    reply: Share,
    refusals: ['thing.not_found', 'share.state_forbids'],
  }),
}
