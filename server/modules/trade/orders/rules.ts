// What an order may become and what its buyer may do with it.
import type { Order } from '#contracts/orders.ts'

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

export function actionsOf(state: OrderState): Order['can'] {
  if (state === 'placed') return ['pay', 'close']
  return state === 'paid' ? ['learn'] : []
}

/** `20261121` and ten digits: short enough to read out, unguessable enough not to count sales by. */
export function orderNumber(day: string, digits: number): string {
  return day.replaceAll('-', '') + String(digits).padStart(10, '0')
}
