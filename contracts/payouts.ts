// Paying people: they ask for what is owed or an operator begins, a second one agrees when it is much, the person confirms in WeChat within a day.
import { route } from './route.ts'
import { At, IdOf, Line, Maybe, Money, OneOf, PageOf, Price, Shape, Type, paging, type Static } from './shapes.ts'
import { payoutBounds, type Cents } from './words/money.ts'

export const payoutStates = ['asked', 'requested', 'sending', 'confirming', 'cancelling', 'done', 'failed', 'cancelled', 'rejected'] as const
const Amount = Type.Unsafe<Cents>(Type.Integer({ minimum: payoutBounds.least, maximum: payoutBounds.most, description: '分' }))

export const Payout = Shape({
  id: IdOf('pyo'),
  member: IdOf('mem'),
  name: Line(60),
  amount: Money,
  role: Line(20),
  reason: Line(32),
  state: OneOf(payoutStates),
  fromOwed: Type.Boolean(),
  by: Maybe(Line(40)),
  agreedBy: Maybe(Line(40)),
  answer: Maybe(Line(200)),
  problem: Maybe(Line(200)),
  madeAt: At,
  expiresAt: Maybe(At),
  settledAt: Maybe(At),
  can: Type.Array(OneOf(['agree', 'reject', 'cancel', 'retry'] as const)),
})
export type Payout = Static<typeof Payout>

/** `confirm` is what wx.requestMerchantTransfer is called with inside the mini program, while the person has not confirmed, and `page` where a sandbox's payee can; `answer` why it was refused, `problem` WeChat Pay's code. */
export const OwnPayout = Shape({
  id: IdOf('pyo'), amount: Money, reason: Line(32), state: OneOf(payoutStates), answer: Maybe(Line(200)), problem: Maybe(Line(200)), madeAt: At, expiresAt: Maybe(At), settledAt: Maybe(At),
  confirm: Maybe(Shape({ mchId: Line(32), appId: Line(40), package: Type.String(), page: Maybe(Type.String()) })),
  can: Type.Array(OneOf(['cancel'] as const)),
})
export type OwnPayout = Static<typeof OwnPayout>

const Terms = Shape({ approveAbove: Price, dayCap: Price })
const RequestKey = Type.String({ pattern: '^[A-Za-z0-9_-]{8,64}$' })
const one = Shape({ payout: IdOf('pyo') })
const manage = { staff: 'payout.manage' } as const

export const payoutRoutes = {
  'GET /console/payout-terms': route({ as: manage, about: 'Above which amount a second person must agree, and how much may be paid out in a day.', reply: Terms }),
  'PUT /console/payout-terms': route({ as: { staff: 'academy.manage' }, about: 'Sets them.', body: Terms, reply: Terms }),
  'GET /console/payouts': route({ as: manage, about: 'Payouts, newest first.', query: Shape({ ...paging, state: Type.Optional(OneOf(payoutStates)) }), reply: PageOf(Payout) }),
  'POST /console/payouts': route({
    as: manage,
    about: 'Begins a payout to a member known by WeChat. `requestKey` makes a repeated request the same payout.',
    body: Shape({ member: IdOf('mem'), amount: Amount, role: Line(20), reason: Line(32), requestKey: RequestKey }),
    reply: Payout,
    refusals: ['thing.not_found', 'payout.no_account', 'payout.over_day_cap'],
  }),
  'POST /console/payouts/:payout/agreements': route({ as: manage, about: 'Agrees to what a person asked for, or, when it is much, as the second operator.', params: one, reply: Payout, refusals: ['thing.not_found', 'payout.state_forbids', 'payout.same_person', 'payout.over_day_cap'] }),
  'POST /console/payouts/:payout/rejections': route({ as: manage, about: 'It is not paid; the person who asked reads why.', params: one, body: Shape({ answer: Line(200) }), reply: Payout, refusals: ['thing.not_found', 'payout.state_forbids'] }),
  'POST /console/payouts/:payout/cancellations': route({
    as: manage,
    about: 'Cancels what nobody has confirmed. WeChat Pay may say later that it was confirmed before.',
    params: one,
    reply: Payout,
    refusals: ['thing.not_found', 'payout.state_forbids', 'payment.gateway_unavailable'],
  }),
  'POST /console/payouts/:payout/retries': route({
    as: manage,
    about: 'Pays again, under a new number: the old one is known to have paid nothing.',
    params: one,
    reply: Payout,
    refusals: ['thing.not_found', 'payout.state_forbids', 'payout.over_day_cap'],
  }),
  'GET /payouts': route({
    as: 'member',
    about: 'What the academy owes and pays to the caller, newest first. `reachable` is false while no WeChat account of theirs is known.',
    reply: Shape({ owed: Money, most: Money, least: Money, reachable: Type.Boolean(), items: Type.Array(OwnPayout) }),
  }),
  'POST /payouts': route({
    as: 'member',
    about: 'Asks for a part of what is owed. `requestKey` makes a repeated request the same payout.',
    body: Shape({ amount: Amount, requestKey: RequestKey }),
    reply: OwnPayout,
    refusals: ['payout.no_account', 'payout.owed_too_little'],
    limit: { count: 60, seconds: 60 },
  }),
  'POST /payouts/:payout/cancellations': route({
    as: 'member',
    about: 'Takes back what was asked for and not confirmed. WeChat Pay may say later that it was confirmed before.',
    params: one,
    reply: OwnPayout,
    refusals: ['thing.not_found', 'payout.state_forbids', 'payment.gateway_unavailable'],
  }),
  'POST /payouts/:payout/checks': route({
    as: 'member',
    about: 'Asks WeChat Pay now; a client calls it after the page of confirmation.',
    params: one,
    reply: OwnPayout,
    refusals: ['thing.not_found'],
    limit: { count: 30, seconds: 60 },
  }),
}
