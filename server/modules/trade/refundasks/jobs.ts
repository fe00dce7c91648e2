// Keeping what a notice told, and following Douyin where nobody answered in time.
import type { Id } from '#contracts/words/id.ts'
import type { Ctx } from '#kernel/ctx.ts'
import { hearAsk, lapseAsks, noteAsk } from './actions.ts'

declare module '#kernel/ctx.ts' {
  interface Jobs {
    'refundasks.note': { notice: Id<'ntc'> }
    'refundasks.hear': { outRefundNo: string; outTradeNo: string }
    'refundasks.lapse': Record<string, never>
  }
}

export const jobs = {
  'refundasks.note': (ctx: Ctx, { notice }: { notice: Id<'ntc'> }) => noteAsk(ctx, notice),
  'refundasks.hear': (ctx: Ctx, told: { outRefundNo: string; outTradeNo: string }) => hearAsk(ctx, told),
  'refundasks.lapse': (ctx: Ctx) => lapseAsks(ctx),
}
