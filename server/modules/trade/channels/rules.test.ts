// Every place has exactly one rule on any day, and the dates of the rules hold.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { platforms, systems } from '#contracts/words/platforms.ts'
import { channelRules, channelsAt, isInForce } from './rules.ts'

const today = new Date('2026-11-21T00:00:00Z')

test('every platform and system has exactly one rule for courses today', () => {
  for (const platform of platforms)
    for (const system of systems) {
      const matching = channelRules.filter((rule) => rule.platform === platform && isInForce(rule, today) && (rule.systems === 'all' || rule.systems.includes(system)))
      assert.equal(matching.length, 1, `${platform} ${system}`)
    }
})

test('inside WeChat a course is sold by virtual payment only, since 2026-04-01 Beijing time', () => {
  const place = { platform: 'wechat', system: 'android' } as const
  assert.deepEqual(channelsAt(channelRules, place, 'course', new Date('2026-03-31T15:59:59Z')), [])
  assert.deepEqual(channelsAt(channelRules, place, 'course', new Date('2026-03-31T16:00:00Z')), ['wechat_virtual'])
})

test('no other mini program sells courses before its channel is connected', () => {
  for (const platform of ['douyin', 'alipay', 'baidu'] as const) assert.deepEqual(channelsAt(channelRules, { platform, system: 'android' }, 'course', today), [])
})
