// Codes: made and exported by operators, redeemed by members.
import type { codeRoutes } from '#contracts/codes.ts'
import type { Handlers } from '#kernel/serve.ts'
import { exportCodes, makeBatch, moveEnd, redeem, showBatches } from './actions.ts'

export const routes: Handlers<typeof codeRoutes> = {
  'GET /console/code-batches': (ctx, { query }) => showBatches(ctx, query),
  'POST /console/code-batches': (ctx, { body }) => makeBatch(ctx, body, ctx.actor.name),
  'PUT /console/code-batches/:batch': (ctx, { params, body }) => moveEnd(ctx, params.batch, body.expiresAt),
  'GET /console/code-batches/:batch/exports': (ctx, { params }) => exportCodes(ctx, params.batch),
  'POST /redemptions': (ctx, { body }) => redeem(ctx, ctx.actor.member, body.code),
}
