// The official account inside WeChat's own browser: the page that names the person, and the exchange of its code.
import type { FastifyInstance } from 'fastify'
import type { Tenant } from '../records.ts'
import { findOrMakeUser, issueCode, redeemCode } from '../users.ts'
import type { World } from '../world.ts'
import { refusePlatform } from './door.ts'

type Query = Record<string, string | undefined>
const PERSON = 'sandbox-user'

export function addOfficialRoutes(app: FastifyInstance, world: World): void {
  /** Who holds the phone: a browser is one person until it says that it is another. */
  app.get('/connect/as', (request, reply) => {
    const { user = '' } = request.query as Query
    return reply.header('Set-Cookie', `${PERSON}=${encodeURIComponent(user)}; Path=/; HttpOnly; SameSite=Lax`).type('text/plain; charset=utf-8').send(user)
  })
  app.get('/connect/oauth2/authorize', (request, reply) => {
    const { appid = '', redirect_uri = '', response_type, scope, state = '' } = request.query as Query
    const tenant = tenantOf(world, appid)
    if (tenant === undefined || response_type !== 'code' || (scope !== 'snsapi_base' && scope !== 'snsapi_userinfo') || !/^https?:\/\//.test(redirect_uri) || !/^[a-zA-Z0-9]{0,128}$/.test(state)) return reply.code(400).type('text/html; charset=utf-8').send('<p>redirect_uri 参数错误</p>')
    const user = findOrMakeUser(world, appid, personOf(request.headers.cookie))
    const back = new URL(redirect_uri)
    back.searchParams.set('code', issueCode(world, 'official', user))
    back.searchParams.set('state', state)
    return reply.redirect(back.href, 302)
  })
  app.get('/sns/oauth2/access_token', (request, reply) => reply.type('text/plain; charset=utf-8').send(JSON.stringify(exchange(world, request.query as Query))))
}

function exchange(world: World, { appid = '', secret, code = '', grant_type }: Query): Record<string, unknown> {
  const tenant = tenantOf(world, appid)
  if (tenant === undefined) return refusePlatform(40013, 'invalid appid')
  if (secret !== tenant.official.secret) return refusePlatform(40125, 'invalid appsecret')
  if (grant_type !== 'authorization_code') return refusePlatform(40002, 'invalid grant_type')
  if (code === '') return refusePlatform(41008, 'missing code')
  const user = redeemCode(world, 'official', appid, code)
  if (user === 'unknown') return refusePlatform(40029, 'invalid code')
  if (user === 'used') return refusePlatform(40163, 'code been used')
  return { access_token: `${user.openid}-token`, expires_in: 7200, refresh_token: `${user.openid}-refresh`, openid: user.openid, scope: 'snsapi_base' }
}

export function tenantOf(world: World, official: string): (Tenant & { official: { appid: string; secret: string } }) | undefined {
  for (const tenant of world.state.tables.tenants.values()) if (tenant.official?.appid === official) return { ...tenant, official: tenant.official }
  return undefined
}

function personOf(cookies: string | undefined): string {
  const found = (cookies ?? '').split('; ').find((one) => one.startsWith(`${PERSON}=`))
  return found === undefined ? 'reader' : decodeURIComponent(found.slice(PERSON.length + 1)) || 'reader'
}
