// Alipay's signatures on the platform's side: over sorted parameters, and over the text of an answer's node.
import { isSignedBy, randomDigits, signText } from '../keys.ts'
import type { Tenant } from '../records.ts'
import type { MakePair } from '../stock.ts'
import type { World } from '../world.ts'
import type { AlipayApp } from './records.ts'

export async function makeAlipayApp(makePair: MakePair): Promise<AlipayApp> {
  const [app, platform] = [await makePair(), await makePair()]
  return {
    appid: `2021${randomDigits(12)}`, sellerId: `2088${randomDigits(12)}`,
    appPrivateKey: app.privateKey, appPublicKey: app.publicKey, platformPrivateKey: platform.privateKey, platformPublicKey: platform.publicKey,
  }
}

export function findAlipayTenant(world: World, appid: string): Tenant | undefined {
  for (const tenant of world.state.tables.tenants.values()) if (tenant.alipay?.appid === appid) return tenant
  return undefined
}

/** What is signed of a request: everything but the signature. Of a notice: not its type either. */
export function joinSorted(params: Record<string, string>, without: string[]): string {
  return Object.keys(params).filter((name) => !without.includes(name) && params[name] !== '').toSorted().map((name) => `${name}=${params[name]}`).join('&')
}

export function isAskSigned(app: AlipayApp, params: Record<string, string>): boolean {
  return isSignedBy(app.appPublicKey, Buffer.from(joinSorted(params, ['sign'])), params['sign'] ?? '')
}

export function signAsAlipay(app: AlipayApp, text: string): Promise<string> {
  return signText(app.platformPrivateKey, text)
}

/** `2026-11-21 09:30:00`, in Beijing's time. */
export function alipayTime(ms: number): string {
  return new Date(ms + 8 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ')
}

export function readAlipayTime(text: string): number {
  return Date.parse(`${text.replace(' ', 'T')}+08:00`)
}

export function yuan(cents: number): string {
  return (cents / 100).toFixed(2)
}

/** Undefined for anything but digits with at most two after the point. */
export function readYuan(text: unknown): number | undefined {
  return typeof text === 'string' && /^\d{1,9}(\.\d{1,2})?$/.test(text) ? Math.round(Number(text) * 100) : undefined
}
