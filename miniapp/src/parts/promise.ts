// What refund policies promise, in sentences.
import type { OfferChoice } from '../../../contracts/offers.ts'
import type { PolicyTerms } from '../../../contracts/policies.ts'
import { say } from '../phrases/say'

export function promiseOf({ days, mostPercent }: PolicyTerms): string {
  return days > 0 ? say.policy.promise.replace('{days}', String(days)).replace('{percent}', String(mostPercent)) : say.policy.law
}

/** One sentence for all that costs something, or one for each when they promise different things. */
export function promisesOf(choices: OfferChoice[]): string[] {
  const paid = choices.filter((choice) => choice.price > 0)
  const said = new Set(paid.map((choice) => promiseOf(choice.policy)))
  return said.size > 1 ? paid.map((choice) => `${choice.title || say.choices.standard} · ${promiseOf(choice.policy)}`) : [...said]
}
