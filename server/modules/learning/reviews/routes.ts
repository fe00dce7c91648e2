// Reviews for everyone, and the desk that answers them.
import type { reviewRoutes } from '#contracts/reviews.ts'
import type { Handlers } from '#kernel/serve.ts'
import { hideReview, listForDesk, replyTo, showReviews, writeReview } from './actions.ts'

export const routes: Handlers<typeof reviewRoutes> = {
  'GET /courses/:course/reviews': (ctx, { params, query }) => showReviews(ctx, params.course, query),
  'POST /courses/:course/reviews': (ctx, { params, body }) => writeReview(ctx, ctx.actor.member, params.course, body),
  'GET /console/reviews': (ctx, { query }) => listForDesk(ctx, query),
  'PUT /console/reviews/:review/reply': (ctx, { params, body }) => replyTo(ctx, params.review, body.text),
  'PUT /console/reviews/:review/hiding': (ctx, { params, body }) => hideReview(ctx, params.review, body.why),
}
