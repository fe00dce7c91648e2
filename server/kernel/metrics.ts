// Figures about the process itself, in the Prometheus format.
import { Counter, Registry, collectDefaultMetrics } from 'prom-client'

export const metrics = new Registry()
collectDefaultMetrics({ register: metrics })

/** Upper bounds of the buckets in which answers are counted, in seconds. */
const BOUNDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]

type Times = { route: string; status: number; sum: number; counts: number[] }
const times = new Map<string, Times>()

/** Takes the status and the seconds of one answer of a route. Counted here: prom-client's histogram looks its labels up each time, which took a twenty-fifth of a small answer. */
export function timerOf(route: string): (status: number, seconds: number) => void {
  const byStatus = new Map<number, Times>()
  return (status, seconds) => {
    const mine = byStatus.get(status) ?? timesOf(route, status)
    byStatus.set(status, mine)
    mine.sum += seconds
    let at = 0
    while (seconds > (BOUNDS[at] ?? Infinity)) at += 1
    mine.counts[at] = (mine.counts[at] ?? 0) + 1
  }
}

function timesOf(route: string, status: number): Times {
  const known = times.get(`${route} ${status}`) ?? { route, status, sum: 0, counts: [...BOUNDS, Infinity].map(() => 0) }
  times.set(`${route} ${status}`, known)
  return known
}

/** Every figure, as Prometheus reads them. */
export async function writeMetrics(): Promise<string> {
  const heads = ['# HELP http_request_seconds Time until an answer begins to go out, by route and status', '# TYPE http_request_seconds histogram']
  return [(await metrics.metrics()).trimEnd(), ...heads, ...[...times.values()].flatMap(linesOf), ''].join('\n')
}

function linesOf({ route, status, sum, counts }: Times): string[] {
  const labels = `route="${route}",status="${status}"`
  let count = 0
  const buckets = counts.map((one, at) => `http_request_seconds_bucket{${labels},le="${BOUNDS[at] ?? '+Inf'}"} ${(count += one)}`)
  return [...buckets, `http_request_seconds_sum{${labels}} ${sum}`, `http_request_seconds_count{${labels}} ${count}`]
}

export const callbacksRefused = new Counter({
  name: 'callbacks_refused_total',
  help: "Vendors' pushes that were not believed, by source, reason and whether the signature was right",
  labelNames: ['source', 'reason', 'signature'],
  registers: [metrics],
})

export const gatewaysDistrusting = new Counter({
  name: 'gateway_distrusts_us_total',
  help: 'Requests of ours that a vendor refused because of their signature, by vendor and reason; CLOCK_OFF says that our clock is wrong',
  labelNames: ['vendor', 'reason'],
  registers: [metrics],
})
