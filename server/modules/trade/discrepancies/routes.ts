// Payments that do not fit, for the operators who look after money.
import type { discrepancyRoutes } from '#contracts/discrepancies.ts'
import type { Handlers } from '#kernel/serve.ts'
import { checkDiscrepancy, giveBack, resolveDiscrepancy, showDiscrepancies } from './actions.ts'

export const routes: Handlers<typeof discrepancyRoutes> = {
  'GET /console/discrepancies': (ctx, { query }) => showDiscrepancies(ctx, query),
  'POST /console/discrepancies/:discrepancy/checks': (ctx, { params }) => checkDiscrepancy(ctx, params.discrepancy),
  'POST /console/discrepancies/:discrepancy/refunds': (ctx, { params, body }) => giveBack(ctx, params.discrepancy, body.note, ctx.actor),
  'POST /console/discrepancies/:discrepancy/resolutions': (ctx, { params, body }) => resolveDiscrepancy(ctx, params.discrepancy, body.note, ctx.actor),
}
