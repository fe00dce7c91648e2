// Reconciliation for those who keep the books.
import type { reconciliationRoutes } from '#contracts/reconciliation.ts'
import type { Handlers } from '#kernel/serve.ts'
import { askForDay, checkDifference, resolveDifference, showDifferences, showMonth } from './actions.ts'

export const routes: Handlers<typeof reconciliationRoutes> = {
  'GET /console/reconciliation/months/:month': (ctx, { params, query }) => showMonth(ctx, params.month, query.rail ?? 'wechat_pay'),
  'POST /console/reconciliation/days': (ctx, { body }) => askForDay(ctx, body.day, body.rail ?? 'wechat_pay'),
  'GET /console/differences': (ctx, { query }) => showDifferences(ctx, query),
  'POST /console/differences/:difference/checks': (ctx, { params }) => checkDifference(ctx, params.difference, ctx.actor),
  'POST /console/differences/:difference/resolutions': (ctx, { params, body }) => resolveDifference(ctx, params.difference, body, ctx.actor),
}
