// Figures about the process itself, in the Prometheus format.
import { Counter, Histogram, Registry, collectDefaultMetrics } from 'prom-client'

export const metrics = new Registry()
collectDefaultMetrics({ register: metrics })

const requestSeconds = new Histogram({
  name: 'http_request_seconds',
  help: 'Time to answer, by route and status',
  labelNames: ['route', 'status'],
  buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
  registers: [metrics],
})

type Timer = ReturnType<typeof requestSeconds.labels>
const timers = new Map<string, Map<number, Timer>>()

/** Routes and statuses are few: what each pair is counted in is looked up once. */
export function timeRequest(route: string, status: number, seconds: number): void {
  const known = timers.get(route) ?? new Map<number, Timer>()
  const timer = known.get(status) ?? requestSeconds.labels(route, String(status))
  if (known.size === 0) timers.set(route, known)
  known.set(status, timer)
  timer.observe(seconds)
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
