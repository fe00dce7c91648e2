// Sentences of withdrawing from virtual payment to the bank.
import { both } from './both.ts'

export const words = both(
  {
    title: '虚拟支付提现', available: '可提现', act: '提现到银行', about: '微信把已结算的钱打到虚拟支付绑定的银行账户，到账后自动记账。一次只能有一笔在途。', yuan: '金额（元）', begun: '已提交，到账后自动记账',
    madeAt: '提交时间', state: '状态', amount: '金额', states: { sending: '正在提交', under_way: '在途', done: '已到账', failed: '没有成功' } as Record<string, string>, problems: { amount_differs: '微信的金额与提交的不同，请在微信后台核实', 268490002: '微信没有接受，请核对可提现余额' } as Record<string, string>,
  },
  {
    title: 'Withdrawing from virtual payment', available: 'Can be withdrawn', act: 'Withdraw to the bank', about: 'WeChat pays what is settled to the bank account bound there; it is booked when it arrived. One withdrawal at a time.', yuan: 'Amount (yuan)', begun: 'Sent; it is booked when it arrived',
    madeAt: 'Asked for', state: 'State', amount: 'Amount', states: { sending: 'Being sent', under_way: 'Under way', done: 'Arrived', failed: 'Failed' } as Record<string, string>, problems: { amount_differs: 'WeChat names another sum; look there', 268490002: 'WeChat did not take it; compare what can be withdrawn' } as Record<string, string>,
  },
)
