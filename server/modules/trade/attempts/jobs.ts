// Asking about tries: whose notice never came, or whose notice proves too little.
import type { Id } from '#contracts/words/id.ts'
import type { Ctx } from '#kernel/ctx.ts'
import { checkAttempt, sweepOpen } from './actions.ts'

declare module '#kernel/ctx.ts' {
  interface Jobs {
    'attempts.sweep': Record<string, never>
    'attempts.check': { attempt: Id<'pay'> }
  }
}

export const jobs = {
  'attempts.sweep': (ctx: Ctx) => sweepOpen(ctx),
  'attempts.check': (ctx: Ctx, { attempt }: { attempt: Id<'pay'> }) => checkAttempt(ctx, attempt),
}
