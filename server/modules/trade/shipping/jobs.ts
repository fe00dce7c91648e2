// Later work about parcels: telling WeChat what was sent or opened, and hearing what was received.
import type { Id } from '#contracts/words/id.ts'
import type { Ctx } from '#kernel/ctx.ts'
import { hearReceipt, noteOpened, receiveOverdue, reportShipment, sweepReports } from './actions.ts'

declare module '#kernel/ctx.ts' {
  interface Jobs {
    'shipping.report': { order: Id<'ord'> }
    'shipping.note_opened': { order: Id<'ord'> }
    'shipping.hear_receipt': { order: Id<'ord'> }
    'shipping.sweep': Record<string, never>
    'shipping.receive_overdue': Record<string, never>
  }
}

export const jobs = {
  'shipping.report': (ctx: Ctx, { order }: { order: Id<'ord'> }) => reportShipment(ctx, order),
  'shipping.note_opened': (ctx: Ctx, { order }: { order: Id<'ord'> }) => noteOpened(ctx, order),
  'shipping.hear_receipt': (ctx: Ctx, { order }: { order: Id<'ord'> }) => hearReceipt(ctx, order),
  'shipping.sweep': (ctx: Ctx) => sweepReports(ctx),
  'shipping.receive_overdue': (ctx: Ctx) => receiveOverdue(ctx),
}
