// The one way to the server: typed by the contracts, with the session's cookie, refusals thrown as Refusal.
import type { Static, TSchema } from '@sinclair/typebox'
import type { AllRoutes } from '#contracts/all.ts'
import type { RefusalCode, WireRefusal } from '#contracts/words/refusals.ts'

export type RouteName = Extract<keyof AllRoutes, string>
type Part<R, K extends 'params' | 'query' | 'body'> = R extends { [P in K]: infer S extends TSchema } ? { [P in K]: Static<S> } : { [P in K]?: undefined }
type Ask<R> = Part<R, 'params'> & Part<R, 'query'> & Part<R, 'body'>
type Replies = { [N in RouteName]: AllRoutes[N] extends { reply: infer S extends TSchema } ? Static<S> : never }
export type AskOf<N extends RouteName> = Ask<AllRoutes[N]>
export type ReplyOf<N extends RouteName> = Replies[N]
type Question = { params?: Record<string, unknown>; query?: Record<string, unknown>; body?: unknown }

export class Refusal extends Error {
  readonly code: RefusalCode | 'network.lost'
  readonly details: Record<string, unknown>
  readonly requestId: string
  constructor(code: RefusalCode | 'network.lost', details: Record<string, unknown>, requestId: string) {
    super(code)
    this.code = code
    this.details = details
    this.requestId = requestId
  }
}

/** Held back until the route is known: an ask held against all routes at once takes the compiler half a second. */
type Asked<R> = R extends { as: unknown } ? [ask?: Ask<R>] : never
type Call = <N extends RouteName>(name: N, ...asked: Asked<AllRoutes[N]>) => Promise<Replies[N]>

/** Typed by the contracts outside, plain inside: unfolding all routes in the body would be too deep for the compiler. */
export const call = send as unknown as Call

async function send(name: string, ask: Question = {}): Promise<unknown> {
  const [method = 'GET', path = ''] = name.split(' ')
  const hasBody = ask.body !== undefined
  const response = await fetch(addressOf(path, ask), {
    method,
    credentials: 'same-origin',
    headers: { 'x-requested-with': 'shuyuan', ...(hasBody ? { 'content-type': 'application/json' } : {}) },
    ...(hasBody ? { body: JSON.stringify(ask.body) } : {}),
  }).catch(() => {
    throw new Refusal('network.lost', {}, '')
  })
  if (!response.ok) throw await refusalOf(response)
  const isJson = response.headers.get('content-type')?.includes('json')
  return isJson ? response.json() : response.text()
}

/** `/api` and the path with its parameters filled in and its query behind. */
export function addressOf(path: string, ask: Question): string {
  const filled = path.replace(/:(\w+)/g, (_all, key: string) => encodeURIComponent(String(ask.params?.[key] ?? '')))
  const query = new URLSearchParams()
  for (const [key, value] of Object.entries(ask.query ?? {})) {
    if (value !== undefined && value !== null && value !== '') query.set(key, String(value))
  }
  const behind = query.toString()
  return `/api${filled}${behind === '' ? '' : `?${behind}`}`
}

async function refusalOf(response: Response): Promise<Refusal> {
  const wire = (await response.json().catch(() => undefined)) as WireRefusal | undefined
  if (wire?.error === undefined) return new Refusal(response.status >= 500 ? 'server.bug' : 'network.lost', {}, '')
  return new Refusal(wire.error.code, wire.error.details, wire.error.requestId)
}
