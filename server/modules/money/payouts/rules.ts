// What a payout may become, who may let it go, and what WeChat Pay's word means for it.
import type { OwnPayout, Payout } from '#contracts/payouts.ts'
import type { Cents } from '#contracts/words/money.ts'

export type PayoutState = Payout['state']
export type Terms = { approveAbove: Cents; dayCap: Cents }

export function firstState(amount: Cents, terms: Terms): PayoutState {
  return amount > terms.approveAbove ? 'requested' : 'sending'
}

export function isOverCap(today: Cents, amount: Cents, terms: Terms): boolean {
  return today + amount > terms.dayCap
}

/** Only what is known to have paid nothing may be paid by a new number; what was owed is owed again, and asked for anew. */
export function actionsOf(state: PayoutState, isOwed: boolean): Payout['can'] {
  if (state === 'asked' || state === 'requested') return ['agree', 'reject']
  if (state === 'confirming') return ['cancel']
  return (state === 'failed' || state === 'cancelled') && !isOwed ? ['retry'] : []
}

/** What the person may do who asked for it. */
export function ownActionsOf(state: PayoutState, isOwed: boolean): OwnPayout['can'] {
  return isOwed && ['asked', 'requested', 'confirming'].includes(state) ? ['cancel'] : []
}

/** The gateway's state as ours; undefined while it is not over and nothing changed. */
export function stateOf(told: string): Extract<PayoutState, 'done' | 'failed' | 'cancelled'> | undefined {
  if (told === 'SUCCESS') return 'done'
  if (told === 'FAIL') return 'failed'
  return told === 'CANCELLED' ? 'cancelled' : undefined
}

/** Refusals after which the same number may still be taken. */
const passing = new Set(['FREQUENCY_LIMITED', 'RATELIMIT_EXCEEDED', 'NOT_ENOUGH', 'SIGN_ERROR', 'NOT_CONFIGURED'])

export function isPassing(code: string): boolean {
  return passing.has(code)
}

/** What WeChat Pay and the person read of a payout that the person asked for. */
export const askedFor = { role: '合作伙伴', reason: '报酬提现' }

/** Letters and digits only, at most 32. */
export function outBillNo(payout: string, tries: number): string {
  return `W${payout.slice(4)}T${tries}`
}
