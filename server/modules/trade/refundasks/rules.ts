// Decides until when an ask waits for a word.

const threeDaysMs = 3 * 86_400_000

/** Douyin's own deadline; three days, its usual one, when it tells none. */
export function deadlineOf(told: string | undefined, now: Date): Date {
  return told === undefined ? new Date(now.getTime() + threeDaysMs) : new Date(told)
}
