// Decides about signing in: waits, caps, tries; which place a session is held to; and how a phone number is shown.
import type { Platform, System } from '#contracts/words/platforms.ts'
import type { ClientPlace } from '#kernel/ctx.ts'

export const CODE_MINUTES = 10
export const WAIT_SECONDS = 60
export const SESSION_DAYS = 30
const MOST_TRIES = 5
const MOST_A_DAY = { phone: 10, address: 50 }

/** Never more than a minute: whoever asked first may have been let in second. */
export function waitSeconds(lastSentAt: Date | undefined, sentToday: { phone: number; address: number }, now: Date): number {
  if (sentToday.phone >= MOST_A_DAY.phone || sentToday.address >= MOST_A_DAY.address) return 3600
  if (!lastSentAt) return 0
  return Math.min(WAIT_SECONDS, Math.max(0, Math.ceil(WAIT_SECONDS - (now.getTime() - lastSentAt.getTime()) / 1000)))
}

/** Whoever signed in inside a platform's app is in it for as long as the session lives: its rules cannot be left by saying another place. A browser is held to nothing: the channels of an app serve nobody outside of it. */
export function heldPlace(platform: Platform, system: System | null): Partial<Pick<ClientPlace, 'platform' | 'system'>> {
  return platform === 'h5' ? {} : { platform, ...(system ? { system } : {}) }
}

export type Tried = 'right' | 'wrong' | 'expired' | 'exhausted'

export function judgeCode(code: { print: string; expiresAt: Date; tries: number; isUsed: boolean } | undefined, givenPrint: string, now: Date): Tried {
  if (!code || code.isUsed || code.expiresAt <= now) return 'expired'
  if (code.tries >= MOST_TRIES) return 'exhausted'
  return code.print === givenPrint ? 'right' : 'wrong'
}

export function maskPhone(phone: string): string {
  return `${phone.slice(0, 3)}****${phone.slice(-4)}`
}

export function defaultNickname(digits: number): string {
  return `学员${String(digits).padStart(4, '0')}`
}
