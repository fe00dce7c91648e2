// How often one caller may ask one route, counted in this process by a sliding window of two halves.
type Window = { from: number; now: number; before: number }

const MOST_WINDOWS = 50_000

/** Counts one more ask under a key; the seconds to wait when it is one too many, else 0. */
export type Limits = (key: string, limit: { count: number; seconds: number }, nowMs: number) => number

export function openLimits(): Limits {
  const windows = new Map<string, Window>()
  return (key, limit, nowMs) => {
    const length = limit.seconds * 1000
    const window = windows.get(key) ?? { from: nowMs, now: 0, before: 0 }
    const passed = Math.floor((nowMs - window.from) / length)
    // A clock that was set back would let nobody in until it is where it was.
    if (passed < 0) Object.assign(window, { from: nowMs, before: 0, now: 0 })
    if (passed >= 1) Object.assign(window, { from: window.from + passed * length, before: passed === 1 ? window.now : 0, now: 0 })
    const weight = 1 - (nowMs - window.from) / length
    if (window.before * weight + window.now >= limit.count) return Math.max(1, Math.ceil((window.from + length - nowMs) / 1000))
    window.now += 1
    if (windows.size > MOST_WINDOWS) windows.clear()
    windows.set(key, window)
    return 0
  }
}
