// What a route is: who may ask, what is asked, what is replied, and which refusals are documented.
import type { Static, TObject, TSchema } from '@sinclair/typebox'
import type { Permission } from './words/permissions.ts'
import type { RefusalCode } from './words/refusals.ts'

export type Audience = 'anyone' | 'member' | 'operator' | { staff: Permission }

export type Route = {
  as: Audience
  about: string
  params?: TObject
  query?: TObject
  body?: TSchema
  reply: TSchema
  refusals?: readonly RefusalCode[]
  /** How often one caller may ask: `count` times in `seconds`, counted by member or by address. */
  limit?: { count: number; seconds: number }
  /** A reply that is not JSON: its content type. The handler then returns text, bytes or a stream. */
  type?: string
}

/** Keeps the exact types of a route. `operator` is any signed-in operator; `{ staff }` one whose role has the permission. */
export function route<const R extends Route>(definition: R): R {
  return definition
}

type Asked<S> = S extends TSchema ? Static<S> : undefined

export type Ask<R extends Route> = (R['params'] extends TSchema ? { params: Static<R['params']> } : { params?: undefined }) &
  (R['query'] extends TSchema ? { query: Static<R['query']> } : { query?: undefined }) &
  (R['body'] extends TSchema ? { body: Static<R['body']> } : { body?: undefined })

export type Reply<R extends Route> = Asked<R['reply']>

export type RouteTable = Record<string, Route>
