// The chart of accounts: every account that an entry of the ledger may name, and its kind.

/** Assets and expenses grow by debit, liabilities and income by credit. */
export const chart = {
  /** What a rail of payment has received for us and still holds. */
  'asset:wechat_pay': 'asset',
  'asset:wechat_virtual': 'asset',
  /** What WeChat Pay has set aside for people who have not confirmed their payout yet. */
  'asset:wechat_pay_held': 'asset',
  'asset:alipay': 'asset',
  'asset:douyin': 'asset',
  /** What has left a rail for the academy's own bank account. */
  'asset:bank': 'asset',
  /** Paid by somebody for no order: theirs until it has gone back. */
  'liability:surplus_payments': 'liability',
  'liability:refunds_under_way': 'liability',
  /** Coins that learners paid for and have not spent. */
  'liability:coins': 'liability',
  /** What is sold, by its class of value added tax (courses are services), and what went back of each. */
  'income:courses': 'income',
  'income:refunds': 'income',
  'income:goods': 'income',
  'income:goods_refunds': 'income',
  'income:books': 'income',
  'income:books_refunds': 'income',
  'income:exempt': 'income',
  'income:exempt_refunds': 'income',
  /** What a rail keeps for carrying the money. */
  'expense:channel_fees': 'expense',
  /** What a coupon at the rail, paid for by the academy, took off what learners paid. */
  'expense:coupons': 'expense',
  /** Transfers to people, and those of them that nobody has confirmed yet. */
  'expense:payouts': 'expense',
  'liability:payouts_under_way': 'liability',
  /** What people have earned of us and not asked for yet. */
  'liability:owed_to_people': 'liability',
  /** What partners and lecturers received of sales. */
  'expense:profit_shares': 'expense',
  /** What an operator wrote off after looking: bills and ledger differ, and nobody will make good for it. */
  'expense:write_offs': 'expense',
} as const

export type Account = keyof typeof chart
