// Sentences of sharing money with partners and lecturers.
import { both } from './both.ts'

export const words = both(
  {
    about: '微信支付订单的一部分分给合作机构和讲师：付款后先冷静，到期自动分账，分完解冻。虚拟支付的款项不能分账。',
    terms: '规则', coolingDays: '冷静期（天）', cap: '单笔上限（%）', capAbout: '默认 30%；更高的比例需要微信支付先批准。', saved: '已保存',
    receivers: '接收方', noReceivers: '还没有接收方。', add: '添加接收方', kinds: { merchant: '商户', person: '个人' }, kind: '类型', account: '账号', accountAbout: { merchant: '商户号', person: '在公众号或小程序下的 openid' }, name: '名称',
    nameAbout: { merchant: '商户全称，与微信支付登记的一致', person: '姓名' }, relation: '关系', relations: { PARTNER: '合作伙伴', DISTRIBUTOR: '分销商', STAFF: '员工', SUPPLIER: '供应商' }, added: '已添加', remove: '移除', removeAsk: (name: string) => `移除 ${name}：各方案不再分给它，已经在途的继续。`,
    rates: '各方案的比例', pick: '选择报价方案', percent: '比例（%）', save: '保存比例', sum: (percent: string) => `合计 ${percent}%`,
    list: '分账记录', attention: '只看需要处理的', none: '还没有分账。', due: '分账时间', refunding: '退款',
    states: { cooling: '冷静期', sharing: '分账中', releasing: '解冻中', done: '已完成' }, lineStates: { waiting: '等待', sent: '处理中', done: '已到账', closed: '未成功', dropped: '已放弃' }, returned: '已退回',
    whys: { RECEIVER_HIGH_RISK: '接收方账户有风险', NO_RELATION: '不是已添加的接收方', ACCOUNT_ABNORMAL: '接收方账户异常', RECEIVER_REAL_NAME_NOT_VERIFIED: '接收方未实名', RECEIVER_RECEIPT_LIMIT: '接收方收款超限', PAYER_ACCOUNT_ABNORMAL: '本商户账户异常', nothing_left: '已全额退款，没有可分的钱', NOT_ENOUGH: '余额不足，自动重试', FREQUENCY_LIMITED: '频率超限，自动重试', RULE_LIMIT: '超出平台规则' } as Record<string, string>,
    retry: '重试', release: '放弃并解冻', releaseAsk: '没有分成功的部分归书院，这一步不能撤销。',
  },
  {
    about: 'A part of WeChat Pay orders goes to partners and lecturers: it cools after payment, is shared by itself, and the rest is set free. Virtual payment cannot be shared.',
    terms: 'Terms', coolingDays: 'Cooling days', cap: 'Cap of an order (%)', capAbout: '30% by default; more must have been granted by WeChat Pay.', saved: 'Saved',
    receivers: 'Receivers', noReceivers: 'No receivers yet.', add: 'Add a receiver', kinds: { merchant: 'Merchant', person: 'Person' }, kind: 'Kind', account: 'Account', accountAbout: { merchant: 'Merchant number', person: 'openid of the official account or mini program' }, name: 'Name',
    nameAbout: { merchant: 'Full name as WeChat Pay has it', person: 'Name' }, relation: 'Relation', relations: { PARTNER: 'Partner', DISTRIBUTOR: 'Distributor', STAFF: 'Staff', SUPPLIER: 'Supplier' }, added: 'Added', remove: 'Remove', removeAsk: (name: string) => `Remove ${name}: no offer is shared with it any more; what is under way goes on.`,
    rates: 'Rates of an offer', pick: 'Choose an offer', percent: 'Rate (%)', save: 'Save rates', sum: (percent: string) => `${percent}% together`,
    list: 'Sharing', attention: 'Only what needs attention', none: 'Nothing shared yet.', due: 'Due', refunding: 'Refunds',
    states: { cooling: 'Cooling', sharing: 'Sharing', releasing: 'Setting free', done: 'Done' }, lineStates: { waiting: 'Waiting', sent: 'Under way', done: 'Arrived', closed: 'Refused', dropped: 'Given up' }, returned: 'returned',
    whys: { RECEIVER_HIGH_RISK: 'the receiver is at risk', NO_RELATION: 'not a receiver of ours', ACCOUNT_ABNORMAL: 'account abnormal', RECEIVER_REAL_NAME_NOT_VERIFIED: 'name not verified', RECEIVER_RECEIPT_LIMIT: 'receiving limit reached', PAYER_ACCOUNT_ABNORMAL: 'our account is abnormal', nothing_left: 'all of it was refunded', NOT_ENOUGH: 'balance too small, tried again', FREQUENCY_LIMITED: 'too often, tried again', RULE_LIMIT: "against the platform's rules" } as Record<string, string>,
    retry: 'Try again', release: 'Give up and set free', releaseAsk: 'What could not be shared becomes ours. This cannot be undone.',
  },
)
