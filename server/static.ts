// The built clients: the mini program's web build at /, the console at /console/.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Ctx } from '#kernel/ctx.ts'
import { keepAnswers, standingEdition, type Kept } from '#kernel/kept.ts'
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
    const [packed, headers] = [packPage(page), pageHeaders(page, publicUrl)]
    http.get('/console', async (_request, reply) => reply.redirect('/console/'))
    http.get('/console/*', async (request, reply) => sendPage(request, reply, packed, headers))
  }
  if (!existsSync(join(miniapp, 'index.html'))) return
  await http.register(fastifyStatic, { root: miniapp, prefix: '/', ...howFiles })
  const page = readFileSync(join(miniapp, 'index.html'), 'utf8')
  const [packed, headers] = [packPage(page), pageHeaders(page, publicUrl)]
  const screenOf = keepScreens(page, packed)
  http.get('/', async (request, reply) => sendPage(request, reply, await screenOf(ctxOf(request, serving), undefined), headers))
  http.get<{ Querystring: { slug?: string } }>('/pkg-course/course', async (request, reply) => {
    const { slug } = request.query
    return sendPage(request, reply, slug !== undefined && /^[\w-]{1,60}$/.test(slug) ? await screenOf(ctxOf(request, serving), slug) : packed, headers)
  })
  http.get('/*', async (request, reply) => (request.url.startsWith('/api/') ? reply.callNotFound() : sendPage(request, reply, packed, headers)))
}

const KEPT_MS = 60_000

/** First screens, made and packed once for everybody, as long as what they show stands. */
function keepScreens(page: string, packed: Packed): (ctx: Ctx, slug: string | undefined) => Promise<Packed> {
  let screens: Kept<Packed> | undefined
  return (ctx, slug) => {
    screens ??= keepAnswers(() => standingEdition(ctx.pool), ctx.pool.writes, () => ctx.now().getTime(), KEPT_MS)
    return screens.answer(slug ?? '/', async () => {
      const screen = await firstScreen(ctx, page, slug)
      return screen === page ? packed : packPage(screen)
    })
  }
}

type Packed = { plain: Buffer; br: Buffer; gzip: Buffer }

function packPage(page: string): Packed {
  const plain = Buffer.from(page)
  return { plain, br: brotliCompressSync(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_SIZE_HINT]: plain.length } }), gzip: gzipSync(plain) }
}

function sendPage(request: FastifyRequest, reply: FastifyReply, page: Packed, headers: Record<string, string>) {
  reply.headers({ ...headers, 'cache-control': 'no-cache', vary: 'accept-encoding' }).type('text/html; charset=utf-8')
  const accepted = String(request.headers['accept-encoding'] ?? '')
  const way = /\bbr\b/.test(accepted) ? 'br' : /\bgzip\b/.test(accepted) ? 'gzip' : 'plain'
  return (way === 'plain' ? reply : reply.header('content-encoding', way)).send(page[way])
}

/** The page itself is never sent as a file: it goes with its headers. */
const howFiles = { decorateReply: false, wildcard: false, index: false as const, globIgnore: ['index.html*'], preCompressed: true, setHeaders: keepAssets }

/** Names of built files change with their content, so those are kept for good; everything else is asked again. */
function keepAssets(reply: FastifyReply, path: string) {
  reply.header('cache-control', path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache')
}
