// How amounts, lengths and instants are written, from the words every part of the house shares.
import { showTime } from '../../contracts/words/time.ts'

export { centsIn, showMoney, showPrice } from '../../contracts/words/money.ts'
export { showPlace as placeLine } from '../../contracts/words/parcels.ts'
export { showDuration } from '../../contracts/words/time.ts'

/** `2026-11-21 09:05` in the academy's zone; hosts without Intl get the same for Beijing. */
export function showWhen(at: string): string {
  if (typeof Intl !== 'undefined') return showTime(at, 'Asia/Shanghai')
  return new Date(new Date(at).getTime() + 8 * 3_600_000).toISOString().slice(0, 16).replace('T', ' ')
}
