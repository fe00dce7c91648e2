// Complaints, for the operators who answer them.
import type { complaintRoutes } from '#contracts/complaints.ts'
import type { Handlers } from '#kernel/serve.ts'
import { agreeToRefund, askNow, complete, declineRefund, reply, showComplaints, showPhone, showPicture } from './actions.ts'

export const routes: Handlers<typeof complaintRoutes> = {
  'GET /console/complaints': (ctx, { query }) => showComplaints(ctx, query),
  'GET /console/complaints/:complaint/pictures/:picture': async (ctx, { params }) => {
    ctx.reply.header('cache-control', 'private, max-age=3600')
    return showPicture(ctx, params.complaint, Number(params.picture))
  },
  'POST /console/complaints/:complaint/replies': (ctx, { params, body }) => reply(ctx, params.complaint, body.words),
  'POST /console/complaints/:complaint/completions': (ctx, { params }) => complete(ctx, params.complaint),
  'POST /console/complaints/:complaint/refunds': (ctx, { params, body }) => agreeToRefund(ctx, params.complaint, body.amount, ctx.actor.staff),
  'POST /console/complaints/:complaint/refusals': (ctx, { params, body }) => declineRefund(ctx, params.complaint, body.reason),
  'POST /console/complaints/:complaint/phone-views': (ctx, { params, body }) => showPhone(ctx, params.complaint, body.reason),
  'POST /console/complaints/checks': (ctx) => askNow(ctx),
}
