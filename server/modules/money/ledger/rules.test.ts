// Properties of the ledger's entries: they balance, they undo each other, and money is never made.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { chart, type Account } from '#contracts/words/accounts.ts'
import { cents, percentOf, plus, split, type Cents } from '#contracts/words/money.ts'
import { balances, couponsEntry, csvLines, feesEntry, monthSpan, refundBegunEntry, refundDoneEntry, refundFailedEntry, saleEntry, shownBalance, surplusEntry, withdrawalEntry, writeOffEntry, type Entry } from './rules.ts'

const amounts = fc.integer({ min: 1, max: 100_000_000 }).map(cents)
const rails = fc.constantFrom('wechat_pay' as const, 'wechat_virtual' as const)
const lives = fc.record({ rail: rails, amount: amounts, isSurplus: fc.boolean(), end: fc.constantFrom('kept', 'begun', 'done', 'failed') })

type Life = { rail: 'wechat_pay' | 'wechat_virtual'; amount: Cents; isSurplus: boolean; end: string }

function entriesOf({ rail, amount, isSurplus, end }: Life, at: number): Entry[] {
  const portions = [{ sold: isSurplus ? ('surplus' as const) : ('services' as const), amount }]
  const paid = isSurplus ? surplusEntry(rail, `pay_${at}`, amount) : saleEntry(rail, `pay_${at}`, amount)
  if (end === 'kept') return [paid]
  const begun = refundBegunEntry(`rfd_${at}`, amount, portions)
  if (end === 'begun') return [paid, begun]
  return [paid, begun, end === 'done' ? refundDoneEntry(rail, `rfd_${at}`, amount) : refundFailedEntry(`rfd_${at}`, amount, portions)]
}

function sumsOf(entries: Entry[]): Record<string, number> {
  const sums: Record<string, number> = {}
  for (const line of entries.flatMap((entry) => entry.lines)) sums[line.account] = (sums[line.account] ?? 0) + line.amount
  return sums
}

test('every entry balances, names accounts of the chart, and has a cause of its own', () => {
  fc.assert(fc.property(fc.array(lives, { maxLength: 30 }), (all) => {
    const entries = all.flatMap(entriesOf)
    assert.ok(entries.every((entry) => balances(entry.lines) && entry.lines.every((line) => line.account in chart && line.amount !== 0)))
    assert.equal(new Set(entries.map((entry) => entry.cause)).size, entries.length)
  }))
})

test('after any lives of any payments the assets are what came and has not gone back, and only what is under way is owed', () => {
  fc.assert(fc.property(fc.array(lives, { maxLength: 30 }), (all) => {
    const sums = sumsOf(all.flatMap(entriesOf))
    const total = (of: (life: Life) => boolean) => all.filter(of).reduce((sum, life) => sum + life.amount, 0)
    for (const rail of ['wechat_pay', 'wechat_virtual']) assert.equal(sums[`asset:${rail}`] ?? 0, total((life) => life.rail === rail && life.end !== 'done'))
    assert.equal(0 - (sums['liability:refunds_under_way'] ?? 0), total((life) => life.end === 'begun'))
    assert.equal(0 - (sums['liability:surplus_payments'] ?? 0), total((life) => life.isSurplus && (life.end === 'kept' || life.end === 'failed')))
    assert.equal(0 - (sums['income:courses'] ?? 0) - (sums['income:refunds'] ?? 0), total((life) => !life.isSurplus && (life.end === 'kept' || life.end === 'failed')))
    assert.equal(Object.values(sums).reduce((all_, sum) => all_ + sum, 0), 0)
  }))
})

test('fees, withdrawals and write-offs take from their rail what they give elsewhere, also when they are negative', () => {
  fc.assert(fc.property(rails, fc.integer({ min: -1_000_000, max: 1_000_000 }).filter((amount) => amount !== 0).map(cents), (rail, amount) => {
    const entries = [feesEntry(rail, '2026-11-20', amount), couponsEntry(rail, '2026-11-20', amount), withdrawalEntry(rail, 'flow_1', amount), writeOffEntry(rail, 'dif_1', amount)]
    assert.ok(entries.every((entry) => balances(entry.lines) && entry.lines.every((line) => line.account in chart)))
    assert.deepEqual(sumsOf(entries), { [`asset:${rail}`]: -4 * amount, 'expense:channel_fees': amount, 'expense:coupons': amount, 'asset:bank': amount, 'expense:write_offs': amount })
    assert.equal(new Set(entries.map((entry) => entry.cause)).size, 4)
  }))
})

