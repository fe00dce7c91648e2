// Planning at payment, and a step for each settlement that is due, every hour.
import type { Id } from '#contracts/words/id.ts'
import type { Ctx } from '#kernel/ctx.ts'
import { planSettlement, sweepSettlements } from './actions.ts'

declare module '#kernel/ctx.ts' {
  interface Jobs {
    'settlements.plan': { order: Id<'ord'> }
    'settlements.sweep': Record<string, never>
  }
}

export const jobs = {
  'settlements.plan': (ctx: Ctx, { order }: { order: Id<'ord'> }) => planSettlement(ctx, order),
  'settlements.sweep': (ctx: Ctx) => sweepSettlements(ctx),
}
