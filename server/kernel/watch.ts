// What is seen of every request: how long its answer took, and what the framework says of answers that broke.
import { LogController, type FastifyInstance, type FastifyRequest } from 'fastify'
import type { Log } from './log.ts'
import { timerOf } from './metrics.ts'

declare module 'fastify' {
  interface FastifyRequest { askedAtMs: number }
}

/** Stands in for a logger of the framework's own, with which every request would cost a child of it and listeners for its end. */
export function watchRequests(log: Log): LogController {
  const told = (request: FastifyRequest, error: Error) => ({ requestId: request.id, error: String(error) })
  return Object.assign(new LogController({ disableRequestLogging: true }), {
    incomingRequest(request: FastifyRequest) {
      request.askedAtMs = performance.now()
    },
    streamError(error: NodeJS.ErrnoException, request: FastifyRequest) {
      if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE') log.warn(told(request, error), 'an answer broke off')
    },
    serializerError: (error: Error, request: FastifyRequest) => log.error(told(request, error), 'an answer is not what its route says'),
    writeHeadError: (error: Error, request: FastifyRequest) => log.warn(told(request, error), 'the head of an answer could not be written'),
  })
}

/** Counts by route and status until an answer is handed over; must be called before the routes are named. */
export function timeAnswers(http: FastifyInstance): void {
  http.decorateRequest('askedAtMs', 0)
  http.addHook('onRoute', (route) => {
    const time = timerOf(route.url)
    const before = route.onSend ?? []
    route.onSend = [...(Array.isArray(before) ? before : [before]), (request, reply, payload, done) => {
      time(reply.statusCode, (performance.now() - request.askedAtMs) / 1000)
      done(null, payload)
    }]
  })
}

const timeUnknown = timerOf('unknown')

/** Counts a question for which there is no route. */
export function countUnknown(request: FastifyRequest): void {
  timeUnknown(404, (performance.now() - request.askedAtMs) / 1000)
}
