// What of a sound outlives its page: on the web all of it; elsewhere the platform's player ends with the page.
import type { Play } from '../../../contracts/plays.ts'
// #ifdef H5
import { isHere, leaveSound, playOf } from './sound'
// #endif

export type Watching = { tick: (seconds: number) => void; report: () => Promise<void> }

/** What is open already of this lesson need not be opened again. */
export function keptPlay(lesson: string): Play | null {
  // #ifdef H5
  return playOf(lesson)
  // #endif
  // #ifndef H5
  return null
  // #endif
}

export function showPage(isShown: boolean): void {
  // #ifdef H5
  isHere.value = isShown
  // #endif
}

/** The page goes; what still sounds is told to whoever gathered it so far. */
export function leavePage(lesson: string, { tick, report }: Watching): void {
  // #ifdef H5
  leaveSound(lesson, { time: tick, rest: () => void report(), ended: () => void report() })
  // #endif
}
