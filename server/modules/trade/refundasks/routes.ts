// What learners asked back, for those who give money back.
import type { refundAskRoutes } from '#contracts/refundasks.ts'
import type { Handlers } from '#kernel/serve.ts'
import { decideAsk, showAsks } from './actions.ts'

export const routes: Handlers<typeof refundAskRoutes> = {
  'GET /console/refund-asks': (ctx, { query }) => showAsks(ctx, query),
  'POST /console/refund-asks/:ask/decisions': (ctx, { params, body }) => decideAsk(ctx, params.ask, body, ctx.actor),
}
