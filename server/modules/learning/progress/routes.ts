// Progress, told by devices and shown to members and operators.
import type { progressRoutes } from '#contracts/progress.ts'
import type { Handlers } from '#kernel/serve.ts'
import { report, showCourseProgress, showForDesk, showLearning } from './actions.ts'

export const routes: Handlers<typeof progressRoutes> = {
  'PUT /lessons/:lesson/progress': (ctx, { params, body }) => report(ctx, ctx.actor.member, params.lesson, body),
  'GET /learning': (ctx) => showLearning(ctx, ctx.actor.member),
  'GET /courses/:course/progress': (ctx, { params }) => showCourseProgress(ctx, ctx.actor.member, params.course),
  'GET /console/members/:member/progress': (ctx, { params }) => showForDesk(ctx, params.member),
}
