// Notices on their way: the documented schedule of retries, the attempts log, and the mischief a test may ask for.
import { randomUUID } from 'node:crypto'
import type { Delivery, Fault, Tenant } from './records.ts'
import { postNotice } from './post.ts'
import { put } from './state.ts'
import { beijing, clockOf, takeFault } from './world.ts'
import type { World } from './world.ts'

/** Pauses between attempts, 24 h 4 min in all; the first attempt is made at once. */
export const RETRY_SECONDS = [15, 15, 30, 180, 600, 1200, 1800, 1800, 1800, 3600, 10800, 10800, 10800, 21600, 21600]

/** Notices of complaints: soon, then each minute, then every five minutes for a week, a thousand at most. */
const COMPLAINT_SECONDS = [5, ...Array.from({ length: 10 }, () => 60), ...Array.from({ length: 988 }, () => 300)]

/** Tricks on the wire: they spoil the first `attempts` deliveries of a notice, later ones are right. */
export const WIRE_TRICKS = ['forge_notice', 'stale_notice', 'future_notice', 'unknown_serial_notice', 'unsigned_notice', 'tamper_notice', 'signtest_notice', 'wrong_appid_tail', 'certificate_notice', 'public_key_notice', 'impatient_notice']

export type Notice = Pick<Delivery, 'kind' | 'event' | 'subject' | 'url' | 'body' | 'plain'>

export function sendNotice(world: World, tenant: Tenant, notice: Notice): Delivery {
  const clock = clockOf(world, tenant.appid)
  const trick = takeFault(world, tenant.appid, WIRE_TRICKS, notice.kind)
  const delivery: Delivery = {
    id: `EV-${randomUUID()}`, appid: tenant.appid, mchid: tenant.mchid, ...notice, state: 'pending',
    createdAtMs: clock.now(), nextAtMs: clock.now(), tries: 0, attempts: [],
    ...(trick === undefined ? {} : { trick: { kind: trick.kind, left: Number(trick['attempts'] ?? 1) } }),
  }
  const course = takeFault(world, tenant.appid, ['drop_notice', 'delay_notice', 'duplicate_notice', 'reorder_notices'], notice.kind)
  steer(world, delivery, course)
  return delivery
}

/** Puts pending deliveries back on their clocks after a restart. */
export function resumeDeliveries(world: World): void {
  for (const delivery of world.state.tables.deliveries.values()) {
    if (delivery.state === 'pending') schedule(world, delivery)
  }
}

/** Sends once more, now, whatever became of the delivery before. */
export async function replayDelivery(world: World, delivery: Delivery): Promise<Delivery> {
  await attempt(world, { ...delivery, state: 'pending' }, false)
  return world.state.tables.deliveries.get(delivery.id) ?? delivery
}

export function dropDelivery(world: World, delivery: Delivery): Delivery {
  const dropped: Delivery = { ...delivery, state: 'dropped' }
  put(world.state, 'deliveries', delivery.id, dropped)
  return dropped
}

function steer(world: World, delivery: Delivery, course: Fault | undefined): void {
  if (course?.kind === 'drop_notice') return put(world.state, 'deliveries', delivery.id, { ...delivery, state: 'dropped' })
  if (course?.kind === 'reorder_notices') return hold(world, delivery, course)
  const delaySeconds = course?.kind === 'delay_notice' ? Number(course['delaySeconds'] ?? 60) : 0
  const planned: Delivery = { ...delivery, nextAtMs: delivery.nextAtMs + delaySeconds * 1000 }
  put(world.state, 'deliveries', planned.id, planned)
  schedule(world, planned)
  if (course?.kind !== 'duplicate_notice') return
  for (let copy = 1; copy < Number(course['copies'] ?? 2); copy += 1) {
    clockOf(world, delivery.appid).at(planned.nextAtMs, () => attempt(world, planned, false))
  }
}

/** Keeps notices back until the fault's count is used up, then lets them go last come, first gone. */
function hold(world: World, delivery: Delivery, fault: Fault): void {
  put(world.state, 'deliveries', delivery.id, { ...delivery, state: 'held' })
  if (fault.count > 1) return
  const held = [...world.state.tables.deliveries.values()].filter((one) => one.state === 'held' && one.appid === delivery.appid).reverse()
  const clock = clockOf(world, delivery.appid)
  clock.at(clock.now(), async () => {
    for (const one of held) {
      const freed: Delivery = { ...one, state: 'pending' }
      put(world.state, 'deliveries', one.id, freed)
      await attempt(world, freed, true)
    }
  })
}

function schedule(world: World, delivery: Delivery): void {
  clockOf(world, delivery.appid).at(delivery.nextAtMs, async () => {
    const fresh = world.state.tables.deliveries.get(delivery.id)
    if (fresh?.state === 'pending' && fresh.tries === delivery.tries) await attempt(world, fresh, true)
  })
}

async function attempt(world: World, before: Delivery, isScheduled: boolean): Promise<void> {
  const tenant = world.state.tables.tenants.get(before.appid)
  const carrier = world.carriers.get(before.kind)
  if (tenant === undefined || carrier === undefined) return
  const trick = before.trick !== undefined && before.trick.left > 0 ? before.trick : undefined
  const startedAt = Date.now()
  const virtualAt = beijing(clockOf(world, tenant.appid).now())
  const parcel = await carrier.compose(tenant, before, trick?.kind)
  const result = await postNotice(parcel.url, parcel.headers, parcel.body, trick?.kind === 'impatient_notice')
  const accepted = carrier.accepts(result.status, result.body)
  const current = world.state.tables.deliveries.get(before.id) ?? before
  const entry = {
    at: beijing(startedAt), virtualAt, status: result.status, durationMs: Date.now() - startedAt, accepted,
    answer: result.error ?? result.body.slice(0, 300), ...(trick === undefined ? {} : { trick: trick.kind }),
  }
  const after: Delivery = { ...current, attempts: [...current.attempts, entry], ...(trick === undefined ? {} : { trick: { ...trick, left: trick.left - 1 } }) }
  if (accepted) carrier.hear?.(world, after, result.body)
  settle(world, after, accepted, isScheduled)
}

function settle(world: World, delivery: Delivery, accepted: boolean, isScheduled: boolean): void {
  if (accepted && delivery.state !== 'dropped') return put(world.state, 'deliveries', delivery.id, { ...delivery, state: 'delivered' })
  if (!isScheduled || delivery.state !== 'pending') return put(world.state, 'deliveries', delivery.id, delivery)
  const pauses = delivery.event.startsWith('COMPLAINT.') ? COMPLAINT_SECONDS : (world.carriers.get(delivery.kind)?.retrySeconds ?? RETRY_SECONDS)
  const pause = pauses[delivery.tries]
  if (pause === undefined) return put(world.state, 'deliveries', delivery.id, { ...delivery, state: 'exhausted', tries: delivery.tries + 1 })
  const next: Delivery = { ...delivery, tries: delivery.tries + 1, nextAtMs: clockOf(world, delivery.appid).now() + pause * 1000 }
  put(world.state, 'deliveries', next.id, next)
  schedule(world, next)
}
