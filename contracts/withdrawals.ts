// Withdrawing what WeChat virtual payment has settled to the academy's bank account.
import { route } from './route.ts'
import { At, IdOf, Line, Maybe, Money, OneOf, Shape, Sum, Type, type Static } from './shapes.ts'

export const withdrawalStates = ['sending', 'under_way', 'done', 'failed'] as const

/** `problem` is WeChat's word, why it failed or is not done yet. */
export const Withdrawal = Shape({ id: IdOf('wdr'), number: Line(32), amount: Money, state: OneOf(withdrawalStates), by: Line(60), problem: Maybe(Line(200)), madeAt: At, settledAt: Maybe(At) })
export type Withdrawal = Static<typeof Withdrawal>

export const withdrawalRoutes = {
  'GET /console/withdrawals': route({
    as: { staff: 'ledger.read' },
    about: 'What WeChat says can be withdrawn now (null when it does not say), and the last fifty withdrawals.',
    reply: Shape({ available: Maybe(Money), items: Type.Array(Withdrawal) }),
  }),
  'POST /console/withdrawals': route({
    as: { staff: 'ledger.book' },
    about: 'Has virtual payment pay a sum to the bank account. One at a time, and never more than the books say that it holds; it is booked when WeChat says that it arrived. `requestKey` makes a repeated request the same withdrawal.',
    body: Shape({ amount: Sum, requestKey: Type.String({ pattern: '^[A-Za-z0-9_-]{8,64}$' }) }),
    reply: Withdrawal,
    refusals: ['withdrawal.already_open', 'arrival.more_than_held'],
  }),
}
