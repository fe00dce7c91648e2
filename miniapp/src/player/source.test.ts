// A film whose quality is changed under way goes on where it was, as it was.
import { nextTick, ref } from 'vue'
import { expect, test } from 'vitest'
import type { Play } from '../../../contracts/plays.ts'
import { useSource } from './source'

const play = { manifestUrl: '/master.m3u8', positionSeconds: 7, qualities: [{ name: '480p', height: 480, url: '/480p.m3u8' }, { name: '720p', height: 720, url: '/720p.m3u8' }] } as Play

function openFilm(plays: boolean) {
  const told: string[] = []
  const [seconds, isPlaying] = [ref(7), ref(plays)]
  const source = useSource(play, false, seconds, isPlaying, () => ({ play: () => void told.push('play'), seek: (to) => void told.push(`seek ${to}`) }))
  return { ...source, told, seconds, isPlaying }
}

test('the player chooses by itself until it is told', () => {
  const { url, startsAt, goesOn } = openFilm(false)
  expect([url.value, startsAt.value, goesOn.value]).toEqual(['/master.m3u8', 7, false])
})

test('a film that plays goes on playing from its place, and the first ticks of the new list do not count', async () => {
  const { choose, url, startsAt, goesOn, begun, isBack, seconds, told } = openFilm(true)
  seconds.value = 42
  choose(1)
  await nextTick()
  expect([url.value, startsAt.value, goesOn.value, told]).toEqual(['/720p.m3u8', 42, true, ['play']])
  begun()
  expect([isBack(0), isBack(42.2), isBack(3)]).toEqual([false, true, true])
  expect(told).toEqual(['play', 'seek 42', 'seek 42'])
})

test('a film that rests goes on resting', async () => {
  const { choose, goesOn, told } = openFilm(false)
  choose(0)
  await nextTick()
  expect([goesOn.value, told]).toEqual([false, []])
})

test('a second change before the first has come goes on as the first would have', async () => {
  const { choose, url, goesOn, isPlaying, startsAt } = openFilm(true)
  choose(0)
  isPlaying.value = false
  choose(-1)
  await nextTick()
  expect([url.value, goesOn.value, startsAt.value]).toEqual(['/master.m3u8', true, 7])
})

test('who seeks meanwhile is taken there', () => {
  const { choose, seek, isBack, begun, told } = openFilm(true)
  choose(0)
  seek(22)
  begun()
  expect([isBack(7), isBack(22.4)]).toEqual([false, true])
  expect(told).toEqual(['seek 22', 'seek 22', 'seek 22'])
})

test('a player that cannot be sent there is not asked for ever', () => {
  const { choose, isBack, seconds } = openFilm(true)
  seconds.value = 42
  choose(0)
  expect([0, 0.25, 0.5, 0.75].map(isBack)).toEqual([false, false, false, true])
})
