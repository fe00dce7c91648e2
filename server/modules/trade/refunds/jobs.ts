// Later work about refunds: sending, checking, sweeping, and returning what came twice.
import type { Id } from '#contracts/words/id.ts'
import type { Ctx } from '#kernel/ctx.ts'
import { checkRefund, hearRefund, returnSurplus, sendRefund, sweepRefunds } from './actions.ts'

declare module '#kernel/ctx.ts' {
  interface Jobs {
    'refunds.send': { refund: Id<'rfd'> }
    'refunds.check': { outRefundNo: string; outTradeNo: string }
    'refunds.hear': { notice: Id<'ntc'> }
    'refunds.return_surplus': { attempt: Id<'pay'> }
    'refunds.sweep': Record<string, never>
  }
}

export const jobs = {
  'refunds.send': (ctx: Ctx, { refund }: { refund: Id<'rfd'> }) => sendRefund(ctx, refund),
  'refunds.check': (ctx: Ctx, told: { outRefundNo: string; outTradeNo: string }) => checkRefund(ctx, told),
  'refunds.hear': (ctx: Ctx, { notice }: { notice: Id<'ntc'> }) => hearRefund(ctx, notice),
  'refunds.return_surplus': (ctx: Ctx, { attempt }: { attempt: Id<'pay'> }) => returnSurplus(ctx, attempt),
  'refunds.sweep': (ctx: Ctx) => sweepRefunds(ctx),
}
