// The chart of accounts and the entries that trade may post; debit is positive, credit negative.
import { cents, minus, type Cents } from '#contracts/words/money.ts'

export const chart = {
  'asset:wechat_pay': 'asset',
  'asset:wechat_virtual': 'asset',
  'liability:surplus_payments': 'liability',
  'liability:refunds_under_way': 'liability',
  'income:courses': 'income',
  'income:refunds': 'income',
} as const

export type Account = keyof typeof chart
export type Rail = 'wechat_pay' | 'wechat_virtual'
export type Line = { account: Account; amount: Cents }
export type Entry = { what: string; cause: string; lines: Line[] }

export function balances(lines: Line[]): boolean {
  return lines.reduce((sum, line) => sum + line.amount, 0) === 0
}

/** Money for an order arrived: the gateway owes it to us, the course is sold. */
export function saleEntry(rail: Rail, attempt: string, amount: Cents): Entry {
  return { what: 'sale', cause: `sale:${attempt}`, lines: [debit(`asset:${rail}`, amount), credit('income:courses', amount)] }
}

/** Money arrived that no order was waiting for: it belongs to the payer until it has gone back. */
export function surplusEntry(rail: Rail, attempt: string, amount: Cents): Entry {
  return { what: 'surplus_payment', cause: `surplus:${attempt}`, lines: [debit(`asset:${rail}`, amount), credit('liability:surplus_payments', amount)] }
}

/** A refund was begun: the sale is undone, the money is owed until the gateway has sent it. */
export function refundBegunEntry(refund: string, amount: Cents, isSurplus: boolean): Entry {
  const undone: Account = isSurplus ? 'liability:surplus_payments' : 'income:refunds'
  return { what: 'refund_begun', cause: `refund_begun:${refund}`, lines: [debit(undone, amount), credit('liability:refunds_under_way', amount)] }
}

/** The gateway sent the money back. */
export function refundDoneEntry(rail: Rail, refund: string, amount: Cents): Entry {
  return { what: 'refund_done', cause: `refund_done:${refund}`, lines: [debit('liability:refunds_under_way', amount), credit(`asset:${rail}`, amount)] }
}

/** The gateway refused the refund for good: what was owed is a sale (or a surplus) again. */
export function refundFailedEntry(refund: string, amount: Cents, isSurplus: boolean): Entry {
  const restored: Account = isSurplus ? 'liability:surplus_payments' : 'income:refunds'
  return { what: 'refund_failed', cause: `refund_failed:${refund}`, lines: [debit('liability:refunds_under_way', amount), credit(restored, amount)] }
}

/** What an account holds as a person reads it: assets and expenses grow by debit, the others by credit. */
export function shownBalance(account: Account, sum: Cents): Cents {
  return chart[account] === 'asset' ? sum : minus(cents(0), sum)
}

function debit(account: Account, amount: Cents): Line {
  return { account, amount }
}

function credit(account: Account, amount: Cents): Line {
  return { account, amount: minus(cents(0), amount) }
}
