// The operators' desk of orders.
import type { deskRoutes } from '#contracts/desk.ts'
import type { Handlers } from '#kernel/serve.ts'
import { exportOrders, listForDesk, showForDesk } from './actions.ts'

export const routes: Handlers<typeof deskRoutes> = {
  'GET /console/orders': (ctx, { query }) => listForDesk(ctx, query),
  'GET /console/order-exports': (ctx, { query }) => exportOrders(ctx, query),
  'GET /console/orders/:order': (ctx, { params }) => showForDesk(ctx, params.order),
}
