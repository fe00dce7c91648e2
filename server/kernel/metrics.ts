// Figures about the process itself, in the Prometheus format.
import { Counter, Histogram, Registry, collectDefaultMetrics } from 'prom-client'

export const metrics = new Registry()
collectDefaultMetrics({ register: metrics })

const requestSeconds = new Histogram({
  name: 'http_request_seconds',
  help: 'Time until an answer begins to go out, by route and status',
  labelNames: ['route', 'status'],
  buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
  registers: [metrics],
})

/** Takes the status and the seconds of one answer of a route; what each status is counted in is looked up once. */
export function timerOf(route: string): (status: number, seconds: number) => void {
  const timers = new Map<number, ReturnType<typeof requestSeconds.labels>>()
  return (status, seconds) => {
    const timer = timers.get(status) ?? requestSeconds.labels(route, String(status))
    timers.set(status, timer)
    timer.observe(seconds)
  }
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
