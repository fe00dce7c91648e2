// Offers: set by operators, quoted to anyone.
import type { coinPackRoutes } from '#contracts/coins.ts'
import type { offerRoutes } from '#contracts/offers.ts'
import type { Handlers } from '#kernel/serve.ts'
import { addOffer, changeOffer, listPacks, showOffers, showQuote } from './actions.ts'

export const routes: Handlers<typeof offerRoutes> = {
  'GET /console/offers': (ctx, { query }) => showOffers(ctx, query.course),
  'POST /console/offers': (ctx, { body }) => addOffer(ctx, body),
  'PUT /console/offers/:offer': (ctx, { params, body }) => changeOffer(ctx, params.offer, body),
  'POST /quotes': (ctx, { body }) => showQuote(ctx, body.offer, body.pieces),
}

export const packRoutes: Handlers<typeof coinPackRoutes> = {
  'GET /coins/packs': (ctx) => listPacks(ctx),
}
