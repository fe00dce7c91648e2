// Dues, as operators record them.
import type { dueRoutes } from '#contracts/dues.ts'
import type { Handlers } from '#kernel/serve.ts'
import { recordDue, showDues } from './actions.ts'

export const routes: Handlers<typeof dueRoutes> = {
  'GET /console/dues': (ctx, { query }) => showDues(ctx, query),
  'POST /console/dues': (ctx, { body }) => recordDue(ctx, body, ctx.actor.staff),
}
