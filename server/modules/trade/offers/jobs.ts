// Keeping WeChat's item list in step with prices.
import type { Ctx } from '#kernel/ctx.ts'
import { mirrorForPlans, syncItems } from './actions.ts'

declare module '#kernel/ctx.ts' {
  interface Jobs {
    'offers.sync_items': Record<string, never>
  }
}

export const jobs = {
  'offers.sync_items': (ctx: Ctx) => syncItems(ctx),
}

export const listens = {
  'plan.changed': (ctx: Ctx) => mirrorForPlans(ctx),
}
