// The terms of sharing and what stands in the way of rates.

export type Terms = { coolingDays: number; capBasisPoints: number }

/** What an academy shares by before it has set anything: thirty of a hundred is what every merchant may. */
export const defaultTerms: Terms = { coolingDays: 7, capBasisPoints: 3000 }

export function isOverCap(rates: { basisPoints: number }[], terms: Terms): boolean {
  return rates.reduce((sum, rate) => sum + rate.basisPoints, 0) > terms.capBasisPoints
}
