// Believing what WeChat Pay says: headers, clock, the key named by its serial, and the signature over the raw bytes.
import { X509Certificate, createPublicKey, createVerify, type KeyObject } from 'node:crypto'

export type Keys = ReadonlyMap<string, KeyObject>
export type Headers = Record<string, string | string[] | undefined>
export type Doubt = 'header_missing' | 'timestamp_malformed' | 'timestamp_skewed' | 'serial_unknown' | 'signature_probe' | 'signature_wrong'

const MOST_SKEW_SECONDS = 300

/** Keys by serial: the WeChat Pay public key by its PUB_KEY_ID, platform certificates by their hex serial. Several may stand side by side. */
export function readKeys(config: { publicKeyId: string; publicKey: string; platformCerts: string }): Map<string, KeyObject> {
  const keys = new Map<string, KeyObject>()
  if (config.publicKeyId && config.publicKey) keys.set(config.publicKeyId, createPublicKey(config.publicKey))
  for (const pem of config.platformCerts.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []) {
    const certificate = new X509Certificate(pem)
    keys.set(certificate.serialNumber.toUpperCase(), certificate.publicKey)
  }
  return keys
}

export function verifyMessage(timestamp: string, nonce: string, body: string, signature: string, key: KeyObject | string): boolean {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(signature)) return false
  return createVerify('RSA-SHA256').update(`${timestamp}\n${nonce}\n${body}\n`, 'utf8').verify(key, signature, 'base64')
}

/** Undefined when the message is WeChat Pay's own and fresh; otherwise the first reason to doubt it. */
export function doubtMessage(headers: Headers, body: string, keys: Keys, nowSeconds: number): Doubt | undefined {
  const [timestamp, nonce, signature, serial] = ['wechatpay-timestamp', 'wechatpay-nonce', 'wechatpay-signature', 'wechatpay-serial'].map((name) => one(headers, name))
  if (!timestamp || !nonce || !signature || !serial) return 'header_missing'
  if (!/^\d{1,12}$/.test(timestamp)) return 'timestamp_malformed'
  if (Math.abs(nowSeconds - Number(timestamp)) > MOST_SKEW_SECONDS) return 'timestamp_skewed'
  if (signature.startsWith('WECHATPAY/SIGNTEST/')) return 'signature_probe'
  const key = keys.get(serial)
  if (!key) return 'serial_unknown'
  return verifyMessage(timestamp, nonce, body, signature, key) ? undefined : 'signature_wrong'
}

function one(headers: Headers, name: string): string | undefined {
  const found = Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1]
  return typeof found === 'string' ? found : undefined
}
