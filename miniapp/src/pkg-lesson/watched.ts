// What was really played, gathered from the player's ticks and reported now and then.
import type { Instant } from '../../../contracts/words/time.ts'
import { tell, tellKept } from './unsent'

const REPORT_EVERY_MS = 10_000
const LONGEST_STEP = 4

export function useWatched(lesson: () => string) {
  let ranges: [number, number][] = []
  let open: [number, number] | null = null
  let position = 0
  let reportedAt = Date.now()

  /** A step further than a playing device can take between two ticks is a seek and starts a new range. */
  function tick(seconds: number): void {
    position = seconds
    if (open && seconds >= open[1] && seconds - open[1] <= LONGEST_STEP) open[1] = seconds
    else cut(seconds)
    if (Date.now() - reportedAt >= REPORT_EVERY_MS) void report()
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
    reportedAt = Date.now()
    if (open) {
      const end = open[1]
      cut(Math.floor(end))
      if (open) open[1] = end
    }
    if (ranges.length === 0) return
    const sent = ranges
    ranges = []
    await tell(lesson(), { ranges: sent, positionSeconds: position, at: new Date().toISOString() as Instant })
  }
  void tellKept()
  return { tick, add, report }
}