test('an entry that is a fen off does not balance', () => {
  fc.assert(fc.property(rails, amounts, (rail, amount) => {
    const [first, ...rest] = saleEntry(rail, 'pay_1', amount).lines
    assert.ok(first)
    assert.equal(balances([{ ...first, amount: cents(first.amount + 1) }, ...rest]), false)
  }))
})

test('a balance is shown with the sign a person expects', () => {
  const shown: Record<Account, number> = { 'asset:wechat_pay': 5, 'asset:wechat_pay_held': 5, 'asset:wechat_virtual': 5, 'asset:alipay': 5, 'asset:douyin': 5, 'asset:bank': 5, 'liability:surplus_payments': -5, 'liability:refunds_under_way': -5, 'liability:coins': -5, 'income:courses': -5, 'income:refunds': -5, 'income:goods': -5, 'income:goods_refunds': -5, 'income:books': -5, 'income:books_refunds': -5, 'income:exempt': -5, 'income:exempt_refunds': -5, 'expense:channel_fees': 5, 'expense:coupons': 5, 'expense:payouts': 5, 'liability:payouts_under_way': -5, 'liability:owed_to_people': -5, 'expense:profit_shares': 5, 'expense:write_offs': 5 }
  for (const [account, balance] of Object.entries(shown) as [Account, number][]) assert.equal(shownBalance(account, cents(5)), balance)
})

test('money that is shared always adds up, and a share of basis points never exceeds the whole', () => {
  fc.assert(fc.property(fc.integer({ min: -100_000_000, max: 100_000_000 }).map(cents), fc.array(fc.integer({ min: 0, max: 10_000 }), { minLength: 1, maxLength: 20 }), fc.integer({ min: 0, max: 10_000 }), (amount, weights, basisPoints) => {
    fc.pre(weights.some((weight) => weight > 0))
    assert.equal(plus(...split(amount, weights)), amount)
    assert.ok(Math.abs(percentOf(amount, basisPoints)) <= Math.abs(amount))
  }))
})

test('a month begins at midnight of the zone, also where clocks are turned', () => {
  const span = (month: string, zone: string) => Object.values(monthSpan(month, zone)).map((at) => at.toISOString())
  assert.deepEqual(span('2026-11', 'Asia/Shanghai'), ['2026-10-31T16:00:00.000Z', '2026-11-30T16:00:00.000Z'])
  assert.deepEqual(span('2026-12', 'UTC'), ['2026-12-01T00:00:00.000Z', '2027-01-01T00:00:00.000Z'])
  assert.deepEqual(span('2026-03', 'America/New_York'), ['2026-03-01T05:00:00.000Z', '2026-04-01T04:00:00.000Z'])
  assert.deepEqual(span('2026-01', 'Asia/Kathmandu'), ['2025-12-31T18:15:00.000Z', '2026-01-31T18:15:00.000Z'])
})

test('an exported entry is a row a line, in words and plain yuan, with its place in the chain', () => {
  const entry = { ...saleEntry('wechat_pay', 'pay_1', cents(9905)), id: 'ldg_1', order: 'ord_1', at: new Date('2026-11-20T16:05:00Z'), lane: 0, position: 7, hash: 'ab12' }
  assert.deepEqual(csvLines(entry, 'Asia/Shanghai'), [
    '"2026-11-21 00:05","ldg_1","课程成交","asset:wechat_pay","微信支付账户","99.05","","ord_1","sale:pay_1","0-7","ab12"',
    '"2026-11-21 00:05","ldg_1","课程成交","income:courses","课程收入","","99.05","ord_1","sale:pay_1","0-7","ab12"',
  ])
})
