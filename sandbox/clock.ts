// The virtual clock of one tenant: runs with real time, can be pushed forward, and drives every schedule of the sandbox.

export type Clock = {
  now(): number
  offsetMs(): number
  at(whenMs: number, run: () => Promise<void>): void
  advance(seconds: number): Promise<void>
  stop(): void
}

type Appointment = { whenMs: number; run: () => Promise<void> }
const LONGEST_TIMER_MS = 2_000_000_000

export function startClock(initialOffsetMs: number): Clock {
  let offset = initialOffsetMs
  let stopped = false
  let timer: NodeJS.Timeout | undefined
  const waiting: Appointment[] = []
  const now = () => Date.now() + offset

  function rearm(): void {
    if (timer !== undefined) clearTimeout(timer)
    timer = undefined
    const next = waiting[0]
    if (next === undefined || stopped) return
    timer = setTimeout(ring, Math.min(LONGEST_TIMER_MS, Math.max(0, next.whenMs - now())))
  }

  function ring(): void {
    for (const due of takeDue()) void due.run()
    rearm()
  }

  function takeDue(): Appointment[] {
    const later = waiting.findIndex((one) => one.whenMs > now())
    return waiting.splice(0, later === -1 ? waiting.length : later)
  }

  function at(whenMs: number, run: () => Promise<void>): void {
    if (stopped) return
    let place = waiting.length
    while (place > 0 && (waiting[place - 1]?.whenMs ?? 0) > whenMs) place -= 1
    waiting.splice(place, 0, { whenMs, run })
    if (place === 0) rearm()
  }

  /** Walks from appointment to appointment, waiting for each, so that a day of retries happens in its order. */
  async function advance(seconds: number): Promise<void> {
    const goal = now() + seconds * 1000
    while (!stopped) {
      const next = waiting[0]
      if (next === undefined || next.whenMs > goal) break
      if (next.whenMs > now()) offset += next.whenMs - now()
      await Promise.all(takeDue().map((due) => due.run()))
    }
    if (goal > now()) offset += goal - now()
    rearm()
  }

  function stop(): void {
    stopped = true
    waiting.length = 0
    if (timer !== undefined) clearTimeout(timer)
  }

  return { now, offsetMs: () => offset, at, advance, stop }
}
