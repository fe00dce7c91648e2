// Chance with a seed: the same pictures and sounds come out of every run.

export type Chance = () => number

/** Mulberry32: small, fast and good enough for drawing; never for secrets. */
export function chanceFrom(seed: number): Chance {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

export function between(chance: Chance, low: number, high: number): number {
  return low + chance() * (high - low)
}

export function pick<T>(chance: Chance, items: readonly [T, ...T[]]): T {
  return items[Math.floor(chance() * items.length)] ?? items[0]
}

/** 0 before `from`, 1 after `to`, easing in between. */
export function rise(at: number, from: number, to: number): number {
  const x = Math.min(1, Math.max(0, (at - from) / (to - from)))
  return x * x * (3 - 2 * x)
}
