// The academy as every client shows it, with its logo drawn.
import type { Academy } from '#contracts/academy.ts'
import { isId } from '#contracts/words/id.ts'
import type { TxCtx } from '#kernel/ctx.ts'
import { readSettings } from '#modules/academy/settings/actions.ts'
import { picturesOf } from '#modules/content/media/actions.ts'

/** A logo that is not ready, or is no picture, is left out. */
export async function showAcademy(ctx: TxCtx): Promise<Academy> {
  const { logoAsset, deviceLimit: _limit, closeUnpaidMinutes: _close, receiveAfterDays: _receive, ...shown } = await readSettings(ctx)
  const logo = logoAsset && isId('ast', logoAsset) ? (await picturesOf(ctx, [logoAsset])).get(logoAsset) : undefined
  return { ...shown, logo: logo ?? null }
}
