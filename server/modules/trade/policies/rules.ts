// Decides by which rule money goes back: the law's seven days, the academy's promise, or what was paid less what was used.
import type { ClaimSum } from '#contracts/claims.ts'
import { dayOf } from '#contracts/words/time.ts'

const DAY_MS = 86_400_000
const DAYS_OF_LAW = 7
/** For life is reckoned as ten years: the law wants a ratio of time, and a life has no known length. */
const DAYS_OF_LIFE = 3650

/** `hadBefore`: the same course was had before the order, so the law's seven days for getting to know it do not apply. */
export type Facts = {
  paidAt: Date
  at: Date
  /** Whose days are counted. */
  zone: string
  hadBefore: boolean
  lessons: number
  usedTenths: number
  /** A plan is time: from when, how many days in all (null for life), and how many of them were a gift. Courses are lessons. */
  plan?: { from: Date; days: number | null; giftDays: number }
  policy: { days: number; mostPercent: number }
}
/** `days`, `giftDays` and `usedDays` are those of a plan, 0 where it is lessons. */
export type Standing = Facts & { rule: ClaimSum['rule']; daysSincePaid: number; days: number; giftDays: number; usedDays: number; usedPercent: number }

export function daysBetween(from: Date, until: Date): number {
  return Math.max(1, Math.round((until.getTime() - from.getTime()) / DAY_MS))
}

/** 民法典 arts. 201, 203: the day on which it begins does not count, and the last one counts to its midnight. */
export function daysSince(from: Date, at: Date, zone: string): number {
  return Math.round((Date.parse(dayOf(at, zone)) - Date.parse(dayOf(from, zone))) / DAY_MS)
}

/** How many days a time of a plan is reckoned as, and how many of them were had. */
export function planUse({ from, days }: NonNullable<Facts['plan']>, at: Date): { days: number; usedDays: number } {
  const whole = days ?? DAYS_OF_LIFE
  return { days: whole, usedDays: Math.max(0, Math.floor((at.getTime() - from.getTime()) / DAY_MS)) }
}

/** 法释〔2025〕4号 art. 14: the principal within seven days, or what was agreed that is better for the learner. */
export function weigh(facts: Facts): Standing {
  const daysSincePaid = daysSince(facts.paidAt, facts.at, facts.zone)
  const { days, usedDays } = facts.plan ? planUse(facts.plan, facts.at) : { days: 0, usedDays: 0 }
  const usedPercent = days > 0 ? (100 * usedDays) / days : facts.lessons === 0 ? 0 : (10 * facts.usedTenths) / facts.lessons
  const isPromised = facts.policy.days > 0 && daysSincePaid <= facts.policy.days && usedPercent <= facts.policy.mostPercent
  return { ...facts, daysSincePaid, days, giftDays: facts.plan?.giftDays ?? 0, usedDays, usedPercent, rule: daysSincePaid <= DAYS_OF_LAW && !facts.hadBefore ? 'seven_days' : isPromised ? 'policy' : 'used' }
}
