// What players fetch: playlists and ciphertext by signed address, pictures and subtitles by name.
import type { FastifyInstance, FastifyReply } from 'fastify'
import { ctxOf, type Serving } from '#kernel/serve.ts'
import { playlistOf, ticketOf } from './actions.ts'

const FOREVER = 'public, max-age=31536000, immutable'

export function mountCallbacks(app: FastifyInstance, serving: Serving): void {
  const base = `${serving.prefix}/media`
  app.get<{ Params: { asset: string; token: string; name: string } }>(`${base}/:asset/:token/:name.m3u8`, { schema: { hide: true } }, async (request, reply) => {
    const { asset, token, name } = request.params
    const ctx = ctxOf(request, serving)
    const list = await playlistOf(ctx, ticketOf(ctx, asset, token), name, token)
    return reply.header('cache-control', 'private, no-store').type('application/vnd.apple.mpegurl').send(list)
  })
  app.get<{ Params: { asset: string; token: string; name: string; segment: string } }>(`${base}/:asset/:token/:name/:segment.ts`, { schema: { hide: true } }, async (request, reply) => {
    const { asset, token, name, segment } = request.params
    const ctx = ctxOf(request, serving)
    ticketOf(ctx, asset, token)
    if (!/^(480p|720p|1080p|audio)$/.test(name) || !/^\d{1,6}$/.test(segment)) return reply.callNotFound()
    const key = `assets/${asset}/${name}/${segment}.ts`
    if (ctx.knobs.nginxAccel) return reply.header('x-accel-redirect', `${ctx.knobs.nginxAccel}/${key}`).type('video/mp2t').send()
    return sendFile(reply, ctx.gateways.storage, key, 'video/mp2t')
  })
  app.get<{ Params: { asset: string } }>(`${base}/pictures/:asset.webp`, { schema: { hide: true } }, async (request, reply) => sendNamed(reply, ctxOf(request, serving).gateways.storage, request.params.asset, 'picture.webp', 'image/webp'))
  app.get<{ Params: { asset: string } }>(`${base}/subtitles/:asset.vtt`, { schema: { hide: true } }, async (request, reply) => sendNamed(reply, ctxOf(request, serving).gateways.storage, request.params.asset, 'subtitle.vtt', 'text/vtt; charset=utf-8'))
}

type Files = { read(key: string): Promise<Buffer>; sizeOf(key: string): Promise<number | undefined> }

async function sendNamed(reply: FastifyReply, files: Files, asset: string, name: string, type: string) {
  return /^ast_[0-9a-z]{25}$/.test(asset) ? sendFile(reply, files, `assets/${asset}/${name}`, type) : reply.callNotFound()
}

async function sendFile(reply: FastifyReply, files: Files, key: string, type: string) {
  if ((await files.sizeOf(key)) === undefined) return reply.callNotFound()
  return reply.header('cache-control', FOREVER).type(type).send(await files.read(key))
}
