// Standing troubles of the line to a platform: a limit of calls a second, and a delay of every answer, until they are taken away.
import type { Fault } from './records.ts'
import type { World } from './world.ts'

export const LINE_FAULTS = ['rate_limit', 'latency']

type Counted = { second: number; calls: number }
const counters = new WeakMap<World, Map<string, Counted>>()

/** As the real ones: refused before anything is done, counted a tenant and a call, in real seconds. */
export function isOverLimit(world: World, appid: string, api: string): boolean {
  const fault = standing(world, appid, 'rate_limit', api)
  if (fault === undefined) return false
  const second = Math.floor(Date.now() / 1000)
  const known = counters.get(world) ?? new Map<string, Counted>()
  counters.set(world, known)
  const before = known.get(`${appid} ${api}`)
  const calls = before?.second === second ? before.calls + 1 : 1
  known.set(`${appid} ${api}`, { second, calls })
  return calls > Number(fault['perSecond'] ?? 1)
}

export async function delay(world: World, appid: string, api: string): Promise<void> {
  const fault = standing(world, appid, 'latency', api)
  if (fault !== undefined) await new Promise((resolve) => setTimeout(resolve, Number(fault['delaySeconds'] ?? 0.2) * 1000))
}

function standing(world: World, appid: string, kind: string, api: string): Fault | undefined {
  if (world.state.tables.faults.size === 0) return undefined
  return [...world.state.tables.faults.values()].find((fault) => fault.kind === kind && fault.appid === appid && (fault.api === undefined || fault.api === api))
}
