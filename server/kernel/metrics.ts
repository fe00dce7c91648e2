// Figures about the process itself, in the Prometheus format.
import { Counter, Histogram, Registry, collectDefaultMetrics } from 'prom-client'

export const metrics = new Registry()
collectDefaultMetrics({ register: metrics })

export const requestSeconds = new Histogram({
  name: 'http_request_seconds',
  help: 'Time to answer, by route and status',
  labelNames: ['route', 'status'],
  buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
  registers: [metrics],
})

export const callbacksRefused = new Counter({
  name: 'callbacks_refused_total',
  help: "Vendors' pushes that were not believed, by source, reason and whether the signature was right",
  labelNames: ['source', 'reason', 'signature'],
  registers: [metrics],
})
