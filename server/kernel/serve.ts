// From a contract to HTTP: who may ask, a checked question, a checked answer, and refusals on the wire.
import { randomUUID } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Ask, Audience, Reply, Route, RouteTable } from '#contracts/route.ts'
import { platforms, systems } from '#contracts/words/platforms.ts'
import type { Actor, ClientPlace, Ctx, MemberActor, OperatorActor } from './ctx.ts'
import type { Limits } from './limits.ts'
import type { Log } from './log.ts'
import { Refusal, refuse, statusOf } from './refuse.ts'
import { countUnknown } from './watch.ts'

type ActorOf<A extends Audience> = A extends 'anyone' ? Actor : A extends 'member' ? MemberActor : OperatorActor
export type CtxOf<A extends Audience> = Omit<Ctx, 'actor'> & { actor: ActorOf<A>; reply: FastifyReply; request: FastifyRequest }
type Answer<R extends Route> = R['type'] extends string ? string | Buffer | NodeJS.ReadableStream : Reply<R> | Written
/** A reply that was checked and written out before, as `writeReply` does it. */
type Written = Buffer

/** A room's routes: every route of its contract has a handler, or it does not compile. */
export type Handlers<T extends RouteTable> = { [K in keyof T]: (ctx: CtxOf<T[K]['as']>, ask: Ask<T[K]>) => Promise<Answer<T[K]>> }

export type Doors = {
  member(ctx: Ctx, token: string): Promise<MemberActor | undefined>
  operator(ctx: Ctx, token: string): Promise<OperatorActor | undefined>
}

export type Serving = { baseCtx: (request: Pick<Ctx, 'requestId' | 'address' | 'actor' | 'client'>) => Ctx; doors: Doors; limits: Limits; prefix: string }

export const STAFF_COOKIE = 'shuyuan_staff'
export const PLAY_COOKIE = 'shuyuan_play'

/** Puts a contract with its handlers on the server, below the prefix. */
export function serveRoutes<T extends RouteTable>(app: FastifyInstance, serving: Serving, table: T, handlers: Handlers<T>): void {
  for (const [name, route] of Object.entries(table)) {
    const [method = '', path = ''] = name.split(' ')
    const handle = handlers[name] as unknown as (ctx: CtxOf<Audience>, ask: object) => Promise<unknown>
    app.route({
      method,
      url: serving.prefix + path,
      schema: schemaOf(route),
      handler: (request, reply) => answer(request, reply, serving, name, route, handle),
    })
  }
}

function schemaOf(route: Route) {
  const { params, query, body } = route
  return {
    summary: route.about,
    ...(params ? { params } : {}),
    ...(query ? { querystring: query } : {}),
    ...(body ? { body } : {}),
    response: route.type ? {} : { 200: route.reply },
  }
}

async function answer(request: FastifyRequest, reply: FastifyReply, serving: Serving, name: string, route: Route, handle: (ctx: CtxOf<Audience>, ask: object) => Promise<unknown>) {
  const ctx = ctxOf(request, serving) as CtxOf<Audience>
  const isStranger = route.as === 'anyone' && request.headers.authorization === undefined
  if (!isStranger) ctx.actor = (await letIn(ctx as Ctx, request, serving.doors, route.as)) as never
  ctx.reply = reply
  ctx.request = request
  refuseBadText(request)
  if (route.limit) slowDown(ctx as Ctx, serving.limits, name, route.limit)
  const told = await handle(ctx, { params: request.params, query: request.query, body: request.body })
  if (route.type) reply.header('content-type', route.type)
  else if (Buffer.isBuffer(told)) reply.header('content-type', 'application/json; charset=utf-8')
  if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store')
  return told
}

/** Checks a reply by its route and writes it out, to be sent many times. */
export function writeReply<R extends Route>(reply: FastifyReply, told: Reply<R>): Written {
  return Buffer.from(reply.serialize(told as object) as string)
}

/** The ctx of a request before anybody is let in; callbacks use it too. */
export function ctxOf(request: FastifyRequest, serving: Serving): Ctx {
  return serving.baseCtx({ requestId: request.id, address: request.ip, actor: { kind: 'visitor' }, client: placeOf(request) })
}

/** Who asks, when the door lets them in; refuses otherwise. */
export async function letIn(ctx: Ctx, request: FastifyRequest, doors: Doors, as: Audience): Promise<Actor> {
  if (as === 'anyone' || as === 'member') {
    const token = /^Bearer (\S{20,200})$/.exec(request.headers.authorization ?? '')?.[1]
    const member = token ? await doors.member(ctx, token) : undefined
    if (member) ctx.client = { ...ctx.client, ...member.place }
    if (as === 'member' && !member) refuse(token ? 'sign_in.expired' : 'sign_in.needed')
    return member ?? { kind: 'visitor' }
  }
  const token = cookieOf(request, STAFF_COOKIE)
  const operator = token ? await doors.operator(ctx, token) : undefined
  if (!operator) refuse('staff.sign_in_needed')
  if (request.method !== 'GET' && request.headers['x-requested-with'] !== 'shuyuan') refuse('staff.csrf')
  if (typeof as === 'object' && !operator.may(as.staff)) refuse('staff.not_permitted', { permission: as.staff })
  return operator
}

