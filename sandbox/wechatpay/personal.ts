// Personal fields as callers seal them for the platform: RSA-OAEP with SHA-1, for the key that the request names.
import { constants, privateDecrypt } from 'node:crypto'
import { privateKeyOf } from '../keys.ts'
import type { Tenant } from '../records.ts'
import { platformKeys } from './answer.ts'

/** Nothing when it was sealed for another key, or not at all. */
export function openPersonal(tenant: Tenant, serial: string, sealed: unknown): string | undefined {
  const key = platformKeys(tenant).find((one) => one.serial === serial)
  if (key === undefined || typeof sealed !== 'string') return undefined
  try {
    return privateDecrypt({ key: privateKeyOf(key.privateKey), padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' }, Buffer.from(sealed, 'base64')).toString('utf8')
  } catch {
    return undefined
  }
}
