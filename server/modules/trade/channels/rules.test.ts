// Every place has exactly one rule on any day, the dates of the rules hold, and today's matrix is the one written here.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Channel } from '#contracts/channels.ts'
import { platforms, systems, type Platform, type System } from '#contracts/words/platforms.ts'
import { channelRules, channelsAt, isInForce } from './rules.ts'

const today = new Date('2026-11-21T00:00:00Z')
const web: Channel[] = ['wechat_pay_h5', 'wechat_pay_native']
const virtual: Channel[] = ['wechat_virtual']

/** Courses on 2026-11-21: facts §0 and §2.1. An empty cell means that buying is not shown there. */
const matrix: Record<Platform, Record<System, Channel[]>> = {
  h5: { ios: web, android: web, windows: web, mac: web, harmony: web, other: web },
  wechat: { ios: [], android: virtual, windows: virtual, mac: virtual, harmony: virtual, other: virtual },
  douyin: { ios: [], android: [], windows: [], mac: [], harmony: [], other: [] },
  alipay: { ios: [], android: [], windows: [], mac: [], harmony: [], other: [] },
  baidu: { ios: [], android: [], windows: [], mac: [], harmony: [], other: [] },
}

for (const platform of platforms)
  for (const system of systems)
    test(`a course on ${platform} × ${system} is sold by ${matrix[platform][system].join(' or ') || 'nobody'} today`, () => {
      assert.deepEqual(channelsAt(channelRules, { platform, system }, 'course', today), matrix[platform][system])
      const matching = channelRules.filter((rule) => rule.platform === platform && isInForce(rule, today) && (rule.systems === 'all' || rule.systems.includes(system)))
      assert.equal(matching.length, 1)
    })

test('no place ever has two rules for the same goods on the same day', () => {
  const days = channelRules.flatMap((rule) => [rule.since, rule.until]).filter((day) => day !== null).map((day) => new Date(day))
  for (const day of [...days, today])
    for (const platform of platforms)
      for (const system of systems) {
        const matching = channelRules.filter((rule) => rule.platform === platform && rule.goods === 'course' && isInForce(rule, day) && (rule.systems === 'all' || rule.systems.includes(system)))
        assert.ok(matching.length <= 1, `${platform} ${system} ${day.toISOString()}`)
      }
})

test('inside WeChat a course is sold by virtual payment only, since 2026-04-01 Beijing time', () => {
  const place = { platform: 'wechat', system: 'android' } as const
  assert.deepEqual(channelsAt(channelRules, place, 'course', new Date('2026-03-31T15:59:59Z')), [])
  assert.deepEqual(channelsAt(channelRules, place, 'course', new Date('2026-03-31T16:00:00Z')), virtual)
})

test('every rule says where it comes from, and its dates are in order', () => {
  for (const rule of channelRules) {
    assert.ok(rule.rule.length > 10)
    assert.ok(rule.until === null || new Date(rule.since) < new Date(rule.until))
  }
})

test('a rule that ends makes room for the next on the very instant', () => {
  const rules = [
    { platform: 'h5', systems: 'all', goods: 'course', channels: ['wechat_pay_h5'], since: '2026-01-01T00:00:00.000Z', until: '2026-02-01T00:00:00.000Z', rule: 'old' },
    { platform: 'h5', systems: 'all', goods: 'course', channels: ['wechat_pay_native'], since: '2026-02-01T00:00:00.000Z', until: null, rule: 'new' },
  ] as const
  const place = { platform: 'h5', system: 'ios' } as const
  assert.deepEqual(channelsAt(rules, place, 'course', new Date('2025-12-31T23:59:59Z')), [])
  assert.deepEqual(channelsAt(rules, place, 'course', new Date('2026-01-31T23:59:59.999Z')), ['wechat_pay_h5'])
  assert.deepEqual(channelsAt(rules, place, 'course', new Date('2026-02-01T00:00:00.000Z')), ['wechat_pay_native'])
})
