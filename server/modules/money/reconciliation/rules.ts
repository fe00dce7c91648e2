// Decides where a bill and our books differ, by how much, and what may be done about it.
import type { Difference, ReconciledDay } from '#contracts/reconciliation.ts'
import { ZERO, cents, minus, plus, type Cents } from '#contracts/words/money.ts'
import { dayOf } from '#contracts/words/time.ts'

/** What we know of a number that a bill names. */
export type Ours = { amount: Cents; state: string }
/** What a bill says of it; for a refund `total` is what was asked back. */
export type Told = { total: Cents; state: string }
/** The gaps of a day add up to what our ledger holds more than the rail: trades against our books, movements against the trades. */
export type Found = Pick<Difference, 'kind' | 'told' | 'booked' | 'toldState' | 'ourState' | 'gap'>

const BEIJING = 'Asia/Shanghai'
const DAY_MS = 86_400_000
/** So long the gateway's clock may be ahead of ours: what was settled just before midnight is looked for in the day after. */
const LEEWAY_MS = 5 * 60_000

/** A payment stands in the bill: we must have received exactly that. */
export function judgePayment(told: Told, ours: Ours | undefined): Found | undefined {
  const says = { told: told.total, toldState: told.state, booked: ours?.amount ?? null, ourState: ours?.state ?? null }
  if (!ours) return { kind: 'extra', ...says, gap: minus(ZERO, told.total) }
  if (ours.amount !== told.total) return { kind: 'amount', ...says, gap: minus(ours.amount, told.total) }
  return isReceived(ours.state) ? undefined : { kind: 'state', ...says, booked: ZERO, gap: minus(ZERO, told.total) }
}

/** A refund stands in the bill: it must be ours, of that sum, and no further on our side than on theirs, nor behind a finished one. */
export function judgeRefund(told: Told, ours: Ours | undefined): Found | undefined {
  const says = { told: told.total, toldState: told.state, booked: ours?.amount ?? null, ourState: ours?.state ?? null }
  if (!ours) return { kind: 'extra', ...says, gap: told.total }
  if (ours.amount !== told.total) return { kind: 'amount', ...says, gap: minus(told.total, ours.amount) }
  if (told.state === 'SUCCESS') return ours.state === 'done' ? undefined : { kind: 'state', ...says, gap: told.total }
  const isFurther = ours.state === 'failed' || (ours.state === 'done' && told.state !== 'PROCESSING')
  // Whether its money moved is what the fund flow says.
  return isFurther ? { kind: 'state', ...says, gap: ZERO } : undefined
}

/** We booked it, and no bill knows it. */
export function judgeUntold(subject: 'payment' | 'refund', ours: Ours): Found {
  return { kind: 'missing', told: null, toldState: null, booked: ours.amount, ourState: ours.state, gap: subject === 'payment' ? ours.amount : minus(ZERO, ours.amount) }
}

export function isReceived(state: string): boolean {
  return state === 'paid' || state === 'surplus'
}

/** Whether a rail bills the movements of its account too; where it does not, its trades tell the fees. */
export function hasFlow(rail: string): boolean {
  return rail === 'wechat_pay'
}

/** A line of the trade bill that a movement of money belongs to; a fee that came back is negative. */
export type Billed = { kind: 'payment' | 'refund'; settled: Cents; fee: Cents }
export type Movement = { type: string; amount: Cents }
export type Moved = { as: 'payment' | 'refund' | 'fee' | 'booked' | 'withdrawal' | 'unknown'; fee: Cents; found?: Found }

const bookedTypes = new Set(['分账', '分账回退', '商家转账'])

/** Movements that stand in no trade bill and are booked under a number of ours. */
export function isBookedByNumber(type: string): boolean {
  return bookedTypes.has(type)
}

