// What answers of the rails that send no bill say of a payment or a refund.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cents } from '#contracts/words/money.ts'
import type { VirtualOrder } from '#gateways/wechat/shapes.ts'
import { lineOfDouyinRefund, lineOfRepaid, lineOfVirtual } from './rules.ts'

const at = new Date('2026-11-20T03:00:00Z')
const asked = (number: string) => ({ number, tradeNumber: 'T1', at })
const order = (state: VirtualOrder['state'], env = 0): VirtualOrder => ({ outTradeNo: 'T1', state, fee: cents(9900), paid: cents(9800), refunded: cents(0), left: cents(9800), env, isApple: false, wxOrderId: 'W1', platformOrderNo: undefined, transactionId: '4200', paidAt: undefined, settled: undefined })

test('money came for an order of virtual payment, also when it went back since; not for one that was never paid or is of the other environment', () => {
  assert.deepEqual(lineOfVirtual(asked('T1'), order('delivered'), 0), { kind: 'payment', number: 'T1', vendorNumber: '4200', tradeNumber: 'T1', at: '2026-11-20T03:00:00.000Z', state: 'SUCCESS', total: 9900, settled: 9900, fee: 0 })
  for (const state of ['paid', 'delivering', 'refunded', 'refund_failed'] as const) assert.notEqual(lineOfVirtual(asked('T1'), order(state), 0), 'nothing', state)
  for (const state of ['initial', 'created', 'closed'] as const) assert.equal(lineOfVirtual(asked('T1'), order(state), 0), 'nothing', state)
  assert.equal(lineOfVirtual(asked('T1'), order('paid', 1), 0), 'nothing')
})

test('of one sum that went back each refund has its own, and what is too little or too much falls to the last one', () => {
  const ours = [{ number: 'R1', amount: cents(3000) }, { number: 'R2', amount: cents(2000) }]
  const told = (refunded: number) => ['R1', 'R2'].map((number) => { const line = lineOfRepaid(asked(number), cents(refunded), ours); return typeof line === 'string' ? line : line.total })
  assert.deepEqual(told(5000), [3000, 2000])
  assert.deepEqual(told(6000), [3000, 3000])
  assert.deepEqual(told(4000), [3000, 1000])
  assert.deepEqual(told(3000), [3000, 'nothing'])
})

test('a refund that Douyin could not make is none; one under way is told as such', () => {
  const refund = (state: 'SUCCESS' | 'PROCESSING' | 'FAIL') => lineOfDouyinRefund(asked('R1'), { orderId: 'D1', outRefundNo: 'R1', refundId: 'DR1', state, refund: cents(500), toAudit: false, message: undefined })
  assert.equal(refund('FAIL'), 'nothing')
  assert.deepEqual((['SUCCESS', 'PROCESSING'] as const).map((state) => { const line = refund(state); return typeof line === 'string' ? line : [line.state, line.total, line.vendorNumber] }), [['SUCCESS', 500, 'DR1'], ['PROCESSING', 500, 'DR1']])
})
