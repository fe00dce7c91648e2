// The same promises of both places that files can live in; the bucket is a real S3 server that this test starts.
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtemp, readFile, readdir, rm, stat } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { after, describe, test } from 'node:test'
import { openFolder } from './folder.ts'
import { openBucket, type Bucket } from './s3.ts'
import type { Storage } from './shapes.ts'

type Server = { run(): Promise<{ port: number }>; close(): Promise<void> }
const S3rver = createRequire(import.meta.url)('s3rver') as new (options: object) => Server

const scratch = await mkdtemp(join(tmpdir(), 'shuyuan-storage-'))
const server = new S3rver({ port: 0, address: '127.0.0.1', silent: true, directory: join(scratch, 'buckets'), configureBuckets: [{ name: 'files' }] })
const { port } = await server.run()
const bucket: Bucket = { endpoint: `http://127.0.0.1:${port}`, region: 'us-east-1', bucket: 'files', accessKey: 'S3RVER', secretKey: 'S3RVER', pathStyle: true }

after(async () => {
  await server.close()
  await rm(scratch, { recursive: true, force: true })
})

const places: [string, Storage][] = [
  ['a folder', openFolder(join(scratch, 'folder'))],
  ['a bucket', openBucket(bucket, join(scratch, 'copies'))],
]

for (const [name, storage] of places) {
  describe(name, () => {
    test('gives back the bytes it was given', async () => {
      const bytes = randomBytes(70_000)
      await storage.put('a/one.bin', bytes)
      assert.deepEqual(await storage.read('a/one.bin'), bytes)
      assert.equal(await storage.sizeOf('a/one.bin'), 70_000)
      await storage.put('a/empty', Buffer.alloc(0))
      assert.equal(await storage.sizeOf('a/empty'), 0)
    })

    test('takes a new file in place of the old one', async () => {
      await storage.put('a/again', Buffer.from('a longer text before'))
      await storage.put('a/again', Buffer.from('short'))
      assert.equal(String(await storage.read('a/again')), 'short')
    })

    test('takes streams, also of more than one part', async () => {
      const bytes = randomBytes(20 * 1024 * 1024 + 7)
      await storage.put('a/small-stream', Readable.from([Buffer.from('ab'), Buffer.from('cd')]))
      await storage.put('a/large-stream', Readable.from(sliced(bytes, 300_000)))
      assert.equal(String(await storage.read('a/small-stream')), 'abcd')
      assert.ok(bytes.equals(await storage.read('a/large-stream')))
    })

    test('keeps nothing of a stream that breaks', async () => {
      await assert.rejects(storage.put('a/broken', Readable.from(breaking())), /the cable was pulled/)
      assert.equal(await storage.sizeOf('a/broken'), undefined)
      await assert.rejects(storage.put('a/broken', Readable.from(breaking(20 * 1024 * 1024))), /the cable was pulled/)
      assert.equal(await storage.sizeOf('a/broken'), undefined)
    })

    test('streams the whole and spans of it', async () => {
      await storage.put('a/span', Buffer.from('0123456789'))
      assert.equal(await textOf(await storage.stream('a/span')), '0123456789')
      assert.equal(await textOf(await storage.stream('a/span', { start: 2, end: 4 })), '234')
      assert.equal(await textOf(await storage.stream('a/span', { start: 9, end: 9 })), '9')
    })

    test('says by name what is not there', async () => {
      assert.equal(await storage.sizeOf('a/nothing'), undefined)
      await assert.rejects(storage.read('a/nothing'), /nothing is stored at a\/nothing/)
      await assert.rejects(storage.stream('a/nothing'), /nothing is stored at a\/nothing/)
      await assert.rejects(storage.withLocalCopy('a/nothing', async () => undefined), /nothing is stored at a\/nothing/)
    })

    test('removes what is below a prefix and nothing beside it', async () => {
      for (const key of ['b/1/x', 'b/1/y/z', 'b/10/x', 'b/2']) await storage.put(key, Buffer.from(key))
      await storage.remove('b/1')
      assert.deepEqual(await Promise.all(['b/1/x', 'b/1/y/z', 'b/10/x', 'b/2'].map((key) => storage.sizeOf(key))), [undefined, undefined, 6, 3])
      await storage.remove('b/2')
      assert.equal(await storage.sizeOf('b/2'), undefined)
      await storage.remove('b/never-was')
    })

    test('lends a path on this machine', async () => {
      await storage.put('c/film', Buffer.from('moving pictures'))
      const seen = await storage.withLocalCopy('c/film', async (path) => ({ path, text: await readFile(path, 'utf8') }))
      assert.equal(seen.text, 'moving pictures')
      assert.equal(String(await storage.read('c/film')), 'moving pictures')
    })

    test('refuses keys that leave its place', async () => {
      for (const key of ['../x', 'a/../../x', '/etc/passwd', 'a//b', 'a/./b', '', 'a b', 'a\0b', 'a/']) {
        await assert.rejects(async () => storage.put(key, Buffer.from('x')), /not a storage key/, key)
        await assert.rejects(async () => storage.remove(key), /not a storage key/, key)
      }
    })
  })
}

test('a folder keeps no drafts, a bucket no copies', async () => {
  const names = await readdir(join(scratch, 'folder'), { recursive: true })
  assert.deepEqual(names.filter((name) => name.includes('draft')), [])
  assert.deepEqual(await readdir(join(scratch, 'copies')), [])
  assert.ok((await stat(join(scratch, 'folder/c/film'))).isFile())
})

test('a bucket says when the keys to it are wrong', async () => {
  const stranger = openBucket({ ...bucket, accessKey: 'STRANGER' }, scratch)
  await assert.rejects(stranger.put('d/x', Buffer.from('x')), { name: 'InvalidAccessKeyId' })
})

function* sliced(bytes: Buffer, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

async function* breaking(firstBytes = 10) {
  yield Buffer.alloc(firstBytes)
  yield Buffer.alloc(20 * 1024 * 1024)
  throw new Error('the cable was pulled')
}

async function textOf(stream: Readable): Promise<string> {
  let text = ''
  for await (const part of stream) text += String(part)
  return text
}
