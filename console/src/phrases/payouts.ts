// Sentences of paying people: what is owed, who asks, who agrees, and what WeChat Pay said.
import { both } from './both.ts'

export const words = both(
  {
    about: '付给讲师、推广人的钱：记下应付，本人在小程序里申请提现；你同意之后由微信支付发出，对方 24 小时内确认才到账。', terms: '付款规则', approveAbove: '超过多少要第二个人同意（元）', dayCap: '一天最多付出（元）', change: '修改', termsText: (above: string, cap: string) => `单笔超过 ${above} 要第二个人同意，一天最多付出 ${cap}`, saved: '已保存', sumWrong: '请写一个不为负、最多两位小数的金额。',
    pay: '记应付或付款', how: '怎样付', hows: { due: '记为应付', payout: '直接付款' }, howsAbout: { due: '对方在小程序里自己申请提现。写负数可以减去还没有申请的部分。', payout: '不经过申请，微信支付直接请对方确认收款。' }, member: '学员', memberHint: '昵称、手机号或后四位', amount: '金额（元）', role: '身份', roleHint: '讲师、推广人', reason: '事由', reasonHint: '十一月分成', begin: '提交', begun: '已提交', amountWrong: { due: '请写一个不为 0、最多两位小数的金额。', payout: '一次付 0.10 到 1999.99 元。' },
    list: '付款记录', none: '这里没有付款。', all: '全部', states: { asked: '等待同意', requested: '等第二个人同意', sending: '正在发出', confirming: '等对方确认', cancelling: '正在撤销', done: '已到账', failed: '没有成功', cancelled: '已撤销', rejected: '已拒绝' },
    asked: '本人申请', began: '直接付款', expires: '确认截止', answer: '答复', agree: '同意', agreeAsk: (name: string, sum: string) => `付 ${sum} 给 ${name}？`, reject: '拒绝', rejectAsk: '写给对方看的原因：', cancel: '撤销', cancelAsk: '对方还没有确认。撤销后这笔钱退回商户账户。', retry: '重新付', retryAsk: '上一次确认没有付出。换一个新单号再付一次？',
    dues: '应付记录', noDues: '还没有应付记录。', byRule: '按规则',
    problems: { OVERDUE_CLOSE: '24 小时没有确认', REAL_NAME_CHECK_FAIL: '收款账号没有实名', ACCOUNT_FROZEN: '收款账号被冻结', ACCOUNT_NOT_EXIST: '收款账号不存在', NOT_ENOUGH: '商户余额不足，会自动再试', FREQUENCY_LIMITED: '频率超限，会自动再试', RATELIMIT_EXCEEDED: '频率超限，会自动再试', TRANSFER_QUOTA_EXCEED: '超过收款限额', NOT_CONFIGURED: '还没有配置微信支付' } as Record<string, string>,
  },
  {
    about: 'Money for lecturers and promoters: record what is owed, they ask for it in the mini program; once you agree WeChat Pay sends it, and it arrives when they confirm within 24 hours.', terms: 'Terms', approveAbove: 'Above this a second person agrees (yuan)', dayCap: 'Most in a day (yuan)', change: 'Change', termsText: (above: string, cap: string) => `Above ${above} a second person agrees; at most ${cap} in a day`, saved: 'Saved', sumWrong: 'A sum that is not negative, with two decimals at most.',
    pay: 'Owe or pay', how: 'How', hows: { due: 'Record as owed', payout: 'Pay now' }, howsAbout: { due: 'They ask for it themselves in the mini program. A negative sum takes back what was not asked for.', payout: 'WeChat Pay asks them to confirm at once.' }, member: 'Member', memberHint: 'Nickname, phone number or its last four digits', amount: 'Amount (yuan)', role: 'Role', roleHint: 'lecturer, promoter', reason: 'Reason', reasonHint: 'share of November', begin: 'Submit', begun: 'Submitted', amountWrong: { due: 'Not 0, with two decimals at most.', payout: 'Between 0.10 and 1999.99 yuan at a time.' },
    list: 'Payouts', none: 'No payouts here.', all: 'All', states: { asked: 'To be agreed to', requested: 'Needs a second person', sending: 'Being sent', confirming: 'To be confirmed', cancelling: 'Being cancelled', done: 'Arrived', failed: 'Failed', cancelled: 'Cancelled', rejected: 'Declined' },
    asked: 'asked for', began: 'paid directly', expires: 'confirm before', answer: 'Answer', agree: 'Agree', agreeAsk: (name: string, sum: string) => `Pay ${sum} to ${name}?`, reject: 'Decline', rejectAsk: 'Why; they will read it:', cancel: 'Cancel', cancelAsk: 'Nobody has confirmed yet. The money returns to the merchant account.', retry: 'Pay again', retryAsk: 'The last try is known to have paid nothing. Pay again by a new number?',
    dues: 'What was recorded as owed', noDues: 'Nothing recorded yet.', byRule: 'by rule',
    problems: { OVERDUE_CLOSE: 'not confirmed within 24 hours', REAL_NAME_CHECK_FAIL: 'name not verified', ACCOUNT_FROZEN: 'account frozen', ACCOUNT_NOT_EXIST: 'no such account', NOT_ENOUGH: 'balance too small, tried again', FREQUENCY_LIMITED: 'too often, tried again', RATELIMIT_EXCEEDED: 'too often, tried again', TRANSFER_QUOTA_EXCEED: 'over the limit of the account', NOT_CONFIGURED: 'WeChat Pay is not configured' } as Record<string, string>,
  },
)
