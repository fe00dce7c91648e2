// What an order may become and what its buyer may do with it.
import type { Quote } from '#contracts/offers.ts'
import type { Order } from '#contracts/orders.ts'
import type { PolicyTerms } from '#contracts/policies.ts'
import { ZERO, minus, plus, type Cents } from '#contracts/words/money.ts'
import type { RefusalCode } from '#contracts/words/refusals.ts'
import type { Portion } from '#modules/money/ledger/actions.ts'
import { goodsOf, type Goods } from '#modules/trade/channels/actions.ts'
import type { Gives, KeptOrder } from './store.ts'

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
export function whyNotPlaced(quoted: Pick<Quote, 'total' | 'agreementVersion' | 'policy' | 'ships'>, wish: { total: number; agreementVersion: number; policy: PolicyTerms; address?: string }): WhyNot | undefined {
  if (quoted.total !== wish.total) return { code: 'order.price_changed', details: { total: quoted.total } }
  if (quoted.agreementVersion !== wish.agreementVersion) return { code: 'order.agreement_missing', details: { agreementVersion: quoted.agreementVersion } }
  if (!isSamePromise(quoted.policy, wish.policy)) return { code: 'order.promise_changed', details: { policy: quoted.policy } }
  if (quoted.ships !== null && wish.address === undefined) return { code: 'order.address_missing', details: { ships: quoted.ships } }
  return undefined
}

/** What an order is, as the rules of channels see it. */
export function kindsOf(gives: Gives): Goods[] {
  return goodsOf({ sends: gives.parcel !== undefined, opens: opensSomething(gives), fills: gives.coins !== undefined })
}

/** Goods alone, and coins, open nothing. */
export function opensSomething({ courses, plan }: Gives): boolean {
  return courses.length > 0 || plan !== undefined
}

type Bargain = { total: number; policy: PolicyTerms; gives: { parcel?: { pieces: number } } }

/** An open order stands for another wish only while it costs, promises and sends what its buyer was shown now. */
export function isSameBargain(one: Bargain, other: Bargain): boolean {
  return one.total === other.total && isSamePromise(one.policy, other.policy) && one.gives.parcel?.pieces === other.gives.parcel?.pieces
}

function isSamePromise(one: PolicyTerms, other: PolicyTerms): boolean {
  return one.days === other.days && one.mostPercent === other.mostPercent
}

/** `opens`: it gives something to learn, not goods alone. `isSoldHere`: it could be paid where it is looked at. */
export function actionsOf(state: OrderState, opens: boolean, isSoldHere: boolean): Order['can'] {
  if (state === 'placed') return isSoldHere ? ['pay', 'close'] : ['close']
  return state === 'paid' && opens ? ['learn'] : []
}

/** `20261121` and ten digits: short enough to read out, unguessable enough not to count sales by. */
export function orderNumber(day: string, digits: number): string {
  return day.replaceAll('-', '') + String(digits).padStart(10, '0')
}

type Bought = Pick<KeptOrder, 'gives' | 'lines' | 'total'>

/** What of a price is for what is learnt, for goods, and for sending them. An old order of both does not say: it is all for what is learnt. */
export function bucketsOf({ gives, lines, total }: Bought): { learning: Cents; goods: Cents; sending: Cents } {
  const sending = lines.find((line) => line.step === 'shipping')?.amount ?? ZERO
  const goods = gives.courses.length === 0 && gives.parcel ? minus(total, sending) : gives.parcel?.paid
  return goods === undefined ? { learning: total, goods: ZERO, sending: ZERO } : { learning: minus(minus(total, goods), sending), goods, sending }
}

/** What of a price has to do with goods, with sending them. */
export function goodsIn(order: Bought): Cents {
  const { goods, sending } = bucketsOf(order)
  return plus(goods, sending)
}

/** What money of an order is for, as the books see it: `goods` of it by their class of tax, the rest by its own. */
export function soldBy({ gives }: Pick<Bought, 'gives'>, amount: Cents, goods: Cents): Portion[] {
  if (gives.coins !== undefined) return [{ sold: 'coins', amount }]
  const vat = gives.vat ?? 'services'
  const parts = [{ sold: vat, amount: minus(amount, goods) }, { sold: gives.parcel?.vat ?? vat, amount: goods }]
  return parts[0]?.sold === parts[1]?.sold ? [{ sold: vat, amount }] : parts.filter((part) => part.amount > 0)
}