/** What a movement is, what of it is a fee, and where it differs from the trade bill, or from what was booked under its number. */
export function judgeMovement({ type, amount }: Movement, billed: Billed | undefined, booked?: Cents): Moved {
  if (isBookedByNumber(type)) return judgeBooked({ type, amount }, booked)
  if (type === '提现') return { as: 'withdrawal', fee: ZERO }
  const as = type === '扣除交易手续费' ? 'fee' : type === '交易' && billed?.kind === 'payment' ? 'payment' : type === '退款' && billed?.kind === 'refund' ? 'refund' : 'unknown'
  if (as === 'unknown' || !billed) return { as: 'unknown', fee: ZERO, found: { kind: 'extra', told: amount, booked: null, toldState: type, ourState: null, gap: minus(ZERO, amount) } }
  const expected = as === 'payment' ? billed.settled : as === 'fee' ? minus(ZERO, billed.fee) : cents(0 - billed.settled - billed.fee)
  const fee = as === 'payment' ? ZERO : as === 'fee' ? minus(ZERO, amount) : billed.fee
  if (amount === expected) return { as, fee }
  // A fee is booked as it was taken: it differs from the other bill, not from the ledger.
  return { as, fee, found: { kind: 'amount', told: amount, booked: expected, toldState: type, ourState: null, gap: as === 'fee' ? ZERO : minus(expected, amount) } }
}

function judgeBooked({ type, amount }: Movement, booked: Cents | undefined): Moved {
  if (booked === amount) return { as: 'booked', fee: ZERO }
  return { as: 'booked', fee: ZERO, found: { kind: booked === undefined ? 'extra' : 'amount', told: amount, booked: booked ?? null, toldState: type, ourState: null, gap: minus(booked ?? ZERO, amount) } }
}

/** The trade bill has it, and its money never moved. */
export function judgeUnmoved({ kind, settled, fee }: Billed): Found {
  const booked = kind === 'payment' ? settled : cents(0 - settled - fee)
  return { kind: 'missing', told: null, toldState: null, booked, ourState: null, gap: kind === 'payment' ? settled : minus(ZERO, settled) }
}

/** We booked that it moved, and no fund flow so far tells it; `booked` is signed, away is negative. */
export function judgeUntoldMovement({ what, amount }: { what: string; amount: Cents }): Found {
  return { kind: 'missing', told: null, toldState: null, booked: amount, ourState: what, gap: amount }
}

/** The rail holds it still: nothing is missing, but it should be ours to withdraw by now. */
export function judgeLate({ amount, state }: { amount: Cents; state: string }): Found {
  return { kind: 'state', told: null, toldState: null, booked: amount, ourState: state, gap: ZERO }
}

/** The sums of a share and of what came back of it have numbers of their own; a payout that came back has the one it left by. */
export function movementName(number: string, amount: Cents): string {
  return amount < 0 ? number : `+${number}`
}

export function byNumber<T extends { number: string }>(all: T[]): Map<string, T> {
  return new Map(all.map((one) => [one.number, one]))
}

/** Given back past us, under a number that the bill alone tells. A number of ours that stands there twice is none. */
export function isForeign({ subject, kind, order }: Pick<Difference, 'subject' | 'kind' | 'order'>): boolean {
  return subject === 'refund' && kind === 'extra' && order === null
}

/** What a person may do: asking helps where only the states differ, where a rail that has no bills did not know of it, and where one says what went back past us; a sum is written off where there is one and nobody can still make good for it. */
export function stepsFor({ subject, kind, gap, order }: Pick<Difference, 'subject' | 'kind' | 'gap' | 'order'>, { isResolved, isAsked, saysForeign }: { isResolved: boolean; isAsked: boolean; saysForeign: boolean }): Difference['can'] {
  if (isResolved) return []
  if (isAsked ? kind === 'missing' : saysForeign && isForeign({ subject, kind, order })) return ['check', 'explain', 'write_off']
  if (kind === 'state') return subject === 'flow' ? ['explain'] : ['check', 'explain']
  return gap === 0 ? ['explain'] : ['explain', 'write_off']
}

