// Money: whole fen (分) and the only arithmetic there is for it.

export type Cents = number & { readonly __unit: 'fen' }

/** A whole, safe number of fen. Anything else is a bug of the caller, so it throws. */
export function cents(amount: number): Cents {
  if (!Number.isSafeInteger(amount)) throw new TypeError(`not a whole number of fen: ${amount}`)
  return amount as Cents
}

export const ZERO = cents(0)
/** One transfer to a person by WeChat Pay; from two thousand yuan on it wants their name, which is not kept here. */
export const payoutBounds = { least: cents(10), most: cents(199_999) }

export function plus(...amounts: Cents[]): Cents {
  return cents(amounts.reduce((sum, amount) => sum + amount, 0))
}

export function minus(from: Cents, taken: Cents): Cents {
  return cents(from - taken)
}

export function times(price: Cents, quantity: number): Cents {
  return cents(price * quantity)
}

/** The share of an amount in basis points (1 % = 100), half a fen rounded away from zero. */
/** Simple interest by a yearly rate, for days of a year of 360 as banks count; the part of a fen is the receiver's. */
export function interestOn(amount: Cents, basisPoints: number, days: number): Cents {
  return cents(Math.ceil((amount * basisPoints * days) / (10_000 * 360)))
}

export function percentOf(amount: Cents, basisPoints: number): Cents {
  const exact = (Math.abs(amount) * basisPoints) / 10_000
  return cents(Math.sign(amount) * Math.round(exact))
}

/** Shares an amount by weights; the shares always add up to it. Largest remainders get the odd fen. */
export function split(amount: Cents, weights: number[]): Cents[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  if (total <= 0 || weights.some((weight) => weight < 0)) throw new TypeError('weights must be positive')
  const sign = amount < 0 ? -1 : 1
  const exact = weights.map((weight) => (Math.abs(amount) * weight) / total)
  const shares = exact.map(Math.floor)
  const left = Math.abs(amount) - shares.reduce((sum, share) => sum + share, 0)
  const byRemainder = exact.map((value, at) => ({ at, rest: value - Math.floor(value) })).toSorted((a, b) => b.rest - a.rest)
  for (const { at } of byRemainder.slice(0, left)) shares[at] = (shares[at] ?? 0) + 1
  return shares.map((share) => cents(sign * share))
}

/** What a person typed as yuan; undefined unless it is a sum with at most two places behind the point. */
export function centsIn(text: string): Cents | undefined {
  const [, yuan, fen = ''] = /^(\d{1,7})(?:\.(\d{1,2}))?$/.exec(text.trim()) ?? []
  return yuan === undefined ? undefined : cents(Number(yuan) * 100 + Number(fen.padEnd(2, '0')))
}

/** `¥1,234.00`, as money is always shown. */
export function showMoney(amount: Cents): string {
  const sign = amount < 0 ? '-' : ''
  const [yuan = '0', fen = '00'] = (Math.abs(amount) / 100).toFixed(2).split('.')
  return `${sign}¥${yuan.replace(/\B(?=(\d{3})+$)/g, ',')}.${fen}`
}

/** `¥99` or `¥99.50`: a price on a button, without idle zeros. */
export function showPrice(amount: Cents): string {
  return showMoney(amount).replace(/\.00$/, '')
}
