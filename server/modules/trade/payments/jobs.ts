// Later work about payments: closing, telling WeChat that goods were delivered, and keeping its certificates fresh.
import type { Id } from '#contracts/words/id.ts'
import type { Ctx } from '#kernel/ctx.ts'
import { closeDue, closeUnpaid, noteProvided, refreshCertificates } from './actions.ts'

declare module '#kernel/ctx.ts' {
  interface Jobs {
    'payments.close_due': Record<string, never>
    'payments.close_unpaid': { order: Id<'ord'> }
    'payments.note_provided': { attempt: Id<'pay'> }
    'payments.refresh_certificates': Record<string, never>
  }
}

export const jobs = {
  'payments.close_due': (ctx: Ctx) => closeDue(ctx),
  'payments.close_unpaid': (ctx: Ctx, { order }: { order: Id<'ord'> }) => closeUnpaid(ctx, order),
  'payments.note_provided': (ctx: Ctx, { attempt }: { attempt: Id<'pay'> }) => noteProvided(ctx, attempt),
  'payments.refresh_certificates': (ctx: Ctx) => refreshCertificates(ctx),
}
