// Sentences of payments that do not fit: what is wrong, and what a person can do about it.
import { both } from './both.ts'

export const words = both(
  {
    about: '收到的款项与订单不符，或找不到对应的订单。课程没有开通，账本也没有记；核对清楚后在这里了结。', openOnly: '只看未了结的', none: '没有对不上的支付。', wrong: '哪里不对', asked: '应收', told: '对方所报', number: '商户单号', transactionNo: '交易号', order: '订单', at: '发现于', done: '已了结',
    noOrder: '没有这张订单', check: '再问一次', checkAbout: '向支付平台重新查询这笔支付。若确认金额与收款方都相符，订单会立即入账并开通课程。', giveBack: '原路退回', giveBackAsk: '会再向支付平台查询一次：它确认收到多少，就原路退回多少，并记入账本。写下理由，会记入操作记录。', givenBack: '正在原路退回，进度在订单的退款里', resolve: '了结', resolveAsk: '写下你核对的结果和做了什么，例如「已在商户平台原路退回」。会记入操作记录，不能再改。', resolved: '已了结', byAt: (by: string) => `${by} 了结于`, kinds: { mismatched: '与订单不符', unknown_order: '没有对应的订单' },
    reasons: {
      total: '金额不同', amount: '金额不同', price: '金额不同', payer_total: '实付金额超出应付', currency: '币种不同', mchid: '收款商户号不是书院的', appid: '应用编号不是书院的', out_trade_no: '商户单号不同', transaction_id: '缺交易号', transaction_differs: '同一单号报了另一个交易号', env: '来自测试环境', openid: '付款人不是下单的学员', product: '道具不同', quantity: '数量不同', refunded_elsewhere: '款项已在别处退回',
    } as Record<string, string>,
    advice: {
      money: '到支付平台的商户后台按商户单号核对实收金额。多收或少收的，在这里原路退回，再请学员重新支付。', payee: '钱没有进书院的账户。检查服务器的商户号、应用编号与密钥是否配错，不要给学员开通课程。', test: '测试环境的支付没有真钱，不必退款。检查虚拟支付的环境配置。', gone: '款项已经退回，没有钱留在书院，了结即可。', unknown: '这个单号不是本系统开出的。到商户后台查这笔钱的来处，属于别的业务就了结，误付的在那里退回。', other: '到支付平台的商户后台按商户单号核对，再决定退回还是请学员重新支付。',
    },
    standings: { paid: '支付平台确认相符，订单已入账', open: '支付平台说还没有付款，没有钱需要退', closed: '支付平台说已关闭，没有收到钱', unknown: '仍然不符，或支付平台没有回答' },
  },
  {
    about: 'Money, or word of money, that does not fit its order or has none. No course was opened and nothing was booked; close it here once it is clear.', openOnly: 'Only open ones', none: 'Every payment fits.', wrong: 'What is wrong', asked: 'Asked', told: 'Told', number: 'Out-trade number', transactionNo: 'Transaction', order: 'Order', at: 'Found', done: 'Closed',
    noOrder: 'No such order', check: 'Ask again', checkAbout: 'Asks the payment platform about this payment. If sum and payee fit after all, the order is booked and the course opens at once.', giveBack: 'Give back', giveBackAsk: 'The platform is asked once more: whatever it confirms to have received goes back the way it came, and is booked. Say why; it is recorded.', givenBack: 'On its way back; the order’s refunds show how far', resolve: 'Close', resolveAsk: 'What you found and what was done, such as “given back in the merchant platform”. It is recorded and cannot be changed.', resolved: 'Closed', byAt: (by: string) => `Closed by ${by}`, kinds: { mismatched: 'Does not fit its order', unknown_order: 'Has no order' },
    reasons: {
      total: 'another sum', amount: 'another sum', price: 'another sum', payer_total: 'more was paid than asked', currency: 'another currency', mchid: 'another merchant', appid: 'another app', out_trade_no: 'another number', transaction_id: 'no transaction number', transaction_differs: 'another transaction under the same number', env: 'from the test environment', openid: 'another payer', product: 'another item', quantity: 'another quantity', refunded_elsewhere: 'already given back elsewhere',
    } as Record<string, string>,
    advice: {
      money: 'Look the number up in the merchant platform. Give back here what was paid wrongly, then let the learner pay again.', payee: 'The money did not reach the academy. Check merchant number, app and keys of this server; do not open the course.', test: 'A payment of the test environment moved no money. Check the environment of virtual payment.', gone: 'The money has gone back; nothing is left here. Close it.', unknown: 'This number was not made by this system. Find where the money belongs in the merchant platform; give back what was paid by mistake.', other: 'Look the number up in the merchant platform, then give it back or let the learner pay again.',
    },
    standings: { paid: 'The platform says it fits; the order is booked', open: 'The platform says nothing was paid; nothing to give back', closed: 'The platform says it is closed; no money came', unknown: 'It still differs, or the platform did not answer' },
  },
)

export type Advice = keyof typeof words.advice
