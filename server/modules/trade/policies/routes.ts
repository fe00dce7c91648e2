// The refund policy, for buyers and for operators.
import type { policyRoutes } from '#contracts/policies.ts'
import type { Handlers } from '#kernel/serve.ts'
import { makePolicy, policyAt, showPolicies } from './actions.ts'

export const routes: Handlers<typeof policyRoutes> = {
  'GET /refund-policy': (ctx) => policyAt(ctx, ctx.now()),
  'GET /console/refund-policies': (ctx) => showPolicies(ctx),
  'POST /console/refund-policies': (ctx, { body }) => makePolicy(ctx, body, ctx.actor),
}
