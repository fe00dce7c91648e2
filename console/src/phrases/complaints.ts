// Sentences of complaints that payers made at WeChat Pay.
import { both } from './both.ts'

export const words = both(
  {
    about: '学员在微信支付里发起的投诉。24 小时内要有第一次回复，72 小时内要处理完；逾期会影响商户的交易权限。', openOnly: '只看没处理完的', refresh: '现在查询', none: '没有投诉。', empty: '没有等待处理的投诉。',
    states: { pending: '等待回复', processing: '处理中', done: '已处理完' }, kinds: { refund: '申请退款', service: '服务没有生效', other: '其他' }, replyBy: '回复截止', settleBy: '处理截止', overdue: '已逾期', awaits: '对方在等你回复', risky: '高风险用户', times: (count: number) => `第 ${count} 次投诉`, number: '投诉单号',
    amount: '订单金额', asks: '要求退', left: '还可以退', noOrder: '没有对应的订单', refunded: '已全额退款', phone: '手机号', seePhone: '查看号码', seePhoneAsk: '写下为什么要看，会记入操作记录：',
    by: { payer: '投诉人', academy: '书院', platform: '微信支付' }, acts: { USER_CREATE_COMPLAINT: '发起投诉', USER_CONTINUE_COMPLAINT: '继续投诉', USER_RESPONSE: '留言', MERCHANT_RESPONSE: '回复', MERCHANT_CONFIRM_COMPLETE: '反馈处理完成', MERCHANT_APPROVE_REFUND: '同意退款', MERCHANT_REFUSE_RERUND: '拒绝退款', COMPLAINT_FULL_REFUNDED_SYSTEM_MESSAGE: '已全额退款', PLATFORM_RESPONSE: '平台留言', USER_APPLY_PLATFORM_HELP: '申请平台协助', PLATFORM_HELP_APPLICATION: '平台催办' } as Record<string, string>,
    picture: (place: number) => `第 ${place} 张图片`, reply: '回复', replyHint: '对方在微信里看到，最多 200 字', complete: '处理完成', completeAsk: '告诉微信支付这条投诉已处理完。对方不满意可以继续投诉。',
    agree: '同意退款', agreeAsk: (sum: string) => `退 ${sum} 给投诉人？退款立即发起，不能收回。`, amountWrong: '请写一个大于 0、不超过还可以退的金额。', sum: '退款金额（元）', decline: '拒绝退款', declineAsk: '写给对方看的原因：', decisions: { agreed: '已同意退款', declined: '已拒绝退款' }, telling: '正在告诉微信支付',
  },
  {
    about: 'What payers complain of in WeChat Pay. The first answer is due within 24 hours, the end within 72; being late costs the merchant its rights.', openOnly: 'Only open ones', refresh: 'Ask now', none: 'No complaints.', empty: 'No complaint is waiting.',
    states: { pending: 'To be answered', processing: 'Under way', done: 'Done with' }, kinds: { refund: 'Asks for a refund', service: 'Service did not work', other: 'Other' }, replyBy: 'answer by', settleBy: 'settle by', overdue: 'overdue', awaits: 'waits for your answer', risky: 'high risk', times: (count: number) => `complaint no. ${count}`, number: 'Complaint',
    amount: 'Order', asks: 'Asked back', left: 'Still refundable', noOrder: 'No order fits', refunded: 'Fully refunded', phone: 'Phone', seePhone: 'Show number', seePhoneAsk: 'Why; it is kept in the audit log:',
    by: { payer: 'Payer', academy: 'Academy', platform: 'WeChat Pay' }, acts: { USER_CREATE_COMPLAINT: 'complained', USER_CONTINUE_COMPLAINT: 'goes on', USER_RESPONSE: 'wrote', MERCHANT_RESPONSE: 'answered', MERCHANT_CONFIRM_COMPLETE: 'done with', MERCHANT_APPROVE_REFUND: 'agreed to refund', MERCHANT_REFUSE_RERUND: 'declined the refund', COMPLAINT_FULL_REFUNDED_SYSTEM_MESSAGE: 'fully refunded', PLATFORM_RESPONSE: 'wrote', USER_APPLY_PLATFORM_HELP: 'asked for help', PLATFORM_HELP_APPLICATION: 'urges' } as Record<string, string>,
    picture: (place: number) => `picture ${place}`, reply: 'Answer', replyHint: 'read in WeChat, 200 characters at most', complete: 'Done with', completeAsk: 'Tell WeChat Pay that this is done with? The payer may go on.',
    agree: 'Agree to refund', agreeAsk: (sum: string) => `Give ${sum} back? The refund begins at once and cannot be called back.`, amountWrong: 'A sum above 0 and no more than is left.', sum: 'Refund (yuan)', decline: 'Decline refund', declineAsk: 'Why; the payer reads it:', decisions: { agreed: 'Refund agreed to', declined: 'Refund declined' }, telling: 'WeChat Pay is being told',
  },
)
