// Withdrawals from virtual payment, for those who keep the books.
import type { withdrawalRoutes } from '#contracts/withdrawals.ts'
import type { Handlers } from '#kernel/serve.ts'
import { beginWithdrawal, showWithdrawals } from './actions.ts'

export const routes: Handlers<typeof withdrawalRoutes> = {
  'GET /console/withdrawals': (ctx) => showWithdrawals(ctx),
  'POST /console/withdrawals': (ctx, { body }) => beginWithdrawal(ctx, body, ctx.actor),
}
