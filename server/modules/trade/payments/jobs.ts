// Later work about payments: closing, and telling WeChat that goods were delivered.
import type { Id } from '#contracts/words/id.ts'
import type { Ctx } from '#kernel/ctx.ts'
import { closeUnpaid, noteProvided } from './actions.ts'

declare module '#kernel/ctx.ts' {
  interface Jobs {
    'payments.close_unpaid': { order: Id<'ord'> }
    'payments.note_provided': { attempt: Id<'pay'> }
  }
}

export const jobs = {
  'payments.close_unpaid': (ctx: Ctx, { order }: { order: Id<'ord'> }) => closeUnpaid(ctx, order),
  'payments.note_provided': (ctx: Ctx, { attempt }: { attempt: Id<'pay'> }) => noteProvided(ctx, attempt),
}
