// The arithmetic of giving back, by the law's own cases.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cents } from '#contracts/words/money.ts'
import { weigh, type Facts } from '#modules/trade/policies/actions.ts'
import { claimSum, withInterest, type Case, type Goods } from './rules.ts'

const paidAt = new Date('2026-03-01T00:00:00Z')
const after = (days: number) => new Date(paidAt.getTime() + days * 86_400_000)
const one = (more: Partial<Facts & Case> = {}): Case => {
  const facts = { paid: cents(8000), list: cents(10_000), refunded: cents(0), goods: null, below: cents(0), above: cents(0), paidAt, at: after(30), zone: 'Asia/Shanghai', hadBefore: false, lessons: 8, usedTenths: 20, policy: { days: 0, mostPercent: 0 }, askedAt: null, rates: { learner: 150, academy: 300 }, ...more }
  return { worth: facts.paid, ...facts, ...weigh(facts) }
}

test('within seven days all that was paid comes back, whatever was used: the day of paying does not count, the seventh after it does to its midnight', () => {
  // Paid on the first of March at eight in the morning in Shanghai: the eighth ends at 16:00 UTC.
  const midnight = new Date('2026-03-08T16:00:00Z')
  const { rule, amount, used } = claimSum(one({ at: new Date(midnight.getTime() - 1), usedTenths: 80 }), 'learner')
  assert.deepEqual([rule, amount, used], ['seven_days', 8000, 0])
  assert.equal(claimSum(one({ at: midnight }), 'learner').rule, 'used')
})

test('who had the course before knows it: the seven days are not for them', () => {
  assert.equal(claimSum(one({ at: after(1), hadBefore: true }), 'learner').rule, 'used')
})

test('the learner changed their mind: used counts at list price', () => {
  const { rule, basis, used, amount } = claimSum(one(), 'learner')
  assert.deepEqual([rule, basis, used, amount], ['used', 10_000, 2500, 5500])
})

test("it is the academy's doing: used counts at the price that was paid", () => {
  const { basis, used, amount } = claimSum(one(), 'academy')
  assert.deepEqual([basis, used, amount], [8000, 2000, 6000])
})

test('used at list price never takes more than was paid', () => {
  const { used, amount } = claimSum(one({ usedTenths: 72 }), 'learner')
  assert.deepEqual([used, amount], [8000, 0])
})

test('a price above the list is no reason to count more than was paid for', () => {
  assert.equal(claimSum(one({ paid: cents(12_000) }), 'learner').basis, 12_000)
})

test("the academy's own promise holds to its last day and to its last tenth", () => {
  const policy = { days: 45, mostPercent: 25 }
  assert.deepEqual([claimSum(one({ policy }), 'learner').rule, claimSum(one({ policy }), 'learner').amount], ['policy', 8000])
  assert.equal(claimSum(one({ policy, usedTenths: 21 }), 'learner').rule, 'used')
  assert.deepEqual([claimSum(one({ policy, at: after(45) }), 'learner').rule, claimSum(one({ policy, at: after(46) }), 'learner').rule], ['policy', 'used'])
})

test('what went back before does not go back again', () => {
  assert.equal(claimSum(one({ refunded: cents(1000) }), 'learner').amount, 4500)
  assert.equal(claimSum(one({ at: after(1), refunded: cents(8000) }), 'learner').amount, 0)
})

test('interest runs from the day it was asked for, at the rate of whose doing it is, on what goes back', () => {
  const asked = (at: Date) => one({ usedTenths: 0, at, askedAt: after(30) })
  assert.deepEqual([claimSum(asked(after(120)), 'learner').interestDays, claimSum(asked(after(120)), 'learner').interest, claimSum(asked(after(120)), 'academy').interest], [90, 30, 60])
  assert.equal(claimSum(asked(new Date(after(31).getTime() - 1)), 'academy').interest, 0)
  assert.equal(claimSum(asked(after(31)), 'learner').interest, 1, 'the part of a fen is the learner\'s')
  assert.equal(withInterest(claimSum(asked(after(120)), 'academy'), cents(4000)).interest, 30)
})

