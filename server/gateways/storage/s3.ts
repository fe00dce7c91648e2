// Files in a bucket of any S3-compatible service; requests are signed with signature v4 by the client.
import { randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { AbortMultipartUploadCommand, CompleteMultipartUploadCommand, CreateMultipartUploadCommand, DeleteObjectsCommand, GetObjectCommand, HeadObjectCommand, ListObjectsV2Command, NoSuchKey, NotFound, PutObjectCommand, S3Client, UploadPartCommand, type CompletedPart } from '@aws-sdk/client-s3'
import { checkedKey, missing, type Span, type Storage } from './shapes.ts'

export type Bucket = { endpoint: string; region: string; bucket: string; accessKey: string; secretKey: string; pathStyle: boolean }

/** Ten thousand parts at most: 160 GB a file. */
const PART_BYTES = 16 * 1024 * 1024

type Place = { client: S3Client; bucket: string }

/** `scratch` is where local copies are lent from. */
export function openBucket(settings: Bucket, scratch: string): Storage {
  const client = new S3Client({
    ...(settings.endpoint ? { endpoint: settings.endpoint } : {}),
    region: settings.region,
    forcePathStyle: settings.pathStyle,
    credentials: { accessKeyId: settings.accessKey, secretAccessKey: settings.secretKey },
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  })
  const place = { client, bucket: settings.bucket }
  return {
    put: (key, bytes) => (Buffer.isBuffer(bytes) ? putBuffer(place, checkedKey(key), bytes) : putStream(place, checkedKey(key), bytes)),
    async read(key) {
      const parts: Buffer[] = []
      for await (const part of await get(place, key)) parts.push(part as Buffer)
      return Buffer.concat(parts)
    },
    stream: (key, span) => get(place, key, span),
    sizeOf: (key) => sizeOf(place, key),
    remove: (prefix) => removeAll(place, checkedKey(prefix)),
    async withLocalCopy(key, work) {
      await mkdir(scratch, { recursive: true })
      const path = join(scratch, randomUUID())
      try {
        await pipeline(await get(place, key), createWriteStream(path))
        return await work(path)
      } finally {
        await rm(path, { force: true })
      }
    },
  }
}

async function putBuffer({ client, bucket }: Place, key: string, bytes: Buffer): Promise<void> {
  await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: bytes, ContentLength: bytes.length }))
}

/** A stream of unknown length goes up in parts, one in memory at a time; what fits one part goes at once. */
async function putStream(place: Place, key: string, bytes: Readable): Promise<void> {
  const parts = partsOf(bytes)
  const first = await parts.next()
  const second = await parts.next()
  if (first.done || second.done) return putBuffer(place, key, first.done ? Buffer.alloc(0) : first.value)
  const { client, bucket } = place
  const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket: bucket, Key: key }))
  const upload = { Bucket: bucket, Key: key, UploadId }
  const done: CompletedPart[] = []
  const send = async (body: Buffer) => {
    const PartNumber = done.length + 1
    const { ETag } = await client.send(new UploadPartCommand({ ...upload, PartNumber, Body: body, ContentLength: body.length }))
    done.push({ ETag, PartNumber })
  }
  try {
    await send(first.value)
    await send(second.value)
    for await (const part of parts) await send(part)
    await client.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts: done } }))
  } catch (error) {
    // What came first is what the caller must hear; parts left behind are the bucket's own to clear away.
    await client.send(new AbortMultipartUploadCommand(upload)).catch(() => undefined)
    throw error
  }
}

async function* partsOf(bytes: Readable): AsyncGenerator<Buffer, void> {
  let held: Buffer[] = []
  let length = 0
  for await (const chunk of bytes as AsyncIterable<Buffer>) {
    held.push(chunk)
    length += chunk.length
    if (length < PART_BYTES) continue
    yield Buffer.concat(held)
    held = []
    length = 0
  }
  if (length > 0) yield Buffer.concat(held)
}

async function get({ client, bucket }: Place, key: string, span?: Span): Promise<Readable> {
  try {
    const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: checkedKey(key), ...(span ? { Range: `bytes=${span.start}-${span.end}` } : {}) }))
    if (!(Body instanceof Readable)) throw new Error(`the bucket sent no body for ${key}`)
    return Body
  } catch (error) {
    throw error instanceof NoSuchKey ? missing(key) : error
  }
}

async function sizeOf({ client, bucket }: Place, key: string): Promise<number | undefined> {
  try {
    return (await client.send(new HeadObjectCommand({ Bucket: bucket, Key: checkedKey(key) }))).ContentLength
  } catch (error) {
    if (error instanceof NotFound) return undefined
    throw error
  }
}

async function removeAll({ client, bucket }: Place, key: string): Promise<void> {
  await client.send(new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects: [{ Key: key }], Quiet: true } }))
  for (;;) {
    const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: `${key}/` }))
    if (Contents.length === 0) return
    await client.send(new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects: Contents.map(({ Key }) => ({ Key })), Quiet: true } }))
  }
}
