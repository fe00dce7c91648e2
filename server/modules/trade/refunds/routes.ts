// Refunds by operators.
import type { refundRoutes } from '#contracts/refunds.ts'
import type { Handlers } from '#kernel/serve.ts'
import { beginRefund, redirectRefund } from './actions.ts'

export const routes: Handlers<typeof refundRoutes> = {
  'POST /console/orders/:order/refunds': (ctx, { params, body }) => beginRefund(ctx, params.order, body, ctx.actor.staff),
  'POST /console/refunds/:refund/redirections': (ctx, { params, body }) => redirectRefund(ctx, params.refund, body),
}
