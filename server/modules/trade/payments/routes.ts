// Paying an order, asking how it went, closing it.
import type { paymentRoutes } from '#contracts/payments.ts'
import type { Handlers } from '#kernel/serve.ts'
import { beginPayment, checkOrder, closeOwn } from './actions.ts'

export const routes: Handlers<typeof paymentRoutes> = {
  'POST /orders/:order/payments': (ctx, { params, body }) => beginPayment(ctx, ctx.actor.member, params.order, body),
  'POST /orders/:order/checks': (ctx, { params }) => checkOrder(ctx, ctx.actor.member, params.order),
  'POST /orders/:order/closings': (ctx, { params }) => closeOwn(ctx, ctx.actor.member, params.order),
}
