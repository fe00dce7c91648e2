// Sentences of reconciliation: the month, its days, what differs and how it is closed.
import type { CheckedRail } from '#contracts/reconciliation.ts'
import { both } from './both.ts'

const checked = {
  zh: { wechat_pay: '微信支付账单', alipay: '支付宝账单', wechat_virtual: '虚拟支付', douyin: '抖音' },
  en: { wechat_pay: 'Bill of WeChat Pay', alipay: 'Bill of Alipay', wechat_virtual: 'Virtual payment', douyin: 'Douyin' },
} satisfies Record<string, Record<CheckedRail, string>>
export const checkedRails = Object.keys(checked.zh) as CheckedRail[]

export const words = both(
  {
    about: '每天上午取回微信支付与支付宝前一天的账单，虚拟支付与抖音按单查询，逐笔与账本核对。对不上的列为差异，由人核实后了结，系统不会自行改账。',
    expected: '待结算', expectedAbout: '平台还没有结算给书院的成交款。过了日子还没有结算的，会列为对账差异。', expectedOn: '预计结算', expectedSum: '成交金额', between: (from: string, by: string) => `${from} 至 ${by.slice(0, 4) === from.slice(0, 4) ? by.slice(5) : by}`, late: '逾期',
    month: '月份', export: '导出分录', previous: '上个月', next: '下个月', current: '本月', days: '每日', totals: '合计', noDays: '这个月没有要对的账。',
    columns: { day: '日期', state: '对账', payments: '收款', refunds: '退款', fees: '手续费', coupons: '代金券', withdrawn: '提现', balance: '当日结余', differences: '差异' },
    states: { none: '未对账', waiting: '等待平台', done: '已对账', empty: '当日无交易' }, allFit: '全部相符', count: (count: number) => `${count} 笔`,
    openCount: (open: number, all: number) => (open === 0 ? `${all} 条已了结` : `${open} 条待核实`), openTotal: (open: number) => `${open} 条差异待核实`, missingDays: (count: number) => `${count} 天还没有对账`, balanced: '与账本相符',
    reconcile: '现在对账', begun: '正在核对，完成后这里会更新', differencesAbout: '账单与账本对不上的地方。先查清原因：能向支付平台核实的再问一次，查明的写下说明，确认收不回或多出的按差额核销。', openOnly: '只看待核实的', none: '没有差异。', rail: '支付渠道', asked: '这个渠道没有公布账单格式：次日按单号逐笔向平台查询，与账本核对；手续费随结算入账。', rails: { wechat_pay: '微信支付', alipay: '支付宝', wechat_virtual: '虚拟支付', douyin: '抖音' } satisfies Record<CheckedRail, string>, of: (rail: CheckedRail | undefined, day: string) => `${day === '' ? '' : `${day} `}${rail ? checked.zh[rail] : '账单'}`,
    problems: { not_over: '这一天还没有结束', silent: '平台没有应答，会再问', late: '支付宝还没有出这一天的账单，会再取', PARAM_ERROR: '账单还没有到可以取的时间', STATEMENT_CREATING: '微信支付正在生成账单，上午十点以后再取', FREQUENCY_LIMITED: '取得太频繁，稍后会再取', NOT_CONFIGURED: '还没有配置这个支付渠道', 'bill: hash_differs': '账单文件的校验值不符，没有采用，会重新取', 'bill: cannot_unpack': '账单文件不完整，没有采用，会重新取', 'bill: malformed': '账单格式不认识，没有采用', 'bill: row_malformed': '账单里有不认识的行，没有采用' } as Record<string, string>, problem: '没有取到账单，会再取',
    subjects: { payment: '收款', refund: '退款', flow: '资金流水', movement: '分账与付款', settlement: '结算' },
    kinds: { 'payment.missing': '账本有，账单没有这笔收款', 'payment.extra': '账单有，账本没有这笔收款', 'payment.amount': '收款金额不同', 'payment.state': '账单已收款，订单未入账', 'refund.missing': '账本有，账单没有这笔退款', 'refund.extra': '账单有，账本没有这笔退款', 'refund.amount': '退款金额不同', 'refund.state': '退款状态不同', 'flow.missing': '账单有这笔交易，资金没有动', 'flow.extra': '资金动了，交易账单里没有对应的一笔', 'flow.amount': '资金金额与交易账单不同', 'flow.state': '资金状态不同', 'movement.missing': '账本记了分账或付款，资金账单里没有', 'settlement.state': '过了该结算的日子还没有结算' } as Record<string, string>,
    told: '平台', booked: '账本', moved: '资金账单', traded: '交易账单', gap: '差额', gapMore: '账户比账本少', gapLess: '账户比账本多', number: '单号', vendorNumber: '平台单号', order: '订单', seeOrder: '查看订单',
    ourStates: { paid: '已入账', surplus: '重复付款', begun: '等待支付', closed: '已关闭', failed: '失败', mismatched: '金额不符', processing: '处理中', done: '已到账', profit_share: '分账', profit_share_return: '分账回退', payout_taken: '付款', payout_returned: '付款退回', waiting: '等待结算', asked: '已申请结算' } as Record<string, string>,
    toldStates: { SUCCESS: '成功', PROCESSING: '处理中', FAIL: '失败', REFUND: '退款', REVOKED: '已撤销' } as Record<string, string>,
    check: '再问一次', checkAbout: '向支付平台查询这一笔。它怎么说就怎么入账，相符以后这条差异自动了结。', stillDiffers: '仍然不符', converged: '现在相符了',
    explain: '说明并了结', explainAsk: '写下查到的原因和处理结果，例如「客服确认为平台补单，次日账单已补」。会记入操作记录，不能再改。', writeOff: '按差额核销', writeOffAsk: (sum: string) => `差额 ${sum} 将记入「对账差额核销」，账本与账户从此一致。写下理由，会记入操作记录，不能再改。`,
    hows: { explained: '已说明', written_off: '已核销', converged: '已相符', found_later: '后来的账单里有' }, foundLater: (day: string) => `${day} 的账单里有这一笔`, byAt: (by: string) => (by === '' ? '系统了结于' : `${by} 了结于`), open: '待核实',
  },
  {
    about: 'Each morning the bills of WeChat Pay and Alipay for the day before are fetched, virtual payment and Douyin are asked one by one, and all is held against the ledger line by line. What differs is closed by a person; nothing repairs itself.',
    expected: 'To be settled', expectedAbout: 'Money of sales that the rails have not settled yet. What is not settled in its time becomes a difference.', expectedOn: 'Expected', expectedSum: 'Sold for', between: (from: string, by: string) => `${from} to ${by.slice(0, 4) === from.slice(0, 4) ? by.slice(5) : by}`, late: 'Late',
    month: 'Month', export: 'Export entries', previous: 'Month before', next: 'Month after', current: 'This month', days: 'Days', totals: 'Total', noDays: 'Nothing to reconcile in this month.',
    columns: { day: 'Day', state: 'State', payments: 'Payments', refunds: 'Refunds', fees: 'Fees', coupons: 'Coupons', withdrawn: 'Withdrawn', balance: 'Balance', differences: 'Differences' },
    states: { none: 'Not reconciled', waiting: 'Waiting for the platform', done: 'Reconciled', empty: 'No trades' }, allFit: 'All fits', count: (count: number) => `${count}`,
    openCount: (open: number, all: number) => (open === 0 ? `${all} closed` : `${open} open`), openTotal: (open: number) => `${open} differences open`, missingDays: (count: number) => `${count} days not reconciled`, balanced: 'Agrees with the ledger',
    reconcile: 'Reconcile now', begun: 'Being held against the ledger; this page follows', differencesAbout: 'Where bills and ledger are not the same. Ask the gateway again where that can help, write down what was found, or write a sum off that nobody will make good for.', openOnly: 'Only open ones', none: 'No differences.', rail: 'Rail', asked: 'This rail publishes no form of a bill: on the day after, each payment and refund is asked for by its number. Fees are booked with the settlement.', rails: { wechat_pay: 'WeChat Pay', alipay: 'Alipay', wechat_virtual: 'Virtual payment', douyin: 'Douyin' } satisfies Record<CheckedRail, string>, of: (rail: CheckedRail | undefined, day: string) => `${rail ? checked.en[rail] : 'Bill'}${day === '' ? '' : ` of ${day}`}`,
    problems: { not_over: 'This day is not over yet', silent: 'The platform did not answer; it is asked again', late: 'Alipay has not made the bill of this day yet; it is tried again', PARAM_ERROR: 'The bill cannot be asked for yet', STATEMENT_CREATING: 'WeChat Pay is still making the bill; it is there from ten in the morning', FREQUENCY_LIMITED: 'Asked too often; it is tried again', NOT_CONFIGURED: 'This rail is not configured', 'bill: hash_differs': 'The file has another hash and was not used; it is fetched again', 'bill: cannot_unpack': 'The file is not whole and was not used; it is fetched again', 'bill: malformed': 'The file is no bill and was not used', 'bill: row_malformed': 'A row of the bill is not understood; it was not used' } as Record<string, string>, problem: 'The bill did not come; it is tried again',
    subjects: { payment: 'Payment', refund: 'Refund', flow: 'Fund flow', movement: 'Share or payout', settlement: 'Settlement' },
    kinds: { 'payment.missing': 'Booked, but not in the bill', 'payment.extra': 'In the bill, but not booked', 'payment.amount': 'Paid another sum', 'payment.state': 'Paid by the bill, not by the order', 'refund.missing': 'Refund booked, but not in the bill', 'refund.extra': 'Refund in the bill, but not booked', 'refund.amount': 'Refunded another sum', 'refund.state': 'Refund in another state', 'flow.missing': 'In the trade bill, but no money moved', 'flow.extra': 'Money moved without a line in the trade bill', 'flow.amount': 'Another sum moved than the trade bill says', 'flow.state': 'Another state', 'movement.missing': 'A share or payout was booked, and no fund flow tells it', 'settlement.state': 'Not settled in its time' } as Record<string, string>,
    told: 'Platform', booked: 'Ledger', moved: 'Fund flow', traded: 'Trade bill', gap: 'Gap', gapMore: 'the account holds less', gapLess: 'the account holds more', number: 'Number', vendorNumber: 'Their number', order: 'Order', seeOrder: 'See the order',
    ourStates: { paid: 'booked', surplus: 'paid twice', begun: 'waiting', closed: 'closed', failed: 'failed', mismatched: 'another sum', processing: 'under way', done: 'arrived', profit_share: 'shared', profit_share_return: 'share returned', payout_taken: 'paid out', payout_returned: 'payout returned', waiting: 'not settled', asked: 'asked for' } as Record<string, string>,
    toldStates: { SUCCESS: 'success', PROCESSING: 'under way', FAIL: 'failed', REFUND: 'refund', REVOKED: 'revoked' } as Record<string, string>,
    check: 'Ask again', checkAbout: 'Asks the gateway about it and books what it says. When it fits, this difference is closed.', stillDiffers: 'It still differs', converged: 'It fits now',
    explain: 'Explain and close', explainAsk: 'What was found and done. It is recorded and cannot be changed.', writeOff: 'Write off', writeOffAsk: (sum: string) => `${sum} is booked as a written-off difference, after which ledger and account agree. Say why; it is recorded and cannot be changed.`,
    hows: { explained: 'Explained', written_off: 'Written off', converged: 'Fits', found_later: 'In a later bill' }, foundLater: (day: string) => `It stands in the bill of ${day}`, byAt: (by: string) => (by === '' ? 'Closed at' : `Closed by ${by}`), open: 'Open',
  },
)
