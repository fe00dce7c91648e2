// The speeds offered at each platform: within what the academy offers, and only what its player can be told.
import { expect, test } from 'vitest'
import { speedsAt } from './speeds'

const offered = [0.5, 0.75, 1, 1.25, 1.5, 2, 3]

test('each platform offers what its player knows', () => {
  expect(speedsAt('h5', offered)).toEqual(offered)
  expect(speedsAt('wechat', offered)).toEqual([0.5, 0.8, 1, 1.25, 1.5, 2, 3])
  expect(speedsAt('alipay', offered)).toEqual([0.5, 0.75, 1, 1.25, 1.5, 2])
  expect(speedsAt('douyin', offered)).toEqual([])
  expect(speedsAt('baidu', offered)).toEqual([])
})

test('an academy that allows no more than 1.5× is heard everywhere', () => {
  for (const platform of ['h5', 'wechat', 'alipay'] as const) expect(Math.max(...speedsAt(platform, [0.75, 1, 1.25, 1.5]))).toBe(1.5)
  expect(speedsAt('wechat', [0.75, 1, 1.25, 1.5])).toEqual([0.8, 1, 1.25, 1.5])
})

test('the ordinary speed is always there where there is a choice', () => {
  for (const platform of ['h5', 'wechat', 'alipay'] as const) expect(speedsAt(platform, offered)).toContain(1)
})
