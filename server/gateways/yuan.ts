// Amounts that vendors write as text in yuan.
import { cents, type Cents } from '#contracts/words/money.ts'

/** `199.00` */
export function yuanOf(amount: Cents): string {
  return `${Math.trunc(amount / 100)}.${String(amount % 100).padStart(2, '0')}`
}

/** Digit by digit: a float would lose a cent now and then. */
export function centsOfYuan(text: string | undefined): Cents | undefined {
  const found = /^(\d{1,11})(?:\.(\d{1,2}))?$/.exec(text ?? '')
  return found === null ? undefined : cents(Number(found[1]) * 100 + Number((found[2] ?? '').padEnd(2, '0')))
}
