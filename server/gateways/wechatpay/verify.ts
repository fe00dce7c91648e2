// Believes WeChat Pay only by its signature: the platform's keys by exact serial, and the four headers in their order.
import { createPublicKey, verify, X509Certificate, type KeyObject } from 'node:crypto'
import type { Headers, NoticeRefusal } from './shapes.ts'

/** As much as either side lets the other's clock differ. */
export const SKEW_SECONDS = 300
const PROBE = 'WECHATPAY/SIGNTEST/'

type PlatformKey = { key: KeyObject; validUntil: number }
export type Keyring = Map<string, PlatformKey>
export type Verdict = { ok: true; serial: string } | { ok: false; reason: Exclude<NoticeRefusal, 'not_configured'> }

/** Public keys and certificates stand side by side: during a gray switch both sign. */
export function openKeyring(given: { publicKeyId: string; publicKey: string; platformCerts: string }): Keyring {
  const keyring: Keyring = new Map()
  if (given.publicKeyId !== '' && given.publicKey !== '') keyring.set(given.publicKeyId, { key: createPublicKey(given.publicKey), validUntil: Infinity })
  for (const certificate of readCertificates(given.platformCerts)) addCertificate(keyring, certificate)
  return keyring
}

export function readCertificates(pem: string): X509Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? []
  return blocks.map((block) => new X509Certificate(block))
}

export function addCertificate(keyring: Keyring, certificate: X509Certificate): void {
  keyring.set(certificate.serialNumber, { key: certificate.publicKey, validUntil: certificate.validToDate.getTime() })
}

/** An unknown serial is refused and nothing is fetched because of it: strangers must not make us call out. */
export function verifySigned(keyring: Keyring, headers: Headers, body: Buffer | string, now: Date): Verdict {
  const [timestamp, nonce, signature, serial] = ['timestamp', 'nonce', 'signature', 'serial'].map((name) => headerOf(headers, `wechatpay-${name}`))
  if (!timestamp || !nonce || !signature || !serial) return { ok: false, reason: 'header_missing' }
  if (!/^\d{1,12}$/.test(timestamp)) return { ok: false, reason: 'timestamp_malformed' }
  if (Math.abs(now.getTime() / 1000 - Number(timestamp)) > SKEW_SECONDS) return { ok: false, reason: 'timestamp_skewed' }
  const known = keyring.get(serial)
  if (known === undefined || known.validUntil < now.getTime()) return { ok: false, reason: 'serial_unknown' }
  if (signature.startsWith(PROBE)) return { ok: false, reason: 'signature_probe' }
  if (!isSignedBy(known.key, { timestamp, nonce, body, signature })) return { ok: false, reason: 'signature_wrong' }
  return { ok: true, serial }
}

export type Signed = { timestamp: string; nonce: string; body: Buffer | string; signature: string }

export function isSignedBy(key: KeyObject, { timestamp, nonce, body, signature }: Signed): boolean {
  const message = Buffer.concat([Buffer.from(`${timestamp}\n${nonce}\n`), Buffer.from(body), Buffer.from('\n')])
  return /^[A-Za-z0-9+/]+={0,2}$/.test(signature) && verify('sha256', message, key, Buffer.from(signature, 'base64'))
}

/** A header sent twice is no header: nobody could say which one was signed. */
function headerOf(headers: Headers, name: string): string | undefined {
  const found = Object.entries(headers).filter(([given]) => given.toLowerCase() === name)
  const value = found.length === 1 ? found[0]?.[1] : undefined
  return typeof value === 'string' ? value : undefined
}
