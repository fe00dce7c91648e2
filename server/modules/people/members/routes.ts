// Learners at the door and about themselves.
import type { memberRoutes } from '#contracts/members.ts'
import type { Handlers } from '#kernel/serve.ts'
import { bindWechatPhone, officialAddress, rename, renewSessionKey, sendCode, showMember, signInByOfficial, signInByPhone, signInByWechat, signOut } from './actions.ts'

export const routes: Handlers<typeof memberRoutes> = {
  'POST /sms-codes': (ctx, { body }) => sendCode(ctx, body.phone),
  'POST /sessions/phone': (ctx, { body }) => signInByPhone(ctx, body.phone, body.code),
  'POST /sessions/wechat': (ctx, { body }) => signInByWechat(ctx, body.code),
  'POST /sessions/official': (ctx, { body }) => signInByOfficial(ctx, body.code),
  'POST /official-visits': (ctx, { body }) => officialAddress(ctx, body),
  'DELETE /sessions/current': (ctx) => signOut(ctx, ctx.actor.session),
  'GET /me': (ctx) => showMember(ctx, ctx.actor.member),
  'PATCH /me': (ctx, { body }) => rename(ctx, ctx.actor.member, body.nickname),
  'PUT /me/phone/wechat': (ctx, { body }) => bindWechatPhone(ctx, ctx.actor.member, body.code),
  'PUT /me/session-key/wechat': (ctx, { body }) => renewSessionKey(ctx, ctx.actor.member, body.code),
}
