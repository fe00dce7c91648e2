// What a player's ticks become, and what is kept of it while the line is cut.
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { answerWith, sent } from '../../checks/place.ts'
import { forgetMember, rememberMember } from '../session'
import { isDue, useWatched } from './watched'

const lin = { id: 'mem_lin', nickname: '林', phone: null, createdAt: '2026-09-01T00:00:00.000Z' }
type Progress = { ranges: [number, number][]; positionSeconds: number; at: string }

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'], now: new Date('2026-11-21T08:00:00Z') })
  rememberMember({ token: 'tok', member: lin as never })
})
afterEach(() => {
  forgetMember()
  vi.useRealTimers()
})

const later = (seconds: number) => vi.advanceTimersByTime(seconds * 1000)
const told = () => sent.map(({ body }) => (body as Progress).ranges)
const settled = async () => {
  for (let turns = 0; turns < 20; turns += 1) await Promise.resolve()
}

function play({ tick }: ReturnType<typeof useWatched>, from: number, to: number, step = 0.25): void {
  for (let at = from; at <= to; at += step) tick(at)
}

test('ticks become whole seconds, and a seek begins a new range', async () => {
  const watched = useWatched(() => 'lsn_a')
  play(watched, 3, 8)
  play(watched, 60, 64)
  await watched.report()
  expect(sent.map(({ method, url }) => `${method} ${url}`)).toEqual(['PUT /api/lessons/lsn_a/progress'])
  expect(sent[0]?.body).toEqual({ ranges: [[3, 8], [60, 64]], positionSeconds: 64, at: '2026-11-21T08:00:00.000Z' })
})

test('what was told is not told again, and the next report goes on without a gap', async () => {
  const watched = useWatched(() => 'lsn_a')
  play(watched, 0, 10.5)
  await watched.report()
  play(watched, 10.75, 20)
  await watched.report()
  await watched.report()
  expect(told()).toEqual([[[0, 10]], [[10, 20]]])
})

test('a seek backwards is a range of its own; standing still is nothing', async () => {
  const watched = useWatched(() => 'lsn_a')
  play(watched, 30, 33)
  play(watched, 5, 7)
  for (let times = 0; times < 20; times += 1) watched.tick(7)
  await watched.report()
  expect(told()).toEqual([[[30, 33], [5, 7]]])
})

test('at the highest speed a step is still playing, not a seek', async () => {
  const watched = useWatched(() => 'lsn_a')
  play(watched, 0, 30, 3)
  await watched.report()
  expect(told()).toEqual([[[0, 30]]])
})

test.each([1, 1.5, 3])('at %d× the server never knows less than four seconds of film ago', async (speed) => {
  const watched = useWatched(() => 'lsn_a')
  let known = 0
  for (let at = 0; at <= 30; at += 0.25 * speed) {
    watched.tick(at)
    known = (sent.at(-1)?.body as Progress | undefined)?.positionSeconds ?? 0
    expect(at - known).toBeLessThanOrEqual(4)
    later(0.25)
    await settled()
  }
  expect(sent.length).toBeLessThanOrEqual(9)
})

test('a place is due before the next tick would take it too far; a seek is due at once, a nudge is not', () => {
  expect(isDue(10, 13.25, 13.5)).toBe(false)
  expect(isDue(10, 13.5, 13.9)).toBe(true)
  expect(isDue(10, 12.25, 13)).toBe(false)
  expect(isDue(10, 13, 13.75)).toBe(true)
  expect(isDue(40, 40, 20)).toBe(true)
  expect(isDue(40, 40, 37)).toBe(false)
})

test('a seek of a film that rests is told, though nothing was played', async () => {
  const watched = useWatched(() => 'lsn_a')
  watched.tick(20)
  later(1)
  await settled()
  expect(sent[0]?.body).toMatchObject({ ranges: [], positionSeconds: 20 })
  watched.tick(22)
  await watched.report()
  await watched.report()
  expect(sent.map(({ body }) => (body as Progress).positionSeconds)).toEqual([20, 22])
})

