// What memory holds of the files, and what it lets go.
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { openFolder } from './folder.ts'
import { keepHot } from './hot.ts'

const folder = await mkdtemp(join(tmpdir(), 'shuyuan-hot-'))
after(() => rm(folder, { recursive: true, force: true }))

/** The folder, counting how often it was read. */
function countedFolder(name: string) {
  const storage = openFolder(join(folder, name))
  const reads: string[] = []
  return { reads, storage: { ...storage, read: (key: string) => (reads.push(key), storage.read(key)) } }
}

test('reads a file once, however many ask at once and after', async () => {
  const { reads, storage } = countedFolder('once')
  const hot = keepHot(storage, 1000)
  await hot.put('a/1', Buffer.from('bytes'))
  const files = await Promise.all(Array.from({ length: 20 }, () => hot.hot('a/1')))
  assert.deepEqual(files.map(String), Array.from({ length: 20 }, () => 'bytes'))
  assert.equal(String(await hot.hot('a/1')), 'bytes')
  assert.equal(String(hot.held('a/1')), 'bytes')
  assert.deepEqual(reads, ['a/1'])
})

test('never holds more than its bound, and lets go of what was asked for longest ago', async () => {
  const { reads, storage } = countedFolder('bound')
  const hot = keepHot(storage, 400)
  for (let at = 0; at < 6; at += 1) await hot.put(`a/${at}`, Buffer.alloc(100, at))
  for (let at = 0; at < 4; at += 1) await hot.hot(`a/${at}`)
  assert.equal(hot.heldBytes(), 400)
  await hot.hot('a/0')
  await hot.hot('a/4')
  assert.equal(hot.heldBytes(), 400)
  assert.equal(hot.held('a/1'), undefined)
  assert.ok(hot.held('a/0'))
  await hot.hot('a/1')
  assert.deepEqual(reads, ['a/0', 'a/1', 'a/2', 'a/3', 'a/4', 'a/1'])
})

test('a file larger than its share passes through and pushes nothing out', async () => {
  const hot = keepHot(countedFolder('large').storage, 400)
  await hot.put('a/small', Buffer.alloc(50))
  await hot.put('a/large', Buffer.alloc(101))
  await hot.hot('a/small')
  assert.equal((await hot.hot('a/large'))?.length, 101)
  assert.equal(hot.held('a/large'), undefined)
  assert.equal(hot.heldBytes(), 50)
})

test('forgets what was removed or written anew, also while it was being read', async () => {
  const { storage } = countedFolder('anew')
  const hot = keepHot(storage, 1000)
  for (const key of ['a/1', 'a/2', 'ab/1']) await hot.put(key, Buffer.from('old'))
  for (const key of ['a/1', 'a/2', 'ab/1']) await hot.hot(key)
  await hot.remove('a')
  assert.equal(await hot.hot('a/1'), undefined)
  assert.equal(String(hot.held('ab/1')), 'old')
  await hot.put('ab/1', Buffer.from('new'))
  assert.equal(String(await hot.hot('ab/1')), 'new')

  let letGo = () => {}
  const slow = keepHot({ ...storage, read: async (key) => { const file = await storage.read(key); await new Promise<void>((go) => (letGo = go)); return file } }, 1000)
  const first = slow.hot('ab/1')
  while (String(letGo) === '() => {}') await new Promise(setImmediate)
  await slow.put('ab/1', Buffer.from('newest'))
  letGo()
  assert.equal(String(await first), 'new')
  assert.equal(slow.held('ab/1'), undefined)
})

test('says undefined for what is not there, and asks again the next time', async () => {
  const hot = keepHot(countedFolder('missing').storage, 1000)
  assert.equal(await hot.hot('a/1'), undefined)
  await hot.put('a/1', Buffer.from('here now'))
  assert.equal(String(await hot.hot('a/1')), 'here now')
})