test('nobody asked yet, or within the seven days of the principal: no interest', () => {
  assert.equal(claimSum(one({ usedTenths: 0, at: after(300) }), 'academy').interest, 0)
  const early = claimSum(one({ at: after(6), askedAt: after(1) }), 'academy')
  assert.deepEqual([early.rule, early.interestDays, early.interestBasisPoints, early.interest], ['seven_days', 0, 0, 0])
})

test("the part of a fen is the learner's, and a course without lessons was never used", () => {
  assert.equal(claimSum(one({ list: cents(1001), paid: cents(1001), lessons: 3, usedTenths: 1 }), 'learner').used, 33)
  assert.equal(claimSum(one({ lessons: 0, usedTenths: 0 }), 'learner').amount, 8000)
})

test('a plan is used by its days, one for life by those of ten years', () => {
  const year = claimSum(one({ plan: { from: paidAt, days: 365, giftDays: 0 }, list: cents(36_500), paid: cents(36_500), lessons: 0, usedTenths: 0, at: after(100) }), 'learner')
  assert.deepEqual([year.rule, year.used, year.days, year.usedDays, year.amount], ['used', 10_000, 365, 100, 26_500])
  const life = claimSum(one({ plan: { from: paidAt, days: null, giftDays: 0 }, list: cents(36_500), paid: cents(36_500), lessons: 0, usedTenths: 0, at: after(365) }), 'learner')
  assert.equal(life.used, 3650)
  assert.equal(claimSum(one({ plan: { from: paidAt, days: 30, giftDays: 0 }, at: after(90) }), 'learner').amount, 0)
})

test("days that came as a gift make the used time cheaper when it is the academy's doing, and are not counted when the learner changed their mind", () => {
  const gifted = one({ plan: { from: paidAt, days: 400, giftDays: 35 }, list: cents(40_000), paid: cents(36_500), lessons: 0, usedTenths: 0, at: after(73) })
  const [wish, doing] = [claimSum(gifted, 'learner'), claimSum(gifted, 'academy')]
  assert.deepEqual([wish.days, wish.used, wish.giftDays], [365, 8000, 35])
  assert.deepEqual([doing.days, doing.used], [400, 6661])
})

test('a time that was bought ahead is not used before it begins', () => {
  const ahead = claimSum(one({ plan: { from: after(60), days: 365, giftDays: 0 }, at: after(50), list: cents(36_500), paid: cents(36_500) }), 'learner')
  assert.deepEqual([ahead.usedDays, ahead.amount], [0, 36_500])
})

test('goods: here they come back whole, kept they are paid for, returned they come back without what sending them cost', () => {
  const book: Goods = { state: 'here', paid: cents(3900), sending: cents(800), refunded: cents(0), mayReturn: true }
  const by = (goods: Partial<Goods>, fault: 'learner' | 'academy' = 'learner') => claimSum(one({ goods: { ...book, ...goods } }), fault)
  // Of 8000 for eight lessons (list 10 000) two were learnt: 5500 by the learner's wish, 6000 by the academy's doing.
  assert.deepEqual([by({}).amount, by({}).goods?.amount], [5500 + 4700, 4700])
  assert.deepEqual([by({ state: 'kept' }).amount, by({ state: 'kept' }).goods?.ifReturned], [5500, 3900])
  assert.equal(by({ state: 'kept', mayReturn: false }).goods?.ifReturned, 0)
  assert.deepEqual([by({ state: 'kept', mayReturn: false }, 'academy').amount, by({ state: 'kept', mayReturn: false }, 'academy').goods?.ifReturned], [6000, 4700])
  assert.deepEqual([by({ state: 'returned', mayReturn: false }).amount, by({ state: 'returned' }, 'academy').amount], [5500 + 3900, 6000 + 4700])
  assert.equal(by({ state: 'returned', refunded: cents(3900) }).amount, 5500)
})

test('interest is on what was paid ahead for learning, not on goods', () => {
  const goods = { state: 'here' as const, paid: cents(90_000), sending: cents(0), refunded: cents(0), mayReturn: true }
  const sum = claimSum(one({ goods, usedTenths: 0, at: after(120), askedAt: after(30) }), 'academy')
  // 8000 × 3 % ÷ 360 × 90 days = 60.
  assert.deepEqual([sum.amount, sum.interest, withInterest(sum, cents(49_000)).interest], [98_000, 60, 30])
})

