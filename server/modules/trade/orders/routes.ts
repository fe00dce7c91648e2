// Placing and reading one's own orders.
import type { orderRoutes } from '#contracts/orders.ts'
import type { Handlers } from '#kernel/serve.ts'
import { listOwn, placeOrder, showOwn } from './actions.ts'

export const routes: Handlers<typeof orderRoutes> = {
  'POST /orders': (ctx, { body }) => placeOrder(ctx, ctx.actor.member, body),
  'GET /orders': (ctx, { query }) => listOwn(ctx, ctx.actor.member, query),
  'GET /orders/:order': (ctx, { params }) => showOwn(ctx, ctx.actor.member, params.order),
}
