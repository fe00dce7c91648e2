// Plans as learners choose them and operators count them.
import type { membershipRoutes } from '#contracts/plans.ts'
import type { Handlers } from '#kernel/serve.ts'
import { countAll, showPlansHere } from './actions.ts'

export const routes: Handlers<typeof membershipRoutes> = {
  'GET /memberships': (ctx) => showPlansHere(ctx),
  'GET /console/memberships': (ctx) => countAll(ctx),
}
