// Later work about payouts: sending, asking, sweeping.
import type { Id } from '#contracts/words/id.ts'
import type { Ctx } from '#kernel/ctx.ts'
import { checkPayout, sendPayout, sweepPayouts } from './actions.ts'

declare module '#kernel/ctx.ts' {
  interface Jobs {
    'payouts.send': { payout: Id<'pyo'> }
    'payouts.check': { outBillNo: string }
    'payouts.sweep': Record<string, never>
  }
}

export const jobs = {
  'payouts.send': (ctx: Ctx, { payout }: { payout: Id<'pyo'> }) => sendPayout(ctx, payout),
  'payouts.check': (ctx: Ctx, { outBillNo }: { outBillNo: string }) => checkPayout(ctx, outBillNo),
  'payouts.sweep': (ctx: Ctx) => sweepPayouts(ctx),
}
