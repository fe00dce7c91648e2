// The one way this client asks the server. Routes, questions and replies are typed by the contracts.
import type { AllRoutes } from '../../contracts/all.ts'
import { absolute, apiBase, clientName } from './platform/platform'
import { forgetMember, token } from './session'
import { say } from './phrases/say'

export type RouteName = keyof AllRoutes
type StaticOf<S> = S extends { static: infer T } ? T : undefined
export type ReplyOf<R extends RouteName> = StaticOf<AllRoutes[R]['reply']>
type AskOf<Q> = (Q extends { params: { static: infer P } } ? { params: P } : { params?: undefined }) &
  (Q extends { query: { static: infer U } } ? { query?: U } : { query?: undefined }) &
  (Q extends { body: { static: infer B } } ? { body: B } : { body?: undefined })
type Arguments<Q> = Q extends { params: unknown } | { body: unknown } ? [ask: AskOf<Q>] : [ask?: AskOf<Q>]
type Asked = { params?: Record<string, string>; query?: Record<string, unknown>; body?: unknown }

/** What the server said no with; `code` is one of the documented refusals, or `offline`. */
export class Refusal extends Error {
  readonly code: string
  readonly details: Record<string, unknown>
  constructor(code: string, details: Record<string, unknown> = {}) {
    super(code)
    this.code = code
    this.details = details
  }
}

export function call<R extends RouteName>(route: R, ...asked: Arguments<AllRoutes[R]>): Promise<ReplyOf<R>>
export function call(route: string, ...asked: unknown[]): Promise<unknown> {
  const ask = (asked[0] ?? {}) as Asked
  const [method, path] = route.split(' ') as [string, string]
  const filled = path.replace(/:(\w+)/g, (_whole, name: string) => encodeURIComponent(ask.params?.[name] ?? ''))
  const header: Record<string, string> = { 'x-client': clientName() }
  if (ask.body !== undefined) header['content-type'] = 'application/json'
  if (token()) header['authorization'] = `Bearer ${token()}`
  return send(method, apiBase() + filled + queryString(ask.query), header, ask.body)
}

/** A file of the academy's that is plain text; Alipay fails what it takes for JSON and cannot read. */
export async function readText(url: string): Promise<string> {
  return String(await send('GET', absolute(url), { 'x-client': clientName() }, undefined, { dataType: 'text' }))
}

function send(method: string, url: string, header: Record<string, string>, body: unknown, wish: { dataType?: 'text' } = {}): Promise<unknown> {
  return new Promise((resolve, reject) => {
    uni.request({
      url,
      method: method as 'GET',
      header,
      ...wish,
      ...(body === undefined ? {} : { data: JSON.stringify(body) }),
      timeout: 15_000,
      success: ({ statusCode, data }) => {
        if (statusCode >= 200 && statusCode < 300) resolve(data)
        else reject(refusalOf(statusCode, data))
      },
      fail: () => reject(new Refusal('offline')),
    })
  })
}

function refusalOf(status: number, data: unknown): Refusal {
  const error = ((data as { error?: unknown } | null)?.error ?? data) as { code?: string; details?: Record<string, unknown> } | null
  const code = typeof error?.code === 'string' ? error.code : status >= 500 ? 'server.bug' : 'request.invalid'
  if (status === 401) forgetMember()
  return new Refusal(code, error?.details)
}

function queryString(query: Record<string, unknown> = {}): string {
  const parts = Object.entries(query)
    .filter(([, value]) => value !== undefined && value !== '')
    .map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`)
  return parts.length > 0 ? `?${parts.join('&')}` : ''
}

/** The sentence for whatever was thrown: what happened, and what to do. */
export function sentenceOf(thrown: unknown): string {
  return thrown instanceof Refusal ? say.refusal(thrown.code) : say.refusal('server.bug')
}

export function codeOf(thrown: unknown): string {
  return thrown instanceof Refusal ? thrown.code : 'server.bug'
}
