// Planning at payment, and a step for each settlement that is due, every hour.
import type { Id } from '#contracts/words/id.ts'
import type { Ctx } from '#kernel/ctx.ts'
import { planSettlement, sweepSettlements } from './actions.ts'

declare module '#kernel/ctx.ts' {
  interface Jobs {
    'settlements.sweep': Record<string, never>
  }
}

export const jobs = {
  'settlements.sweep': (ctx: Ctx) => sweepSettlements(ctx),
}

export const listens = {
  'order.paid': (ctx: Ctx, { order }: { order: Id<'ord'> }) => planSettlement(ctx, order),
}
