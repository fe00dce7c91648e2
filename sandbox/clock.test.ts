// The virtual clock: runs by itself, can be pushed, and keeps appointments in order.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startClock } from './clock.ts'

test('pushing the clock keeps every appointment in order, also those made on the way', async () => {
  const clock = startClock(0)
  const startedAt = clock.now()
  const seen: number[] = []
  const note = (again: number) => async () => {
    seen.push(Math.round((clock.now() - startedAt) / 1000))
    if (again > 0) clock.at(clock.now() + 100_000, note(again - 1))
  }
  clock.at(startedAt + 50_000, note(2))
  clock.at(startedAt + 10_000, note(0))
  clock.at(startedAt + 900_000, note(0))
  await clock.advance(600)
  assert.deepEqual(seen, [10, 50, 150, 250])
  assert.equal(Math.round((clock.now() - startedAt) / 1000), 600)
  clock.stop()
})

test('without a push the clock runs with real time', async () => {
  const clock = startClock(3_600_000)
  assert.ok(Math.abs(clock.now() - Date.now() - 3_600_000) < 50)
  const rang = await new Promise<number>((resolve) => clock.at(clock.now() + 60, async () => resolve(clock.now())))
  assert.ok(rang <= clock.now())
  clock.at(clock.now() + 20, async () => assert.fail('a stopped clock does not ring'))
  clock.stop()
  await new Promise((resolve) => setTimeout(resolve, 60))
})
