// Signs what we send to WeChat Pay and what the payer's app is asked to show.
import { createPrivateKey, randomBytes, sign, type KeyObject } from 'node:crypto'
import type { JsapiPayment } from './shapes.ts'

export type Request = { method: string; path: string; timestamp: string; nonce: string; body: string }
export type Merchant = { mchid: string; serial: string; key: KeyObject }

/** Five lines, each ended by a newline, also the empty body's. The path carries its raw query. */
export function composeRequest({ method, path, timestamp, nonce, body }: Request): string {
  return `${method}\n${path}\n${timestamp}\n${nonce}\n${body}\n`
}

export function composeJsapi(appid: string, timestamp: string, nonce: string, prepayId: string): string {
  return `${appid}\n${timestamp}\n${nonce}\nprepay_id=${prepayId}\n`
}

export function signText(key: KeyObject, text: string): string {
  return sign('sha256', Buffer.from(text), key).toString('base64')
}

export function writeAuthorization(merchant: Merchant, request: Request): string {
  const signature = signText(merchant.key, composeRequest(request))
  const pairs = { mchid: merchant.mchid, nonce_str: request.nonce, timestamp: request.timestamp, serial_no: merchant.serial, signature }
  return `WECHATPAY2-SHA256-RSA2048 ${Object.entries(pairs).map(([name, value]) => `${name}="${value}"`).join(',')}`
}

export function signJsapi(key: KeyObject, appid: string, prepayId: string, timeStamp: string, nonceStr: string): JsapiPayment {
  const paySign = signText(key, composeJsapi(appid, timeStamp, nonceStr, prepayId))
  return { appId: appid, timeStamp, nonceStr, package: `prepay_id=${prepayId}`, signType: 'RSA', paySign }
}

export function makeNonce(): string {
  return randomBytes(16).toString('hex')
}

export function secondsOf(now: Date): string {
  return String(Math.floor(now.getTime() / 1000))
}

/** Throws at open, with words for the operator, rather than at the first payment. */
export function readPrivateKey(pem: string): KeyObject {
  const key = createPrivateKey(pem)
  if (key.asymmetricKeyType !== 'rsa') throw new TypeError('the private key of WeChat Pay must be an RSA key')
  return key
}
