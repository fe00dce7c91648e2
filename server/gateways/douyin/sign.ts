// Signs orders for Douyin's client, and believes Douyin's callbacks by their signature.
import { createPrivateKey, createPublicKey, randomBytes, sign, verify, type KeyObject } from 'node:crypto'

export type Signable = { method: string; uri: string; timestamp: string; nonce: string; body: string }
export type Signer = { appid: string; keyVersion: string; key: KeyObject; quotes: boolean }

/** Five lines, each ended by a newline. */
export function composeOrder({ method, uri, timestamp, nonce, body }: Signable): string {
  return `${method}\n${uri}\n${timestamp}\n${nonce}\n${body}\n`
}

export function signOrder(key: KeyObject, order: Signable): string {
  return sign('sha256', Buffer.from(composeOrder(order)), key).toString('base64')
}

/** With or without quotes around the values: the platform's own pages show both. */
export function writeAuthorization({ appid, keyVersion, key, quotes }: Signer, order: Signable): string {
  const pairs = { appid, nonce_str: order.nonce, timestamp: order.timestamp, key_version: keyVersion, signature: signOrder(key, order) }
  const quote = quotes ? '"' : ''
  return `SHA256-RSA2048 ${Object.entries(pairs).map(([name, value]) => `${name}=${quote}${value}${quote}`).join(',')}`
}

/** The signature covers the bytes as they came, never a body written anew. */
export function isCallbackSigned(key: KeyObject, { timestamp, nonce, body, signature }: { timestamp: string; nonce: string; body: Buffer | string; signature: string }): boolean {
  const message = Buffer.concat([Buffer.from(`${timestamp}\n${nonce}\n`), Buffer.from(body), Buffer.from('\n')])
  return /^[A-Za-z0-9+/]+={0,2}$/.test(signature) && verify('sha256', message, key, Buffer.from(signature, 'base64'))
}

export function makeNonce(): string {
  return randomBytes(16).toString('hex').toUpperCase()
}

/** Throws at open, with words for the operator, rather than at the first payment. */
export function readKeys(config: { privateKey: string; platformPublicKey: string }): { own: KeyObject; theirs: KeyObject } {
  const [own, theirs] = [createPrivateKey(config.privateKey), createPublicKey(config.platformPublicKey)]
  if (own.asymmetricKeyType !== 'rsa' || theirs.asymmetricKeyType !== 'rsa') throw new TypeError('the keys of Douyin must be RSA keys')
  if (createPublicKey(own).equals(theirs)) throw new TypeError("DOUYIN_PLATFORM_PUBLIC_KEY is the app's own public key; the platform's is needed")
  return { own, theirs }
}
