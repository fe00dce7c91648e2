// The price pipeline: pure steps in the declared order, each leaving what it did and why.
import { priceSteps, type PriceStep } from '#contracts/prices.ts'
import { ZERO, minus, percentOf, plus, split, times, type Cents } from '#contracts/words/money.ts'

/** All that a price depends on. `parts` are the courses of a bundle, weighed by what each costs alone. */
export type Cart = {
  title: string
  price: Cents
  pieces: number
  parts: { title: string; worth: Cents; isOwned: boolean }[]
  /** The best discount of the buyer's plans; `missing` is a plan that would give one. */
  discount: { plan: string; basisPoints: number } | null
  missing: string | null
  /** What is left of lower tiers, when a higher one is bought. */
  credit: { plan: string; days: number; amount: Cents } | null
  /** What sending costs, the sum of goods from which it costs nothing, and what of the price they are where they come with something to learn; null when nothing is sent. */
  shipping: { goods: string; fee: Cents; freeFrom: Cents | null; worth?: Cents } | null
}

const DAY_MS = 86_400_000

type StepName = PriceStep['step']
type Change = Omit<PriceStep, 'step' | 'after'>
/** What a step changes about the price so far; undefined when it has nothing to say. */
type Step = (cart: Cart, before: Cents) => Change | undefined

const steps: Record<StepName, Step> = {
  list: listPrice,
  owned_part: takeOwnedParts,
  plan_discount: discountForMembers,
  upgrade_credit: creditForUpgrade,
  shipping: addShipping,
}

/** The one function that prices: preview and order both call it, so they cannot differ. The total is what the last step left. */
export function priceCart(cart: Cart): { lines: PriceStep[]; total: Cents; goodsPart: Cents | null } {
  const lines: PriceStep[] = []
  let after = ZERO
  for (const step of priceSteps) {
    const change = steps[step](cart, after)
    if (!change) continue
    after = plus(after, change.amount)
    lines.push({ step, ...change, after })
  }
  return { lines, total: after, goodsPart: goodsPartOf(cart, lines, after) }
}

/** What of the price is for goods that come with something to learn, without sending them: by what each costs alone, so that a discount is both's alike. */
function goodsPartOf({ shipping }: Cart, lines: PriceStep[], total: Cents): Cents | null {
  if (shipping?.worth === undefined) return null
  const sumOf = (...names: StepName[]) => plus(ZERO, ...lines.filter((line) => names.includes(line.step)).map((line) => line.amount))
  const alone = minus(sumOf('list', 'owned_part'), shipping.worth)
  const [, goods = ZERO] = alone + shipping.worth === 0 ? [] : split(minus(total, sumOf('shipping')), [alone, shipping.worth])
  return goods
}

function listPrice({ title, price, pieces }: Cart): Change {
  if (price === 0 || pieces === 1) return { reason: price === 0 ? 'free' : 'list_price', label: title, amount: price, count: null }
  return { reason: 'pieces', label: title, amount: times(price, pieces), count: pieces }
}

/** What the buyer owns of a bundle is not paid for again: its share of the price, by what the courses cost alone. */
function takeOwnedParts({ parts, shipping }: Cart, before: Cents): Change | undefined {
  const owned = parts.filter((part) => part.isOwned)
  if (owned.length === 0 || before === 0) return undefined
  const weights = parts.map((part) => part.worth)
  const shares = split(minus(before, shipping?.worth ?? ZERO), weights.every((weight) => weight === 0) ? parts.map(() => 1) : weights)
  const taken = plus(...shares.filter((_share, at) => parts[at]?.isOwned))
  return { reason: 'owned_part', label: nameSome(owned.map((part) => part.title)), amount: minus(ZERO, taken), count: owned.length }
}

/** Members pay a share of what is left; others hear which plan would make it cheaper. */
function discountForMembers({ discount, missing }: Cart, before: Cents): Change | undefined {
  if (before === 0) return undefined
  if (discount) return { reason: 'plan_discount', label: discount.plan, amount: minus(percentOf(before, discount.basisPoints), before), count: discount.basisPoints }
  return missing === null ? undefined : { reason: 'plan_missing', label: missing, amount: ZERO, count: null }
}

/** Never more than the price: what is left over is not given back in money. */
function creditForUpgrade({ credit }: Cart, before: Cents): Change | undefined {
  if (!credit || before === 0) return undefined
  if (credit.amount === 0) return { reason: 'credit_used_up', label: credit.plan, amount: ZERO, count: credit.days }
  return { reason: 'upgrade_credit', label: credit.plan, amount: minus(ZERO, credit.amount < before ? credit.amount : before), count: credit.days }
}

/** Whether sending is free goes by what is paid for the goods, after everything that was taken off. */
function addShipping({ shipping }: Cart, before: Cents): Change | undefined {
  if (!shipping) return undefined
  const isFree = shipping.fee === 0 || (shipping.freeFrom !== null && before >= shipping.freeFrom)
  return { reason: isFree ? 'shipping_free' : 'shipping', label: shipping.goods, amount: isFree ? ZERO : shipping.fee, count: shipping.freeFrom }
}

/** The right to a course is there already when it lasts as long as what is offered; a day more is not worth a second payment. */
export function lastsAsLong(until: Date | null | undefined, offeredDays: number | null, now: Date): boolean {
  if (until === undefined) return false
  return until === null || (offeredDays !== null && until.getTime() >= now.getTime() + (offeredDays - 1) * DAY_MS)
}

function nameSome(titles: string[]): string {
  const all = titles.join('、')
  return all.length <= 100 ? all : `${all.slice(0, 99)}…`
}
