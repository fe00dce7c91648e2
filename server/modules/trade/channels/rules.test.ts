// Every place has exactly one rule on any day, the dates of the rules hold, and today's matrix is the one written here.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Channel, SaleWords } from '#contracts/channels.ts'
import { platforms, systems, type Platform, type System } from '#contracts/words/platforms.ts'
import { changesAhead, channelRules, channelsAt, isInForce, saleAt, type Goods, type Rule } from './rules.ts'

const today = new Date('2026-11-21T00:00:00Z')
const web: Channel[] = ['wechat_pay_h5', 'wechat_pay_native', 'wechat_pay_jsapi']
const everywhere = (channels: Channel[], apple = channels): Record<System, Channel[]> => ({ ios: apple, android: channels, windows: channels, mac: channels, harmony: channels, other: channels })

/** On 2026-11-21: facts §0, §2.1, §4 and §9. An empty cell means that buying is not shown there. */
const matrix: Record<Goods, Record<Platform, Record<System, Channel[]>>> = {
  course: {
    h5: everywhere(web),
    wechat: everywhere(['wechat_virtual', 'wechat_coins'], ['wechat_virtual']),
    douyin: everywhere(['douyin'], []),
    alipay: everywhere(['alipay'], []),
    baidu: everywhere([]),
  },
  physical: { h5: everywhere(web), wechat: everywhere(['wechat_pay_jsapi']), douyin: everywhere([]), alipay: everywhere(['alipay']), baidu: everywhere([]) },
  coins: { h5: everywhere([]), wechat: everywhere(['wechat_virtual'], []), douyin: everywhere([]), alipay: everywhere([]), baidu: everywhere([]) },
}
const goodsOfAll: Goods[] = ['course', 'physical', 'coins']

function matching(rules: readonly Rule[], place: { platform: Platform; system: System }, goods: Goods, day: Date): Rule[] {
  return rules.filter((rule) => rule.platform === place.platform && rule.goods === goods && isInForce(rule, day) && (rule.systems === 'all' || rule.systems.includes(place.system)))
}

for (const goods of goodsOfAll)
  for (const platform of platforms)
    test(`${goods} on ${platform}: every system has one rule today, and it is the one written here`, () => {
      for (const system of systems) {
        assert.deepEqual(channelsAt(channelRules, { platform, system }, goods, today), matrix[goods][platform][system], system)
        assert.equal(matching(channelRules, { platform, system }, goods, today).length, 1, system)
      }
    })

test('no place ever has two rules for the same goods on the same day', () => {
  const days = channelRules.flatMap((rule) => [rule.since, rule.until]).filter((day) => day !== null).map((day) => new Date(day))
  for (const day of [...days, today])
    for (const platform of platforms)
      for (const system of systems)
        for (const goods of goodsOfAll) assert.ok(matching(channelRules, { platform, system }, goods, day).length <= 1, `${platform} ${system} ${goods} ${day.toISOString()}`)
})

test('inside WeChat a course is sold by virtual payment only, coins among it, since 2026-04-01 Beijing time', () => {
  const place = { platform: 'wechat', system: 'android' } as const
  assert.deepEqual(channelsAt(channelRules, place, 'course', new Date('2026-03-31T15:59:59Z')), [])
  assert.deepEqual(channelsAt(channelRules, place, 'course', new Date('2026-03-31T16:00:00Z')), ['wechat_virtual', 'wechat_coins'])
})

test('no channel of one company is ever allowed in the app of another', () => {
  const homes: Record<Channel, Platform[]> = { wechat_pay_h5: ['h5'], wechat_pay_native: ['h5'], wechat_pay_jsapi: ['wechat', 'h5'], wechat_virtual: ['wechat'], wechat_coins: ['wechat'], alipay: ['alipay'], douyin: ['douyin'] }
  for (const rule of channelRules) for (const channel of rule.channels) assert.ok(homes[channel].includes(rule.platform))
})

test('every rule says where it comes from, and its dates are in order', () => {
  for (const rule of channelRules) {
    assert.ok(rule.rule.length > 10)
    assert.ok(rule.until === null || new Date(rule.since) < new Date(rule.until))
  }
})

test('what is sold has a price and a button, what is not sold here by rule has neither; and only what is sold says what holds otherwise', () => {
  const selling: SaleWords[] = ['buy', 'buy_apple', 'top_up']
  for (const { channels, sale, otherwise, rule } of channelRules) {
    assert.deepEqual([sale.price, selling.includes(sale.words)], channels.length > 0 ? ['shown', true] : ['hidden', false], rule)
    assert.equal(otherwise !== undefined, channels.length > 0, rule)
    assert.ok(otherwise === undefined || !selling.includes(otherwise.words), rule)
  }
})

test('of several kinds at once as little is shown as of the one that shows least; without a rule nothing is', () => {
  const at = (platform: Platform, goods: Goods[], isSold: boolean) => saleAt(channelRules, { platform, system: 'android' }, goods, today, isSold)
  assert.deepEqual(at('h5', ['course', 'physical'], true), { price: 'shown', words: 'buy' })
  assert.deepEqual(at('h5', ['course', 'physical'], false), { price: 'shown', words: 'not_open' })
  assert.deepEqual(at('wechat', ['physical'], false), { price: 'shown', words: 'not_open' })
  assert.deepEqual(at('wechat', ['course', 'physical'], false), { price: 'hidden', words: 'browse' })
  assert.deepEqual(saleAt([], { platform: 'h5', system: 'ios' }, ['course'], today, false), { price: 'hidden', words: 'browse' })
})

const old: Rule = { platform: 'h5', systems: 'all', goods: 'course', channels: ['wechat_pay_h5'], sale: { price: 'shown', words: 'buy' }, since: '2026-01-01T00:00:00.000Z', until: '2026-02-01T00:00:00.000Z', rule: 'old' }
const fresh: Rule = { ...old, channels: ['wechat_pay_native'], since: '2026-02-01T00:00:00.000Z', until: null, rule: 'new' }

test('a rule that ends makes room for the next on the very instant', () => {
  const place = { platform: 'h5', system: 'ios' } as const
  assert.deepEqual(channelsAt([old, fresh], place, 'course', new Date('2025-12-31T23:59:59Z')), [])
  assert.deepEqual(channelsAt([old, fresh], place, 'course', new Date('2026-01-31T23:59:59.999Z')), ['wechat_pay_h5'])
  assert.deepEqual(channelsAt([old, fresh], place, 'course', new Date('2026-02-01T00:00:00.000Z')), ['wechat_pay_native'])
})

test('what starts soon is told ahead; what ends is told when nothing follows it', () => {
  const told = (rules: Rule[], now: string) => changesAhead(rules, new Date(now), 30).map(({ rule, at, change }) => [rule.rule, at, change])
  assert.deepEqual(told([old, fresh], '2026-01-10T00:00:00Z'), [['new', fresh.since, 'starts']])
  assert.deepEqual(told([old], '2026-01-10T00:00:00Z'), [['old', old.until, 'ends']])
  assert.deepEqual(told([old, fresh], '2026-01-01T00:00:00Z'), [], 'farther than a month')
  assert.deepEqual(told([old, fresh], '2026-02-01T00:00:00Z'), [], 'it has started')
  assert.deepEqual(told([old, fresh], '2025-12-20T00:00:00Z'), [['old', old.since, 'starts']])
})
