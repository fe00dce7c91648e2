// Decides who may open what: the longest live right wins; ending one leaves the others.
import type { LessonAccess } from '#contracts/access.ts'
import type { Trial } from '#contracts/catalog.ts'
import { instant } from '#contracts/words/time.ts'

export type Right = { reason: 'bought' | 'granted' | 'free'; until: Date | null; revokedAt: Date | null }
export type Lesson = { free: boolean; trial: Trial | null; published: boolean }

export function isLive(right: Right, now: Date): boolean {
  return right.revokedAt === null && (right.until === null || right.until > now)
}

/** The live right that lasts longest, or undefined. */
export function bestRight<R extends Right>(rights: R[], now: Date): R | undefined {
  return rights.filter((right) => isLive(right, now)).toSorted((a, b) => endOf(b) - endOf(a))[0]
}

export function endAfterDays(from: Date, days: number | null): Date | null {
  return days === null ? null : new Date(from.getTime() + days * 86_400_000)
}

/** What a caller may do with a lesson and why. Owners keep what they bought when a course leaves the shelf. */
export function decideLesson(lesson: Lesson, rights: Right[], isSignedIn: boolean, now: Date): LessonAccess {
  const best = bestRight(rights, now)
  if (best) return whole(best.reason === 'free' ? 'free_course' : best.reason, best.until)
  if (!lesson.published) return closed('not_published')
  if (lesson.free) return whole('free_lesson', null)
  if (hasTrial(lesson.trial)) return { mode: 'trial', reason: 'trial', until: null, trialSeconds: lesson.trial.seconds, trialBasisPoints: lesson.trial.basisPoints }
  return closed(whyClosed(rights, isSignedIn))
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
