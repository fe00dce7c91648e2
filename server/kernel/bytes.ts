// Sending bytes that never change: length, validator, and the part that was asked for.
import type { FastifyReply, FastifyRequest } from 'fastify'

export const FOREVER = 'public, max-age=31536000, immutable'

type Part = { start: number; end: number }

/** `name` is the file's name in the world: with its length it is the validator, because a name never gets other bytes. */
export function sendForever(request: FastifyRequest, reply: FastifyReply, bytes: Buffer, name: string, type: string) {
  const tag = `"${name}-${bytes.length.toString(36)}"`
  reply.header('cache-control', FOREVER).header('etag', tag).header('accept-ranges', 'bytes')
  if (request.headers['if-none-match'] === tag) return reply.code(304).send()
  const asked = request.headers.range
  if (asked === undefined || (request.headers['if-range'] ?? tag) !== tag) return reply.type(type).send(bytes)
  const part = partOf(asked, bytes.length)
  if (part === 'whole') return reply.type(type).send(bytes)
  if (part === 'none') return reply.code(416).header('cache-control', 'no-store').header('content-range', `bytes */${bytes.length}`).send()
  return reply.code(206).header('content-range', `bytes ${part.start}-${part.end}/${bytes.length}`).type(type).send(bytes.subarray(part.start, part.end + 1))
}

/** What `Range` asks for. Several parts at once, and what is not understood, are answered with the whole, as the standard allows. */
export function partOf(header: string, length: number): Part | 'whole' | 'none' {
  const [, from = '', to = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header) ?? []
  if (from === '' && to === '') return 'whole'
  if (from === '') return to === '0' || length === 0 ? 'none' : { start: Math.max(0, length - Number(to)), end: length - 1 }
  const start = Number(from)
  if (to !== '' && Number(to) < start) return 'whole'
  return start >= length ? 'none' : { start, end: Math.min(to === '' ? length - 1 : Number(to), length - 1) }
}
