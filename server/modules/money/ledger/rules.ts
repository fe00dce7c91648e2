// The entries that rooms may post; debit is positive, credit negative. The accounts stand in contracts/words/accounts.ts.
import { chart, type Account } from '#contracts/words/accounts.ts'
import { cents, minus, type Cents } from '#contracts/words/money.ts'

export type Rail = 'wechat_pay' | 'wechat_virtual' | 'alipay' | 'douyin'
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

/** What a rail kept of a day's money, by its own bill; negative when it gave more fees back than it took. */
export function feesEntry(rail: Rail, day: string, amount: Cents): Entry {
  return { what: 'fees', cause: `fees:${rail}:${day}`, lines: [debit('expense:channel_fees', amount), credit(`asset:${rail}`, amount)] }
}

/** What our own coupons at a rail took off a day's payments: it was sold, but never came. */
export function couponsEntry(rail: Rail, day: string, amount: Cents): Entry {
  return { what: 'coupons', cause: `coupons:${rail}:${day}`, lines: [debit('expense:coupons', amount), credit(`asset:${rail}`, amount)] }
}

/** The rail sent money on to the academy's bank account. */
export function withdrawalEntry(rail: Rail, flow: string, amount: Cents): Entry {
  return { what: 'withdrawal', cause: `withdrawal:${rail}:${flow}`, lines: [debit('asset:bank', amount), credit(`asset:${rail}`, amount)] }
}

/** An operator accepts that a rail holds so much less (or, negative, more) than the ledger says. */
export function writeOffEntry(rail: Rail, difference: string, amount: Cents): Entry {
  return { what: 'write_off', cause: `write_off:${difference}`, lines: [debit('expense:write_offs', amount), credit(`asset:${rail}`, amount)] }
}

/** A part of a sale went to a partner or lecturer. */
export function shareEntry(line: string, amount: Cents): Entry {
  return { what: 'profit_share', cause: `profit_share:${line}`, lines: [debit('expense:profit_shares', amount), credit('asset:wechat_pay', amount)] }
}

/** A receiver gave their part of a refund back. */
export function shareReturnEntry(part: string, amount: Cents): Entry {
  return { what: 'profit_share_return', cause: `profit_share_return:${part}`, lines: [debit('asset:wechat_pay', amount), credit('expense:profit_shares', amount)] }
}

/** What an account holds as a person reads it: assets and expenses grow by debit, the others by credit. */
export function shownBalance(account: Account, sum: Cents): Cents {
  return chart[account] === 'asset' || chart[account] === 'expense' ? sum : minus(cents(0), sum)
}

function debit(account: Account, amount: Cents): Line {
  return { account, amount }
}

function credit(account: Account, amount: Cents): Line {
  return { account, amount: minus(cents(0), amount) }
}
