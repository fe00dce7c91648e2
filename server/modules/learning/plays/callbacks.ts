// The door where players fetch keys: sixteen bytes, never kept by anybody in between.
import type { FastifyInstance } from 'fastify'
import { PLAY_COOKIE, cookieOf, ctxOf, type Serving } from '#kernel/serve.ts'
import { grantKey } from './actions.ts'

export function mountCallbacks(app: FastifyInstance, serving: Serving): void {
  app.get<{ Params: { token: string; group: string } }>(`${serving.prefix}/plays/:token/keys/:group`, { schema: { hide: true } }, async (request, reply) => {
    const { token, group } = request.params
    const key = await grantKey(ctxOf(request, serving), token, /^\d+$/.test(group) ? Number(group) : -1, cookieOf(request, PLAY_COOKIE))
    return reply.header('cache-control', 'no-store').type('application/octet-stream').send(key)
  })
}
