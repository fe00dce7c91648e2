// Later work about refunds that were not made here: asking what they are, and booking what was heard.
import type { Id } from '#contracts/words/id.ts'
import type { Ctx } from '#kernel/ctx.ts'
import { checkForeign, hearForeign } from './actions.ts'

declare module '#kernel/ctx.ts' {
  interface Jobs {
    'foreign.check': { outRefundNo: string; outTradeNo: string }
    'foreign.hear': { notice: Id<'ntc'> }
  }
}

export const jobs = {
  'foreign.check': (ctx: Ctx, told: { outRefundNo: string; outTradeNo: string }) => checkForeign(ctx, told),
  'foreign.hear': (ctx: Ctx, { notice }: { notice: Id<'ntc'> }) => hearForeign(ctx, notice),
}
