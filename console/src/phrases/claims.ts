// Sentences of claims: what is asked back, how the sum is worked out, and the academy's own promise.
import { both } from './both.ts'

export const words = both(
  {
    about: '学员申请退款时，应退金额按规则算好并写出算式；你核对学习记录、判断是谁的原因，再决定。', openOnly: '只看待处理的', none: '没有待处理的退款申请。', byAt: (by: string) => `${by} 处理于`,
    states: { asked: '待处理', approved: '已同意', declined: '已拒绝', withdrawn: '学员已撤回' } as Record<string, string>,
    reason: '学员的理由', whose: '是谁的原因', usage: '付款后的学习记录', noUsage: '付款后没有学习记录。', freeLesson: '免费', tenths: (tenths: number) => `${tenths * 10}%`, order: '订单', paidDays: (days: number) => `付款后第 ${days + 1} 天`,
    faults: { learner: '学员改变主意', academy: '书院没有做到' } as Record<string, string>,
    faultsAbout: { learner: '已学部分按标价计算', academy: '已学部分按实付价计算' } as Record<string, string>,
    rules: { seven_days: '付款未满七天：全额', policy: '符合书院的退款承诺：全额', used: '实付减已学' } as Record<string, string>,
    formula: (basis: string, used: string, lessons: number) => `${basis} × ${used} ÷ ${lessons} 课时`, formulaDays: (basis: string, used: number, days: number) => `${basis} × ${used} ÷ ${days} 天`, gifted: (days: number, fault: string) => (fault === 'academy' ? `，含赠送 ${days} 天` : `，赠送的 ${days} 天不计`), paid: '实付', used: '已学', refunded: '已退', amount: '退给学员', amountWrong: '请写一个大于 0、不超过实付的金额。', differs: '与算出的金额不同，答复里要写明原因。',
    answer: '给学员的答复', answerHint: '拒绝时必填，学员会看到', approve: '同意并退款', decline: '拒绝', approveAsk: (sum: string) => `退 ${sum} 给学员？课程会立即关闭，退款发出后不能收回。`, approved: '已同意，退款已发起', declined: '已拒绝，学员会看到你的答复', answerNeeded: '拒绝要写明原因，学员会看到。',
    learningPaid: '课程部分实付', below: (sum: string) => `，减原会员同期的 ${sum}`, above: (sum: string) => `，加升级后多用的 ${sum}`, goodsStates: { here: '物品未寄出', kept: '物品在学员手里', returned: '物品已退回' } as Record<string, string>, goodsOf: (paid: string, sending: string) => `物品 ${paid}，运费 ${sending}`, goodsIfReturned: (sum: string) => `收到退货再退 ${sum}，收到后在「发货」登记`,
    interest: '利息', formulaInterest: (amount: string, rate: string, days: number) => `${amount} × ${rate} ÷ 360 × ${days} 天，记入学员的应付`, percentOf: (basisPoints: number) => `${(basisPoints / 100).toFixed(2)}%`,
    rates: '退款利率', rateKinds: { lpr_1y: '一年期 LPR', deposit_1y: '一年期存款基准利率' } as Record<string, string>, rateSince: (day: string) => `${day} 起`, noteRate: '登记利率', rateKind: '利率', rateDay: '从哪天起', ratePercent: '年利率（%）', rateNoted: '利率已登记', ratesAbout: '书院没有做到的，按下单那天的一年期 LPR 计息；学员改变主意的，按一年期存款基准利率。从申请那天算到退款，七天内全额退的不计息。',
    policy: '退款承诺', policyText: (days: number, percent: number) => `付款 ${days} 天内、学习不超过 ${percent}%，全额退款`, policyNone: '没有额外承诺，只按法律：付款七天内全额，之后退未学的部分', change: '修改', days: '天数', percent: '学习不超过（%）', save: '发布新承诺', policyAbout: '只对发布之后的订单生效，之前的订单仍按当时的承诺。天数写 0 表示不作额外承诺。', policySaved: '新承诺已发布',
  },
  {
    about: 'When a learner asks for money back, the sum is worked out by rule and its formula written down; you look at what was learnt, say whose doing it is, and decide.', openOnly: 'Only waiting ones', none: 'No claim is waiting.', byAt: (by: string) => `Decided by ${by}`,
    states: { asked: 'Waiting', approved: 'Approved', declined: 'Declined', withdrawn: 'Withdrawn' } as Record<string, string>,
    reason: 'Why', whose: 'Whose doing', usage: 'Learnt since paying', noUsage: 'Nothing was learnt since paying.', freeLesson: 'free', tenths: (tenths: number) => `${tenths * 10}%`, order: 'Order', paidDays: (days: number) => `Day ${days + 1} since paying`,
    faults: { learner: 'Learner changed their mind', academy: 'Academy did not keep its word' } as Record<string, string>,
    faultsAbout: { learner: 'what was learnt counts at list price', academy: 'what was learnt counts at the price paid' } as Record<string, string>,
    rules: { seven_days: 'Within seven days: everything', policy: "By the academy's promise: everything", used: 'Paid less learnt' } as Record<string, string>,
    formula: (basis: string, used: string, lessons: number) => `${basis} × ${used} ÷ ${lessons} lessons`, formulaDays: (basis: string, used: number, days: number) => `${basis} × ${used} ÷ ${days} days`, gifted: (days: number, fault: string) => (fault === 'academy' ? `, with the ${days} given` : `, without the ${days} given`), paid: 'Paid', used: 'Learnt', refunded: 'Given back', amount: 'To give back', amountWrong: 'A sum above 0 and no more than was paid.', differs: 'Not the sum of the rule: say why in the answer.',
    answer: 'Answer to the learner', answerHint: 'Needed to decline; the learner reads it', approve: 'Approve and refund', decline: 'Decline', approveAsk: (sum: string) => `Give ${sum} back? The course closes at once, and the refund cannot be called back.`, approved: 'Approved, the refund is under way', declined: 'Declined; the learner reads your answer', answerNeeded: 'Say why; the learner reads it.',
    learningPaid: 'Paid for learning', below: (sum: string) => `, less ${sum} that the earlier plan would have used`, above: (sum: string) => `, and ${sum} that the upgrade used more`, goodsStates: { here: 'Goods not sent yet', kept: 'Goods with the learner', returned: 'Goods came back' } as Record<string, string>, goodsOf: (paid: string, sending: string) => `goods ${paid}, shipping ${sending}`, goodsIfReturned: (sum: string) => `${sum} more once they are back: note it on the shipping desk`,
    interest: 'Interest', formulaInterest: (amount: string, rate: string, days: number) => `${amount} × ${rate} ÷ 360 × ${days} days, owed to the learner`, percentOf: (basisPoints: number) => `${(basisPoints / 100).toFixed(2)}%`,
    rates: 'Rates of interest', rateKinds: { lpr_1y: 'One-year LPR', deposit_1y: 'One-year deposit rate' } as Record<string, string>, rateSince: (day: string) => `since ${day}`, noteRate: 'Note a rate', rateKind: 'Rate', rateDay: 'Since', ratePercent: 'A year (%)', rateNoted: 'The rate is noted', ratesAbout: "The academy's doing costs the one-year LPR of the day of the order, a learner's change of mind the central bank's one-year deposit rate: from the day of the claim until the money goes back, and nothing within the seven days.",
    policy: 'Refund promise', policyText: (days: number, percent: number) => `Everything back within ${days} days and ${percent}% learnt`, policyNone: 'No promise beyond the law: everything within seven days, then what was not learnt', change: 'Change', days: 'Days', percent: 'Learnt at most (%)', save: 'Publish', policyAbout: 'Holds for orders placed from now on; older ones keep theirs. 0 days promises nothing.', policySaved: 'The new promise holds',
  },
)
