// The message push of WeChat in safe mode: encrypted to the app's key, signed with its token, in JSON or XML.
import { createCipheriv, createHash, randomBytes } from 'node:crypto'
import { sendNotice } from '../deliveries.ts'
import { randomDigits } from '../keys.ts'
import type { Delivery, Tenant } from '../records.ts'
import type { Carrier, World } from '../world.ts'

export type PushEvent = { event: string; openid: string; subject: string; fields: Record<string, unknown> }

/** Nothing is sent while the app has no push address, as in the vendor's console. */
export function pushEvent(world: World, tenant: Tenant, push: PushEvent): void {
  if (tenant.pushUrl === undefined) return
  const told = { ToUserName: tenant.account, FromUserName: push.openid, CreateTime: Math.floor(Date.now() / 1000), MsgType: 'event', Event: push.event, ...push.fields }
  const plain = JSON.stringify(told)
  sendNotice(world, tenant, { kind: 'push', event: push.event, subject: push.subject, url: tenant.pushUrl, body: plain, plain })
}

export const pushCarrier: Carrier = { compose: composePush, accepts: acceptsPush }

async function composePush(tenant: Tenant, delivery: Delivery, trick: string | undefined): Promise<{ url: string; headers: Record<string, string>; body: string }> {
  const told: Record<string, unknown> = { ...(JSON.parse(delivery.plain) as Record<string, unknown>), RetryTimes: delivery.tries }
  const plain = tenant.pushFormat === 'json' ? JSON.stringify(told) : `<xml>${toXml(told)}</xml>`
  const skew = trick === 'stale_notice' ? -3600 : trick === 'future_notice' ? 3600 : 0
  const timestamp = String(Math.floor(Date.now() / 1000) + skew)
  const nonce = randomDigits(9)
  const sealed = sealPush(tenant.pushAesKey, plain, trick === 'wrong_appid_tail' ? 'wx0000000000000000' : tenant.appid)
  const sent = trick === 'tamper_notice' ? `${sealed[0] === 'A' ? 'B' : 'A'}${sealed.slice(1)}` : sealed
  const token = trick === 'forge_notice' ? 'not-the-token' : tenant.pushToken
  const query = new URLSearchParams({
    signature: digestSorted([token, timestamp, nonce]), timestamp, nonce, openid: String(told['OpenId'] ?? told['FromUserName']), encrypt_type: 'aes',
    ...(trick === 'unsigned_notice' ? {} : { msg_signature: digestSorted([token, timestamp, nonce, trick === 'tamper_notice' ? sealed : sent]) }),
  })
  const body = tenant.pushFormat === 'json' ? JSON.stringify({ ToUserName: tenant.account, Encrypt: sent }) : `<xml>${toXml({ ToUserName: tenant.account, Encrypt: sent })}</xml>`
  return { url: `${delivery.url}${delivery.url.includes('?') ? '&' : '?'}${query}`, headers: { 'Content-Type': tenant.pushFormat === 'json' ? 'application/json' : 'text/xml', 'User-Agent': 'Mozilla/4.0' }, body }
}

/** Virtual payment counts a push as received only when the answer's ErrCode is 0. */
function acceptsPush(status: number, body: string): boolean {
  if (status !== 200) return false
  if (/<ErrCode>\s*(<!\[CDATA\[)?0(\]\]>)?\s*<\/ErrCode>/.test(body)) return true
  try {
    const answer: unknown = JSON.parse(body)
    return typeof answer === 'object' && answer !== null && (answer as Record<string, unknown>)['ErrCode'] === 0
  } catch {
    return false
  }
}

/** The address check of the vendor's console: the product must give back the echo string it was sent. */
export function makeUrlCheck(tenant: Tenant, url: string): { url: string; echo: string } {
  const timestamp = String(Math.floor(Date.now() / 1000))
  const nonce = randomDigits(9)
  const echo = randomDigits(16)
  return { url: `${url}?${new URLSearchParams({ signature: digestSorted([tenant.pushToken, timestamp, nonce]), timestamp, nonce, echostr: echo })}`, echo }
}

function sealPush(aesKey: string, plain: string, receiver: string): string {
  const key = Buffer.from(`${aesKey}=`, 'base64')
  const message = Buffer.from(plain)
  const length = Buffer.alloc(4)
  length.writeUInt32BE(message.length)
  const content = Buffer.concat([randomBytes(16), length, message, Buffer.from(receiver)])
  const missing = 32 - (content.length % 32)
  const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false)
  return Buffer.concat([cipher.update(Buffer.concat([content, Buffer.alloc(missing, missing)])), cipher.final()]).toString('base64')
}

function digestSorted(words: string[]): string {
  return createHash('sha1').update(words.toSorted().join('')).digest('hex')
}

function toXml(fields: Record<string, unknown>): string {
  return Object.entries(fields).map(([name, value]) => `<${name}>${xmlValue(value)}</${name}>`).join('')
}

function xmlValue(value: unknown): string {
  if (typeof value === 'number') return String(value)
  if (typeof value === 'object' && value !== null) return toXml(value as Record<string, unknown>)
  return `<![CDATA[${String(value).replaceAll(']]>', ']]]]><![CDATA[>')}]]>`
}
