// Asking about tries whose notice never came.
import type { Ctx } from '#kernel/ctx.ts'
import { sweepOpen } from './actions.ts'

declare module '#kernel/ctx.ts' {
  interface Jobs {
    'attempts.sweep': Record<string, never>
  }
}

export const jobs = {
  'attempts.sweep': (ctx: Ctx) => sweepOpen(ctx),
}
