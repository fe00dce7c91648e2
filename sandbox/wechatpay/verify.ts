// Checks who is calling: the Authorization header of WeChat Pay APIv3 over the raw bytes of the request.
import { isSignedBy } from '../keys.ts'
import type { Tenant } from '../records.ts'
import { refusePay } from './refusals.ts'
import type { PayAnswer } from './refusals.ts'
import type { World } from '../world.ts'

export type PayRequest = { method: string; url: string; authorization: string; serial: string; raw: Buffer }
export type Verdict = { tenant: Tenant; nonceReused: boolean } | { refusal: PayAnswer; tenant?: Tenant }

const SCHEME = 'WECHATPAY2-SHA256-RSA2048'
const SKEW_SECONDS = 300

export function verifyRequest(world: World, request: PayRequest): Verdict {
  const space = request.authorization.indexOf(' ')
  if (request.authorization === '' || request.authorization.slice(0, space) !== SCHEME) return { refusal: refusePay('SIGN_ERROR', 'Http头Authorization认证类型不正确') }
  const pairs = readPairs(request.authorization.slice(space + 1))
  const { mchid, nonce_str: nonce, timestamp, serial_no: serial, signature } = pairs
  if (mchid === undefined || nonce === undefined || timestamp === undefined || serial === undefined || signature === undefined || !/^\d{1,12}$/.test(timestamp)) {
    return { refusal: refusePay('SIGN_ERROR', 'Http头Authorization值格式错误，请参考《微信支付商户REST API签名规则》') }
  }
  const tenant = world.state.tables.tenants.get(world.byMchid.get(mchid) ?? '')
  if (tenant === undefined) return { refusal: refusePay('SIGN_ERROR', '商户号不存在') }
  if (serial !== tenant.merchantSerial) return { tenant, refusal: refusePay('SIGN_ERROR', '商户证书序列号有误，请使用签名私钥匹配的证书序列号') }
  if (Math.abs(Date.now() / 1000 - Number(timestamp)) > SKEW_SECONDS) {
    return { tenant, refusal: refusePay('SIGN_ERROR', 'Http头Authorization中的timestamp与发起请求的时间不得超过5分钟') }
  }
  const message = Buffer.concat([Buffer.from(`${request.method}\n${request.url}\n${timestamp}\n${nonce}\n`), request.raw, Buffer.from('\n')])
  if (!isSignedBy(tenant.merchantCertificate, message, signature)) return { tenant, refusal: refuseSignature(request, message) }
  return { tenant, nonceReused: noteNonce(world, `${mchid} ${nonce}`) }
}

function readPairs(text: string): Record<string, string> {
  return Object.fromEntries([...text.matchAll(/([a-z_]+)="([^"]*)"/g)].map((match) => [match[1], match[2]]))
}

function refuseSignature(request: PayRequest, message: Buffer): PayAnswer {
  const text = message.toString('utf8')
  return refusePay('SIGN_ERROR', undefined, {
    field: 'signature',
    issue: 'sign not match',
    location: 'authorization',
    sign_information: {
      method: request.method,
      url: request.url,
      truncated_sign_message: text.length > 256 ? `${text.slice(0, 256)}...` : text,
      sign_message_length: message.length,
    },
  })
}

/** A reused nonce is noted, not refused: the platform documents no refusal for it. */
function noteNonce(world: World, nonce: string): boolean {
  const seen = world.nonces.has(nonce)
  world.nonces.set(nonce, Date.now())
  if (world.nonces.size > 20_000) {
    const oldest = Date.now() - 2 * SKEW_SECONDS * 1000
    for (const [old, at] of world.nonces) if (at < oldest || world.nonces.size > 20_000) world.nonces.delete(old)
  }
  return seen
}
