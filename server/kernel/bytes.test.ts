// Which part of a file a Range header asks for.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { partOf } from './bytes.ts'

test('a range is the part it names, cut at the end of the file', () => {
  assert.deepEqual(partOf('bytes=0-0', 10), { start: 0, end: 0 })
  assert.deepEqual(partOf('bytes=2-5', 10), { start: 2, end: 5 })
  assert.deepEqual(partOf('bytes=4-', 10), { start: 4, end: 9 })
  assert.deepEqual(partOf('bytes=4-400', 10), { start: 4, end: 9 })
  assert.deepEqual(partOf('bytes=-3', 10), { start: 7, end: 9 })
  assert.deepEqual(partOf('bytes=-300', 10), { start: 0, end: 9 })
})

test('a range beyond the file is none of it', () => {
  assert.equal(partOf('bytes=10-', 10), 'none')
  assert.equal(partOf('bytes=-0', 10), 'none')
  assert.equal(partOf('bytes=0-', 0), 'none')
  assert.equal(partOf('bytes=-5', 0), 'none')
})

test('what is not one range is the whole', () => {
  for (const header of ['bytes=5-2', 'bytes=0-1,4-5', 'bytes=-', 'items=0-1', 'bytes=a-b', '', 'bytes=0x1-2']) assert.equal(partOf(header, 10), 'whole', header)
})
