// The purse of coins: only where the platform keeps one.
import { call, type ReplyOf } from '../call'
import { renewSession } from './pay'
import { platformName } from './platform'

export type Purse = ReplyOf<'GET /me/coins'>

export function hasPurse(): boolean {
  return platformName() === 'wechat'
}

/** Asked of the platform each time; a session that is over is renewed once. */
export async function askPurse(): Promise<Purse> {
  const told = await call('GET /me/coins')
  if (told.gap !== 'session_stale') return told
  await renewSession()
  return call('GET /me/coins')
}
