// Handling kept notices.
import type { Id } from '#contracts/words/id.ts'
import type { Ctx } from '#kernel/ctx.ts'
import { handleNotice } from './actions.ts'

declare module '#kernel/ctx.ts' {
  interface Jobs {
    'notices.handle': { notice: Id<'ntc'> }
  }
}

export const jobs = {
  'notices.handle': (ctx: Ctx, { notice }: { notice: Id<'ntc'> }) => handleNotice(ctx, notice),
}
