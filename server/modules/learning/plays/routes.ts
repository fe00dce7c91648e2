// Lessons as a caller may see them, and opening them.
import { randomBytes } from 'node:crypto'
import type { playRoutes } from '#contracts/plays.ts'
import { PLAY_COOKIE, cookieOf, type CtxOf, type Handlers } from '#kernel/serve.ts'
import { beginPlay, showLesson } from './actions.ts'

const HOLDER_DAYS = 400

export const routes: Handlers<typeof playRoutes> = {
  'GET /lessons/:lesson': (ctx, { params }) => showLesson(ctx, params.lesson),
  'POST /lessons/:lesson/plays': (ctx, { params }) => beginPlay(ctx, params.lesson, holderOf(ctx)),
}

/** Only browsers keep cookies; the players inside the platforms' apps do not. */
function holderOf(ctx: CtxOf<'anyone'>): string | null {
  if (ctx.client.platform !== 'h5') return null
  const known = cookieOf(ctx.request, PLAY_COOKIE)
  if (known && known.length === 43) return known
  const fresh = randomBytes(32).toString('base64url')
  ctx.reply.setCookie(PLAY_COOKIE, fresh, { httpOnly: true, sameSite: 'strict', secure: ctx.knobs.publicUrl.startsWith('https:'), path: '/api', maxAge: HOLDER_DAYS * 86_400 })
  return fresh
}
