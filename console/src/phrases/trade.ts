// Sentences of orders, refunds, the ledger, notices and channels.
import { both } from './both.ts'

export const words = both(
  {
    searchOrders: '订单号、商户单号、课程、学员昵称或完整手机号', allStates: '全部状态', csv: '导出 CSV', from: '开始日期', to: '结束日期', noOrders: '没有符合条件的订单。',
    states: { placed: '待支付', paid: '已支付', closed: '已关闭', refunded: '已退款' },
    columns: { number: '订单号', course: '课程', member: '学员', total: '金额', state: '状态', place: '平台', channel: '渠道', placedAt: '下单时间', paidAt: '支付时间' },
    order: '订单', lines: '价格明细', refundedSum: '已退', timeline: '经过', attempts: '支付尝试', refunds: '退款', entries: '账本分录', noAttempts: '没有支付尝试。', noEntries: '没有分录。', agreement: (version: number) => `同意的购买协议：第 ${version} 版`,
    events: { placed: '下单', payment_begun: '发起支付', paid: '支付成功', access_granted: '开通课程', closed: '订单关闭', paid_late: '关闭后到账', refund_begun: '发起退款', refunded: '退款到账', refund_failed: '退款失败', access_revoked: '收回课程', mismatch: '金额不符' },
    attemptStates: { begun: '等待支付', paid: '已支付', closed: '已关闭', failed: '失败', mismatched: '金额不符', surplus: '重复支付' },
    refundStates: { begun: '已发起', processing: '处理中', done: '已到账', failed: '失败' },
    refund: '退款', refundWhole: '整单退款', refundAbout: '课程立即收回，款项原路退回。这一步不能撤销。', refundReason: '退款原因', refundAsk: (number: string) => `输入订单号 ${number} 以确认`, refundDone: '退款已发起', cannotRefund: '现在不能退款',
    channelNames: { wechat_pay_h5: '微信支付 H5', wechat_pay_native: '微信支付扫码', wechat_virtual: '微信虚拟支付' } as Record<string, string>,
    platforms: { wechat: '微信', douyin: '抖音', alipay: '支付宝', baidu: '百度', h5: '网页' },
    balanced: '借贷平衡', unbalanced: '借贷不平，请立即运行 npm run ledger:check', checkedAt: '核对于', accounts: '科目', account: '科目', kind: '类别', balance: '余额', kinds: { asset: '资产', liability: '负债', income: '收入', expense: '支出' },
    entry: '分录', debit: '借', credit: '贷', at: '时间', what: '事由', searchEntries: '按事由、科目或订单搜索', 
    attentionOnly: '只看需要处理的', noNotices: '没有通知。', source: '来源', event: '事件', outTradeNo: '商户单号', outcome: '结果', receivedAt: '收到', waiting: '等待处理',
    sources: { wechat_pay: '微信支付', wechat_push: '微信消息推送' }, outcomes: { settled: '已入账', repeated: '重复通知', refund_noted: '退款已记', mismatched: '不相符', unknown_order: '没有这个订单', ignored: '无需处理' },
    channelsAbout: '哪个平台、系统和商品用哪条支付渠道，是有日期的数据；平台与法规变化时更新数据，不改程序。', platform: '平台', system: '系统', goods: '商品', since: '生效', until: '失效', rule: '依据', noChannel: '不显示购买',
  },
  {
    searchOrders: 'Order or trade number, course, nickname, or a whole phone number', allStates: 'All states', csv: 'Export CSV', from: 'From', to: 'To', noOrders: 'No order matches.',
    states: { placed: 'Placed', paid: 'Paid', closed: 'Closed', refunded: 'Refunded' },
    columns: { number: 'Order', course: 'Course', member: 'Member', total: 'Amount', state: 'State', place: 'Platform', channel: 'Channel', placedAt: 'Placed', paidAt: 'Paid' },
    order: 'Order', lines: 'Price lines', refundedSum: 'Refunded', timeline: 'Timeline', attempts: 'Payment attempts', refunds: 'Refunds', entries: 'Ledger entries', noAttempts: 'No attempts.', noEntries: 'No entries.', agreement: (version: number) => `Purchase agreement accepted: version ${version}`,
    events: { placed: 'Placed', payment_begun: 'Payment begun', paid: 'Paid', access_granted: 'Access granted', closed: 'Closed', paid_late: 'Paid after closing', refund_begun: 'Refund begun', refunded: 'Refunded', refund_failed: 'Refund failed', access_revoked: 'Access revoked', mismatch: 'Amount differs' },
    attemptStates: { begun: 'Begun', paid: 'Paid', closed: 'Closed', failed: 'Failed', mismatched: 'Mismatched', surplus: 'Paid twice' },
    refundStates: { begun: 'Begun', processing: 'Processing', done: 'Done', failed: 'Failed' },
    refund: 'Refund', refundWhole: 'Refund the whole order', refundAbout: 'Access ends now and the money goes back the way it came. This cannot be undone.', refundReason: 'Reason', refundAsk: (number: string) => `Type the order number ${number} to confirm`, refundDone: 'Refund begun', cannotRefund: 'Cannot be refunded now',
    channelNames: { wechat_pay_h5: 'WeChat Pay H5', wechat_pay_native: 'WeChat Pay QR', wechat_virtual: 'WeChat virtual payment' } as Record<string, string>,
    platforms: { wechat: 'WeChat', douyin: 'Douyin', alipay: 'Alipay', baidu: 'Baidu', h5: 'Web' },
    balanced: 'Balanced', unbalanced: 'Not balanced: run npm run ledger:check now', checkedAt: 'checked', accounts: 'Accounts', account: 'Account', kind: 'Kind', balance: 'Balance', kinds: { asset: 'Asset', liability: 'Liability', income: 'Income', expense: 'Expense' },
    entry: 'Entry', debit: 'Debit', credit: 'Credit', at: 'At', what: 'What', searchEntries: 'Search what, account or order',
    attentionOnly: 'Only what needs attention', noNotices: 'No notices.', source: 'Source', event: 'Event', outTradeNo: 'Out-trade number', outcome: 'Outcome', receivedAt: 'Received', waiting: 'Waiting',
    sources: { wechat_pay: 'WeChat Pay', wechat_push: 'WeChat push' }, outcomes: { settled: 'Settled', repeated: 'Repeated', refund_noted: 'Refund noted', mismatched: 'Mismatched', unknown_order: 'Unknown order', ignored: 'Ignored' },
    channelsAbout: 'Which channel serves which platform, system and goods is dated data; when platforms or law change, the data changes, not the program.', platform: 'Platform', system: 'System', goods: 'Goods', since: 'Since', until: 'Until', rule: 'Rule', noChannel: 'Buying not shown',
  },
)
