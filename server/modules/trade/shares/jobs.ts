// Planning at payment, and a step for each order's sharing every minute.
import type { Id } from '#contracts/words/id.ts'
import type { Ctx } from '#kernel/ctx.ts'
import { planShare, sweepShares } from './actions.ts'

declare module '#kernel/ctx.ts' {
  interface Jobs {
    'shares.plan': { order: Id<'ord'> }
    'shares.sweep': Record<string, never>
  }
}

export const jobs = {
  'shares.plan': (ctx: Ctx, { order }: { order: Id<'ord'> }) => planShare(ctx, order),
  'shares.sweep': (ctx: Ctx) => sweepShares(ctx),
}
