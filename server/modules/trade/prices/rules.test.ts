// Properties of the price pipeline, on any cart.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { priceSteps } from '#contracts/prices.ts'
import { cents, plus, ZERO } from '#contracts/words/money.ts'
import { priceCart } from './rules.ts'

const sum = fc.integer({ min: 0, max: 10_000_000 }).map(cents)
const part = fc.record({ title: fc.string({ minLength: 1, maxLength: 60 }), worth: sum, isOwned: fc.boolean() })
const discount = fc.option(fc.record({ plan: fc.constant('书友'), basisPoints: fc.integer({ min: 1, max: 9999 }) }))
const credit = fc.option(fc.record({ plan: fc.constant('书友'), days: fc.nat(400), amount: sum }))
const shipping = fc.option(fc.record({ goods: fc.constant('手帐本'), fee: sum, freeFrom: fc.option(sum) }))
const none = { discount: null, missing: null, credit: null, shipping: null }
const carts = fc.record({ title: fc.constant('写作'), price: sum, pieces: fc.integer({ min: 1, max: 99 }), parts: fc.array(part, { maxLength: 12 }), discount, missing: fc.option(fc.constant('书友')), credit, shipping })
const bundles = carts.map((cart) => ({ ...cart, ...none }))

test('the steps stand in the declared order, each once, and add up to the total after every one of them', () => {
  fc.assert(fc.property(carts, (cart) => {
    const { lines, total } = priceCart(cart)
    const places = lines.map((line) => priceSteps.indexOf(line.step))
    assert.deepEqual(places, [...new Set(places)].toSorted((a, b) => a - b))
    let after = ZERO
    for (const line of lines) assert.equal(line.after, (after = plus(after, line.amount)))
    assert.equal(total, after)
  }))
})

test('a price is never below nothing and never above the list and what sending costs, and the same cart is always priced the same', () => {
  fc.assert(fc.property(carts, (cart) => {
    const { total } = priceCart(cart)
    assert.ok(total >= 0 && total <= cart.price * cart.pieces + (cart.shipping?.fee ?? 0))
    assert.deepEqual(priceCart(structuredClone(cart)), priceCart(cart))
  }))
})

test('owning more of a bundle never makes it dearer, owning all of it makes it free, owning none leaves the list price', () => {
  fc.assert(fc.property(bundles, fc.nat(), (cart, at) => {
    const more = { ...cart, parts: cart.parts.map((one, place) => ({ ...one, isOwned: one.isOwned || place === at % cart.parts.length })) }
    assert.ok(priceCart(more).total <= priceCart(cart).total)
    const owning = (isOwned: boolean) => priceCart({ ...cart, parts: cart.parts.map((one) => ({ ...one, isOwned })) }).total
    assert.equal(owning(false), cart.price * cart.pieces)
    if (cart.parts.length > 0) assert.equal(owning(true), 0)
  }))
})

test('a bundle of a ¥99 and a ¥199 course for ¥199: who owns the first pays two thirds and hears why', () => {
  const { lines, total } = priceCart({ title: '写作套装', price: cents(19_900), pieces: 1, parts: [{ title: '起步', worth: cents(9900), isOwned: true }, { title: '进阶', worth: cents(19_900), isOwned: false }], ...none })
  assert.equal(total, 13_289)
  assert.deepEqual(lines.map((line) => [line.step, line.reason, line.label, line.amount]), [['list', 'list_price', '写作套装', 19_900], ['owned_part', 'owned_part', '起步', -6611]])
})

test('a free course says so in one step', () => {
  assert.deepEqual(priceCart({ title: '试讲', price: ZERO, pieces: 1, parts: [], ...none }), { lines: [{ step: 'list', reason: 'free', label: '试讲', amount: 0, after: 0, count: null }], total: 0, goodsPart: null })
})

test('a member pays the share of the plan after what is owned was taken off, and anybody else hears which plan would help', () => {
  const parts = [{ title: '起步', worth: cents(10_000), isOwned: true }, { title: '进阶', worth: cents(10_000), isOwned: false }]
  const cart = { title: '套装', price: cents(16_000), pieces: 1, parts, discount: { plan: '书友', basisPoints: 8000 }, missing: null, credit: null, shipping: null }
  assert.deepEqual(priceCart(cart).lines.map((line) => [line.step, line.amount, line.after]), [['list', 16_000, 16_000], ['owned_part', -8000, 8000], ['plan_discount', -1600, 6400]])
  assert.deepEqual(priceCart({ ...cart, parts: [], discount: null, missing: '书友' }).lines.at(-1), { step: 'plan_discount', reason: 'plan_missing', label: '书友', amount: 0, after: 16_000, count: null })
})

test('a credit never makes a price negative, and one of nothing is still told', () => {
  const upgrade = (amount: number) => priceCart({ title: '年卡', price: cents(30_000), pieces: 1, parts: [], ...none, credit: { plan: '书友', days: 100, amount: cents(amount) } })
  assert.deepEqual([upgrade(12_000).total, upgrade(50_000).total, upgrade(0).lines.at(-1)?.reason], [18_000, 0, 'credit_used_up'])
})

test('sending is paid for below its sum and free from it on, by what is left after the discount', () => {
  const sent = (price: number, basisPoints: number) => priceCart({ title: '手帐本', price: cents(price), pieces: 1, parts: [], ...none, discount: { plan: '书友', basisPoints }, shipping: { goods: '手帐本', fee: cents(800), freeFrom: cents(9900) } })
  assert.deepEqual([sent(9900, 9999).lines.at(-1)?.reason, sent(9900, 9999).total], ['shipping', 10_699])
  assert.deepEqual([sent(12_000, 9000).lines.at(-1)?.reason, sent(12_000, 9000).total], ['shipping_free', 10_800])
})

test('three pieces are three times one, discounted and sent together', () => {
  const { lines, total } = priceCart({ title: '手帐本', price: cents(4900), pieces: 3, parts: [], ...none, discount: { plan: '书友', basisPoints: 9000 }, shipping: { goods: '手帐本', fee: cents(800), freeFrom: cents(13_000) } })
  assert.deepEqual(lines.map((line) => [line.reason, line.amount, line.count]), [['pieces', 14_700, 3], ['plan_discount', -1470, 9000], ['shipping_free', 0, 13_000]])
  assert.equal(total, 13_230)
})

test('goods beside something to learn have their share of the price by what each costs alone, and sending them is nobody\'s', () => {
  const book = { goods: '手帐本', fee: cents(800), freeFrom: null, worth: cents(3900) }
  const cart = { title: '带书', price: cents(12_900), pieces: 1, parts: [], ...none, shipping: book }
  assert.equal(priceCart(cart).goodsPart, 3900)
  // 12 900 × 90 % = 11 610, of which 3900 ÷ 12 900.
  assert.equal(priceCart({ ...cart, discount: { plan: '会员', basisPoints: 9000 } }).goodsPart, 3510)
  const owned = priceCart({ ...cart, parts: [{ title: '起步', worth: cents(1), isOwned: true }, { title: '进阶', worth: cents(2), isOwned: false }] })
  assert.deepEqual([owned.goodsPart, owned.total], [3900, 3900 + 6000 + 800], 'what is owned is a third of what is learnt')
  assert.deepEqual([priceCart({ ...cart, shipping: { ...book, worth: ZERO } }).goodsPart, priceCart({ ...cart, price: ZERO, shipping: { ...book, worth: ZERO } }).goodsPart], [0, 0])
})
