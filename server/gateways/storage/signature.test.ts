// Signature v4, judged by a server that follows the published algorithm step by step: what we sign is accepted, anything touched is refused.
import assert from 'node:assert/strict'
import { createHash, createHmac } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import { tmpdir } from 'node:os'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { after, before, test } from 'node:test'
import { openBucket, type Bucket } from './s3.ts'

type Asked = { method: string; url: string; headers: IncomingHttpHeaders; body: Buffer }

const sha256 = (bytes: Buffer | string) => createHash('sha256').update(bytes).digest('hex')
const keyed = (key: Buffer | string, text: string) => createHmac('sha256', key).update(text).digest()
const strict = (text: string) => encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)

/** Steps 1 to 4 of the published algorithm; undefined when a request is rightly signed, else what is wrong with it. */
function findWrong(secret: string, { method, url, headers, body }: Asked): string | undefined {
  const told = /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/.exec(String(headers['authorization']))
  if (told === null) return 'no signature'
  const [, , day = '', region = '', service = '', names = '', signature] = told
  const payload = String(headers['x-amz-content-sha256'])
  if (payload !== sha256(body)) return `the body is not what was signed: ${payload}`
  if (!['host', 'x-amz-content-sha256', 'x-amz-date'].every((name) => names.split(';').includes(name))) return `too little is signed: ${names}`
  const { pathname, searchParams } = new URL(url, 'http://bucket')
  const path = pathname.split('/').map((part) => strict(decodeURIComponent(part))).join('/')
  const query = [...searchParams].map(([name, value]) => `${strict(name)}=${strict(value)}`).toSorted().join('&')
  const lines = names.split(';').map((name) => `${name}:${String(headers[name]).trim().replace(/ +/g, ' ')}\n`).join('')
  const at = String(headers['x-amz-date'])
  const text = `AWS4-HMAC-SHA256\n${at}\n${day}/${region}/${service}/aws4_request\n${sha256(`${method}\n${path}\n${query}\n${lines}\n${names}\n${payload}`)}`
  const key = [region, service, 'aws4_request'].reduce((above, part) => keyed(above, part), keyed(`AWS4${secret}`, day))
  return keyed(key, text).toString('hex') === signature ? undefined : 'the signature is wrong'
}

const settings = { region: 'cn-north-1', bucket: 'files', accessKey: 'AKIDOURS', secretKey: 'a secret/with+signs', pathStyle: true }
const asked: Asked[] = []
const wrongs: string[] = []
let spoil: ((request: Asked) => Asked) | undefined
let bucket: Bucket
let scratch: string

const server = createServer(async (request, response) => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const got = { method: request.method ?? '', url: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks) }
  const wrong = findWrong(settings.secretKey, spoil ? spoil(got) : got)
  asked.push(got)
  if (wrong !== undefined) {
    wrongs.push(wrong)
    return void response.writeHead(403, { 'content-type': 'application/xml' }).end('<Error><Code>SignatureDoesNotMatch</Code><Message>no</Message></Error>')
  }
  if (got.url.includes('uploads')) return void response.writeHead(200, { 'content-type': 'application/xml' }).end('<InitiateMultipartUploadResult><UploadId>up/1+2=</UploadId></InitiateMultipartUploadResult>')
  if (got.method === 'POST') return void response.writeHead(200, { 'content-type': 'application/xml' }).end('<Result/>')
  if (got.url.includes('list-type')) return void response.writeHead(200, { 'content-type': 'application/xml' }).end('<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>')
  response.writeHead(got.headers['range'] ? 206 : 200, { etag: '"e"', 'content-length': got.method === 'GET' ? 5 : 0 }).end(got.method === 'GET' ? 'bytes' : undefined)
})

before(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  bucket = { ...settings, endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
  scratch = await mkdtemp(join(tmpdir(), 'shuyuan-sign-'))
})
after(async () => {
  server.closeAllConnections()
  server.close()
  await rm(scratch, { recursive: true, force: true })
})

test('the judge itself agrees with the example that the algorithm is published with', () => {
  const headers = {
    host: 'examplebucket.s3.amazonaws.com', range: 'bytes=0-9', 'x-amz-date': '20130524T000000Z', 'x-amz-content-sha256': sha256(''),
    authorization: 'AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, SignedHeaders=host;range;x-amz-content-sha256;x-amz-date, Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
  }
  const example = { method: 'GET', url: '/test.txt', headers, body: Buffer.alloc(0) }
  const secret = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'
  assert.equal(findWrong(secret, example), undefined)
  assert.equal(findWrong(secret, { ...example, url: '/test.txt?versionId=1' }), 'the signature is wrong')
})

test('every kind of request that we send is rightly signed', async () => {
  const storage = openBucket(bucket, scratch)
  await storage.put('a/one-two_three.bin', Buffer.from('bytes'))
  await storage.put('a/film.mp4', Readable.from([Buffer.alloc(17 * 1024 * 1024, 1), Buffer.alloc(16 * 1024 * 1024, 2)]))
  assert.equal(String(await storage.read('a/one-two_three.bin')), 'bytes')
  for await (const part of await storage.stream('a/film.mp4', { start: 0, end: 4 })) assert.equal(String(part), 'bytes')
  await storage.sizeOf('a/film.mp4')
  await storage.remove('a')
  assert.deepEqual(wrongs, [])
  assert.deepEqual([...new Set(asked.map(({ method }) => method))].toSorted(), ['GET', 'HEAD', 'POST', 'PUT'])
  assert.ok(asked.some(({ url }) => url.includes('partNumber=2')) && asked.some(({ headers }) => headers['range'] === 'bytes=0-4'))
})

test('a wrong secret is refused', async () => {
  const stranger = openBucket({ ...bucket, secretKey: 'another secret' }, scratch)
  await assert.rejects(stranger.put('a/x', Buffer.from('x')), { name: 'SignatureDoesNotMatch' })
  await assert.rejects(stranger.read('a/x'), { name: 'SignatureDoesNotMatch' })
})

for (const [what, change] of [
  ['body', (request: Asked) => ({ ...request, body: Buffer.from('other') })],
  ['key', (request: Asked) => ({ ...request, url: request.url.replace('a/x', 'a/y') })],
  ['method', (request: Asked) => ({ ...request, method: 'DELETE' })],
  ['time', (request: Asked) => ({ ...request, headers: { ...request.headers, 'x-amz-date': '20260101T000000Z' } })],
] as const)
  test(`a request whose ${what} was changed on its way is refused`, async () => {
    spoil = change
    const storage = openBucket(bucket, scratch)
    await assert.rejects(storage.put('a/x', Buffer.from('bytes')), { name: 'SignatureDoesNotMatch' })
    spoil = undefined
  })
