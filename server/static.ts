// The built clients: the mini program's web build at /, the console at /console/.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { ctxOf, type Serving } from '#kernel/serve.ts'
import { pageHeaders } from './headers.ts'
import { firstScreen } from '#modules/showcase/firstscreens/actions.ts'

const root = join(import.meta.dirname, '..')
const miniapp = join(root, 'miniapp/dist/build/h5')
const console_ = join(root, 'console/dist')

export async function mountStatic(http: FastifyInstance, serving: Serving, publicUrl: string): Promise<void> {
  if (existsSync(join(console_, 'index.html'))) {
    await http.register(fastifyStatic, { root: console_, prefix: '/console/', ...howFiles })
    const page = readFileSync(join(console_, 'index.html'), 'utf8')
    const headers = pageHeaders(page, publicUrl)
    http.get('/console', async (_request, reply) => reply.redirect('/console/'))
    http.get('/console/*', async (request, reply) => sendPage(request, reply, page, headers))
  }
  if (!existsSync(join(miniapp, 'index.html'))) return
  await http.register(fastifyStatic, { root: miniapp, prefix: '/', ...howFiles })
  const page = readFileSync(join(miniapp, 'index.html'), 'utf8')
  const headers = pageHeaders(page, publicUrl)
  http.get('/', async (request, reply) => sendPage(request, reply, await firstScreen(ctxOf(request, serving), page, '/', undefined), headers))
  http.get<{ Querystring: { slug?: string } }>('/pkg-course/course', async (request, reply) => {
    const { slug } = request.query
    return sendPage(request, reply, /^[\w-]{1,60}$/.test(slug ?? '') ? await firstScreen(ctxOf(request, serving), page, request.url, slug) : page, headers)
  })
  http.get('/*', async (request, reply) => (request.url.startsWith('/api/') ? reply.callNotFound() : sendPage(request, reply, page, headers)))
}

function sendPage(request: FastifyRequest, reply: FastifyReply, page: string, headers: Record<string, string>) {
  reply.headers({ ...headers, 'cache-control': 'no-cache', vary: 'accept-encoding' }).type('text/html; charset=utf-8')
  const accepted = String(request.headers['accept-encoding'] ?? '')
  if (/\bbr\b/.test(accepted)) return reply.header('content-encoding', 'br').send(brotliCompressSync(page, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }))
  if (/\bgzip\b/.test(accepted)) return reply.header('content-encoding', 'gzip').send(gzipSync(page))
  return reply.send(page)
}

/** The page itself is never sent as a file: it goes with its headers. */
const howFiles = { decorateReply: false, wildcard: false, index: false, globIgnore: ['index.html*'], preCompressed: true, setHeaders: keepAssets } as const

/** Names of built files change with their content, so those are kept for good; everything else is asked again. */
function keepAssets(reply: FastifyReply, path: string) {
  reply.header('cache-control', path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache')
}
