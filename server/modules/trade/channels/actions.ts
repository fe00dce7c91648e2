// Asking which channels serve a caller, and showing the matrix.
import type { Channel } from '#contracts/channels.ts'
import { instant } from '#contracts/words/time.ts'
import type { TxCtx } from '#kernel/ctx.ts'
import { channelRules, channelsAt, isInForce } from './rules.ts'

/** The channels through which this caller can buy a course now: those allowed here that are also connected. */
export function channelsFor(ctx: TxCtx): Channel[] {
  return channelsAt(channelRules, ctx.client, 'course', ctx.now()).filter((channel) => isConnected(ctx, channel))
}

export async function showMatrix(ctx: TxCtx) {
  const items = channelRules
    .filter((rule) => isInForce(rule, ctx.now()))
    .map((rule) => ({
      platform: rule.platform,
      system: rule.systems === 'all' ? 'all' : rule.systems.join(' '),
      goods: rule.goods,
      channels: rule.channels.filter((channel) => isConnected(ctx, channel)),
      since: instant(new Date(rule.since)),
      until: rule.until === null ? null : instant(new Date(rule.until)),
      rule: rule.rule,
    }))
  return { items }
}

function isConnected(ctx: TxCtx, channel: Channel): boolean {
  return channel === 'wechat_virtual' ? ctx.knobs.xpayOfferId !== '' : ctx.knobs.mchid !== ''
}
