// What browsers are told to forbid: to answers of the API everything, to a page what it does not need.
import { createHash } from 'node:crypto'
import type { FastifyInstance } from 'fastify'

type Headers = Record<string, string>

const files: Headers = { 'x-content-type-options': 'nosniff', 'referrer-policy': 'strict-origin-when-cross-origin' }
/** Every header costs each answer some time: what has no links, forms or frames is told no more than this. */
const answers: Headers = { 'x-content-type-options': 'nosniff', 'content-security-policy': "default-src 'none'; frame-ancestors 'none'" }
const features = 'camera=(), microphone=(), geolocation=(), payment=(), usb=(), serial=(), midi=(), autoplay=(self), fullscreen=(self), picture-in-picture=(self)'

/** Puts them on every answer that does not bring its own. A year of HTTPS is promised only where it is spoken, and only for this very name. */
export function guardAnswers(http: FastifyInstance, publicUrl: string): void {
  const always: Headers = isHttps(publicUrl) ? { 'strict-transport-security': 'max-age=31536000' } : {}
  const [forApi, forFiles] = [{ ...answers, ...always }, { ...files, ...always }]
  http.addHook('onSend', (request, reply, payload, done) => {
    if (reply.hasHeader('content-security-policy')) reply.headers(forFiles)
    else reply.headers(request.url.startsWith('/api/') ? forApi : forFiles)
    done(null, payload)
  })
}

/**
 * For a built page: scripts of our own files and those written into it at build time, known by their hash.
 * Styles may be inline, for the components set them; films and workers come as blobs from the player.
 */
export function pageHeaders(page: string, publicUrl: string): Headers {
  const policy = {
    'default-src': "'self'",
    'script-src': ["'self'", ...inlineScripts(page).map(hashOf)].join(' '),
    'style-src': "'self' 'unsafe-inline'",
    'img-src': `'self' data: blob: https:${isHttps(publicUrl) ? '' : ' http:'}`,
    'font-src': "'self' data:",
    'media-src': "'self' blob:",
    'worker-src': "'self' blob:",
    'object-src': "'none'",
    'base-uri': "'none'",
    'form-action': "'self'",
    'frame-ancestors': "'none'",
  }
  const rules = Object.entries(policy).map(([name, value]) => `${name} ${value}`)
  return {
    'content-security-policy': [...rules, ...(isHttps(publicUrl) ? ['upgrade-insecure-requests'] : [])].join('; '),
    'x-frame-options': 'DENY',
    'permissions-policy': features,
  }
}

/** The text of each script that runs; blocks of data are not scripts, whatever they hold. */
function inlineScripts(page: string): string[] {
  return [...page.matchAll(/<script(?![^>]*\s(?:src=|type="application\/))[^>]*>([\s\S]*?)<\/script>/g)].map((found) => found[1] ?? '')
}

function hashOf(script: string): string {
  return `'sha256-${createHash('sha256').update(script).digest('base64')}'`
}

function isHttps(publicUrl: string): boolean {
  return publicUrl.startsWith('https:')
}
