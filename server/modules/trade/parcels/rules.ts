// What a parcel may become, what each side may do with it, and how its address is shown.
import type { Parcel } from '#contracts/parcels.ts'
import { daysSince } from '#modules/trade/policies/actions.ts'
import type { ParcelState } from '#contracts/words/parcels.ts'

/** A cancelled parcel goes on when money comes late, or when the refund that cancelled it failed. What was sent may come back. */
export const transitions: Record<ParcelState, readonly ParcelState[]> = {
  waiting: ['to_ship', 'cancelled'],
  to_ship: ['shipped', 'cancelled'],
  shipped: ['received', 'returned'],
  received: ['returned'],
  returned: [],
  cancelled: ['to_ship'],
}

export function mayBecome(from: ParcelState, to: ParcelState): boolean {
  return transitions[from].includes(to)
}

export function actionsOf(state: ParcelState, isPutOff: boolean): Parcel['can'] {
  if (state === 'waiting' || state === 'to_ship') return ['readdress']
  if (state !== 'shipped') return []
  return isPutOff ? ['receive'] : ['receive', 'put_off']
}

/** `手帐本一册 × 3`: one piece is not counted. */
export function goodsLine({ goods, pieces }: { goods: string; pieces: number }): string {
  return pieces === 1 ? goods : `${goods} × ${pieces}`
}

/** Where goods are: they are here until they are sent, and again once they came back. */
export function whereOf(state: ParcelState): 'here' | 'kept' | 'returned' {
  if (state === 'returned') return state
  return state === 'shipped' || state === 'received' ? 'kept' : 'here'
}

const DAY_MS = 86_400_000
const DAYS_TO_RETURN = 7

/** When a parcel that leaves now counts as received, if nobody says anything. */
export function receivesAt(now: Date, days: number): Date {
  return new Date(now.getTime() + days * DAY_MS)
}

/** 消费者权益保护法 art. 25: seven days from the receipt, counted as the law counts days; before the receipt they have not begun. */
export function isReturnOver(receivedAt: Date | null, now: Date, zone: string): boolean {
  return receivedAt !== null && daysSince(receivedAt, now, zone) > DAYS_TO_RETURN
}

/** `138****8000`, and for a line `010****5678`. */
export function maskNumber(phone: string): string {
  return `${phone.slice(0, 3)}****${phone.slice(-4)}`
}
