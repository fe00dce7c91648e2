// Writes a zip archive as Windows programs do: deflated entries, names as the bytes that are given.
import { crc32, deflateRawSync } from 'node:zlib'

export type ZipEntry = { name: Buffer; bytes: Buffer }

const LOCAL = 0x04034b50
const CENTRAL = 0x02014b50
const END = 0x06054b50
const VERSION = 20
const DEFLATED = 8

export function writeZip(entries: ZipEntry[]): Buffer {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const { name, bytes } of entries) {
    const packed = deflateRawSync(bytes)
    const facts = describe(bytes, packed, name.length)
    const local = Buffer.concat([numbers([LOCAL, 4], [VERSION, 2]), facts, numbers([0, 2]), name, packed])
    directory.push(Buffer.concat([numbers([CENTRAL, 4], [VERSION, 2], [VERSION, 2]), facts, numbers([0, 2], [0, 2], [0, 2], [0, 2], [0, 4], [offset, 4]), name]))
    parts.push(local)
    offset += local.length
  }
  const central = Buffer.concat(directory)
  return Buffer.concat([...parts, central, numbers([END, 4], [0, 2], [0, 2], [entries.length, 2], [entries.length, 2], [central.length, 4], [offset, 4], [0, 2])])
}

/** What the local header and the directory say alike: flags, method, time, date, sum, sizes, length of the name. */
function describe(bytes: Buffer, packed: Buffer, nameLength: number): Buffer {
  return numbers([0, 2], [DEFLATED, 2], [0, 2], [0x21, 2], [crc32(bytes), 4], [packed.length, 4], [bytes.length, 4], [nameLength, 2])
}

function numbers(...all: [value: number, sizeBytes: 2 | 4][]): Buffer {
  return Buffer.concat(all.map(([value, sizeBytes]) => {
    const bytes = Buffer.alloc(sizeBytes)
    if (sizeBytes === 2) bytes.writeUInt16LE(value)
    else bytes.writeUInt32LE(value)
    return bytes
  }))
}
