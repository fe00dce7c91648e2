// Encryption at rest and keyed fingerprints, all derived from the one secret.
import { createCipheriv, createDecipheriv, createHash, createHmac, createSecretKey, hkdfSync, randomBytes, timingSafeEqual, type KeyObject } from 'node:crypto'

const derived = new Map<string, Buffer>()

/** A 32-byte key for one purpose. */
export function deriveKey(secret: string, purpose: string): Buffer {
  const name = `${purpose}\0${secret}`
  const known = derived.get(name)
  if (known) return known
  const key = Buffer.from(hkdfSync('sha256', secret, 'shuyuan', purpose, 32))
  derived.set(name, key)
  return key
}

/** AES-256-GCM: nonce, tag and ciphertext in one base64url text. */
export function seal(secret: string, purpose: string, text: string): string {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', deriveKey(secret, purpose), nonce)
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url')
}

/** Throws when the text was changed or sealed with another secret. */
export function unseal(secret: string, purpose: string, sealed: string): string {
  const bytes = Buffer.from(sealed, 'base64url')
  const decipher = createDecipheriv('aes-256-gcm', deriveKey(secret, purpose), bytes.subarray(0, 12))
  decipher.setAuthTag(bytes.subarray(12, 28))
  return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8')
}

/** The same text gives the same fingerprint; without the secret nobody can go back or try numbers. */
export function fingerprint(secret: string, purpose: string, text: string): string {
  return createHmac('sha256', macKey(secret, purpose)).update(text).digest('base64url')
}

const macKeys = new Map<string, KeyObject>()

/** Made once: making it costs five times the fingerprint, and every segment that is played asks for one. */
function macKey(secret: string, purpose: string): KeyObject {
  const name = `${purpose}\0${secret}`
  const known = macKeys.get(name)
  if (known) return known
  const key = createSecretKey(deriveKey(secret, purpose))
  macKeys.set(name, key)
  return key
}

export function newToken(): string {
  return randomBytes(32).toString('base64url')
}

/** How a token is kept: only its hash. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('base64url')
}

/** `payload.mac`: readable by anyone, makeable only here. */
export function signText(secret: string, purpose: string, text: string): string {
  const payload = Buffer.from(text).toString('base64url')
  return `${payload}.${fingerprint(secret, purpose, payload)}`
}

const opened = new Map<string, string>()
const MOST_OPENED = 2000

/** The text of a token that signText made; undefined for any other. A token that comes again and again, as a player's does with every segment, is opened once. */
export function openSigned(secret: string, purpose: string, token: string): string | undefined {
  const name = `${token} ${purpose} ${secret}`
  const known = opened.get(name)
  if (known !== undefined) return known
  const [payload = '', mac = ''] = token.split('.')
  const expected = Buffer.from(fingerprint(secret, purpose, payload))
  const given = Buffer.from(mac)
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined
  const text = Buffer.from(payload, 'base64url').toString('utf8')
  if (opened.size >= MOST_OPENED) opened.clear()
  opened.set(name, text)
  return text
}
