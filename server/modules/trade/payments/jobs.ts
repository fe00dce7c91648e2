// Later work about payments: notices, closing, sweeping, and telling WeChat that goods were delivered.
import type { Id } from '#contracts/words/id.ts'
import type { Ctx } from '#kernel/ctx.ts'
import { closeUnpaid, noteProvided, sweepOpen } from './actions.ts'
import { handleNotice } from './inbox.ts'

declare module '#kernel/ctx.ts' {
  interface Jobs {
    'payments.handle_notice': { notice: Id<'ntc'> }
    'payments.close_unpaid': { order: Id<'ord'> }
    'payments.note_provided': { attempt: Id<'pay'> }
    'payments.sweep': Record<string, never>
  }
}

export const jobs = {
  'payments.handle_notice': (ctx: Ctx, { notice }: { notice: Id<'ntc'> }) => handleNotice(ctx, notice),
  'payments.close_unpaid': (ctx: Ctx, { order }: { order: Id<'ord'> }) => closeUnpaid(ctx, order),
  'payments.note_provided': (ctx: Ctx, { attempt }: { attempt: Id<'pay'> }) => noteProvided(ctx, attempt),
  'payments.sweep': (ctx: Ctx) => sweepOpen(ctx),
}
