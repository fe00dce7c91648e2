// What browsers are told to forbid, for answers, files and pages, with and without HTTPS.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import Fastify from 'fastify'
import { guardAnswers, pageHeaders } from './headers.ts'

const inline = "document.documentElement.className = 'look'"
const page = `<html><head><script>${inline}</script><script type="module" crossorigin src="/a.js"></script></head><body><script type="application/json" id="first-answer">{"a":"<b>"}</script></body></html>`
const hash = createHash('sha256').update(inline).digest('base64')

async function answersOf(publicUrl: string) {
  const http = Fastify()
  guardAnswers(http, publicUrl)
  http.get('/api/thing', async () => ({}))
  http.get('/assets/a.js', async (_request, reply) => reply.type('text/javascript').send('1'))
  http.get('/', async (_request, reply) => reply.headers(pageHeaders(page, publicUrl)).type('text/html').send(page))
  const heads = await Promise.all(['/api/thing', '/api/unknown', '/assets/a.js', '/'].map(async (url) => (await http.inject({ url })).headers))
  await http.close()
  return { thing: heads[0] ?? {}, unknown: heads[1] ?? {}, file: heads[2] ?? {}, shown: heads[3] ?? {} }
}

function policyOf(headers: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(String(headers['content-security-policy']).split('; ').map((rule) => [rule.split(' ')[0] ?? '', rule.split(' ').slice(1).join(' ')]))
}

test('an answer of the API loads nothing, runs nothing and is framed by nobody, refusals too', async () => {
  const { thing, unknown } = await answersOf('http://127.0.0.1:4000')
  for (const headers of [thing, unknown]) {
    assert.equal(policyOf(headers)['default-src'], "'none'")
    assert.equal(policyOf(headers)['frame-ancestors'], "'none'")
    assert.equal(headers['x-content-type-options'], 'nosniff')
  }
})

test('a page runs our files and what was built into it, and no other script', async () => {
  const { shown } = await answersOf('http://127.0.0.1:4000')
  const policy = policyOf(shown)
  assert.equal(policy['script-src'], `'self' 'sha256-${hash}'`)
  assert.deepEqual([policy['object-src'], policy['base-uri'], policy['frame-ancestors'], policy['worker-src'], policy['media-src']], ["'none'", "'none'", "'none'", "'self' blob:", "'self' blob:"])
  assert.ok(!JSON.stringify(policy).includes('unsafe-eval'))
  assert.deepEqual([shown['x-frame-options'], shown['x-content-type-options']], ['DENY', 'nosniff'])
  assert.match(String(shown['permissions-policy']), /camera=\(\), microphone=\(\)/)
})

test('a script changed after the build is no longer known', () => {
  const changed = policyOf(pageHeaders(page.replace('look', 'luck'), 'http://127.0.0.1'))
  assert.ok(!changed['script-src']?.includes(hash))
  assert.equal(changed['script-src']?.match(/sha256-/g)?.length, 1, 'data and files need no hash')
})

test('HTTPS is promised where it is spoken, and only there', async () => {
  const plain = await answersOf('http://127.0.0.1:4000')
  const secure = await answersOf('https://academy.example')
  for (const headers of Object.values(plain)) assert.equal(headers['strict-transport-security'], undefined)
  for (const headers of Object.values(secure)) assert.equal(headers['strict-transport-security'], 'max-age=31536000')
  assert.ok('upgrade-insecure-requests' in policyOf(secure.shown) && !('upgrade-insecure-requests' in policyOf(plain.shown)))
  assert.equal(secure.file['x-content-type-options'], 'nosniff')
  assert.equal(secure.file['content-security-policy'], undefined)
})
