// What refund policies promise, in sentences.
import type { OfferChoice, Quote } from '../../../contracts/offers.ts'
import type { Order } from '../../../contracts/orders.ts'
import type { PolicyTerms } from '../../../contracts/policies.ts'
import { say } from '../phrases/say'

function promiseOf({ days, mostPercent }: PolicyTerms): string {
  return days > 0 ? say.policy.promise.replace('{days}', String(days)).replace('{percent}', String(mostPercent)) : say.policy.law
}

/** Goods alone go back by the law of parcels, coins as far as they are not spent; what costs nothing has nothing to give back. */
function promiseFor({ total, policy }: { total: number | null; policy: PolicyTerms }, opens: boolean, ships: boolean): string {
  if (total === 0 || total === null) return ''
  if (opens) return promiseOf(policy)
  return ships ? say.parcel.law : say.coins.about
}

export function promiseOfQuote(quote: Quote): string {
  return promiseFor(quote, quote.courses.length > 0 || quote.period !== null, quote.ships !== null)
}

export function promiseOfOrder(order: Order): string {
  return promiseFor(order, order.courses.length > 0 || order.plan !== null, order.parcel !== null)
}

/** One sentence for all that costs something, or one for each when they promise different things. */
export function promisesOf(choices: OfferChoice[]): string[] {
  const paid = choices.filter((choice) => choice.price > 0)
  const said = new Set(paid.map((choice) => promiseOf(choice.policy)))
  return said.size > 1 ? paid.map((choice) => `${choice.title || say.choices.standard} · ${promiseOf(choice.policy)}`) : [...said]
}
