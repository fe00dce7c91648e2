// The built clients: the mini program's web build at /, the console at /console/.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { Ctx } from '#kernel/ctx.ts'
import { firstScreen } from '#modules/showcase/pages/first-screen.ts'
import type { Config } from './config.ts'

const root = join(import.meta.dirname, '..')
const miniapp = join(root, 'miniapp/dist/build/h5')
const console_ = join(root, 'console/dist')

export async function mountStatic(http: FastifyInstance, ctx: Ctx, _config: Config): Promise<void> {
  if (existsSync(console_)) {
    await http.register(fastifyStatic, { root: console_, prefix: '/console/', decorateReply: false, wildcard: false, setHeaders: longFor('/assets/') })
    const page = readFileSync(join(console_, 'index.html'), 'utf8')
    http.get('/console', async (_request, reply) => reply.redirect('/console/'))
    http.get('/console/*', async (_request, reply) => sendPage(reply, page))
  }
  if (!existsSync(miniapp)) return
  await http.register(fastifyStatic, { root: miniapp, prefix: '/', decorateReply: false, wildcard: false, index: false, setHeaders: longFor('/assets/') })
  const page = readFileSync(join(miniapp, 'index.html'), 'utf8')
  http.get('/', (request, reply) => sendScreen(ctx, reply, page, request.url))
  http.get('/*', (request, reply) => sendScreen(ctx, reply, page, request.url))
}

/** The first screen comes with real content in it, so that it is there before the script has run. */
async function sendScreen(ctx: Ctx, reply: FastifyReply, page: string, url: string) {
  const screen = await firstScreen(ctx, url)
  if (!screen) return sendPage(reply, page)
  return sendPage(reply, page.replace('<!--first-screen-->', () => screen.html).replace(/<title>[^<]*<\/title>/, () => `<title>${screen.title}</title>`))
}

function sendPage(reply: FastifyReply, page: string) {
  return reply.header('cache-control', 'no-cache').type('text/html; charset=utf-8').send(page)
}

function longFor(folder: string) {
  return (response: { setHeader(name: string, value: string): void }, path: string) => response.setHeader('cache-control', path.includes(folder) ? 'public, max-age=31536000, immutable' : 'no-cache')
}
