// What an order may become and what its buyer may do with it.
import type { Quote } from '#contracts/offers.ts'
import type { Order } from '#contracts/orders.ts'
import type { PolicyTerms } from '#contracts/policies.ts'
import type { RefusalCode } from '#contracts/words/refusals.ts'

export type OrderState = Order['state']

/** A closed order can still become paid: the money of a slow payer is not turned away unseen. */
export const transitions: Record<OrderState, readonly OrderState[]> = {
  placed: ['paid', 'closed'],
  paid: ['refunded'],
  closed: ['paid'],
  refunded: [],
}

export function mayBecome(from: OrderState, to: OrderState): boolean {
  return transitions[from].includes(to)
}

export type WhyNot = { code: RefusalCode; details: Record<string, unknown> }

/** What the buyer agreed to must be what is asked for now. */
export function whyNotPlaced(quoted: Pick<Quote, 'total' | 'agreementVersion' | 'policy' | 'channels' | 'ships'>, wish: { total: number; agreementVersion: number; policy: PolicyTerms; address?: string }): WhyNot | undefined {
  if (quoted.total !== wish.total) return { code: 'order.price_changed', details: { total: quoted.total } }
  if (quoted.agreementVersion !== wish.agreementVersion) return { code: 'order.agreement_missing', details: { agreementVersion: quoted.agreementVersion } }
  if (!isSamePromise(quoted.policy, wish.policy)) return { code: 'order.promise_changed', details: { policy: quoted.policy } }
  if (quoted.ships !== null && wish.address === undefined) return { code: 'order.address_missing', details: { ships: quoted.ships } }
  return quoted.total > 0 && quoted.channels.length === 0 ? { code: 'payment.channel_closed', details: {} } : undefined
}

type Bargain = { total: number; policy: PolicyTerms; gives: { parcel?: { pieces: number } } }

/** An open order stands for another wish only while it costs, promises and sends what its buyer was shown now. */
export function isSameBargain(one: Bargain, other: Bargain): boolean {
  return one.total === other.total && isSamePromise(one.policy, other.policy) && one.gives.parcel?.pieces === other.gives.parcel?.pieces
}

function isSamePromise(one: PolicyTerms, other: PolicyTerms): boolean {
  return one.days === other.days && one.mostPercent === other.mostPercent
}

/** `opens`: it gives something to learn, not goods alone. */
export function actionsOf(state: OrderState, opens: boolean): Order['can'] {
  if (state === 'placed') return ['pay', 'close']
  return state === 'paid' && opens ? ['learn'] : []
}

/** `20261121` and ten digits: short enough to read out, unguessable enough not to count sales by. */
export function orderNumber(day: string, digits: number): string {
  return day.replaceAll('-', '') + String(digits).padStart(10, '0')
}
