// Members for operators.
import type { memberDeskRoutes } from '#contracts/members.ts'
import type { Handlers } from '#kernel/serve.ts'
import { listForDesk, showForDesk, viewPhone } from './actions.ts'

export const routes: Handlers<typeof memberDeskRoutes> = {
  'GET /console/members': (ctx, { query }) => listForDesk(ctx, query),
  'GET /console/members/:member': (ctx, { params }) => showForDesk(ctx, params.member),
  'POST /console/members/:member/phone-views': (ctx, { params, body }) => viewPhone(ctx, params.member, body.reason),
}
