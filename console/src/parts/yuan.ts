// What a person typed as yuan, in fen.
import { cents, type Cents } from '#contracts/words/money.ts'

/** Undefined unless it is a sum with at most two places behind the point. */
export function centsIn(text: string): Cents | undefined {
  const [, yuan, fen = ''] = /^(\d{1,7})(?:\.(\d{1,2}))?$/.exec(text.trim()) ?? []
  return yuan === undefined ? undefined : cents(Number(yuan) * 100 + Number(fen.padEnd(2, '0')))
}
