// Decides who may open what: the longest live right wins; ending one leaves the others.
import type { LessonAccess } from '#contracts/access.ts'
import type { Trial } from '#contracts/catalog.ts'
import type { Period } from '#contracts/plans.ts'
import { ZERO, cents, type Cents } from '#contracts/words/money.ts'
import { instant } from '#contracts/words/time.ts'

export type Right = { plan: string | null; reason: 'bought' | 'granted' | 'free' | 'redeemed'; from: Date | null; until: Date | null; revokedAt: Date | null }
export type Lesson = { free: boolean; trial: Trial | null; published: boolean }

export function isLive(right: Right, now: Date): boolean {
  return right.revokedAt === null && (right.from === null || right.from <= now) && (right.until === null || right.until > now)
}

/** The live right that lasts longest, of equals the one that was there first; they come newest first. */
export function bestRight<R extends Right>(rights: R[], now: Date): R | undefined {
  return rights.filter((right) => isLive(right, now)).toReversed().toSorted((a, b) => endOf(b) - endOf(a))[0]
}

export function endAfterDays(from: Date, days: number | null): Date | null {
  return days === null ? null : new Date(from.getTime() + days * 86_400_000)
}

/** What a caller may do with a lesson and why. Owners keep what they bought when a course leaves the shelf. */
export function decideLesson(lesson: Lesson, rights: Right[], isSignedIn: boolean, now: Date): LessonAccess {
  const best = bestRight(rights, now)
  if (best) return whole(reasonOf(best), best.until)
  if (!lesson.published) return closed('not_published')
  if (lesson.free) return whole('free_lesson', null)
  if (hasTrial(lesson.trial)) return { mode: 'trial', reason: 'trial', until: null, trialSeconds: lesson.trial.seconds, trialBasisPoints: lesson.trial.basisPoints }
  return closed(whyClosed(rights, isSignedIn))
}

function reasonOf(right: Right): LessonAccess['reason'] {
  if (right.plan !== null) return 'plan'
  return right.reason === 'free' ? 'free_course' : right.reason
}

const monthsOf: Record<Exclude<Period, 'trial' | 'lifetime'>, number> = { month: 1, season: 3, year: 12 }

/** When a time of a plan that begins then ends: calendar months, the 31st becoming the last day of a shorter one; null for life. */
export function endOfPeriod(from: Date, period: Period, trialDays: number | null): Date | null {
  if (period === 'lifetime') return null
  if (period === 'trial') return endAfterDays(from, trialDays ?? 7)
  const end = new Date(from)
  end.setUTCMonth(end.getUTCMonth() + monthsOf[period], 1)
  const lastDay = new Date(Date.UTC(end.getUTCFullYear(), end.getUTCMonth() + 1, 0)).getUTCDate()
  end.setUTCDate(Math.min(from.getUTCDate(), lastDay))
  return end
}

export function withGift(until: Date | null, giftDays: number): Date | null {
  return until && endAfterDays(until, giftDays)
}

/** A time of a plan begins where the last live one of the same plan ends, or now. */
export function nextStart(rights: Right[], now: Date): Date {
  const ends = rights.filter((right) => right.revokedAt === null && right.until !== null && right.until > now).map((right) => right.until?.getTime() ?? 0)
  return new Date(Math.max(now.getTime(), ...ends))
}

const DAY_MS = 86_400_000

/** What is left of a time that was paid for, by whole days; a lifetime keeps its whole worth. */
export function creditOf(right: Pick<Right, 'from' | 'until'> & { grantedAt: Date; worth: Cents }, now: Date): { days: number; amount: Cents } {
  if (right.until === null) return { days: 0, amount: right.worth }
  const from = right.from ?? right.grantedAt
  const total = Math.max(1, Math.round((right.until.getTime() - from.getTime()) / DAY_MS))
  const days = Math.min(total, Math.max(0, Math.floor((right.until.getTime() - Math.max(now.getTime(), from.getTime())) / DAY_MS)))
  return { days, amount: days === 0 ? ZERO : cents(Math.floor((right.worth * days) / total)) }
}

/** The seconds of a trial: the smaller of both limits; null when neither is set. */
export function trialLength(trial: Trial, durationSeconds: number): number | null {
  const limits = [trial.seconds, trial.basisPoints === null ? null : (durationSeconds * trial.basisPoints) / 10_000].filter((limit) => limit !== null)
  return limits.length === 0 ? null : Math.min(...limits, durationSeconds)
}

function hasTrial(trial: Trial | null): trial is Trial {
  return trial !== null && (trial.seconds !== null || trial.basisPoints !== null)
}

function whyClosed(rights: Right[], isSignedIn: boolean): LessonAccess['reason'] {
  if (!isSignedIn) return 'not_signed_in'
  if (rights.some((right) => right.revokedAt !== null)) return 'revoked'
  return rights.length > 0 ? 'ended' : 'not_owned'
}

function endOf(right: Right): number {
  return right.until?.getTime() ?? Number.POSITIVE_INFINITY
}

function whole(reason: LessonAccess['reason'], until: Date | null): LessonAccess {
  return { mode: 'full', reason, until: until && instant(until), trialSeconds: null, trialBasisPoints: null }
}

function closed(reason: LessonAccess['reason']): LessonAccess {
  return { mode: 'closed', reason, until: null, trialSeconds: null, trialBasisPoints: null }
}
