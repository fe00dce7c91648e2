// Encrypting HLS segments: AES-128-CBC, a key for each group of segments, all from the title's master key.
import { createCipheriv, hkdfSync } from 'node:crypto'

/** Sixteen bytes for one group. */
export function groupKey(master: Buffer, group: number): Buffer {
  return Buffer.from(hkdfSync('sha256', master, 'segments', `group ${group}`, 16))
}

/** AES-128-CBC with the segment's number as its vector, as HLS has it by default. */
export function encryptSegment(master: Buffer, group: number, segment: number, bytes: Buffer): Buffer {
  const vector = Buffer.alloc(16)
  vector.writeUInt32BE(segment, 12)
  const cipher = createCipheriv('aes-128-cbc', groupKey(master, group), vector)
  return Buffer.concat([cipher.update(bytes), cipher.final()])
}
