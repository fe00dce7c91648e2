// TC3-HMAC-SHA256, the request signature of Tencent Cloud.
import { createHash, createHmac } from 'node:crypto'

export type CloudCall = { host: string; service: string; action: string; body: string; seconds: number }

const SIGNED = 'content-type;host;x-tc-action'
export const CONTENT_TYPE = 'application/json; charset=utf-8'

/** The day of the credential is the day in UTC, and header values are lower-cased before they are signed. */
export function authorizeCall(secretId: string, secretKey: string, { host, service, action, body, seconds }: CloudCall): string {
  const day = new Date(seconds * 1000).toISOString().slice(0, 10)
  const scope = `${day}/${service}/tc3_request`
  const headers = `content-type:${CONTENT_TYPE}\nhost:${host.toLowerCase()}\nx-tc-action:${action.toLowerCase()}\n`
  const canonical = `POST\n/\n\n${headers}\n${SIGNED}\n${digest(body)}`
  const text = `TC3-HMAC-SHA256\n${seconds}\n${scope}\n${digest(canonical)}`
  const key = [day, service, 'tc3_request'].reduce<Buffer>(keyed, Buffer.from(`TC3${secretKey}`))
  return `TC3-HMAC-SHA256 Credential=${secretId}/${scope}, SignedHeaders=${SIGNED}, Signature=${keyed(key, text).toString('hex')}`
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

function keyed(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}
