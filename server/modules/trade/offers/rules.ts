// How a price comes about, line by line, and the name of its mirror on WeChat.
import type { Quote } from '#contracts/offers.ts'
import { cents, plus, type Cents } from '#contracts/words/money.ts'

export type Terms = { kind: 'one_off' | 'free'; price: Cents; title: string }

/** The one function that prices: preview and order both call it, so they cannot differ. */
export function priceLines(terms: Terms): Quote['lines'] {
  return [{ kind: terms.kind === 'free' ? 'free' : 'price', label: terms.title, amount: terms.kind === 'free' ? cents(0) : terms.price }]
}

export function totalOf(lines: Quote['lines']): Cents {
  return plus(...lines.map((line) => line.amount))
}

/** WeChat's item carries its price, so each price an offer ever had is an item of its own. */
export function productIdOf(offer: string, price: Cents): string {
  return `${offer.slice(-16)}_${price}`
}
