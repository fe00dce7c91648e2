// At what price a course is offered: one-off or free.
import { channels } from './channels.ts'
import { route } from './route.ts'
import { At, IdOf, Maybe, Money, OneOf, Price, Shape, Text, Type, Line, type Static } from './shapes.ts'

export const Offer = Shape({
  id: IdOf('ofr'),
  course: IdOf('crs'),
  kind: OneOf(['one_off', 'free'] as const),
  price: Price,
  accessDays: Maybe(Type.Integer({ minimum: 1, maximum: 36_500, description: 'null: for good' })),
  onSale: Type.Boolean(),
  updatedAt: At,
  virtualItem: Maybe(Shape({ state: OneOf(['waiting', 'uploading', 'publishing', 'ready', 'failed'] as const), productId: Line(64), why: Maybe(Line(200)) })),
})
export type Offer = Static<typeof Offer>

export const Quote = Shape({
  offer: IdOf('ofr'),
  course: IdOf('crs'),
  title: Line(60),
  lines: Type.Array(Shape({ kind: OneOf(['price', 'free'] as const), label: Line(60), amount: Money })),
  total: Money,
  accessDays: Maybe(Type.Integer()),
  refundRule: Text(600),
  agreementVersion: Type.Integer(),
  channels: Type.Array(OneOf(channels), { description: 'empty: nothing can be bought here today' }),
})
export type Quote = Static<typeof Quote>

export const offerRoutes = {
  'GET /console/courses/:course/offer': route({
    as: { staff: 'course.read' },
    about: 'The offer of a course, or null while it has none.',
    params: Shape({ course: IdOf('crs') }),
    reply: Shape({ offer: Maybe(Offer) }),
    refusals: ['thing.not_found'],
  }),
  'PUT /console/courses/:course/offer': route({
    as: { staff: 'price.write' },
    about: 'Sets price and terms. Earlier orders keep theirs.',
    params: Shape({ course: IdOf('crs') }),
    body: Shape({ kind: OneOf(['one_off', 'free'] as const), price: Price, accessDays: Maybe(Type.Integer({ minimum: 1, maximum: 36_500 })), onSale: Type.Boolean() }),
    reply: Offer,
    refusals: ['thing.not_found', 'request.invalid'],
  }),
  'POST /quotes': route({
    as: 'anyone',
    about: 'What an offer costs this caller, line by line, and through which channel it can be paid here.',
    body: Shape({ offer: IdOf('ofr') }),
    reply: Quote,
    refusals: ['thing.not_found', 'offer.not_on_sale'],
  }),
}
