// Payouts, for those who make them and those who receive them.
import type { payoutRoutes } from '#contracts/payouts.ts'
import type { Handlers } from '#kernel/serve.ts'
import { agree, askPayout, beginPayout, cancelOwn, cancelPayout, changeTerms, checkOwn, readTerms, reject, retryPayout, showOwn, showPayouts } from './actions.ts'

export const routes: Handlers<typeof payoutRoutes> = {
  'GET /console/payout-terms': (ctx) => readTerms(ctx),
  'PUT /console/payout-terms': (ctx, { body }) => changeTerms(ctx, body),
  'GET /console/payouts': (ctx, { query }) => showPayouts(ctx, query),
  'POST /console/payouts': (ctx, { body }) => beginPayout(ctx, body, ctx.actor.staff),
  'POST /console/payouts/:payout/agreements': (ctx, { params }) => agree(ctx, params.payout, ctx.actor.staff),
  'POST /console/payouts/:payout/rejections': (ctx, { params, body }) => reject(ctx, params.payout, body.answer),
  'POST /console/payouts/:payout/cancellations': (ctx, { params }) => cancelPayout(ctx, params.payout),
  'POST /console/payouts/:payout/retries': (ctx, { params }) => retryPayout(ctx, params.payout, ctx.actor.staff),
  'GET /payouts': (ctx) => showOwn(ctx, ctx.actor.member),
  'POST /payouts': (ctx, { body }) => askPayout(ctx, ctx.actor.member, body),
  'POST /payouts/:payout/cancellations': (ctx, { params }) => cancelOwn(ctx, ctx.actor.member, params.payout),
  'POST /payouts/:payout/checks': (ctx, { params }) => checkOwn(ctx, ctx.actor.member, params.payout),
}
