// What WeChat Pay encrypts: resources by AEAD_AES_256_GCM, personal fields by RSA-OAEP.
import { X509Certificate, constants, createDecipheriv, privateDecrypt, publicEncrypt, type KeyObject } from 'node:crypto'

const TAG_BYTES = 16

export type Sealed = { ciphertext: string; nonce: string; associated_data?: string }

/** Decrypts, or throws: a key that is not 32 bytes, a nonce that is not 12, or a tag that does not fit. */
export function decryptResource(apiv3Key: string, sealed: Sealed): string {
  const key = Buffer.from(apiv3Key, 'utf8')
  const nonce = Buffer.from(sealed.nonce, 'utf8')
  const bytes = Buffer.from(sealed.ciphertext, 'base64')
  if (key.length !== 32) throw new RangeError('the APIv3 key must have 32 bytes')
  if (nonce.length !== 12) throw new RangeError('the nonce must have 12 bytes')
  if (bytes.length < TAG_BYTES) throw new RangeError('the ciphertext is shorter than its tag')
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES })
  decipher.setAAD(Buffer.from(sealed.associated_data ?? '', 'utf8'))
  decipher.setAuthTag(bytes.subarray(bytes.length - TAG_BYTES))
  const plain = Buffer.concat([decipher.update(bytes.subarray(0, bytes.length - TAG_BYTES)), decipher.final()])
  return plain.toString('utf8')
}

/** Tries the current key, then the previous one: a notice may have been sealed before the key was changed. */
export function decryptWithAny(apiv3Keys: string[], sealed: Sealed): string | undefined {
  for (const key of apiv3Keys) {
    try {
      return decryptResource(key, sealed)
    } catch {
      continue
    }
  }
  return undefined
}

/** The certificates inside a `/v3/certificates` answer. */
export function decryptCertificates(apiv3Key: string, body: string): X509Certificate[] {
  const answer = JSON.parse(body) as { data: { encrypt_certificate: Sealed }[] }
  return answer.data.map((entry) => new X509Certificate(decryptResource(apiv3Key, entry.encrypt_certificate)))
}

export function decryptField(privateKey: KeyObject | string, ciphertext: string): string {
  return privateDecrypt({ key: privateKey as string, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' }, Buffer.from(ciphertext, 'base64')).toString('utf8')
}

export function encryptField(publicKey: KeyObject | string, text: string): string {
  return publicEncrypt({ key: publicKey as string, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' }, Buffer.from(text, 'utf8')).toString('base64')
}
