// The safe mode of message push: AES-256-CBC with the app's key, the receiver's appid at the end of the text.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

const BLOCK_BYTES = 32
const HEAD_BYTES = 20

export type Opened = { plain: string; receiver: string }

/** 43 characters of the vendor's console are 32 bytes. */
export function readAesKey(text: string): Buffer {
  if (!/^[A-Za-z0-9+/]{43}$/.test(text)) throw new TypeError('the message push key must have 43 characters of base64')
  return Buffer.from(`${text}=`, 'base64')
}

/** Layout: 16 random bytes, length in 4, the message, the receiver; padded to 32. Nothing when any of it is wrong. */
export function openEnvelope(key: Buffer, sealed: string): Opened | undefined {
  const content = decrypt(key, sealed)
  if (content === undefined || content.length < HEAD_BYTES) return undefined
  const end = HEAD_BYTES + content.readUInt32BE(16)
  if (end > content.length) return undefined
  try {
    const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
    return { plain: decoder.decode(content.subarray(HEAD_BYTES, end)), receiver: decoder.decode(content.subarray(end)) }
  } catch {
    return undefined
  }
}

function decrypt(key: Buffer, sealed: string): Buffer | undefined {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(sealed)) return undefined
  try {
    const decipher = createDecipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false)
    const padded = Buffer.concat([decipher.update(Buffer.from(sealed, 'base64')), decipher.final()])
    const padding = padded.at(-1) ?? 0
    const isPadded = padding >= 1 && padding <= BLOCK_BYTES && padding <= padded.length && padded.subarray(-padding).every((byte) => byte === padding)
    return isPadded ? padded.subarray(0, -padding) : undefined
  } catch {
    return undefined
  }
}

export function sealEnvelope(key: Buffer, { plain, receiver }: Opened): string {
  const message = Buffer.from(plain)
  const length = Buffer.alloc(4)
  length.writeUInt32BE(message.length)
  const content = Buffer.concat([randomBytes(16), length, message, Buffer.from(receiver)])
  const padding = BLOCK_BYTES - (content.length % BLOCK_BYTES)
  const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false)
  return Buffer.concat([cipher.update(content), cipher.update(Buffer.alloc(padding, padding)), cipher.final()]).toString('base64')
}
