// How ratings add up.

export type Summary = { average: number; count: number; byStars: number[] }

/** The average to one decimal; one star first in the list. */
export function summarise(counts: { stars: number; count: number }[]): Summary {
  const byStars = [1, 2, 3, 4, 5].map((stars) => counts.filter((one) => one.stars === stars).reduce((sum, one) => sum + one.count, 0))
  const count = byStars.reduce((sum, one) => sum + one, 0)
  const total = byStars.reduce((sum, one, at) => sum + one * (at + 1), 0)
  return { average: count === 0 ? 0 : Math.round((total / count) * 10) / 10, count, byStars }
}
