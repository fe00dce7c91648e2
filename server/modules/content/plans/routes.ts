// Plans, as operators set them.
import type { planRoutes } from '#contracts/plans.ts'
import type { Handlers } from '#kernel/serve.ts'
import { savePlan, showPlans } from './actions.ts'

export const routes: Handlers<typeof planRoutes> = {
  'GET /console/plans': (ctx) => showPlans(ctx),
  'POST /console/plans': (ctx, { body }) => savePlan(ctx, null, body),
  'PUT /console/plans/:plan': (ctx, { params, body }) => savePlan(ctx, params.plan, body),
}
