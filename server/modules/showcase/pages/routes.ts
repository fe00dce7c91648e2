// The first pages of the learner's side.
import type { pageRoutes } from '#contracts/pages.ts'
import type { Handlers } from '#kernel/serve.ts'
import { searchPages, showCoursePage, showHome } from './actions.ts'

export const routes: Handlers<typeof pageRoutes> = {
  'GET /home': (ctx) => showHome(ctx),
  'GET /courses': (ctx, { query }) => searchPages(ctx, query),
  'GET /courses/:course': (ctx, { params }) => showCoursePage(ctx, params.course),
}
