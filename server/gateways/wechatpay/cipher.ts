// Opens what WeChat Pay seals: AES-256-GCM with the APIv3 key, RSA-OAEP for personal fields.
import { constants, createDecipheriv, createSecretKey, privateDecrypt, publicEncrypt, type KeyObject } from 'node:crypto'

export type Sealed = { nonce: string; associatedData: string; ciphertext: string }

const TAG_BYTES = 16
const NONCE_BYTES = 12

/** Exactly 32 bytes; a shorter key would quietly become another cipher. */
export function readApiv3Key(text: string): KeyObject {
  const bytes = Buffer.from(text)
  if (bytes.length !== 32) throw new TypeError(`the APIv3 key must have 32 bytes, not ${bytes.length}`)
  return createSecretKey(bytes)
}

/** Tries the current key, then the previous one; nothing when no key fits, the tag is wrong or the text is not UTF-8. */
export function openSealed(keys: KeyObject[], sealed: Sealed): string | undefined {
  for (const key of keys) {
    const plain = openWith(key, sealed)
    if (plain !== undefined) return plain
  }
  return undefined
}

function openWith(key: KeyObject, { nonce, associatedData, ciphertext }: Sealed): string | undefined {
  const iv = Buffer.from(nonce)
  const bytes = readBase64(ciphertext)
  if (bytes === undefined || bytes.length < TAG_BYTES || iv.length !== NONCE_BYTES) return undefined
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: TAG_BYTES })
    decipher.setAAD(Buffer.from(associatedData))
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES))
    const plain = Buffer.concat([decipher.update(bytes.subarray(0, -TAG_BYTES)), decipher.final()])
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(plain)
  } catch {
    return undefined
  }
}

/** For names and bank accounts; the key is the one named in the request's Wechatpay-Serial. */
export function sealField(key: KeyObject, text: string): string {
  return publicEncrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' }, Buffer.from(text)).toString('base64')
}

export function openField(key: KeyObject, ciphertext: string): string | undefined {
  const bytes = readBase64(ciphertext)
  if (bytes === undefined) return undefined
  try {
    return privateDecrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' }, bytes).toString('utf8')
  } catch {
    return undefined
  }
}

function readBase64(text: string): Buffer | undefined {
  return text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text) ? Buffer.from(text, 'base64') : undefined
}
