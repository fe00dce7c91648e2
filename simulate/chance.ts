// Chance that a seed decides: the same seed gives the same choices.
import { seeded } from '../server/test/kill/points.ts'

export type Chance = {
  /** From 0 up to, not including, 1. */
  next(): number
  under(count: number): number
  pick<T>(list: readonly T[]): T
  /** True so often out of a hundred. */
  percent(part: number): boolean
}

export function openChance(seed: number): Chance {
  const next = seeded(Math.imul(seed + 1, 0x9e3779b1))
  const under = (count: number) => Math.floor(next() * count)
  return { next, under, pick: (list) => choose(list, next()), percent: (part) => next() * 100 < part }
}

/** What a number from 0 up to 1 stands for in a list. */
export function choose<T>(list: readonly T[], at: number): T {
  const chosen = list[Math.floor(at * list.length)]
  if (chosen === undefined) throw new Error('there is nothing to choose from')
  return chosen
}
