// The virtual clock of one tenant: runs with real time, can be pushed forward, and drives every schedule of the sandbox.

export type Clock = {
  now(): number
  offsetMs(): number
  at(whenMs: number, run: () => Promise<void>): void
  advance(seconds: number): Promise<void>
  stop(): void
}

type Appointment = { whenMs: number; run: () => Promise<void> }
type Works = { offsetMs: number; stopped: boolean; timer: NodeJS.Timeout | undefined; waiting: Appointment[]; running: Set<Promise<void>> }
const LONGEST_TIMER_MS = 2_000_000_000

export function startClock(offsetMs: number): Clock {
  const works: Works = { offsetMs, stopped: false, timer: undefined, waiting: [], running: new Set() }
  return {
    now: () => readNow(works),
    offsetMs: () => works.offsetMs,
    at: (whenMs, run) => appoint(works, { whenMs, run }),
    advance: (seconds) => advance(works, seconds),
    stop: () => stop(works),
  }
}

function readNow(works: Works): number {
  return Date.now() + works.offsetMs
}

function appoint(works: Works, appointment: Appointment): void {
  if (works.stopped) return
  let place = works.waiting.length
  while (place > 0 && (works.waiting[place - 1]?.whenMs ?? 0) > appointment.whenMs) place -= 1
  works.waiting.splice(place, 0, appointment)
  if (place === 0) rearm(works)
}

/** Walks from appointment to appointment, waiting for each — also for those under way — so that a day of retries happens in its order. */
async function advance(works: Works, seconds: number): Promise<void> {
  const goal = readNow(works) + seconds * 1000
  while (!works.stopped) {
    await Promise.all(works.running)
    const next = works.waiting[0]
    if (next === undefined || next.whenMs > goal) break
    if (next.whenMs > readNow(works)) works.offsetMs += next.whenMs - readNow(works)
    keepDue(works)
  }
  if (goal > readNow(works)) works.offsetMs += goal - readNow(works)
  rearm(works)
}

function rearm(works: Works): void {
  clearTimeout(works.timer)
  works.timer = undefined
  const next = works.waiting[0]
  if (next === undefined || works.stopped) return
  works.timer = setTimeout(() => ring(works), Math.min(LONGEST_TIMER_MS, Math.max(0, next.whenMs - readNow(works))))
}

function ring(works: Works): void {
  keepDue(works)
  rearm(works)
}

function keepDue(works: Works): void {
  for (const due of takeDue(works)) {
    const run = due.run().finally(() => works.running.delete(run))
    works.running.add(run)
  }
}

function takeDue(works: Works): Appointment[] {
  const later = works.waiting.findIndex((one) => one.whenMs > readNow(works))
  return works.waiting.splice(0, later === -1 ? works.waiting.length : later)
}

function stop(works: Works): void {
  works.stopped = true
  works.waiting.length = 0
  clearTimeout(works.timer)
}
