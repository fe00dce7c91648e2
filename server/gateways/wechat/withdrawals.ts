// Withdrawing what virtual payment has settled to the academy's bank account. Its sums are texts in yuan, alone among those of this interface.
import { fieldsOf, filledText, wholeOf, type Fields } from '../fields.ts'
import { done, unknown, type Answer } from '../wire.ts'
import { centsOfYuan, yuanOf } from '../yuan.ts'
import type { VirtualPayment } from './shapes.ts'

const REPEATED = '268490004'
const NO_SUCH_WITHDRAWAL = '268490002'
const STATES = [undefined, 'under_way', 'done', 'failed'] as const

type Withdrawals = Pick<VirtualPayment, 'findAvailable' | 'withdraw' | 'findWithdrawal'>

export function openWithdrawals(call: (name: string, body: Fields) => Promise<Answer<Fields>>): Withdrawals {
  return {
    async findAvailable() {
      const answer = await call('query_biz_balance', {})
      if (answer.outcome !== 'done') return answer
      const balance = fieldsOf(answer.value, 'balance_available')
      const amount = filledText(balance, 'currency_code') === 'CNY' ? centsOfYuan(filledText(balance, 'amount')) : undefined
      return amount === undefined ? unknown('answer lacks a field') : done(amount)
    },
    async withdraw({ number, amount }) {
      const answer = await call('create_withdraw_order', { withdraw_no: number, withdraw_amount: yuanOf(amount) })
      if (answer.outcome === 'refused' && answer.code === REPEATED) return done('accepted')
      return answer.outcome === 'done' ? done('accepted') : answer
    },
    async findWithdrawal(number) {
      const answer = await call('query_withdraw_order', { withdraw_no: number })
      if (answer.outcome === 'refused' && answer.code === NO_SUCH_WITHDRAWAL) return { ...answer, status: 404 }
      if (answer.outcome !== 'done') return answer
      const [state, amount] = [STATES[wholeOf(answer.value, 'status') ?? 0], centsOfYuan(filledText(answer.value, 'withdraw_amount'))]
      if (state === undefined || amount === undefined) return unknown('answer lacks a field')
      return done({ state, amount, why: filledText(answer.value, 'fail_reason') })
    },
  }
}
