// Finds files in a zip archive that a vendor sent, and unpacks them as streams.
import { Readable } from 'node:stream'
import { crc32, createInflateRaw } from 'node:zlib'

/** `name` are the bytes of the name: a zip does not say in which script they are. */
export type ZipFile = { name: Buffer; sizeBytes: number; sum: number; unpack(): AsyncIterable<Buffer> }

const LOCAL = 0x04034b50
const CENTRAL = 0x02014b50
const END = 0x06054b50
const END_BYTES = 22
const COMMENT_BYTES = 65_535
const STORED = 0
const DEFLATED = 8

/** Undefined when it is not a whole archive. Archives beyond four gigabytes are not read. */
export function openZip(bytes: Buffer): ZipFile[] | undefined {
  try {
    const end = findEnd(bytes)
    if (end === undefined) return undefined
    const files: ZipFile[] = []
    let at = bytes.readUInt32LE(end + 16)
    for (let left = bytes.readUInt16LE(end + 10); left > 0; left -= 1) {
      if (bytes.readUInt32LE(at) !== CENTRAL) return undefined
      const file = readFile(bytes, at)
      if (file === undefined) return undefined
      files.push(file)
      at += 46 + bytes.readUInt16LE(at + 28) + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32)
    }
    return files
  } catch {
    return undefined
  }
}

function findEnd(bytes: Buffer): number | undefined {
  for (let at = bytes.length - END_BYTES; at >= 0 && at >= bytes.length - END_BYTES - COMMENT_BYTES; at -= 1) if (bytes.readUInt32LE(at) === END) return at
  return undefined
}

function readFile(bytes: Buffer, at: number): ZipFile | undefined {
  const [method, sum, packedBytes, sizeBytes] = [bytes.readUInt16LE(at + 10), bytes.readUInt32LE(at + 16), bytes.readUInt32LE(at + 20), bytes.readUInt32LE(at + 24)]
  const [nameBytes, local] = [bytes.readUInt16LE(at + 28), bytes.readUInt32LE(at + 42)]
  if (bytes.readUInt32LE(local) !== LOCAL || (method !== STORED && method !== DEFLATED)) return undefined
  const begin = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28)
  if (begin + packedBytes > bytes.length) return undefined
  const packed = bytes.subarray(begin, begin + packedBytes)
  return { name: bytes.subarray(at + 46, at + 46 + nameBytes), sizeBytes, sum, unpack: () => checked(method === STORED ? Readable.from([packed]) : inflate(packed), { sizeBytes, sum }) }
}

function inflate(packed: Buffer): AsyncIterable<Buffer> {
  const stream = createInflateRaw()
  stream.end(packed)
  return stream as AsyncIterable<Buffer>
}

/** Throws at the end when it was not what the archive says, and as soon as it is more than that. */
async function* checked(chunks: AsyncIterable<Buffer>, told: { sizeBytes: number; sum: number }): AsyncGenerator<Buffer, void> {
  let [length, sum] = [0, 0]
  for await (const chunk of chunks) {
    length += chunk.length
    sum = crc32(chunk, sum)
    if (length > told.sizeBytes) throw new RangeError('a file of a zip is longer than it says')
    yield chunk
  }
  if (length !== told.sizeBytes || sum !== told.sum) throw new RangeError('a file of a zip is not what it says')
}
