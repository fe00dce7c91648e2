// Keys and seals: RSA pairs, the signatures of WeChat Pay, AES-GCM envelopes, random words.
import { createCipheriv, createPrivateKey, createPublicKey, generateKeyPair, randomBytes, sign, verify } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { promisify } from 'node:util'

const makePair = promisify(generateKeyPair)
const parsed = new Map<string, KeyObject>()

export type RsaPair = { privateKey: string; publicKey: string }

export async function makeRsaPair(): Promise<RsaPair> {
  const pair = await makePair('rsa', { modulusLength: 2048 })
  return {
    privateKey: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicKey: pair.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  }
}

export function privateKeyOf(pem: string): KeyObject {
  return remember(pem, createPrivateKey)
}

/** The public key of a private key's, a public key's or a certificate's PEM. */
export function publicKeyOf(pem: string): KeyObject {
  return remember(`public ${pem}`, () => createPublicKey(pem))
}

/** Signs in the thread pool: hundreds of answers a second must not queue behind each other. */
export function signText(privateKeyPem: string, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    sign('sha256', Buffer.from(text), privateKeyOf(privateKeyPem), (error, signature) => (error ? reject(error) : resolve(signature.toString('base64'))))
  })
}

export function isSignedBy(pem: string, text: Buffer, signature: string): boolean {
  return verify('sha256', text, publicKeyOf(pem), Buffer.from(signature, 'base64'))
}

export function sealGcm(key: string, plain: string, associatedData: string): { ciphertext: string; nonce: string; associated_data: string; algorithm: string } {
  const nonce = randomWord(12)
  const cipher = createCipheriv('aes-256-gcm', Buffer.from(key), Buffer.from(nonce))
  cipher.setAAD(Buffer.from(associatedData))
  const sealed = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()])
  return { algorithm: 'AEAD_AES_256_GCM', ciphertext: sealed.toString('base64'), associated_data: associatedData, nonce }
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

export function randomWord(length: number, letters = LETTERS): string {
  return Array.from(randomBytes(length), (byte) => letters[byte % letters.length]).join('')
}

export function randomDigits(length: number): string {
  return randomWord(length, '0123456789')
}

export function randomHex(length: number): string {
  return randomBytes(Math.ceil(length / 2)).toString('hex').slice(0, length).toUpperCase()
}

function remember(pem: string, parse: (pem: string) => KeyObject): KeyObject {
  const known = parsed.get(pem)
  if (known !== undefined) return known
  const key = parse(pem)
  parsed.set(pem, key)
  return key
}
