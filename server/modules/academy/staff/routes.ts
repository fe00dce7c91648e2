// Operators at the door, and operators about operators.
import type { Me, staffRoutes } from '#contracts/staff.ts'
import { STAFF_COOKIE, type CtxOf, type Handlers } from '#kernel/serve.ts'
import { addStaff, beginTotp, changePassword, changeStaff, completeTotp, endTotp, isSetupNeeded, listOperators, setUp, showMe, signIn, signOut, type Opened } from './actions.ts'

export const routes: Handlers<typeof staffRoutes> = {
  'GET /console/setup': (ctx) => isSetupNeeded(ctx),
  'POST /console/setup': async (ctx, { body }) => withCookie(ctx, await setUp(ctx, body)),
  'POST /console/sessions': async (ctx, { body }) => withCookie(ctx, await signIn(ctx, body)),
  'DELETE /console/sessions/current': (ctx) => {
    ctx.reply.clearCookie(STAFF_COOKIE, { path: '/' })
    return signOut(ctx, ctx.actor.session)
  },
  'GET /console/me': (ctx) => showMe(ctx, ctx.actor.staff),
  'PUT /console/me/password': (ctx, { body }) => changePassword(ctx, ctx.actor, body),
  'POST /console/me/totp': (ctx) => beginTotp(ctx, ctx.actor.staff),
  'PUT /console/me/totp': (ctx, { body }) => completeTotp(ctx, ctx.actor.staff, body.code),
  'DELETE /console/me/totp': (ctx, { body }) => endTotp(ctx, ctx.actor.staff, body.password),
  'GET /console/staff': (ctx) => listOperators(ctx),
  'POST /console/staff': (ctx, { body }) => addStaff(ctx, body),
  'PATCH /console/staff/:staff': (ctx, { params, body }) => changeStaff(ctx, params.staff, body),
}

function withCookie(ctx: CtxOf<'anyone'>, opened: Opened): Me {
  const secure = ctx.knobs.publicUrl.startsWith('https:')
  ctx.reply.setCookie(STAFF_COOKIE, opened.token, { httpOnly: true, sameSite: 'strict', secure, path: '/', expires: opened.expiresAt })
  return opened.me
}
