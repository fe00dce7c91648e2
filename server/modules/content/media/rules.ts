// Decides renditions, key groups, playlists and what a ticket says.
export const GROUP_SEGMENTS = 8
const ladder = [
  { name: '480p', height: 480, bandwidth: 900_000 },
  { name: '720p', height: 720, bandwidth: 1_800_000 },
  { name: '1080p', height: 1080, bandwidth: 3_500_000 },
] as const

export type Rung = { name: '480p' | '720p' | '1080p' | 'audio'; height: number; bandwidth: number }

/** The kind of an uploaded file by what is in it; only subtitles, being plain text, are known by their name. Undefined is refused. */
export function kindOf(mime: string | undefined, name: string): 'video' | 'audio' | 'image' | 'subtitle' | undefined {
  if (mime === undefined) return /\.(srt|vtt)$/i.test(name) ? 'subtitle' : undefined
  if (/^image\/(jpeg|png|webp|gif|avif|heic|tiff)$/.test(mime)) return 'image'
  if (mime.startsWith('audio/')) return 'audio'
  return mime.startsWith('video/') ? 'video' : undefined
}

/** The sizes to make of a source: never larger than it is, and always one. */
export function rungsFor(source: { hasVideo: boolean; hasAudio: boolean; height: number }): Rung[] {
  const sound: Rung[] = source.hasAudio || !source.hasVideo ? [{ name: 'audio', height: 0, bandwidth: 110_000 }] : []
  if (!source.hasVideo) return sound
  const fitting = ladder.filter((rung) => rung.height <= source.height)
  return [...(fitting.length > 0 ? fitting : [{ name: '480p' as const, height: source.height - (source.height % 2), bandwidth: 900_000 }]), ...sound]
}

/** What a player may choose between by itself: never to lose the picture of a film. */
export function playable<T extends { height: number }>(rungs: T[]): T[] {
  const pictures = rungs.filter((rung) => rung.height > 0)
  return pictures.length > 0 ? pictures : rungs
}

const MOST_THUMBNAILS = 100
const COLUMNS = 10
const TILE = { width: 160, height: 90 }

/** The sheet of pictures for the seek bar of a film: at most a hundred of them, two seconds apart or more. */
export function sheetOf(durationSeconds: number) {
  const everySeconds = Math.max(2, Math.ceil(durationSeconds / MOST_THUMBNAILS))
  return { everySeconds, ...TILE, columns: COLUMNS, rows: Math.ceil(countOf(durationSeconds, everySeconds) / COLUMNS) }
}

function countOf(durationSeconds: number, everySeconds: number): number {
  return Math.max(1, Math.floor(durationSeconds / everySeconds))
}

/** Where on the sheet each picture is, the last one for the rest of the film; a trial is told only of those it reaches. */
export function thumbnailsVtt(durationSeconds: number, everySeconds: number, limitSeconds: number | null, url: string): string {
  const count = countOf(durationSeconds, everySeconds)
  const shown = limitSeconds === null ? count : Math.min(count, Math.ceil(limitSeconds / everySeconds))
  const cues = Array.from({ length: shown }, (_, at) => {
    const place = `${(at % COLUMNS) * TILE.width},${Math.floor(at / COLUMNS) * TILE.height},${TILE.width},${TILE.height}`
    return `${clock(at * everySeconds)} --> ${clock(at === count - 1 ? durationSeconds : (at + 1) * everySeconds)}\n${url}#xywh=${place}\n`
  })
  return `WEBVTT\n\n${cues.join('\n')}`
}

function clock(seconds: number): string {
  const parts = [seconds / 3600, (seconds % 3600) / 60].map((part) => String(Math.floor(part)).padStart(2, '0'))
  return `${parts.join(':')}:${(seconds % 60).toFixed(3).padStart(6, '0')}`
}

/** Whether a picture can go out as it came in: what every player reads, in this very size and no heavier than we would make it. */
export function fitsAsIs(rung: Rung, source: { isPlain: boolean; height: number; sizeBytes: number; durationSeconds: number }): boolean {
  return source.isPlain && source.height === rung.height && source.sizeBytes * 8 <= rung.bandwidth * source.durationSeconds
}

const LONGEST_SEGMENT_SECONDS = 8

/** Key frames too far apart would make seeking and changing quality slow. */
export function areShort(segments: { seconds: number }[]): boolean {
  return segments.every((segment) => segment.seconds <= LONGEST_SEGMENT_SECONDS)
}

export function groupOf(segment: number): number {
  return Math.floor(segment / GROUP_SEGMENTS)
}

export function masterPlaylist(rungs: Rung[]): string {
  const lines = playable(rungs).map((rung) => `#EXT-X-STREAM-INF:BANDWIDTH=${rung.bandwidth}${rung.height ? `,RESOLUTION=${Math.round((rung.height * 16) / 9)}x${rung.height}` : ''}\n${rung.name}.m3u8`)
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

/** `last` is the furthest segment that it opens, null for all of them. */
export type Ticket = { play: string; asset: string; limit: number | null; until: number; last: number | null }

export function writeTicket(ticket: Ticket): string {
  return JSON.stringify([ticket.play, ticket.asset, ticket.limit, ticket.until, ticket.last])
}

/** What a ticket says while it is not over; its signature was checked before. */
export function readTicket(text: string, nowSeconds: number): Ticket | undefined {
  const [play, asset, limit, until, last] = JSON.parse(text) as [string, string, number | null, number, number | null]
  return until > nowSeconds ? { play, asset, limit, until, last } : undefined
}

/** SubRip becomes WebVTT; anything else must be WebVTT already. */
export function toWebVtt(text: string): string | undefined {
  const clean = text.replace(/^\ufeff/, '').replaceAll('\r\n', '\n')
  if (clean.startsWith('WEBVTT')) return clean
  return /^\d+\n\d\d:\d\d:\d\d,\d{3} --> /.test(clean) ? `WEBVTT\n\n${clean.replace(/(\d\d:\d\d:\d\d),(\d{3})/g, '$1.$2')}` : undefined
}
