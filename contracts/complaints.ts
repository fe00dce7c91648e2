// Complaints that payers made at WeChat Pay: read, answered, and what becomes of the money they ask back.
import { route } from './route.ts'
import { At, Empty, IdOf, Line, Maybe, Money, OneOf, PageOf, Shape, Sum, Text, Type, paging, type Static } from './shapes.ts'

export const complaintStates = ['pending', 'processing', 'done'] as const

/** `by` whom the step was made; `what` is WeChat Pay's word for it; `pictures` are addresses to fetch them at. */
export const ComplaintStep = Shape({ at: At, by: OneOf(['payer', 'academy', 'platform'] as const), what: Line(80), words: Text(2000), pictures: Type.Array(Line(200)) })
export type ComplaintStep = Static<typeof ComplaintStep>

/** `replyBy` while nobody of ours has said a word, `settleBy` until it is done with. `decision` is ours about the money; `told` when WeChat Pay knows it. */
export const Complaint = Shape({
  id: IdOf('cpl'),
  number: Line(64),
  state: OneOf(complaintStates),
  kind: OneOf(['refund', 'service', 'other'] as const),
  detail: Text(2000),
  phone: Maybe(Line(20)),
  order: Maybe(IdOf('ord')),
  outTradeNo: Maybe(Line(64)),
  title: Maybe(Line(200)),
  amount: Money,
  asks: Maybe(Money),
  left: Money,
  awaitsReply: Type.Boolean(),
  refunded: Type.Boolean(),
  risky: Type.Boolean(),
  times: Type.Integer(),
  madeAt: At,
  replyBy: Maybe(At),
  settleBy: Maybe(At),
  steps: Type.Array(ComplaintStep),
  decision: Maybe(OneOf(['agreed', 'declined'] as const)),
  told: Type.Boolean(),
  can: Type.Array(OneOf(['reply', 'complete', 'decide'] as const)),
})
export type Complaint = Static<typeof Complaint>

const one = Shape({ complaint: IdOf('cpl') })
const answer = { staff: 'complaint.answer' } as const
const common = ['thing.not_found', 'complaint.state_forbids', 'payment.gateway_unavailable'] as const

export const complaintRoutes = {
  'GET /console/complaints': route({ as: answer, about: 'Complaints, those first that wait longest; `open` keeps only what is not done with.', query: Shape({ ...paging, open: Type.Optional(Type.Boolean()) }), reply: PageOf(Complaint) }),
  'GET /console/complaints/:complaint/pictures/:picture': route({
    as: answer,
    about: 'A picture that was sent with a complaint, fetched from WeChat Pay and made anew.',
    params: Shape({ complaint: IdOf('cpl'), picture: Type.String({ pattern: '^[0-9]{1,6}$' }) }),
    reply: Type.String(),
    type: 'image/webp',
    refusals: ['thing.not_found', 'payment.gateway_unavailable'],
  }),
  'POST /console/complaints/:complaint/replies': route({ as: answer, about: 'Says something to the payer, who reads it in WeChat.', params: one, body: Shape({ words: Text(200, 1) }), reply: Complaint, refusals: common }),
  'POST /console/complaints/:complaint/completions': route({ as: answer, about: 'Says that it is done with. The payer may go on.', params: one, reply: Complaint, refusals: common }),
  'POST /console/complaints/:complaint/refunds': route({
    as: { staff: 'order.refund' },
    about: 'Agrees to give money back: begins the refund of the order and tells WeChat Pay. Repeated, it is one refund.',
    params: one,
    body: Shape({ amount: Sum }),
    reply: Complaint,
    refusals: ['thing.not_found', 'complaint.state_forbids', 'refund.state_forbids', 'refund.channel_cannot', 'refund.more_than_paid', 'order.upgraded', 'order.upgrade_free', 'refund.too_many'],
  }),
  'POST /console/complaints/:complaint/refusals': route({ as: { staff: 'order.refund' }, about: 'Declines to give money back; the payer reads why.', params: one, body: Shape({ reason: Line(100) }), reply: Complaint, refusals: ['thing.not_found', 'complaint.state_forbids'] }),
  'POST /console/complaints/:complaint/phone-views': route({ as: answer, about: 'Shows the whole number that the payer left, once; audited with the reason.', params: one, body: Shape({ reason: Line(200) }), reply: Shape({ phone: Maybe(Line(20)) }), refusals: ['thing.not_found'] }),
  'POST /console/complaints/checks': route({ as: answer, about: 'Asks WeChat Pay now for the complaints of the last thirty days.', reply: Empty, refusals: ['payment.gateway_unavailable'], limit: { count: 6, seconds: 60 } }),
}