/** Few requests are asked for their cookies, so they are read only then. */
export function cookieOf(request: FastifyRequest, name: string): string | undefined {
  return request.server.parseCookie(request.headers.cookie ?? '')[name]
}

/** No name, search or text needs a NUL or half a character, and PostgreSQL keeps neither. */
function refuseBadText(request: FastifyRequest): void {
  for (const part of ['params', 'query', 'body'] as const) {
    const field = badField(request[part], '')
    if (field !== undefined) refuse('request.invalid', { in: part, field, problem: 'has characters that are no text' })
  }
}

function badField(value: unknown, path: string): string | undefined {
  if (typeof value === 'string') return value.includes('\0') || !value.isWellFormed() ? path : undefined
  if (typeof value !== 'object' || value === null) return undefined
  for (const name of Object.keys(value)) {
    const found = badField((value as Record<string, unknown>)[name], path === '' ? name : `${path}.${name}`)
    if (found !== undefined) return found
  }
  return undefined
}

function slowDown(ctx: Ctx, waitSeconds: Limits, name: string, limit: { count: number; seconds: number }): void {
  const who = ctx.actor.kind === 'member' ? ctx.actor.member : ctx.actor.kind === 'operator' ? ctx.actor.staff : ctx.address
  const wait = waitSeconds(`${name} ${who}`, limit, ctx.now().getTime())
  if (wait > 0) refuse('request.too_many', { waitSeconds: wait })
}

const unknownPlace: ClientPlace = { platform: 'h5', system: 'other', device: 'unknown' }

/** `x-client: h5/android/<device>`; an unknown client is the web on an unknown system. */
function placeOf(request: FastifyRequest): ClientPlace {
  const told = request.headers['x-client']
  if (typeof told !== 'string') return unknownPlace
  const [platform = '', system = '', device = ''] = told.split('/')
  return {
    platform: platforms.find((known) => known === platform) ?? 'h5',
    system: systems.find((known) => known === system) ?? 'other',
    device: /^[\w-]{8,64}$/.test(device) ? device : 'unknown',
  }
}

/** Reads JSON bodies; an empty one is no body at all, for some clients name a type even when they send nothing. */
export function readJsonBodies(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error')
  app.removeContentTypeParser(['application/json', 'text/plain'])
  app.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, body, done) => (body === '' ? done(null, undefined) : parse(request, body, done)))
}

/** Turns whatever was thrown into the one shape of a refusal; what is not a refusal is a bug, logged and not told. */
export function refuseOnTheWire(app: FastifyInstance, log: Log): void {
  app.setErrorHandler(async (error, request, reply) => {
    const refusal = error instanceof Refusal ? error : fromFramework(error as FrameworkError)
    if (refusal.code === 'server.bug') log.error({ requestId: request.id, error, route: request.routeOptions.url }, 'bug')
    return sendRefusal(reply, request, refusal)
  })
  app.setNotFoundHandler(async (request, reply) => {
    countUnknown(request)
    return sendRefusal(reply, request, new Refusal('route.unknown', {}))
  })
}

export function sendRefusal(reply: FastifyReply, request: FastifyRequest, refusal: Refusal) {
  return reply.code(statusOf(refusal.code)).header('cache-control', 'no-store').type('application/json; charset=utf-8').send(JSON.stringify({ error: { code: refusal.code, details: refusal.details, requestId: request.id } }))
}

type FrameworkError = Error & { statusCode?: number; code?: string; validation?: { instancePath: string; message?: string; params?: Record<string, unknown> }[]; validationContext?: string }

function fromFramework(error: FrameworkError): Refusal {
  if (error.validation) {
    const [first] = error.validation
    const field = first?.instancePath.slice(1).replaceAll('/', '.') || String(first?.params?.['missingProperty'] ?? first?.params?.['additionalProperty'] ?? '')
    return new Refusal('request.invalid', { in: error.validationContext ?? 'body', field, problem: first?.message ?? '' })
  }
  if (error.statusCode === 413) return new Refusal('request.too_large', {})
  if (error.statusCode === 415) return new Refusal('request.not_json', {})
  if (error.statusCode === 400) return new Refusal('request.invalid', { in: 'body', field: '', problem: 'not JSON' })
  return new Refusal('server.bug', {})
}

const thisStart = randomUUID().slice(0, 13)
let requests = 0

/** Told apart from every other process and start; chance for each request would cost a twentieth of a small answer. */
export function newRequestId(): string {
  requests += 1
  return `${thisStart}-${requests}`
}
