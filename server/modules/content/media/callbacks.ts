// What players fetch: playlists and ciphertext by signed address, pictures and subtitles by name.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { FOREVER, sendForever } from '#kernel/bytes.ts'
import type { Ctx } from '#kernel/ctx.ts'
import { refuse } from '#kernel/refuse.ts'
import { ctxOf, letIn, type Serving } from '#kernel/serve.ts'
import { playlistOf, recallUpload, takeUpload, thumbnailsOf, ticketOf } from './actions.ts'

/** Uploads speak tus, whose bodies are bytes: they pass by the JSON parser of the other routes. */
function mountUploads(app: FastifyInstance, serving: Serving): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, _payload, done) => done(null))
  const handler = async (request: FastifyRequest, reply: FastifyReply) => {
    const ctx = ctxOf(request, serving)
    ctx.actor = await letIn(ctx, request, serving.doors, { staff: 'course.write' })
    reply.hijack()
    await ctx.gateways.intake.handle(request.raw, reply.raw, {
      receive: async (file) => ({ 'x-asset-id': await takeUpload(ctx, file) }),
      async recall(upload) {
        const taken = await recallUpload(ctx, upload)
        return taken && { sizeBytes: taken.sizeBytes, headers: { 'x-asset-id': taken.asset } }
      },
    })
  }
  for (const url of [`${serving.prefix}/console/uploads`, `${serving.prefix}/console/uploads/:upload`]) {
    app.route({ method: ['POST', 'HEAD', 'PATCH', 'DELETE', 'OPTIONS'], url, schema: { hide: true }, handler })
  }
}

export function mountCallbacks(app: FastifyInstance, serving: Serving): void {
  void app.register(async (inner) => mountUploads(inner, serving))
  const base = `${serving.prefix}/media`
  app.get<{ Params: { asset: string; token: string; name: string } }>(`${base}/:asset/:token/:name.m3u8`, { schema: { hide: true } }, async (request, reply) => {
    const { asset, token, name } = request.params
    const ctx = ctxOf(request, serving)
    const list = await playlistOf(ctx, ticketOf(ctx, asset, token), name, token)
    return reply.header('cache-control', 'private, no-store').type('application/vnd.apple.mpegurl').send(list)
  })
  app.get<{ Params: { asset: string; token: string } }>(`${base}/:asset/:token/thumbnails.vtt`, { schema: { hide: true } }, async (request, reply) => {
    const ctx = ctxOf(request, serving)
    const cues = await thumbnailsOf(ctx, ticketOf(ctx, request.params.asset, request.params.token))
    return reply.header('cache-control', 'private, no-store').type('text/vtt; charset=utf-8').send(cues)
  })
  app.get<{ Params: { asset: string; token: string } }>(`${base}/:asset/:token/thumbnails.jpg`, { schema: { hide: true } }, async (request, reply) => {
    const ctx = ctxOf(request, serving)
    const { asset } = ticketOf(ctx, request.params.asset, request.params.token)
    return sendFile(request, reply, ctx.gateways.hotFiles, `assets/${asset}/thumbnails.jpg`, 'image/jpeg')
  })
  app.get<{ Params: { asset: string; token: string; name: string; segment: string } }>(`${base}/:asset/:token/:name/:segment.ts`, { schema: { hide: true } }, async (request, reply) => {
    const { asset, token, name, segment } = request.params
    const ctx = ctxOf(request, serving)
    const { last } = ticketOf(ctx, asset, token)
    if (last !== null && Number(segment) > last) refuse('play.token_refused')
    if (!/^(480p|720p|1080p|audio)$/.test(name) || !/^\d{1,6}$/.test(segment)) return reply.callNotFound()
    const key = `assets/${asset}/${name}/${segment}.ts`
    if (ctx.knobs.nginxAccel) return reply.header('cache-control', FOREVER).header('x-accel-redirect', `${ctx.knobs.nginxAccel}/${key}`).type('video/mp2t').send()
    return sendFile(request, reply, ctx.gateways.hotFiles, key, 'video/mp2t')
  })
  app.get<{ Params: { asset: string } }>(`${base}/pictures/:asset.webp`, { schema: { hide: true } }, async (request, reply) => sendNamed(request, reply, ctxOf(request, serving).gateways.hotFiles, request.params.asset, 'picture.webp', 'image/webp'))
  app.get<{ Params: { asset: string } }>(`${base}/subtitles/:asset.vtt`, { schema: { hide: true } }, async (request, reply) => sendNamed(request, reply, ctxOf(request, serving).gateways.hotFiles, request.params.asset, 'subtitle.vtt', 'text/vtt; charset=utf-8'))
}

type Files = Ctx['gateways']['hotFiles']

async function sendNamed(request: FastifyRequest, reply: FastifyReply, files: Files, asset: string, name: string, type: string) {
  return /^ast_[0-9a-z]{25}$/.test(asset) ? sendFile(request, reply, files, `assets/${asset}/${name}`, type) : reply.callNotFound()
}

async function sendFile(request: FastifyRequest, reply: FastifyReply, files: Files, key: string, type: string) {
  const bytes = files.held(key) ?? (await files.hot(key))
  return bytes ? sendForever(request, reply, bytes, key.slice('assets/'.length).replaceAll('/', '-'), type) : reply.callNotFound()
}
