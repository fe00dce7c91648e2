// What is made of a source, what a playlist shows of it, and how far a trial reaches.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { GROUP_SEGMENTS, areShort, fitsAsIs, groupOf, kindOf, lastSegment, masterPlaylist, readTicket, renditionPlaylist, rungsFor, sheetOf, thumbnailsVtt, toWebVtt, writeTicket } from './rules.ts'

const film = (height: number, hasAudio = true) => rungsFor({ hasVideo: true, hasAudio, height }).map((rung) => [rung.name, rung.height])
const key = (group: number) => `/keys/${group}`
const lengths = fc.array(fc.double({ min: 0.1, max: 8, noNaN: true }), { minLength: 1, maxLength: 60 })
const count = (text: string, sign: RegExp) => text.match(sign)?.length ?? 0

test('a film is made in the sizes it has and never larger, and as sound alone', () => {
  assert.deepEqual(film(1080), [['480p', 480], ['720p', 720], ['1080p', 1080], ['audio', 0]])
  assert.deepEqual(film(900), [['480p', 480], ['720p', 720], ['audio', 0]])
  assert.deepEqual(film(361), [['480p', 360], ['audio', 0]])
  assert.deepEqual(film(720, false), [['480p', 480], ['720p', 720]])
  assert.deepEqual(rungsFor({ hasVideo: false, hasAudio: true, height: 0 }).map((rung) => rung.name), ['audio'])
})

test('a picture goes out untouched only when it is plain, of this size and light enough', () => {
  const [rung] = rungsFor({ hasVideo: true, hasAudio: false, height: 480 })
  assert.ok(rung)
  const light = { isPlain: true, height: 480, sizeBytes: 1_000_000, durationSeconds: 10 }
  assert.equal(fitsAsIs(rung, light), true)
  for (const other of [{ isPlain: false }, { height: 478 }, { sizeBytes: 2_000_000 }]) assert.equal(fitsAsIs(rung, { ...light, ...other }), false)
  assert.equal(areShort([{ seconds: 8 }]), true)
  assert.equal(areShort([{ seconds: 4 }, { seconds: 8.1 }]), false)
})

test('the master playlist offers the pictures of a film, or the sound where there is nothing else', () => {
  const whole = masterPlaylist(rungsFor({ hasVideo: true, hasAudio: true, height: 720 }))
  assert.deepEqual(whole.split('\n').filter((line) => line.endsWith('.m3u8')), ['480p.m3u8', '720p.m3u8'])
  assert.match(masterPlaylist(rungsFor({ hasVideo: false, hasAudio: true, height: 0 })), /\naudio\.m3u8\n/)
})

test('a playlist names a new key at the start of each group and ends', () => {
  const text = renditionPlaylist('480p', Array.from({ length: 20 }, () => 4), null, key)
  assert.equal(count(text, /#EXTINF/g), 20)
  assert.deepEqual([...text.matchAll(/URI="([^"]+)"/g)].map((found) => found[1]), ['/keys/0', '/keys/1', '/keys/2'])
  assert.match(text, /#EXT-X-ENDLIST\n$/)
})

test('a trial is told of every segment that begins before its end and of no other, and may have their keys alone', () => {
  fc.assert(fc.property(lengths, fc.double({ min: 0, max: 200, noNaN: true }), (seconds, limit) => {
    const shown = count(renditionPlaylist('480p', seconds, limit, key), /#EXTINF/g)
    const starts = seconds.map((_, at) => seconds.slice(0, at).reduce((sum, one) => sum + one, 0))
    assert.equal(shown, starts.filter((start) => start < limit).length)
    assert.equal(lastSegment(seconds, limit), shown - 1)
    assert.equal(lastSegment(seconds, null), seconds.length - 1)
  }))
  assert.equal(groupOf(GROUP_SEGMENTS - 1), 0)
  assert.equal(groupOf(GROUP_SEGMENTS), 1)
})

test('a ticket says what was written until its time is over', () => {
  const ticket = { play: 'p', asset: 'ast_x', limit: 12.5, until: 100, last: 3 }
  assert.deepEqual(readTicket(writeTicket(ticket), 99), ticket)
  assert.equal(readTicket(writeTicket(ticket), 100), undefined)
})

test('pictures of the seek bar cover a film once, each in a place of its own on the sheet', () => {
  fc.assert(fc.property(fc.double({ min: 0.5, max: 4 * 3600, noNaN: true }), (duration) => {
    const { everySeconds, columns, rows, width, height } = sheetOf(duration)
    const places = [...thumbnailsVtt(duration, everySeconds, null, 'x.jpg').matchAll(/#xywh=(\d+),(\d+),(\d+),(\d+)/g)].map((found) => found.slice(1).map(Number))
    assert.equal(places.length, Math.max(1, Math.floor(duration / everySeconds)))
    assert.ok(places.length <= 100)
    assert.equal(new Set(places.map(String)).size, places.length)
    assert.ok(places.every(([x = -1, y = -1]) => x + width <= columns * width && y + height <= rows * height))
  }))
  assert.equal(thumbnailsVtt(5, 2, null, 'x.jpg'), 'WEBVTT\n\n00:00:00.000 --> 00:00:02.000\nx.jpg#xywh=0,0,160,90\n\n00:00:02.000 --> 00:00:05.000\nx.jpg#xywh=160,0,160,90\n')
  assert.equal(count(thumbnailsVtt(3700, 37, 60, 'x.jpg'), /-->/g), 2)
  assert.match(thumbnailsVtt(3700, 37, null, 'x.jpg'), /\n01:01:03\.000 --> 01:01:40\.000\n/)
})

test('a file is of the kind its content has', () => {
  assert.deepEqual(['video/mp4', 'audio/mpeg', 'image/webp', 'image/svg+xml', 'application/pdf'].map((mime) => kindOf(mime, 'a.mp4')), ['video', 'audio', 'image', undefined, undefined])
  assert.deepEqual(['a.SRT', 'a.vtt', 'a.txt', 'a.mp4'].map((name) => kindOf(undefined, name)), ['subtitle', 'subtitle', undefined, undefined])
})

test('SubRip becomes WebVTT, WebVTT stays, other text is refused', () => {
  assert.equal(toWebVtt('\ufeff1\r\n00:00:01,000 --> 00:00:02,500\r\n抬头, 看\r\n'), 'WEBVTT\n\n1\n00:00:01.000 --> 00:00:02.500\n抬头, 看\n')
  assert.equal(toWebVtt('WEBVTT\n\n00:01.000 --> 00:02.000\nx\n'), 'WEBVTT\n\n00:01.000 --> 00:02.000\nx\n')
  assert.equal(toWebVtt('第一课 讲稿'), undefined)
})
