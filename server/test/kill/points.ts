// Where a server can be killed: the boundaries that its traffic crosses, counted for one payment at a time.

export type Side = 'before' | 'after'
/** The n-th time something crosses, seen before it is passed on, or after it was done and before the server hears of it. */
export type Point = { what: string; nth: number; side: Side }

export type Gate = {
  /** Asked by the proxies; false means that the server was killed here and nothing may be passed on. */
  crosses(what: string, side: Side): boolean
  /** Begins to count from nothing; with a target, `kill` is called when it is reached. */
  watch(target?: Point): void
  journal(): Point[]
  wasReached(): boolean
}

export function openGate(kill: () => void): Gate {
  let seen: Point[] = []
  let target: Point | undefined
  let isReached = false
  return {
    crosses(what, side) {
      const nth = seen.filter((one) => one.what === what && one.side === side).length + 1
      seen.push({ what, nth, side })
      if (isReached || target?.what !== what || target.nth !== nth || target.side !== side) return true
      isReached = true
      kill()
      return false
    },
    watch(point) {
      seen = []
      target = point
      isReached = false
    },
    journal: () => seen,
    wasReached: () => isReached,
  }
}

/** A generator of chance that gives the same numbers for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000
  }
}

/** Just after something became lasting, before the server hears of it: where a half-done payment would show. */
export function isLasting({ what, side }: Point): boolean {
  return side === 'after' && (what === 'commit' || what.startsWith('insert notices'))
}

/** As many points as asked: the lasting ones, then by chance one from each equal stretch of the rest of the journal, so that every phase gets its share. */
export function choosePoints(journal: Point[], count: number, chance: () => number): Point[] {
  const lasting = journal.filter(isLasting).slice(0, count)
  const rest = journal.filter((point) => !isLasting(point))
  const stretch = rest.length / (count - lasting.length)
  const drawn = Array.from({ length: count - lasting.length }, (_, at) => rest[Math.min(rest.length - 1, Math.floor((at + chance()) * stretch))])
  return [...lasting, ...drawn.filter((point) => point !== undefined)]
}

export function nameOf({ what, nth, side }: Point): string {
  return `${side} ${what}${nth > 1 ? ` (${nth})` : ''}`
}
