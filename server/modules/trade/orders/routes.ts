// Placing and reading one's own orders.
import type { orderRoutes } from '#contracts/orders.ts'
import type { Handlers } from '#kernel/serve.ts'
import { listOwn, placeOrder, showOwn } from './actions.ts'
import { exportOrders, listForDesk } from './desk.ts'

export const routes: Handlers<typeof orderRoutes> = {
  'POST /orders': (ctx, { body }) => placeOrder(ctx, ctx.actor.member, body),
  'GET /orders': (ctx, { query }) => listOwn(ctx, ctx.actor.member, query),
  'GET /orders/:order': (ctx, { params }) => showOwn(ctx, ctx.actor.member, params.order),
  'GET /console/orders': (ctx, { query }) => listForDesk(ctx, query),
  'GET /console/order-exports': (ctx, { query }) => exportOrders(ctx, query),
}
