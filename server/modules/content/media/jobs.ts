// Making renditions, later.
import type { Id } from '#contracts/words/id.ts'
import type { Ctx } from '#kernel/ctx.ts'
import { processAsset } from './actions.ts'

declare module '#kernel/ctx.ts' {
  interface Jobs {
    'media.process': { asset: Id<'ast'> }
    'media.sweep_uploads': object
  }
}

export const jobs = {
  'media.process': (ctx: Ctx, { asset }: { asset: Id<'ast'> }) => processAsset(ctx, asset),
  'media.sweep_uploads': (ctx: Ctx) => ctx.gateways.intake.sweep(),
}
