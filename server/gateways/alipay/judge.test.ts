// Each thing that a trade tells is compared by itself.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cents } from '#contracts/words/money.ts'
import { judgeTrade } from './judge.ts'
import type { AlipayTrade } from './shapes.ts'

const expected = { appid: '2021000000000001', sellerId: '2088000000000001', outTradeNo: 'S1', total: cents(9900) }
const told: AlipayTrade = { ...expected, tradeNo: 'T1', state: 'TRADE_SUCCESS', paidAt: '2026-11-21T00:00:00.000Z' }

test('exactly what was asked pays, also when the trade is finished for good', () => {
  assert.deepEqual(judgeTrade(told, expected), { verdict: 'pays' })
  assert.deepEqual(judgeTrade({ ...told, state: 'TRADE_FINISHED' }, expected), { verdict: 'pays' })
})

test('one thing that differs is named, and so are all', () => {
  const wrong = { appid: '2021000000000002', sellerId: '2088000000000002', outTradeNo: 'S2', total: cents(1) }
  const names = { appid: 'appid', sellerId: 'seller_id', outTradeNo: 'out_trade_no', total: 'total' } as const
  for (const [field, name] of Object.entries(names)) assert.deepEqual(judgeTrade({ ...told, [field]: wrong[field as keyof typeof wrong] }, expected), { verdict: 'differs', reasons: [name] })
  assert.deepEqual(judgeTrade({ ...told, ...wrong }, expected), { verdict: 'differs', reasons: Object.values(names) })
})

test('a trade that is closed was paid once, or never', () => {
  assert.deepEqual(judgeTrade({ ...told, state: 'WAIT_BUYER_PAY', paidAt: undefined }, expected), { verdict: 'not_paid', state: 'open' })
  assert.deepEqual(judgeTrade({ ...told, state: 'TRADE_CLOSED', paidAt: undefined }, expected), { verdict: 'not_paid', state: 'closed' })
  assert.deepEqual(judgeTrade({ ...told, state: 'TRADE_CLOSED' }, expected), { verdict: 'not_paid', state: 'refunded' })
})
