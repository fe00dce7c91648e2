// The door where players fetch keys: sixteen bytes, never kept by anybody in between.
import type { FastifyInstance } from 'fastify'
import { ctxOf, PLAY_COOKIE, type Serving } from '#kernel/serve.ts'
import { grantKey } from './actions.ts'

export function mountCallbacks(app: FastifyInstance, serving: Serving): void {
  app.get<{ Params: { token: string; group: string } }>(`${serving.prefix}/plays/:token/keys/:group`, { schema: { hide: true } }, async (request, reply) => {
    const key = await grantKey(ctxOf(request, serving), request.params.token, Number(request.params.group), request.cookies[PLAY_COOKIE])
    return reply.header('cache-control', 'no-store').type('application/octet-stream').send(key)
  })
}
