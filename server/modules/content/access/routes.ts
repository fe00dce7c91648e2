// Why somebody can or cannot open a course, and rights given by hand.
import type { accessRoutes } from '#contracts/access.ts'
import type { Handlers } from '#kernel/serve.ts'
import { explainCourse, grantByHand, listEntitlements, revokeByHand } from './actions.ts'

export const routes: Handlers<typeof accessRoutes> = {
  'GET /courses/:course/access': (ctx, { params }) => explainCourse(ctx, ctx.actor.member, params.course),
  'GET /console/members/:member/entitlements': (ctx, { params }) => listEntitlements(ctx, params.member),
  'POST /console/members/:member/entitlements': (ctx, { params, body }) => grantByHand(ctx, params.member, body),
  'POST /console/entitlements/:entitlement/revocations': (ctx, { params, body }) => revokeByHand(ctx, params.entitlement, body.why),
}
