// Making renditions, later.
import type { Id } from '#contracts/words/id.ts'
import type { Ctx } from '#kernel/ctx.ts'
import { processAsset, sweepLeftovers } from './actions.ts'

declare module '#kernel/ctx.ts' {
  interface Jobs {
    'media.process': { asset: Id<'ast'> }
    'media.sweep': object
  }
}

export const jobs = {
  'media.process': (ctx: Ctx, { asset }: { asset: Id<'ast'> }) => processAsset(ctx, asset),
  'media.sweep': (ctx: Ctx) => sweepLeftovers(ctx),
}
