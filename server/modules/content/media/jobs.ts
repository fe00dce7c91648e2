// Making renditions, later.
import type { Id } from '#contracts/words/id.ts'
import type { Ctx } from '#kernel/ctx.ts'
import { addStills, askForStills, processAsset, sweepLeftovers } from './actions.ts'

declare module '#kernel/ctx.ts' {
  interface Jobs {
    'media.process': { asset: Id<'ast'> }
    'media.sweep': object
    'media.add_stills': { asset: Id<'ast'> }
    'media.ask_for_stills': object
  }
}

export const jobs = {
  'media.process': { long: (ctx: Ctx, { asset }: { asset: Id<'ast'> }) => processAsset(ctx, asset) },
  'media.sweep': (ctx: Ctx) => sweepLeftovers(ctx),
  'media.add_stills': { long: (ctx: Ctx, { asset }: { asset: Id<'ast'> }) => addStills(ctx, asset) },
  'media.ask_for_stills': (ctx: Ctx) => askForStills(ctx),
}
