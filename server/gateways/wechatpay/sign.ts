// Signing what we say to WeChat Pay APIv3: SHA256-RSA2048 over exact bytes.
import { createSign, randomBytes, type KeyObject } from 'node:crypto'

export function newNonce(): string {
  return randomBytes(16).toString('hex')
}

/** RSASSA-PKCS1-v1_5 with SHA-256 over UTF-8 text, base64. */
export function rsaSign(message: string, privateKey: KeyObject | string): string {
  return createSign('RSA-SHA256').update(message, 'utf8').sign(privateKey, 'base64')
}

/** Five lines, each ended by a line feed, also the last and also when the body is empty. */
export function requestMessage(method: string, pathAndQuery: string, timestamp: string, nonce: string, body: string): string {
  return `${method}\n${pathAndQuery}\n${timestamp}\n${nonce}\n${body}\n`
}

export function authorization(merchant: { mchid: string; serial: string; privateKey: KeyObject | string }, asked: { method: string; path: string; body: string }, at: { timestamp: string; nonce: string }): string {
  const signature = rsaSign(requestMessage(asked.method, asked.path, at.timestamp, at.nonce, asked.body), merchant.privateKey)
  return `WECHATPAY2-SHA256-RSA2048 mchid="${merchant.mchid}",nonce_str="${at.nonce}",timestamp="${at.timestamp}",serial_no="${merchant.serial}",signature="${signature}"`
}

/** The signature that wx.requestPayment wants beside `prepay_id=…`. */
export function paySign(appid: string, timestamp: string, nonce: string, prepayId: string, privateKey: KeyObject | string): string {
  return rsaSign(`${appid}\n${timestamp}\n${nonce}\nprepay_id=${prepayId}\n`, privateKey)
}
