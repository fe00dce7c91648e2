// The coin as operators set it, and the balance as learners see it.
import type { coinRoutes } from '#contracts/coins.ts'
import type { Handlers } from '#kernel/serve.ts'
import { setCoin, showBalance, showCoin } from './actions.ts'

export const routes: Handlers<typeof coinRoutes> = {
  'GET /me/coins': (ctx) => showBalance(ctx, ctx.actor.member),
  'GET /console/coin': (ctx) => showCoin(ctx),
  'PUT /console/coin': (ctx, { body }) => setCoin(ctx, body),
}
