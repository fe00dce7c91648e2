// How much comes back: the law's seven days, the academy's own promise, or what was paid less what was used; and the interest on it.
import type { ClaimSum, GoodsSum } from '#contracts/claims.ts'
import { ZERO, cents, interestOn, minus, plus, type Cents } from '#contracts/words/money.ts'
import type { Standing } from '#modules/trade/policies/actions.ts'

export type Fault = ClaimSum['fault']
/** `paid`, `list` and `refunded` are those of what is learnt; `goods` is null for an order that sends nothing. */
export type Case = Standing & {
  paid: Cents
  list: Cents
  refunded: Cents
  /** What it was sold for, with the tiers that went into it; what those would have used meanwhile; and what upgrades that live on it used more. */
  worth: Cents
  below: Cents
  above: Cents
  goods: Goods | null
  /** When it was asked for; null while nobody has. */
  askedAt: Date | null
  /** A year's interest by whose doing it is, in basis points: those of the day of the order. */
  rates: Record<Fault, number>
}

/** What goods cost and what sending them did; `mayReturn` while the law's days for sending them back last. */
export type Goods = Pick<GoodsSum, 'state' | 'paid' | 'sending' | 'refunded'> & { mayReturn: boolean }

const DAY_MS = 86_400_000

/** 法释〔2025〕4号: art. 14 principal within seven days; arts. 18, 22 the academy's doing, used at the price that was paid, over all the time that was to be had, gifts too; arts. 19, 20 the learner's wish, used at list price over what was paid for, and never below nothing. */
export function claimSum(one: Case, fault: Fault): ClaimSum {
  const { rule, daysSincePaid, giftDays } = one
  const basis = fault === 'academy' ? one.worth : larger(one.list, one.worth)
  const days = fault === 'academy' ? one.days : one.days - giftDays
  const usedDays = Math.min(days, one.usedDays)
  const own = days > 0 ? part(basis, usedDays, days) : part(basis, one.usedTenths, one.lessons * 10)
  const used = rule === 'used' ? smaller(plus(larger(ZERO, minus(own, one.below)), one.above), one.paid) : ZERO
  const goods = one.goods && goodsSum(one.goods, fault)
  const amount = plus(larger(ZERO, minus(minus(one.paid, used), one.refunded)), goods?.amount ?? ZERO)
  // Within the seven days the law gives the principal alone.
  const interestDays = rule === 'seven_days' || !one.askedAt ? 0 : Math.max(0, Math.floor((one.at.getTime() - one.askedAt.getTime()) / DAY_MS))
  const shown = { rule, fault, paid: one.paid, basis, lessons: one.lessons, usedTenths: one.usedTenths, used, days, usedDays, giftDays, below: one.below, above: one.above, refunded: one.refunded, goods, amount, daysSincePaid, policyDays: one.policy.days, policyPercent: one.policy.mostPercent }
  return withInterest({ ...shown, interestBasisPoints: rule === 'seven_days' ? 0 : one.rates[fault], interestDays, interest: ZERO }, amount)
}

/** 消费者权益保护法 arts. 24, 25: what never left comes back whole; what is sent back within its days without what sending it cost, and with it when it is the academy's doing; what is kept is paid for. */
function goodsSum({ state, paid, sending, refunded, mayReturn }: Goods, fault: Fault): GoodsSum {
  const due = state === 'here' || fault === 'academy' ? plus(paid, sending) : paid
  const rest = larger(ZERO, minus(due, refunded))
  const isKept = state === 'kept'
  return { state, paid, sending, refunded, amount: isKept ? ZERO : rest, ifReturned: isKept && (mayReturn || fault === 'academy') ? rest : ZERO }
}

/** What of a sum is for goods, when another sum than the rule's is given. */
export function goodsShare({ amount, goods }: ClaimSum, given: Cents): Cents {
  if (!goods || amount === 0) return ZERO
  return given === amount ? goods.amount : cents(Math.floor((given * goods.amount) / amount))
}

/** The same sum with the interest on what really goes back of what is learnt, which alone was paid ahead: arts. 16, 17, from the day it was asked for, at the rate of the day of the order. */
export function withInterest(sum: ClaimSum, amount: Cents): ClaimSum {
  return { ...sum, interest: interestOn(minus(amount, goodsShare(sum, amount)), sum.interestBasisPoints, sum.interestDays) }
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
