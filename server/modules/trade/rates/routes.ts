// Rates of interest, for operators.
import type { rateRoutes } from '#contracts/rates.ts'
import type { Handlers } from '#kernel/serve.ts'
import { noteRate, showRates } from './actions.ts'

export const routes: Handlers<typeof rateRoutes> = {
  'GET /console/interest-rates': (ctx) => showRates(ctx),
  'POST /console/interest-rates': (ctx, { body }) => noteRate(ctx, body, ctx.actor),
}
