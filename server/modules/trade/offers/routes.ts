// Prices: set by operators, quoted to anyone.
import type { offerRoutes } from '#contracts/offers.ts'
import type { Handlers } from '#kernel/serve.ts'
import { setOffer, showOffer, showQuote } from './actions.ts'

export const routes: Handlers<typeof offerRoutes> = {
  'GET /console/courses/:course/offer': (ctx, { params }) => showOffer(ctx, params.course),
  'PUT /console/courses/:course/offer': (ctx, { params, body }) => setOffer(ctx, params.course, body),
  'POST /quotes': (ctx, { body }) => showQuote(ctx, body.offer),
}