export function noSums(): Pick<KeptDay, 'payments' | 'paid' | 'refunds' | 'refunded' | 'fees' | 'coupons' | 'withdrawn' | 'balance'> {
  return { payments: 0, paid: ZERO, refunds: 0, refunded: ZERO, fees: ZERO, coupons: ZERO, withdrawn: ZERO, balance: null }
}

/** Counts a line of the trade bill into the day's sums. What a coupon of ours paid for never reached us. */
export function addTrade(sums: Pick<KeptDay, 'payments' | 'paid' | 'refunds' | 'refunded' | 'coupons'>, line: { kind: 'payment' | 'refund'; total: Cents; settled: Cents }): void {
  const coupon = minus(line.total, line.settled)
  if (line.kind === 'payment') {
    sums.payments += 1
    sums.paid = plus(sums.paid, line.total)
    sums.coupons = plus(sums.coupons, coupon)
  } else {
    sums.refunds += 1
    sums.refunded = plus(sums.refunded, line.total)
    sums.coupons = minus(sums.coupons, coupon)
  }
}

/** The part of our time that is looked for in a day's bill. */
export function windowOf(day: string): { from: Date; to: Date } {
  const start = Date.parse(`${day}T00:00:00+08:00`) - LEEWAY_MS
  return { from: new Date(start), to: new Date(start + DAY_MS) }
}

export function dayAt(at: Date): string {
  return dayOf(at, BEIJING)
}

export function dayAfter(day: string, days = 1): string {
  return new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10)
}

export function lastDayOf(month: string): string {
  return new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5)), 0)).toISOString().slice(0, 10)
}

/** Bills are kept for three months. */
const KEPT_DAYS = 89

/** Days that are over and not done, the oldest first; `first` is the day of the first payment ever. */
export function daysDue(now: Date, first: string | undefined, done: Set<string>): string[] {
  const today = dayAt(now)
  const days: string[] = []
  const oldest = dayAfter(today, -KEPT_DAYS)
  for (let day = first === undefined || first < oldest ? oldest : first; first !== undefined && day < today; day = dayAfter(day)) if (!done.has(day)) days.push(day)
  return days
}

const PATIENCE_DAYS = 7

/** A bill that has not come in a week may never come: the days after it are not kept waiting for ever. */
export function isWaitedFor(day: string, now: Date): boolean {
  return day >= dayAfter(dayAt(now), -PATIENCE_DAYS)
}

export type KeptDay = Omit<ReconciledDay, 'doneAt'> & { doneAt: Date | null }

const SUMS = ['payments', 'paid', 'refunds', 'refunded', 'fees', 'coupons', 'withdrawn', 'differences', 'open'] as const

/** Every day of the month since the first payment that is over, and others that were asked for; those not fetched yet stand there with nothing. */
export function monthOf<D extends KeptDay>(month: string, today: string, first: string | undefined, kept: D[]) {
  const known = new Map(kept.map((day) => [day.day, day]))
  const days: KeptDay[] = []
  for (let day = `${month}-01`; day.startsWith(month) && day <= today; day = dayAfter(day)) if (known.has(day) || (day < today && first !== undefined && day >= first)) days.push(known.get(day) ?? emptyDay(day))
  const total = Object.fromEntries(SUMS.map((name) => [name, days.reduce((sum, day) => sum + day[name], 0)])) as Pick<KeptDay, (typeof SUMS)[number]>
  return { days, total, missingDays: days.filter((day) => day.state === 'none' || day.state === 'waiting').length }
}

function emptyDay(day: string): KeptDay {
  return { day, state: 'none', problem: null, payments: 0, paid: ZERO, refunds: 0, refunded: ZERO, fees: ZERO, coupons: ZERO, withdrawn: ZERO, balance: null, differences: 0, open: 0, doneAt: null }
}
