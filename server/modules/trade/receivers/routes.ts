// Receivers of shares, for those who settle with partners.
import type { receiverRoutes } from '#contracts/shares.ts'
import type { Handlers } from '#kernel/serve.ts'
import { addReceiver, changeRates, changeTerms, readTerms, removeReceiver, showRates, showReceivers } from './actions.ts'

export const routes: Handlers<typeof receiverRoutes> = {
  'GET /console/share-terms': (ctx) => readTerms(ctx),
  'PUT /console/share-terms': (ctx, { body }) => changeTerms(ctx, body),
  'GET /console/share-receivers': (ctx) => showReceivers(ctx),
  'POST /console/share-receivers': (ctx, { body }) => addReceiver(ctx, body),
  'DELETE /console/share-receivers/:receiver': (ctx, { params }) => removeReceiver(ctx, params.receiver),
  'GET /console/offers/:offer/share-rates': (ctx, { params }) => showRates(ctx, params.offer),
  'PUT /console/offers/:offer/share-rates': (ctx, { params, body }) => changeRates(ctx, params.offer, body.rates),
}
