// Planning at payment, looking again after a refund, and a step for each settlement that is due, every hour.
import type { Id } from '#contracts/words/id.ts'
import type { Ctx } from '#kernel/ctx.ts'
import { planSettlement, reopenSettlement, sweepSettlements } from './actions.ts'

declare module '#kernel/ctx.ts' {
  interface Jobs {
    'settlements.plan': { order: Id<'ord'> }
    'settlements.reopen': { order: Id<'ord'> }
    'settlements.sweep': Record<string, never>
  }
}

export const jobs = {
  'settlements.plan': (ctx: Ctx, { order }: { order: Id<'ord'> }) => planSettlement(ctx, order),
  'settlements.reopen': (ctx: Ctx, { order }: { order: Id<'ord'> }) => reopenSettlement(ctx, order),
  'settlements.sweep': (ctx: Ctx) => sweepSettlements(ctx),
}
