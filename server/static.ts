// The built clients: the mini program's web build at /, the console at /console/.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { ctxOf, type Serving } from '#kernel/serve.ts'
import { firstScreen } from '#modules/showcase/firstscreens/actions.ts'

const root = join(import.meta.dirname, '..')
const miniapp = join(root, 'miniapp/dist/build/h5')
const console_ = join(root, 'console/dist')

export async function mountStatic(http: FastifyInstance, serving: Serving): Promise<void> {
  if (existsSync(join(console_, 'index.html'))) {
    await http.register(fastifyStatic, { root: console_, prefix: '/console/', decorateReply: false, wildcard: false, preCompressed: true, setHeaders: keepAssets })
    const page = readFileSync(join(console_, 'index.html'), 'utf8')
    http.get('/console', async (_request, reply) => reply.redirect('/console/'))
    http.get('/console/*', async (request, reply) => sendPage(request, reply, page))
  }
  if (!existsSync(join(miniapp, 'index.html'))) return
  await http.register(fastifyStatic, { root: miniapp, prefix: '/', decorateReply: false, wildcard: false, index: false, preCompressed: true, setHeaders: keepAssets })
  const page = readFileSync(join(miniapp, 'index.html'), 'utf8')
  http.get('/', async (request, reply) => sendPage(request, reply, await firstScreen(ctxOf(request, serving), page, '/', undefined)))
  http.get<{ Querystring: { slug?: string } }>('/pkg-course/course', async (request, reply) => {
    const { slug } = request.query
    return sendPage(request, reply, /^[\w-]{1,60}$/.test(slug ?? '') ? await firstScreen(ctxOf(request, serving), page, request.url, slug) : page)
  })
  http.get('/*', async (request, reply) => (request.url.startsWith('/api/') ? reply.callNotFound() : sendPage(request, reply, page)))
}

function sendPage(request: FastifyRequest, reply: FastifyReply, page: string) {
  reply.headers({ 'cache-control': 'no-cache', vary: 'accept-encoding' }).type('text/html; charset=utf-8')
  const accepted = String(request.headers['accept-encoding'] ?? '')
  if (/\bbr\b/.test(accepted)) return reply.header('content-encoding', 'br').send(brotliCompressSync(page, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }))
  if (/\bgzip\b/.test(accepted)) return reply.header('content-encoding', 'gzip').send(gzipSync(page))
  return reply.send(page)
}

/** Names of built files change with their content, so those are kept for good; everything else is asked again. */
function keepAssets(reply: FastifyReply, path: string) {
  reply.header('cache-control', path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache')
}
