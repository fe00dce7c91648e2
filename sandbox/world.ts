// The running sandbox: its memory, its clocks, its address, and small ways to find things in them.
import type { Clock } from './clock.ts'
import { startClock } from './clock.ts'
import type { Delivery, Fault, Order, Tenant } from './records.ts'
import type { State } from './state.ts'
import type { MakePair } from './stock.ts'
import { forget, put } from './state.ts'

export type RequestNote = { at: string; appid: string; method: string; url: string; status: number; code: string; nonceReused: boolean }

export type CodeKind = 'login' | 'phone' | 'official'
export type World = {
  url: string
  state: State
  clocks: Map<string, Clock>
  byMchid: Map<string, string>
  byPrepayId: Map<string, string>
  byCodeUrl: Map<string, string>
  byTransaction: Map<string, string>
  byToken: Map<string, string>
  refundsOf: Map<string, string[]>
  codes: Map<string, { kind: CodeKind; userId: string; expiresAtMs: number; isUsed: boolean }>
  nonces: Map<string, number>
  requests: RequestNote[]
  carriers: Map<Delivery['kind'], Carrier>
  makePair: MakePair
}

/** How one kind of notice travels: what is sent at each attempt, and which answer counts as received. */
export type Carrier = {
  compose(tenant: Tenant, delivery: Delivery, trick: string | undefined): Promise<{ url: string; headers: Record<string, string>; body: string }>
  accepts(status: number, body: string): boolean
  /** Pauses between attempts, where they differ from WeChat's. */
  retrySeconds?: number[]
  /** Told each good answer, where something is to be learnt from it. */
  hear?(world: World, delivery: Delivery, body: string): void
}

export function createWorld(state: State, makePair: MakePair): World {
  const world: World = {
    url: '', state, clocks: new Map(), byMchid: new Map(), byPrepayId: new Map(), byCodeUrl: new Map(), byTransaction: new Map(),
    byToken: new Map(), refundsOf: new Map(), codes: new Map(), nonces: new Map(), requests: [], carriers: new Map(), makePair,
  }
  for (const tenant of state.tables.tenants.values()) indexTenant(world, tenant)
  for (const order of state.tables.orders.values()) indexOrder(world, order)
  for (const refund of state.tables.refunds.values()) indexRefund(world, refund.orderId, refund.id)
  return world
}

export function indexTenant(world: World, tenant: Tenant): void {
  world.byMchid.set(tenant.mchid, tenant.appid)
  if (tenant.token !== undefined) world.byToken.set(tenant.token.value, tenant.appid)
}

export function indexOrder(world: World, order: Order): void {
  world.byPrepayId.set(order.prepayId, order.id)
  if (order.codeUrl !== undefined) world.byCodeUrl.set(order.codeUrl, order.id)
  if (order.transactionId !== undefined) world.byTransaction.set(order.transactionId, order.id)
}

export function indexRefund(world: World, orderId: string, refundId: string): void {
  const known = world.refundsOf.get(orderId)
  if (known === undefined) world.refundsOf.set(orderId, [refundId])
  else if (!known.includes(refundId)) known.push(refundId)
}

export function saveOrder(world: World, order: Order): void {
  put(world.state, 'orders', order.id, order)
  indexOrder(world, order)
}

export function clockOf(world: World, appid: string): Clock {
  const running = world.clocks.get(appid)
  if (running !== undefined) return running
  const clock = startClock(world.state.tables.tenants.get(appid)?.clockOffsetMs ?? 0)
  world.clocks.set(appid, clock)
  return clock
}

/** A tenant by appid or by mchid; `default` is the one made at the first start. */
export function findTenant(world: World, name: string): Tenant | undefined {
  const tenants = world.state.tables.tenants
  if (name === 'default') return tenants.values().next().value
  return tenants.get(name) ?? tenants.get(world.byMchid.get(name) ?? '')
}

/** Uses up one of the faults the test asked for, if one is waiting for this kind and call; `mustName`: only faults that name the call. */
export function takeFault(world: World, appid: string, kinds: string[], api?: string, mustName = false): Fault | undefined {
  const faults = world.state.tables.faults
  if (faults.size === 0) return undefined
  for (const fault of faults.values()) {
    if (fault.appid !== appid || !kinds.includes(fault.kind) || !isAimedAt(fault, api) || (mustName && fault.api === undefined)) continue
    if (fault.count <= 1) forget(world.state, 'faults', fault.id)
    else put(world.state, 'faults', fault.id, { ...fault, count: fault.count - 1 })
    return fault
  }
  return undefined
}

const PREPAY = ['jsapi', 'h5', 'native', 'app']

function isAimedAt(fault: Fault, api: string | undefined): boolean {
  if (fault.api === undefined || fault.api === api) return true
  return fault.api === 'prepay' && api !== undefined && PREPAY.includes(api)
}

/** Beijing time, as WeChat writes instants. */
export function beijing(ms: number): string {
  return `${new Date(ms + 8 * 3_600_000).toISOString().slice(0, 19)}+08:00`
}
