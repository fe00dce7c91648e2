// Decides renditions, keys and playlists; signs and reads the tokens of plays.
import { createCipheriv, createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'

export const GROUP_SEGMENTS = 8
const ladder = [
  { name: '480p', height: 480, bandwidth: 900_000 },
  { name: '720p', height: 720, bandwidth: 1_800_000 },
  { name: '1080p', height: 1080, bandwidth: 3_500_000 },
] as const

export type Rung = { name: '480p' | '720p' | '1080p' | 'audio'; height: number; bandwidth: number }

/** The sizes to make of a source: never larger than it is, and always one. */
export function rungsFor(source: { hasVideo: boolean; height: number }): Rung[] {
  if (!source.hasVideo) return [{ name: 'audio', height: 0, bandwidth: 110_000 }]
  const fitting = ladder.filter((rung) => rung.height <= source.height)
  return fitting.length > 0 ? [...fitting] : [{ name: '480p', height: source.height - (source.height % 2), bandwidth: 900_000 }]
}

/** One key for each group of segments, all from the title's master key. */
export function groupKey(master: Buffer, group: number): Buffer {
  return Buffer.from(hkdfSync('sha256', master, 'segments', `group ${group}`, 16))
}

export function groupOf(segment: number): number {
  return Math.floor(segment / GROUP_SEGMENTS)
}

/** AES-128-CBC with the segment's number as its vector, as HLS has it by default. */
export function encryptSegment(master: Buffer, segment: number, bytes: Buffer): Buffer {
  const vector = Buffer.alloc(16)
  vector.writeUInt32BE(segment, 12)
  const cipher = createCipheriv('aes-128-cbc', groupKey(master, groupOf(segment)), vector)
  return Buffer.concat([cipher.update(bytes), cipher.final()])
}

export function masterPlaylist(rungs: Rung[]): string {
  const lines = rungs.map((rung) => `#EXT-X-STREAM-INF:BANDWIDTH=${rung.bandwidth}${rung.height ? `,RESOLUTION=${Math.round((rung.height * 16) / 9)}x${rung.height}` : ''}\n${rung.name}.m3u8`)
  return `#EXTM3U\n#EXT-X-VERSION:3\n${lines.join('\n')}\n`
}

/** A rendition's playlist; a trial ends with the segment in which its seconds end. */
export function renditionPlaylist(name: string, seconds: number[], limitSeconds: number | null, keyUrl: (group: number) => string): string {
  const lines = ['#EXTM3U', '#EXT-X-VERSION:3', `#EXT-X-TARGETDURATION:${Math.ceil(Math.max(1, ...seconds))}`, '#EXT-X-PLAYLIST-TYPE:VOD', '#EXT-X-MEDIA-SEQUENCE:0']
  let start = 0
  for (const [at, length] of seconds.entries()) {
    if (limitSeconds !== null && start >= limitSeconds) break
    if (at % GROUP_SEGMENTS === 0) lines.push(`#EXT-X-KEY:METHOD=AES-128,URI="${keyUrl(groupOf(at))}"`)
    lines.push(`#EXTINF:${length.toFixed(3)},`, `${name}/${at}.ts`)
    start += length
  }
  return `${lines.join('\n')}\n#EXT-X-ENDLIST\n`
}

/** The last segment that a trial may have the key of. */
export function lastSegment(seconds: number[], limitSeconds: number | null): number {
  if (limitSeconds === null) return seconds.length - 1
  let start = 0
  let last = -1
  for (const [at, length] of seconds.entries()) {
    if (start >= limitSeconds) break
    last = at
    start += length
  }
  return last
}

export type Ticket = { play: string; asset: string; limit: number | null; until: number }

/** `payload.mac`, both base64url. */
export function signTicket(key: Buffer, ticket: Ticket): string {
  const payload = Buffer.from(JSON.stringify([ticket.play, ticket.asset, ticket.limit, ticket.until])).toString('base64url')
  return `${payload}.${macOf(key, payload)}`
}

/** What a token says, when it is ours and not over. */
export function readTicket(key: Buffer, token: string, nowSeconds: number): Ticket | undefined {
  const [payload = '', mac = ''] = token.split('.')
  const expected = Buffer.from(macOf(key, payload))
  const given = Buffer.from(mac)
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined
  const [play, asset, limit, until] = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as [string, string, number | null, number]
  return until > nowSeconds ? { play, asset, limit, until } : undefined
}

function macOf(key: Buffer, payload: string): string {
  return createHmac('sha256', key).update(payload).digest('base64url')
}

/** SubRip becomes WebVTT; anything else must be WebVTT already. */
export function toWebVtt(text: string): string | undefined {
  const clean = text.replace(/^\ufeff/, '').replaceAll('\r\n', '\n')
  if (clean.startsWith('WEBVTT')) return clean
  return /^\d+\n\d\d:\d\d:\d\d,\d{3} --> /.test(clean) ? `WEBVTT\n\n${clean.replace(/(\d\d:\d\d:\d\d),(\d{3})/g, '$1.$2')}` : undefined
}
