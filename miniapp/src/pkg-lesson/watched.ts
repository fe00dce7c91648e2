// What was really played, gathered from the player's ticks and reported now and then.
import type { Instant } from '../../../contracts/words/time.ts'
import { tell, tellKept } from './unsent'

/** Another device goes on within five seconds of here, so the server is never told of a place further off than this. */
const FURTHEST_SECONDS = 4
const SHORTEST_PAUSE_MS = 1000
const LONGEST_STEP = 4

/** Whether the place must be told now, before the next tick takes it too far from the one that was told. */
export function isDue(told: number, before: number, now: number): boolean {
  const step = now - before
  const next = step > 0 && step <= LONGEST_STEP ? step : 0
  return Math.abs(now - told) + next > FURTHEST_SECONDS
}

export function useWatched(lesson: () => string) {
  let ranges: [number, number][] = []
  let open: [number, number] | null = null
  let position = 0
  let told = 0
  let reportedAt = Date.now()
  let waiting: ReturnType<typeof setTimeout> | undefined

  /** A step further than a playing device can take between two ticks is a seek and starts a new range. */
  function tick(seconds: number): void {
    const before = position
    position = seconds
    if (open && seconds >= open[1] && seconds - open[1] <= LONGEST_STEP) open[1] = seconds
    else cut(seconds)
    if (isDue(told, before, seconds)) reportSoon()
  }
  /** A finger that drags along the line tells a place a second, and the last one. */
  function reportSoon(): void {
    const pause = reportedAt + SHORTEST_PAUSE_MS - Date.now()
    if (pause <= 0) void report()
    else waiting ??= setTimeout(() => void report(), pause)
  }
  function cut(from: number): void {
    if (open && Math.floor(open[1]) > Math.floor(open[0])) ranges.push([Math.floor(open[0]), Math.floor(open[1])])
    open = [from, from]
  }
  function add(from: number, to: number): void {
    position = to
    if (to > from) ranges.push([from, to])
  }
  async function report(): Promise<void> {
    clearTimeout(waiting)
    waiting = undefined
    reportedAt = Date.now()
    if (open) {
      const end = open[1]
      cut(Math.floor(end))
      if (open) open[1] = end
    }
    if (ranges.length === 0 && position === told) return
    const sent = ranges
    ranges = []
    told = position
    await tell(lesson(), { ranges: sent, positionSeconds: position, at: new Date().toISOString() as Instant })
  }
  void tellKept()
  return { tick, add, report }
}
