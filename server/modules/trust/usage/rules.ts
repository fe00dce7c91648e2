// How finely use is written down.

/** The nearest tenth of a lesson: one that is begun counts as it was used, not as a whole. Both in seconds, or in units of a page. */
export function tenthsOf(used: number, length: number): number {
  return length <= 0 ? 0 : Math.min(10, Math.round((10 * used) / length))
}