test('a finger that drags along the line tells a place a second, and the one where it stops', async () => {
  const watched = useWatched(() => 'lsn_a')
  for (let at = 0; at < 15; at += 1) {
    watched.tick(100 + at * 10)
    later(0.1)
    await settled()
  }
  later(1)
  await settled()
  expect(sent.map(({ body }) => (body as Progress).positionSeconds)).toEqual([190, 240])
})

test('an article tells how far it was read', async () => {
  const watched = useWatched(() => 'lsn_a')
  watched.add(0, 2500)
  watched.add(2500, 2500)
  await watched.report()
  expect(sent[0]?.body).toMatchObject({ ranges: [[0, 2500]], positionSeconds: 2500 })
})

test('with the line cut nothing is lost: the next report carries it', async () => {
  const watched = useWatched(() => 'lsn_a')
  answerWith(() => null)
  play(watched, 0, 9)
  await watched.report()
  answerWith(() => ({ status: 200, data: {} }))
  later(0.5)
  play(watched, 9.25, 15)
  await watched.report()
  expect(told()).toEqual([[[0, 9]], [[0, 9], [9, 15]]])
  later(0.5)
  play(watched, 15.25, 18)
  await watched.report()
  expect(told().at(-1)).toEqual([[15, 18]])
})

test.each([[429, 'request.too_many'], [503, 'server.starting'], [502, undefined]])('a server that cannot take it now (%i) gets it later', async (status, code) => {
  const watched = useWatched(() => 'lsn_a')
  answerWith(() => ({ status, data: code ? { error: { code, details: {} } } : '' }))
  play(watched, 0, 9)
  await watched.report()
  answerWith(() => ({ status: 200, data: {} }))
  sent.length = 0
  useWatched(() => 'lsn_b')
  await settled()
  expect(sent.map(({ url }) => url)).toEqual(['/api/lessons/lsn_a/progress'])
  expect(told()).toEqual([[[0, 9]]])
})

test('what the server refuses for good is not sent for ever', async () => {
  const watched = useWatched(() => 'lsn_gone')
  answerWith(() => ({ status: 404, data: { error: { code: 'thing.not_found', details: {} } } }))
  play(watched, 0, 9)
  await watched.report()
  sent.length = 0
  useWatched(() => 'lsn_b')
  await settled()
  expect(sent).toEqual([])
})

test('what comes in while a report is on its way stays for the next', async () => {
  const watched = useWatched(() => 'lsn_a')
  answerWith(() => null)
  play(watched, 0, 9)
  const first = watched.report()
  later(1)
  play(watched, 9.25, 12)
  const second = watched.report()
  await Promise.all([first, second])
  answerWith(() => ({ status: 200, data: {} }))
  sent.length = 0
  useWatched(() => 'lsn_b')
  await settled()
  expect(told()).toEqual([[[0, 9], [9, 12]]])
})

test('another member on the device gets nothing of it, and a stranger sends nothing', async () => {
  const watched = useWatched(() => 'lsn_a')
  answerWith(() => null)
  play(watched, 0, 9)
  await watched.report()
  answerWith(() => ({ status: 200, data: {} }))
  sent.length = 0
  rememberMember({ token: 'tok2', member: { ...lin, id: 'mem_he' } as never })
  useWatched(() => 'lsn_a')
  await settled()
  forgetMember()
  const stranger = useWatched(() => 'lsn_a')
  play(stranger, 0, 9)
  await stranger.report()
  expect(sent).toEqual([])
  rememberMember({ token: 'tok', member: lin as never })
  useWatched(() => 'lsn_a')
  await settled()
  expect(told()).toEqual([[[0, 9]]])
})

test('a whole day away is bounded: the newest two hundred ranges are kept', async () => {
  const watched = useWatched(() => 'lsn_a')
  answerWith(() => null)
  for (let at = 0; at < 250; at += 1) watched.add(at * 10, at * 10 + 5)
  await watched.report()
  answerWith(() => ({ status: 200, data: {} }))
  sent.length = 0
  useWatched(() => 'lsn_b')
  await settled()
  expect(told()[0]?.length).toBe(200)
  expect(told()[0]?.at(-1)).toEqual([2490, 2495])
})
