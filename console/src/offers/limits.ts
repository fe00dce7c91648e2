// What a form does not ask about and must not take away: the window of an offer and its seats.
import type { Offer } from '#contracts/offers.ts'

export function limitsOf(offer: Offer | null | undefined): Pick<Offer, 'from' | 'until' | 'seats'> {
  return { from: offer?.from ?? null, until: offer?.until ?? null, seats: offer?.seats ?? null }
}
