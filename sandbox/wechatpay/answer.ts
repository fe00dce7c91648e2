// Signs what WeChat Pay answers — successes, refusals and empty bodies alike — with the key the caller asked for.
import { randomUUID } from 'node:crypto'
import { randomHex, randomWord, signText } from '../keys.ts'
import type { Fault, Tenant } from '../records.ts'
import type { PayAnswer } from './refusals.ts'

export type Sealed = { status: number; headers: Record<string, string>; body: string }
export type PlatformKey = { serial: string; privateKey: string }

/** The platform's keys of a merchant; during a gray switch there are two, the certificate first. */
export function platformKeys(tenant: Tenant): PlatformKey[] {
  const keys: PlatformKey[] = []
  if (tenant.platformSerial !== undefined && tenant.platformPrivateKey !== undefined) keys.push({ serial: tenant.platformSerial, privateKey: tenant.platformPrivateKey })
  if (tenant.publicKeyId !== undefined && tenant.publicKeyPrivate !== undefined) keys.push({ serial: tenant.publicKeyId, privateKey: tenant.publicKeyPrivate })
  return keys
}

export async function sealAnswer(tenant: Tenant | undefined, wantedSerial: string, answer: PayAnswer, forgery?: Fault): Promise<Sealed> {
  const body = answer.body === undefined ? '' : JSON.stringify(answer.body)
  const headers: Record<string, string> = {
    'Content-Type': 'application/json; charset=utf-8',
    'Request-Id': `08${randomHex(30)}-${answer.code ?? 0}`,
    'Cache-Control': 'no-cache, must-revalidate',
    'Keep-Alive': 'timeout=60',
  }
  if (tenant === undefined) return { status: answer.status, headers, body }
  return { status: answer.status, body, headers: { ...headers, ...(await signHeaders(tenant, wantedSerial, body, forgery)) } }
}

async function signHeaders(tenant: Tenant, wantedSerial: string, body: string, forgery: Fault | undefined): Promise<Record<string, string>> {
  const keys = platformKeys(tenant)
  const key = keys.find((one) => one.serial === wantedSerial) ?? keys[0]
  if (key === undefined) return {}
  const how = forgery === undefined ? undefined : String(forgery['how'] ?? 'wrong_key')
  if (how === 'no_signature') return {}
  const timestamp = Math.floor(Date.now() / 1000) - (how === 'stale_timestamp' ? 3600 : 0)
  const nonce = randomUUID().replaceAll('-', '')
  const signer = how === 'wrong_key' ? tenant.merchantPrivateKey : key.privateKey
  return {
    'Wechatpay-Timestamp': String(timestamp),
    'Wechatpay-Nonce': nonce,
    'Wechatpay-Signature': await signText(signer, `${timestamp}\n${nonce}\n${how === 'other_body' ? `${body} ` : body}\n`),
    'Wechatpay-Signature-Type': 'WECHATPAY2-SHA256-RSA2048',
    'Wechatpay-Serial': how === 'unknown_serial' ? `PUB_KEY_ID_01${randomWord(30, '0123456789')}` : key.serial,
  }
}
