// The audit log for owners.
import type { auditRoutes } from '#contracts/staff.ts'
import type { Handlers } from '#kernel/serve.ts'
import { showAudit } from './actions.ts'

export const routes: Handlers<typeof auditRoutes> = {
  'GET /console/audit': (ctx, { query }) => showAudit(ctx, query),
}
