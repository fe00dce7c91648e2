// What every action is given first: who asks, the hour, the database, the log; and how facts and later work are written.
import type { Id } from '#contracts/words/id.ts'
import type { Permission, Role } from '#contracts/words/permissions.ts'
import type { Platform, System } from '#contracts/words/platforms.ts'
import type { Db, Pool } from './db.ts'
import type { Log } from './log.ts'

/** Filled by each gateway's own folder. */
export interface Gateways {}
/** Filled by facts.ts: everything that can happen and what it carries. */
export interface Facts {}
/** Filled by each room's jobs.ts. */
export interface Jobs {}
/** Filled by config.ts: the knobs that rooms may read. */
export interface Knobs {}

export type Visitor = { kind: 'visitor' }
/** `place` is where the session is held to, whatever its client says. */
export type MemberActor = { kind: 'member'; member: Id<'mem'>; session: Id<'ses'>; place: Partial<Pick<ClientPlace, 'platform' | 'system'>> }
export type OperatorActor = { kind: 'operator'; staff: Id<'stf'>; session: Id<'ses'>; name: string; role: Role; may: (permission: Permission) => boolean }
export type Actor = Visitor | MemberActor | OperatorActor | { kind: 'system' }

/** Where the caller is: as its client says, unless the session knows better. */
export type ClientPlace = { platform: Platform; system: System; device: string }

export type TxCtx = {
  db: Db
  now: () => Date
  log: Log
  requestId: string
  address: string
  actor: Actor
  client: ClientPlace
  knobs: Knobs
  /** States a fact: one job row a listener, in the same transaction as what made it true. */
  tell<F extends keyof Facts>(fact: F, carries: Facts[F]): Promise<void>
  /** Asks for later work; `key` keeps one waiting copy. */
  later<J extends keyof Jobs>(job: J, carries: Jobs[J], when?: { afterSeconds?: number; key?: string }): Promise<void>
}

export type Ctx = TxCtx & { gateways: Gateways; pool: Pool }

/** Runs work in one transaction. The inner ctx has no gateways: a vendor cannot be called while rows are locked. */
export async function inTransaction<T>(ctx: TxCtx, work: (ctx: TxCtx) => Promise<T>): Promise<T> {
  if (!isOutside(ctx)) return work(ctx)
  const { gateways: _gateways, pool, ...rest } = ctx
  return pool.transaction((db) => work({ ...rest, db, ...writersOf(db) }))
}

function isOutside(ctx: TxCtx): ctx is Ctx {
  return 'pool' in ctx
}

type Writers = Pick<TxCtx, 'tell' | 'later'>
let makeWriters: (db: Db) => Writers = () => {
  throw new Error('the job queue is not open')
}

/** The job queue says once, at start, how a fact or a job becomes a row on a given connection. */
export function setWriters(make: (db: Db) => Writers): void {
  makeWriters = make
}

/** Facts and jobs that become rows on that connection, in its transaction. */
export function writersOf(db: Db): Writers {
  return makeWriters(db)
}
