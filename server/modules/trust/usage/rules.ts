// How finely use is written down.

/** The nearest tenth of a lesson: one that is begun counts as it was used, not as a whole. */
export function tenthsOf(basisPoints: number): number {
  return Math.min(10, Math.max(0, Math.round(basisPoints / 1000)))
}
