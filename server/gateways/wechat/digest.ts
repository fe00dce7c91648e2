// The small digests of the open platform, and comparing them without telling how far they agree.
import { createHash, createHmac, timingSafeEqual } from 'node:crypto'

export function digestSorted(words: string[]): string {
  return createHash('sha1').update(words.toSorted().join('')).digest('hex')
}

/** Lower-case hex; the session key is used as the text it is, not as the bytes it encodes. */
export function digestKeyed(key: string, text: string): string {
  return createHmac('sha256', key).update(text).digest('hex')
}

export function isSame(told: string, right: string): boolean {
  const [a, b] = [Buffer.from(told), Buffer.from(right)]
  return a.length === b.length && timingSafeEqual(a, b)
}
