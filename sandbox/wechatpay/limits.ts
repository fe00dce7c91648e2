// Standing troubles of the line to WeChat Pay: a limit of calls a second, and a delay of every answer, until they are taken away.
import type { Fault, Tenant } from '../records.ts'
import type { World } from '../world.ts'
import { refusePay } from './refusals.ts'
import type { PayAnswer } from './refusals.ts'

export const LINE_FAULTS = ['rate_limit', 'latency']

type Counted = { second: number; calls: number }
const counters = new WeakMap<World, Map<string, Counted>>()

/** As the real one: refused before anything is done, counted a merchant and a call, in real seconds. */
export function overLimit(world: World, tenant: Tenant, api: string): PayAnswer | undefined {
  const fault = standing(world, tenant, 'rate_limit', api)
  if (fault === undefined) return undefined
  const second = Math.floor(Date.now() / 1000)
  const known = counters.get(world) ?? new Map<string, Counted>()
  counters.set(world, known)
  const before = known.get(`${tenant.appid} ${api}`)
  const calls = before?.second === second ? before.calls + 1 : 1
  known.set(`${tenant.appid} ${api}`, { second, calls })
  return calls > Number(fault['perSecond'] ?? 1) ? refusePay('FREQUENCY_LIMITED') : undefined
}

export async function delay(world: World, tenant: Tenant, api: string): Promise<void> {
  const fault = standing(world, tenant, 'latency', api)
  if (fault !== undefined) await new Promise((resolve) => setTimeout(resolve, Number(fault['delaySeconds'] ?? 0.2) * 1000))
}

function standing(world: World, tenant: Tenant, kind: string, api: string): Fault | undefined {
  if (world.state.tables.faults.size === 0) return undefined
  return [...world.state.tables.faults.values()].find((fault) => fault.kind === kind && fault.appid === tenant.appid && (fault.api === undefined || fault.api === api))
}
