// What follows when an order has ended.
import type { Id } from '#contracts/words/id.ts'
import type { Ctx } from '#kernel/ctx.ts'
import { releaseRefunded } from './actions.ts'

export const listens = {
  'order.refunded': (ctx: Ctx, { order }: { order: Id<'ord'> }) => releaseRefunded(ctx, order),
}
