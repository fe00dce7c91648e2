// The speeds that the player of a place can be told, out of those the academy offers.
import type { Platform } from '../../../contracts/words/platforms.ts'

type Known = { only?: readonly number[]; highest: number }

/** WeChat documents a list, Alipay a range; Douyin and Baidu have a button of their own and no call. */
const known: Record<Platform, Known> = {
  h5: { highest: 3 },
  wechat: { only: [0.5, 0.8, 1, 1.25, 1.5, 2, 3], highest: 3 },
  alipay: { highest: 2 },
  douyin: { only: [], highest: 0 },
  baidu: { only: [], highest: 0 },
}

export function speedsAt(platform: Platform, offered: readonly number[]): number[] {
  const { only, highest } = known[platform]
  const [slowest, fastest] = [Math.min(...offered), Math.min(highest, Math.max(...offered))]
  return (only ?? offered).filter((speed) => speed >= slowest && speed <= fastest)
}
