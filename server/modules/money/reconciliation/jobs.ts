// Reconciling by the clock, and a single day when an operator asks for it.
import type { Ctx } from '#kernel/ctx.ts'
import type { CheckedRail } from '#contracts/reconciliation.ts'
import { reconcileDay, reconcileDue } from './actions.ts'

declare module '#kernel/ctx.ts' {
  interface Jobs {
    'reconciliation.reconcile_due': Record<string, never>
    'reconciliation.reconcile_day': { day: string; rail: CheckedRail }
  }
}

export const jobs = {
  'reconciliation.reconcile_due': (ctx: Ctx) => reconcileDue(ctx),
  'reconciliation.reconcile_day': (ctx: Ctx, { day, rail }: { day: string; rail: CheckedRail }) => reconcileDay(ctx, rail, day),
}
