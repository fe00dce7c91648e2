// The open platform of WeChat: tokens, sign-in codes, phone numbers, mini-program codes, subscribe messages.
import { randomUUID } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import QRCode from 'qrcode'
import { randomWord } from '../keys.ts'
import { delay, isOverLimit } from '../limits.ts'
import type { Tenant } from '../records.ts'
import { put } from '../state.ts'
import { findUserByOpenid, redeemCode, renewSession } from '../users.ts'
import { beijing, clockOf, takeFault } from '../world.ts'
import type { World } from '../world.ts'
import { readJson, refusePlatform, refuseTooMany, tenantOfToken } from './door.ts'

type Body = Record<string, unknown>
const TOKEN_SECONDS = 7200
const SCENE = /^[0-9A-Za-z!#$&'()*+,/:;=?@\-._~]{1,32}$/

export function addPlatformRoutes(app: FastifyInstance, world: World): void {
  app.post('/cgi-bin/stable_token', (request, reply) => answer(world, request, reply, 'stable_token', (body) => giveToken(world, body)))
  app.get('/sns/jscode2session', (request, reply) => answer(world, request, reply, 'jscode2session', () => exchangeLogin(world, request.query as Record<string, string>)))
  app.post('/wxa/business/getuserphonenumber', (request, reply) => withToken(world, request, reply, 'getuserphonenumber', (tenant, body) => givePhone(world, tenant, body)))
  app.post('/cgi-bin/message/subscribe/send', (request, reply) => withToken(world, request, reply, 'subscribe_send', (tenant, body) => sendMessage(world, tenant, body)))
  app.post('/wxa/getwxacodeunlimit', (request, reply) => withToken(world, request, reply, 'getwxacodeunlimit', (tenant, body) => drawCode(world, tenant, body)))
}

type Reply = Body | Buffer

/** Answers a call that needs a token, with the faults that were asked for. */
export function withToken(world: World, request: FastifyRequest, reply: FastifyReply, api: string, act: (tenant: Tenant, body: Body) => Reply | Promise<Reply>): Promise<void> {
  return answer(world, request, reply, api, (body) => {
    const tenant = tenantOfToken(world, request.query)
    return 'errcode' in tenant ? tenant : act(tenant, body)
  })
}

async function answer(world: World, request: FastifyRequest, reply: FastifyReply, api: string, act: (body: Body) => Reply | Promise<Reply>): Promise<void> {
  const body = readJson(request.body)
  const appid = appidOf(world, request, body)
  await delay(world, appid, api)
  const refused = takeFault(world, appid, ['refuse'], api)
  const told = isOverLimit(world, appid, api) ? refuseTooMany() : refused === undefined ? await act(body) : refusePlatform(Number(refused['code'] ?? -1), String(refused['message'] ?? 'system error'))
  if (takeFault(world, appid, ['lose_answer'], api) !== undefined) {
    reply.hijack()
    request.raw.socket.resetAndDestroy()
    return
  }
  if (Buffer.isBuffer(told)) void reply.type('image/png').send(told)
  else void reply.type('application/json; charset=utf-8').send(JSON.stringify(told))
}

function appidOf(world: World, request: FastifyRequest, body: Body): string {
  const query = request.query as Record<string, string>
  return world.byToken.get(query['access_token'] ?? '') ?? query['appid'] ?? String(body['appid'] ?? '')
}

/** The stable token stays the same while it lasts, unless a fresh one is forced. */
function giveToken(world: World, body: Body): Body {
  const tenant = world.state.tables.tenants.get(String(body['appid'] ?? ''))
  if (body['grant_type'] !== 'client_credential') return refusePlatform(40002, 'invalid grant_type')
  if (tenant === undefined) return refusePlatform(40013, 'invalid appid')
  if (body['secret'] !== tenant.secret) return refusePlatform(40125, 'invalid appsecret')
  const now = clockOf(world, tenant.appid).now()
  const known = tenant.token
  if (known !== undefined && known.expiresAtMs > now + 1000 && body['force_refresh'] !== true) {
    return { access_token: known.value, expires_in: Math.floor((known.expiresAtMs - now) / 1000) }
  }
  const token = { value: `${randomWord(136)}`, expiresAtMs: now + TOKEN_SECONDS * 1000 }
  if (known !== undefined) world.byToken.delete(known.value)
  put(world.state, 'tenants', tenant.appid, { ...tenant, token })
  world.byToken.set(token.value, tenant.appid)
  return { access_token: token.value, expires_in: TOKEN_SECONDS }
}

function exchangeLogin(world: World, query: Record<string, string>): Body {
  const tenant = world.state.tables.tenants.get(query['appid'] ?? '')
  if (tenant === undefined) return refusePlatform(40013, 'invalid appid')
  if (query['secret'] !== tenant.secret) return refusePlatform(40125, 'invalid appsecret')
  if (query['grant_type'] !== 'authorization_code') return refusePlatform(40002, 'invalid grant_type')
  if (!query['js_code']) return refusePlatform(41008, 'missing code')
  const user = redeemCode(world, 'login', tenant.appid, query['js_code'])
  if (user === 'unknown') return refusePlatform(40029, 'invalid code')
  if (user === 'used') return refusePlatform(40163, 'code been used')
  const renewed = renewSession(world, user)
  return { session_key: renewed.sessionKey, openid: renewed.openid, unionid: renewed.unionid }
}

function givePhone(world: World, tenant: Tenant, body: Body): Body {
  const user = redeemCode(world, 'phone', tenant.appid, String(body['code'] ?? ''))
  if (user === 'unknown' || user === 'used') return refusePlatform(40029, 'invalid code')
  const watermark = { timestamp: Math.floor(Date.now() / 1000), appid: tenant.appid }
  return { errcode: 0, errmsg: 'ok', phone_info: { phoneNumber: user.phone, purePhoneNumber: user.phone, countryCode: '86', watermark } }
}

/** A QR code rather than the round mini-program code: any scanner reads it, and it opens a page that says where it leads. */
async function drawCode(world: World, tenant: Tenant, body: Body): Promise<Reply> {
  const scene = String(body['scene'] ?? '')
  const page = String(body['page'] ?? '')
  if (!SCENE.test(scene)) return refusePlatform(40169, 'invalid length for scene, or the data is not json string')
  if (page.startsWith('/')) return refusePlatform(41030, 'invalid page')
  const width = Math.min(1280, Math.max(280, Number(body['width'] ?? 430)))
  const target = `${world.url}/wxa/open?${new URLSearchParams({ appid: tenant.appid, page, scene })}`
  return QRCode.toBuffer(target, { type: 'png', width, margin: 2, errorCorrectionLevel: 'M' })
}

function sendMessage(world: World, tenant: Tenant, body: Body): Body {
  const openid = String(body['touser'] ?? '')
  const template = String(body['template_id'] ?? '')
  if (findUserByOpenid(world, tenant.appid, openid) === undefined) return refusePlatform(40003, 'invalid openid')
  if (template === '') return refusePlatform(40037, 'invalid template_id')
  if (typeof body['data'] !== 'object' || body['data'] === null) return refusePlatform(47003, 'argument invalid! data is empty')
  const id = `${tenant.appid}/${openid}/${template}`
  const consent = world.state.tables.consents.get(id)
  if (consent === undefined || consent.left < 1) return refusePlatform(43101, 'user refuse to accept the msg')
  put(world.state, 'consents', id, { ...consent, left: consent.left - 1 })
  const message = { id: randomUUID(), appid: tenant.appid, openid, template, page: String(body['page'] ?? ''), data: body['data'], at: beijing(Date.now()) }
  put(world.state, 'messages', message.id, message)
  return { errcode: 0, errmsg: 'ok', msgid: Date.now() }
}
