// The common threshold of api.weixin.qq.com: reading bodies, knowing tokens, refusing with errcode.
import { randomHex } from '../keys.ts'
import type { Tenant } from '../records.ts'
import { clockOf } from '../world.ts'
import type { World } from '../world.ts'

export type PlatformRefusal = { errcode: number; errmsg: string }

export function refusePlatform(errcode: number, errmsg: string): PlatformRefusal {
  return { errcode, errmsg: `${errmsg} rid: ${randomHex(8).toLowerCase()}-${randomHex(8).toLowerCase()}-${randomHex(8).toLowerCase()}` }
}

/** What a limit by the minute says, whichever interface it is of. */
export function refuseTooMany(): PlatformRefusal {
  return refusePlatform(45011, 'api minute-quota reach limit, must slower, retry next minute')
}

export function tenantOfToken(world: World, query: unknown): Tenant | PlatformRefusal {
  const value = (query as Record<string, unknown>)['access_token']
  if (typeof value !== 'string' || value === '') return refusePlatform(41001, 'access_token missing')
  const tenant = world.state.tables.tenants.get(world.byToken.get(value) ?? '')
  if (tenant?.token === undefined || tenant.token.value !== value) return refusePlatform(40001, 'invalid credential, access_token is invalid or not latest')
  if (tenant.token.expiresAtMs <= clockOf(world, tenant.appid).now()) return refusePlatform(42001, 'access_token expired')
  return tenant
}

export function readJson(raw: unknown): Record<string, unknown> {
  if (!Buffer.isBuffer(raw) || raw.length === 0) return {}
  try {
    const value: unknown = JSON.parse(raw.toString('utf8'))
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}
