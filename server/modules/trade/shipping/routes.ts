// The shipping desk, and what a learner does with the own parcel.
import type { parcelRoutes } from '#contracts/parcels.ts'
import type { Handlers } from '#kernel/serve.ts'
import { askDuty, exportParcels, importShipments, printLabels, putOffReceipt, receive, remind, resume, sendElsewhere, ship, showParcels, takeGoodsBack } from './actions.ts'

export const routes: Handlers<typeof parcelRoutes> = {
  'POST /orders/:order/extensions': (ctx, { params }) => putOffReceipt(ctx, ctx.actor.member, params.order),
  'POST /orders/:order/receipts': (ctx, { params }) => receive(ctx, ctx.actor.member, params.order),
  'PUT /orders/:order/address': (ctx, { params, body }) => sendElsewhere(ctx, ctx.actor.member, params.order, body.address),
  'GET /console/parcels': (ctx, { query }) => showParcels(ctx, query),
  'PUT /console/parcels/:order/shipment': async (ctx, { params, body }) => (await ship(ctx, params.order, body, ctx.actor)).row,
  'POST /console/parcels/:order/resumptions': (ctx, { params }) => resume(ctx, params.order),
  'POST /console/parcels/:order/reminders': (ctx, { params }) => remind(ctx, params.order),
  'POST /console/parcels/:order/returns': (ctx, { params }) => takeGoodsBack(ctx, params.order),
  'GET /console/shipping-duty': (ctx) => askDuty(ctx),
  'POST /console/parcel-labels': (ctx) => printLabels(ctx),
  'GET /console/parcel-exports': (ctx) => exportParcels(ctx),
  'POST /console/parcel-imports': (ctx, { body }) => importShipments(ctx, body.csv, ctx.actor),
}
