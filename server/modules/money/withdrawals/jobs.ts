// Telling WeChat of a withdrawal, and asking about those that have no end yet.
import type { Id } from '#contracts/words/id.ts'
import type { Ctx } from '#kernel/ctx.ts'
import { stepWithdrawal, sweepWithdrawals } from './actions.ts'

declare module '#kernel/ctx.ts' {
  interface Jobs {
    'withdrawals.step': { withdrawal: Id<'wdr'> }
    'withdrawals.sweep': Record<string, never>
  }
}

export const jobs = {
  'withdrawals.step': (ctx: Ctx, { withdrawal }: { withdrawal: Id<'wdr'> }) => stepWithdrawal(ctx, withdrawal),
  'withdrawals.sweep': (ctx: Ctx) => sweepWithdrawals(ctx),
}
