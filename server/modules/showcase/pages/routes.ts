// The first pages of the learner's side.
import type { pageRoutes } from '#contracts/pages.ts'
import { writeReply, type Handlers } from '#kernel/serve.ts'
import { keptCoursePage, searchPages, showCoursePage, showHome } from './actions.ts'

export const routes: Handlers<typeof pageRoutes> = {
  'GET /home': (ctx) => showHome(ctx),
  'GET /courses': (ctx, { query }) => searchPages(ctx, query),
  'GET /courses/:course': (ctx, { params }) => (ctx.actor.kind === 'visitor' ? keptCoursePage(ctx, params.course, (page) => writeReply(ctx.reply, page)) : showCoursePage(ctx, params.course)),
}
