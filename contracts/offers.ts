// What is sold: a course in one or several tiers, a bundle of courses, a time of a membership plan, goods that are sent, or a pack of coins, at a price, in a window of time, with or without a limit of seats.
import { Sale, channels } from './channels.ts'
import { Period } from './plans.ts'
import { PolicyTerms } from './policies.ts'
import { PriceStep } from './prices.ts'
import { route } from './route.ts'
import { vatClasses } from './words/parcels.ts'
import { At, IdOf, Line, Maybe, Money, OneOf, Price, Shape, Type, type Static } from './shapes.ts'

export const offerKinds = ['course', 'bundle', 'plan', 'goods', 'coins'] as const

const AccessDays = Maybe(Type.Integer({ minimum: 1, maximum: 36_500, description: 'null: for good' }))

/** Goods that come with an offer, or are all of it: what is in the parcel, what sending costs, and the sum from which it costs nothing. With something to learn, `worth` is what they cost alone, as a part of the price, and `vat` their own class: by these the price is split when some of it goes back. */
const ParcelTerms = Shape({ goods: Line(60), fee: Price, freeFrom: Maybe(Price), worth: Type.Optional(Price), vat: Type.Optional(OneOf(vatClasses)) })
export type ParcelTerms = Static<typeof ParcelTerms>

const Coins = Type.Integer({ minimum: 1, maximum: 1_000_000 })

/** What an operator decides. `title` names the tier of a course (empty when there is one), the bundle, the time of a plan, or the goods; `courses` of goods are those beside which they are shown, and none of them is given. */
const terms = {
  title: Line(30, 0),
  courses: Type.Array(IdOf('crs'), { maxItems: 50, uniqueItems: true }),
  plan: Maybe(IdOf('pln')),
  period: Maybe(Period),
  price: Price,
  accessDays: AccessDays,
  onSale: Type.Boolean(),
  from: Maybe(At),
  until: Maybe(At),
  seats: Maybe(Type.Integer({ minimum: 0, maximum: 1_000_000, description: 'null: as many as want' })),
}
/** An offer without them sends nothing, is taxed as a service, gives no days beside a time of a plan, holds no coins, and is promised back as the academy promises everything; the price of a pack follows from its coins. */
const wishes = { ...terms, parcel: Type.Optional(Maybe(ParcelTerms)), vat: Type.Optional(OneOf(vatClasses)), giftDays: Type.Optional(Type.Integer({ minimum: 0, maximum: 366 })), coins: Type.Optional(Maybe(Coins)), policy: Type.Optional(Maybe(PolicyTerms)) }
const OfferTerms = Shape(wishes)
export type OfferTerms = Static<typeof OfferTerms>

export const Offer = Shape({
  id: IdOf('ofr'),
  kind: OneOf(offerKinds),
  ...terms,
  parcel: Maybe(ParcelTerms),
  vat: OneOf(vatClasses),
  giftDays: Type.Integer(),
  coins: Maybe(Coins),
  policy: Maybe(PolicyTerms),
  seatsTaken: Type.Integer(),
  updatedAt: At,
  virtualItems: Type.Array(Shape({ price: Price, state: OneOf(['waiting', 'uploading', 'publishing', 'ready', 'failed'] as const), productId: Line(64), why: Maybe(Line(200)) }), { description: 'at WeChat, one for each price that it can be charged at; that of the list price first' }),
})
export type Offer = Static<typeof Offer>

/** An offer as a learner chooses between several. */
export const OfferChoice = Shape({
  id: IdOf('ofr'),
  kind: OneOf(offerKinds),
  title: Line(30, 0),
  price: Price,
  accessDays: Maybe(Type.Integer()),
  until: Maybe(At),
  seatsLeft: Maybe(Type.Integer()),
  courses: Type.Array(Line(60)),
  ships: Maybe(Line(60)),
  policy: PolicyTerms,
})
export type OfferChoice = Static<typeof OfferChoice>

/** Pieces of goods that are ordered at once. Everything else is sold one by one. */
export const Pieces = Type.Integer({ minimum: 1, maximum: 99 })

/** `pieces` is what it is for, `mostPieces` how many could be ordered now; `goodsPart` is what of the total is for goods that come with something to learn. */
export const Quote = Shape({
  offer: IdOf('ofr'),
  pieces: Pieces,
  mostPieces: Type.Integer(),
  course: Maybe(IdOf('crs')),
  title: Line(100),
  courses: Type.Array(Shape({ id: IdOf('crs'), title: Line(60) })),
  lines: Type.Array(PriceStep),
  total: Money,
  accessDays: Maybe(Type.Integer()),
  period: Maybe(Period),
  giftDays: Type.Integer(),
  until: Maybe(At),
  seatsLeft: Maybe(Type.Integer()),
  ships: Maybe(Line(60, 1)),
  goodsPart: Maybe(Money),
  coins: Maybe(Coins),
  inCoins: Maybe(Shape({ name: Line(10), count: Type.Integer({ description: 'what it costs in coins, where they can be spent' }) })),
  policy: PolicyTerms,
  agreementVersion: Type.Integer(),
  channels: Type.Array(OneOf(channels)),
  sale: Sale,
})
export type Quote = Static<typeof Quote>

export const offerRoutes = {
  'GET /console/offers': route({
    as: { staff: 'offer.read' },
    about: 'Every offer, or those that hold a course; the oldest first.',
    query: Shape({ course: Type.Optional(IdOf('crs')) }),
    reply: Shape({ items: Type.Array(Offer) }),
  }),
  'POST /console/offers': route({
    as: { staff: 'price.write' },
    about: 'A new offer: a tier of a course, a bundle of courses, a time of a plan, goods, or a pack of coins.',
    body: Shape({ kind: OneOf(offerKinds), ...wishes }),
    reply: Offer,
    refusals: ['thing.not_found', 'request.invalid', 'coin.not_on_sale'],
  }),
  'PUT /console/offers/:offer': route({
    as: { staff: 'price.write' },
    about: 'Sets price and terms. Earlier orders keep theirs.',
    params: Shape({ offer: IdOf('ofr') }),
    body: OfferTerms,
    reply: Offer,
    refusals: ['thing.not_found', 'request.invalid', 'offer.seats_taken', 'coin.not_on_sale'],
  }),
  'POST /quotes': route({
    as: 'anyone',
    about: 'What an offer costs this caller, step by step, and through which channel it can be paid here; refused where it cannot.',
    body: Shape({ offer: IdOf('ofr'), pieces: Type.Optional(Pieces) }),
    reply: Quote,
    refusals: ['thing.not_found', 'offer.not_on_sale', 'offer.one_by_one', 'payment.channel_closed'],
  }),
}
