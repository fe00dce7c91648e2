// Lessons as a caller may see them, and opening them.
import type { playRoutes } from '#contracts/plays.ts'
import type { Handlers } from '#kernel/serve.ts'
import { beginPlay, showLesson } from './actions.ts'

export const routes: Handlers<typeof playRoutes> = {
  'GET /lessons/:lesson': (ctx, { params }) => showLesson(ctx, params.lesson),
  'POST /lessons/:lesson/plays': (ctx, { params }) => beginPlay(ctx, params.lesson),
}
