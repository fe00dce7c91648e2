// Claims, for whoever bought and for whoever decides.
import type { claimRoutes } from '#contracts/claims.ts'
import type { Handlers } from '#kernel/serve.ts'
import { approve, askBack, decline, showClaims, showForDesk, withdraw } from './actions.ts'

export const routes: Handlers<typeof claimRoutes> = {
  'GET /orders/:order/claims': (ctx, { params }) => showClaims(ctx, ctx.actor.member, params.order),
  'POST /orders/:order/claims': (ctx, { params, body }) => askBack(ctx, ctx.actor.member, params.order, body.reason),
  'POST /claims/:claim/withdrawals': (ctx, { params }) => withdraw(ctx, ctx.actor.member, params.claim),
  'GET /console/claims': (ctx, { query }) => showForDesk(ctx, query),
  'POST /console/claims/:claim/approvals': (ctx, { params, body }) => approve(ctx, params.claim, body, ctx.actor),
  'POST /console/claims/:claim/refusals': (ctx, { params, body }) => decline(ctx, params.claim, body.answer, ctx.actor),
}
