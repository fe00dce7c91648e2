// Decides how much of a lesson is done.

export const ARTICLE_UNITS = 10_000
const DONE_BASIS_POINTS = 9_000

/** Units are seconds for what plays, basis points of the page for articles. */
export function progressOf(watched: number, length: number): { basisPoints: number; completed: boolean } {
  const basisPoints = length <= 0 ? 0 : Math.min(10_000, Math.round((watched / length) * 10_000))
  return { basisPoints, completed: basisPoints >= DONE_BASIS_POINTS }
}

/** Ranges that make sense: forward, and inside the lesson when its length is known. */
export function isSound(ranges: [number, number][], length: number | null): boolean {
  return ranges.every(([from, to]) => from < to && (length === null || to <= Math.ceil(length) + 1))
}

/** What lies inside the lesson, or inside the trial of it: rounding on a device adds no time. */
export function within(told: { ranges: [number, number][]; positionSeconds: number }, length: number | null): typeof told {
  if (length === null) return told
  const end = Math.ceil(length)
  const ranges = told.ranges.map(([from, to]): [number, number] => [from, Math.min(to, end)]).filter(([from, to]) => from < to)
  return { ranges, positionSeconds: Math.min(told.positionSeconds, length) }
}

/** PostgreSQL's text form of a multirange; the database merges what overlaps. */
export function multirange(ranges: [number, number][]): string {
  return `{${ranges.map(([from, to]) => `[${from},${to})`).join(',')}}`
}

/** Days in a row up to today, or to yesterday while today has not begun. */
export function streak(days: string[], today: string): number {
  const learnt = new Set(days)
  let day = learnt.has(today) ? today : dayBefore(today)
  let count = 0
  while (learnt.has(day)) {
    count += 1
    day = dayBefore(day)
  }
  return count
}

function dayBefore(day: string): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number)
  return new Date(Date.UTC(year, month - 1, date - 1)).toISOString().slice(0, 10)
}