test('an upgrade is charged for what it used more than the tier it took in, whose time ran on', () => {
  // A year of 365.00 was traded on its first day for a year of 730.00: 365.00 more was paid. After a hundred days 200.00 of the high tier are used, 100.00 of which the low one would have used.
  const plan = { from: paidAt, days: 365, giftDays: 0 }
  const high = claimSum(one({ plan, list: cents(73_000), worth: cents(73_000), paid: cents(36_500), below: cents(10_000), at: after(100) }), 'learner')
  const low = claimSum(one({ plan, list: cents(36_500), paid: cents(36_500), at: after(100) }), 'learner')
  assert.deepEqual([high.used, high.amount, low.amount, high.amount + low.amount], [10_000, 26_500, 26_500, 73_000 - 20_000])
})

/** Tiers that were bought one into the other, as the rooms reckon them: what each cost, when it began, and what of the one below went into it. */
type Tier = { worth: number; days: number; at: number }
const usedOf = ({ worth, days, at }: Tier, day: number) => Math.floor((worth * Math.min(days, Math.max(0, day - at))) / days)

function backOf(tiers: Tier[], day: number): { paid: number; back: number; used: number } {
  const sums = { paid: 0, back: 0, used: 0 }
  let above = 0
  for (const [at, tier] of [...tiers.entries()].toReversed()) {
    const lower = tiers[at - 1]
    const credit = lower ? Math.min(tier.worth, lower.worth - usedOf(lower, tier.at)) : 0
    const end = Math.min(day, tier.at + tier.days)
    const below = lower ? usedOf(lower, end) - usedOf(lower, tier.at) : 0
    const paid = tier.worth - credit
    const more = Math.max(0, usedOf(tier, day) - below)
    if (paid === 0) {
      above += more
      continue
    }
    const facts = { plan: { from: after(tier.at), days: tier.days, giftDays: 0 }, paidAt: after(tier.at), at: after(day), hadBefore: true, list: cents(tier.worth), worth: cents(tier.worth), paid: cents(paid), below: cents(below), above: cents(above) }
    const { used, amount } = claimSum(one(facts), 'learner')
    assert.ok(amount >= 0 && amount <= paid)
    sums.paid += paid
    sums.back += amount
    sums.used += used
    above = 0
  }
  return sums
}

test('over a chain of upgrades never more than was paid comes back, and all that was not used', () => {
  let seed = 11
  const chance = (most: number) => (seed = (seed * 48_271) % 2_147_483_647) % (most + 1)
  for (let round = 0; round < 3000; round += 1) {
    const tiers: Tier[] = []
    for (let at = 0; tiers.length < 1 + chance(3); at += chance(60)) tiers.push({ worth: 1 + chance(100_000), days: 30 * (1 + chance(12)), at })
    const { paid, back, used } = backOf(tiers, (tiers.at(-1)?.at ?? 0) + chance(400))
    assert.ok(back <= paid, JSON.stringify(tiers))
    assert.equal(paid - back, used, JSON.stringify(tiers))
  }
})

test("no case gives more than was paid or less than nothing, and the academy's doing never costs the learner", () => {
  let seed = 7
  const chance = (most: number) => (seed = (seed * 48_271) % 2_147_483_647) % (most + 1)
  for (let round = 0; round < 3000; round += 1) {
    const lessons = chance(12)
    const paid = cents(chance(100_000))
    const some = one({ paid, list: cents(paid + chance(50_000)), refunded: cents(chance(paid)), at: after(chance(400)), hadBefore: chance(1) === 1, lessons, usedTenths: chance(lessons * 10), policy: { days: chance(60), mostPercent: chance(100) } })
    const [wish, doing] = [claimSum(some, 'learner'), claimSum(some, 'academy')]
    for (const sum of [wish, doing]) assert.ok(sum.amount >= 0 && sum.amount + some.refunded <= Math.max(some.paid, some.refunded), JSON.stringify(sum))
    assert.ok(doing.amount >= wish.amount, JSON.stringify({ wish, doing }))
  }
})
