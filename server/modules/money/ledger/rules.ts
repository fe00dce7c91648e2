// The entries that rooms may post; debit is positive, credit negative. The accounts stand in contracts/words/accounts.ts.
import { chart, type Account } from '#contracts/words/accounts.ts'
import { cents, minus, type Cents } from '#contracts/words/money.ts'
import type { VatClass } from '#contracts/words/parcels.ts'
import { dayOf, showTime } from '#contracts/words/time.ts'
import { csvCell } from '#kernel/csv.ts'

export type Rail = 'wechat_pay' | 'wechat_virtual' | 'alipay' | 'douyin'
/** Where the money of an order comes from: a rail that received it now, or coins that were paid for before. */
export type Source = Rail | 'wechat_coins'
/** What money was for: what is learnt or sent, by its class of tax, coins, or nothing that anybody knows of. */
export type Portion = { sold: VatClass | 'coins' | 'surplus'; amount: Cents }
export type Line = { account: Account; amount: Cents }
export type Entry = { what: string; cause: string; lines: Line[] }

export function balances(lines: Line[]): boolean {
  return lines.reduce((sum, line) => sum + line.amount, 0) === 0
}

/** Money for an order arrived: the gateway owes it to us, or coins are used up; what it is for is sold, or coins are owed to the learner. */
export function saleEntry(source: Source, attempt: string, amount: Cents, portions: Portion[] = [{ sold: 'services', amount }]): Entry {
  return { what: portions.some((one) => one.sold === 'coins') ? 'coins_sold' : 'sale', cause: `sale:${attempt}`, lines: [debit(purseOf(source), amount), ...portions.map((one) => credit(accountOf(one.sold), one.amount))] }
}

/** Money arrived that no order was waiting for: it belongs to the payer until it has gone back. */
export function surplusEntry(source: Source, attempt: string, amount: Cents): Entry {
  return { what: 'surplus_payment', cause: `surplus:${attempt}`, lines: [debit(purseOf(source), amount), credit('liability:surplus_payments', amount)] }
}

/** A refund was begun: the sale is undone, the money is owed until the gateway has sent it. */
export function refundBegunEntry(refund: string, amount: Cents, portions: Portion[]): Entry {
  return { what: 'refund_begun', cause: `refund_begun:${refund}`, lines: [...portions.map((one) => debit(undoneBy(one.sold), one.amount)), credit('liability:refunds_under_way', amount)] }
}

/** The gateway sent the money back, or the coins are in the purse again. */
export function refundDoneEntry(source: Source, refund: string, amount: Cents): Entry {
  return { what: 'refund_done', cause: `refund_done:${refund}`, lines: [debit('liability:refunds_under_way', amount), credit(purseOf(source), amount)] }
}

/** The gateway refused the refund for good: what was owed is as it was before. */
export function refundFailedEntry(refund: string, amount: Cents, portions: Portion[]): Entry {
  return { what: 'refund_failed', cause: `refund_failed:${refund}`, lines: [debit('liability:refunds_under_way', amount), ...portions.map((one) => credit(undoneBy(one.sold), one.amount))] }
}

function purseOf(source: Source): Account {
  return source === 'wechat_coins' ? 'liability:coins' : `asset:${source}`
}

function accountOf(sold: Portion['sold']): Account {
  if (sold === 'surplus') return 'liability:surplus_payments'
  if (sold === 'coins') return 'liability:coins'
  return sold === 'services' ? 'income:courses' : `income:${sold}`
}

