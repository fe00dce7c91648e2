// What coins are worth, and what of the academy's coin may still change.
import type { Coin } from '#contracts/coins.ts'
import { times, cents, type Cents } from '#contracts/words/money.ts'

export type CoinWorth = Pick<Coin, 'perYuan'>

export function worthOfCoins({ perYuan }: CoinWorth, count: number): Cents {
  return times(cents(100 / perYuan), count)
}

/** How many coins a sum is; undefined when that is no whole number of them, because then nobody could pay it exactly. */
export function coinsFor({ perYuan }: CoinWorth, amount: Cents): number | undefined {
  const count = (amount * perYuan) / 100
  return Number.isInteger(count) ? count : undefined
}

type Paid = { amount: Cents; expected: { coins?: number } }

/** Where coins were paid, or bought, a part goes back in whole coins, rounded in the learner's favour; `left` is a whole number of them. */
export function wholeCoins({ amount, expected: { coins } }: Paid, wish: Cents, left: Cents): Cents {
  if (coins === undefined) return wish
  const worth = amount / coins
  return cents(Math.min(Math.ceil(wish / worth) * worth, left))
}

/** The coins in a part of such a payment. */
export function coinsIn(paid: Paid | undefined, part: Cents): number {
  return paid ? ((paid.expected.coins ?? 0) * part) / paid.amount : 0
}

/** True when the wish changes what buyers already rely on. */
export function isAgainstFixed(before: { coin: Coin; fixedAt: Date | null } | undefined, wish: Coin): boolean {
  return before !== undefined && before.fixedAt !== null && (before.coin.name !== wish.name || before.coin.perYuan !== wish.perYuan)
}
