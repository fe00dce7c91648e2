// How much comes back: the law's seven days, the academy's own promise, or what was paid less what was used; and the interest on it.
import type { ClaimSum } from '#contracts/claims.ts'
import { ZERO, cents, interestOn, minus, type Cents } from '#contracts/words/money.ts'
import type { Standing } from '#modules/trade/policies/actions.ts'

export type Fault = ClaimSum['fault']
export type Case = Standing & {
  paid: Cents
  list: Cents
  refunded: Cents
  /** When it was asked for; null while nobody has. */
  askedAt: Date | null
  /** A year's interest by whose doing it is, in basis points: those of the day of the order. */
  rates: Record<Fault, number>
}

const DAY_MS = 86_400_000

/** 法释〔2025〕4号: art. 14 principal within seven days; arts. 18, 22 the academy's doing, used at the price that was paid, over all the time that was to be had, gifts too; arts. 19, 20 the learner's wish, used at list price over what was paid for, and never below nothing. */
export function claimSum(one: Case, fault: Fault): ClaimSum {
  const { rule, daysSincePaid, giftDays } = one
  const basis = fault === 'academy' ? one.paid : larger(one.list, one.paid)
  const days = fault === 'academy' ? one.days : one.days - giftDays
  const usedDays = Math.min(days, one.usedDays)
  const used = rule === 'used' ? smaller(days > 0 ? part(basis, usedDays, days) : part(basis, one.usedTenths, one.lessons * 10), one.paid) : ZERO
  const amount = larger(ZERO, minus(minus(one.paid, used), one.refunded))
  // Within the seven days the law gives the principal alone.
  const interestDays = rule === 'seven_days' || !one.askedAt ? 0 : Math.max(0, Math.floor((one.at.getTime() - one.askedAt.getTime()) / DAY_MS))
  const shown = { rule, fault, paid: one.paid, basis, lessons: one.lessons, usedTenths: one.usedTenths, used, days, usedDays, giftDays, refunded: one.refunded, amount, daysSincePaid, policyDays: one.policy.days, policyPercent: one.policy.mostPercent }
  return withInterest({ ...shown, interestBasisPoints: rule === 'seven_days' ? 0 : one.rates[fault], interestDays, interest: ZERO }, amount)
}

/** The same sum with the interest on what really goes back: arts. 16, 17, from the day it was asked for, at the rate of the day of the order. */
export function withInterest(sum: ClaimSum, amount: Cents): ClaimSum {
  return { ...sum, interest: interestOn(amount, sum.interestBasisPoints, sum.interestDays) }
}

/** The part of a fen is the learner's. What has no lesson to pay for was never used. */
function part(basis: Cents, used: number, whole: number): Cents {
  return whole === 0 ? ZERO : cents(Math.floor((basis * used) / whole))
}

function larger(one: Cents, other: Cents): Cents {
  return one > other ? one : other
}

function smaller(one: Cents, other: Cents): Cents {
  return one < other ? one : other
}
