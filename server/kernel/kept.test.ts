// How long an answer is kept, and what ends it.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { keepAnswers } from './kept.ts'

function world() {
  const now = { edition: 1, writes: 0, ms: 1_000_000, looks: 0, made: 0 }
  const kept = keepAnswers<string>(async () => { now.looks += 1; return String(now.edition) }, () => now.writes, () => now.ms, 10_000)
  const ask = (name = 'page') => kept.answer(name, async () => { now.made += 1; return `${name} of edition ${now.edition}` })
  return { now, ask, kept }
}

test('an answer is made once, and the edition is looked at twice a second', async () => {
  const { now, ask } = world()
  for (let times = 0; times < 5; times += 1) assert.equal(await ask(), 'page of edition 1')
  assert.deepEqual([now.made, now.looks], [1, 1])
  now.ms += 500
  await ask()
  assert.deepEqual([now.made, now.looks], [1, 2])
})

test('a write of this process is seen by the next reader', async () => {
  const { now, ask } = world()
  await ask()
  now.edition = 2
  now.writes += 1
  assert.equal(await ask(), 'page of edition 2')
})

test('a write of another process is seen within half a second', async () => {
  const { now, ask } = world()
  await ask()
  now.edition = 2
  now.ms += 499
  assert.equal(await ask(), 'page of edition 1')
  now.ms += 1
  assert.equal(await ask(), 'page of edition 2')
})

test('an answer ends by itself, and one that failed is not kept', async () => {
  const { now, ask, kept } = world()
  await ask()
  now.ms += 10_000
  await ask()
  assert.equal(now.made, 2)
  await assert.rejects(kept.answer('broken', async () => Promise.reject(new Error('not now'))), /not now/)
  assert.equal(await kept.answer('broken', async () => 'whole'), 'whole')
})

test('a thousand answers are kept, not more', async () => {
  const { now, ask } = world()
  for (let at = 0; at <= 1000; at += 1) await ask(`page ${at}`)
  await ask('page 1000')
  assert.equal(now.made, 1001)
  await ask('page 0')
  assert.equal(now.made, 1002)
})
