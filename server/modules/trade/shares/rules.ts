// How much of an order goes to whom, when, and how much of it comes back with a refund.
import { cents, type Cents } from '#contracts/words/money.ts'
import type { Share } from '#contracts/shares.ts'

const dayMs = 86_400_000
/** WeChat Pay sets the money free by itself after thirty days; a day is kept for asking again. */
const openDays = 29

export type LineState = Share['lines'][number]['state']
export function termOf(paidAt: Date, terms: { coolingDays: number }): { dueAt: Date; lastAt: Date } {
  const after = (days: number) => new Date(paidAt.getTime() + days * dayMs)
  return { dueAt: after(terms.coolingDays), lastAt: after(openDays) }
}

/** A part of what the learner keeps paid, always rounded down: parts together never exceed the cap. */
export function partOf(share: { total: Cents; refunding: Cents }, basisPoints: number): Cents {
  return cents(Math.floor(((share.total - share.refunding) * basisPoints) / 10_000))
}

/** What a receiver gives back when `amount` of the order is refunded: by the rate of their line, and never more than they still hold. */
export function backOf(line: { amount: Cents; basisPoints: number; returned: Cents }, share: { total: Cents; refunding: Cents }, amount: Cents): Cents {
  const holds = line.amount - line.returned
  if (share.refunding >= share.total) return cents(holds)
  return cents(Math.min(holds, Math.floor((amount * line.basisPoints) / 10_000)))
}

/** Refusals that pass with time; any other one is the receiver's or the order's fault and waits for a person. */
const passing = new Set(['FREQUENCY_LIMITED', 'RATELIMIT_EXCEEDED', 'NOT_ENOUGH', 'SIGN_ERROR', 'NOT_CONFIGURED'])

export function isPassing(code: string): boolean {
  return passing.has(code)
}

/** Lines that nobody works on any more. */
export function isOver(state: LineState): boolean {
  return state === 'done' || state === 'closed' || state === 'dropped'
}

/** Nothing of it is worked on or waits for a person; what waits for one is given up when the platform is about to set the money free. */
export function hasEnded(lines: { state: LineState }[], share: { lastAt: Date }, now: Date): boolean {
  return lines.every((line) => isOver(line.state) && (line.state !== 'closed' || share.lastAt <= now))
}

/** Letters and digits: the same for every retry of one try. */
export function outOrderNo(line: string, tries: number): string {
  return `P${line.slice(4)}T${tries}`
}
