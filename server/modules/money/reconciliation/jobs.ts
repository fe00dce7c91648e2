// Reconciling by the clock, and a single day when an operator asks for it.
import type { Ctx } from '#kernel/ctx.ts'
import type { BilledRail } from '#modules/money/bills/actions.ts'
import { reconcileDay, reconcileDue } from './actions.ts'

declare module '#kernel/ctx.ts' {
  interface Jobs {
    'reconciliation.reconcile_due': Record<string, never>
    'reconciliation.reconcile_day': { day: string; rail: BilledRail }
  }
}

export const jobs = {
  'reconciliation.reconcile_due': (ctx: Ctx) => reconcileDue(ctx),
  'reconciliation.reconcile_day': (ctx: Ctx, { day, rail }: { day: string; rail: BilledRail }) => reconcileDay(ctx, rail, day),
}