function undoneBy(sold: Portion['sold']): Account {
  if (sold === 'surplus' || sold === 'coins') return accountOf(sold)
  return sold === 'services' ? 'income:refunds' : `income:${sold}_refunds`
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

/** What a rail paid to the academy's bank account. */
export function arrivalEntry(rail: Rail, reference: string, amount: Cents): Entry {
  return { what: 'arrival', cause: `arrival:${rail}:${reference}`, lines: [debit('asset:bank', amount), credit(`asset:${rail}`, amount)] }
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

/** Somebody earned money of us, or (negative) less than was thought. */
export function dueEntry(due: string, amount: Cents): Entry {
  return { what: 'due', cause: `due:${due}`, lines: [debit('expense:payouts', amount), credit('liability:owed_to_people', amount)] }
}

/** A payout was begun: what it costs is spent, now or when it was earned, and owed until the person has it. */
export function payoutBegunEntry(number: string, amount: Cents, isOwed: boolean): Entry {
  return { what: 'payout_begun', cause: `payout_begun:${number}`, lines: [debit(paidFrom(isOwed), amount), credit('liability:payouts_under_way', amount)] }
}

function paidFrom(isOwed: boolean): Account {
  return isOwed ? 'liability:owed_to_people' : 'expense:payouts'
}

/** WeChat Pay took the transfer on: the money has left the balance and waits for the person. */
export function payoutTakenEntry(number: string, amount: Cents): Entry {
  return { what: 'payout_taken', cause: `payout_taken:${number}`, lines: [debit('asset:wechat_pay_held', amount), credit('asset:wechat_pay', amount)] }
}

/** Nobody received it: what was taken is in the balance again. */
export function payoutReturnedEntry(number: string, amount: Cents): Entry {
  return { what: 'payout_returned', cause: `payout_returned:${number}`, lines: [debit('asset:wechat_pay', amount), credit('asset:wechat_pay_held', amount)] }
}

export function payoutDoneEntry(number: string, amount: Cents): Entry {
  return { what: 'payout_done', cause: `payout_done:${number}`, lines: [debit('liability:payouts_under_way', amount), credit('asset:wechat_pay_held', amount)] }
}

export function payoutFailedEntry(number: string, amount: Cents, isOwed: boolean): Entry {
  return { what: 'payout_failed', cause: `payout_failed:${number}`, lines: [debit('liability:payouts_under_way', amount), credit(paidFrom(isOwed), amount)] }
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

const columns = ['时间', '凭证号', '摘要', '科目代码', '科目', '借方（元）', '贷方（元）', '订单', '事由编号', '链', '哈希']
const whats: Record<string, string> = { sale: '课程成交', coins_sold: '出售代币', surplus_payment: '收到重复付款', refund_begun: '发起退款', refund_done: '退款到账', refund_failed: '退款失败', fees: '支付手续费', coupons: '代金券优惠', withdrawal: '提现到银行', arrival: '渠道到账', write_off: '核销对账差额', profit_share: '分账给合作方', profit_share_return: '合作方退回分账', due: '记应付', payout_begun: '发起付款', payout_taken: '付款已受理', payout_returned: '付款退回余额', payout_done: '付款到账', payout_failed: '付款未成' }
const names: Partial<Record<string, string>> = {
  'asset:wechat_pay': '微信支付账户', 'asset:wechat_pay_held': '微信支付待确认付款', 'asset:wechat_virtual': '微信虚拟支付账户', 'asset:alipay': '支付宝账户', 'asset:douyin': '抖音支付账户', 'asset:bank': '银行账户', 'liability:surplus_payments': '待退的重复付款', 'liability:refunds_under_way': '在途退款', 'liability:coins': '学员持有的代币',
  'income:courses': '课程收入', 'income:refunds': '课程退款冲减', 'income:goods': '货物收入', 'income:goods_refunds': '货物退款冲减', 'income:books': '图书收入', 'income:books_refunds': '图书退款冲减', 'income:exempt': '免税收入', 'income:exempt_refunds': '免税退款冲减', 'expense:channel_fees': '支付手续费', 'expense:coupons': '商户代金券', 'expense:payouts': '付给个人', 'liability:payouts_under_way': '在途付款', 'liability:owed_to_people': '应付给个人', 'expense:profit_shares': '分账支出', 'expense:write_offs': '对账差额核销',
} satisfies Record<Account, string>

export function csvHead(): string {
  return columns.map(csvCell).join(',')
}

/** One row a line of the entry; each carries its place in the chain, so that the file is a copy of it. */
export function csvLines(entry: { id: string; what: string; cause: string; order: string | null; at: Date; lane: number; position: number; hash: string; lines: { account: string; amount: Cents }[] }, zone: string): string[] {
  const yuan = (amount: number) => (amount > 0 ? (amount / 100).toFixed(2) : '')
  return entry.lines.map(({ account, amount }) => {
    const cells = [showTime(entry.at, zone), entry.id, whats[entry.what] ?? entry.what, account, names[account] ?? account, yuan(amount), yuan(0 - amount), entry.order ?? '', entry.cause, `${entry.lane}-${entry.position}`, entry.hash]
    return cells.map(csvCell).join(',')
  })
}

/** When a month of a zone begins, and when the next one does. */
export function monthSpan(month: string, zone: string): { from: Date; to: Date } {
  const next = new Date(`${month}-15T00:00:00Z`)
  next.setUTCMonth(next.getUTCMonth() + 1)
  return { from: startOfDay(`${month}-01`, zone), to: startOfDay(`${next.toISOString().slice(0, 7)}-01`, zone) }
}

/** The first hour at which the zone's calendar shows that day; zones are at most fifteen hours from UTC. */
function startOfDay(day: string, zone: string): Date {
  const quarter = 15 * 60_000
  let at = Date.parse(day) - 15 * 3_600_000
  while (dayOf(new Date(at), zone) < day) at += quarter
  return new Date(at)
}
