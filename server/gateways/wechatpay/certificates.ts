// Fetches the platform's certificates for merchants that still have them: sealed with the APIv3 key, at most once an hour.
import type { KeyObject, X509Certificate } from 'node:crypto'
import { fieldsOf, listOf, readJson, textOf, type Fields } from '../fields.ts'
import { done, unknown, type Answer } from '../wire.ts'
import { openSealed } from './cipher.ts'
import { readDistrust, readRefusal, sendSigned, type Line } from './exchange.ts'
import { addCertificate, readCertificates, verifySigned, type Keyring } from './verify.ts'

const PAUSE_MS = 3_600_000

export function openRefresher(line: Line, apiv3Keys: KeyObject[]): () => Promise<Answer<{ serials: string[] }>> {
  let triedAtMs = -Infinity
  return async () => {
    const nowMs = line.now().getTime()
    if (nowMs - triedAtMs < PAUSE_MS) return { outcome: 'refused', code: 'TOO_SOON', message: 'certificates are fetched at most once an hour', status: 0 }
    triedAtMs = nowMs
    return refresh(line, apiv3Keys)
  }
}

/** The answer is signed by a certificate that may be new: it is believed when one that came sealed with our own key fits. */
async function refresh(line: Line, apiv3Keys: KeyObject[]): Promise<Answer<{ serials: string[] }>> {
  const got = await sendSigned(line, { method: 'GET', path: '/v3/certificates' })
  if (got.outcome !== 'got') return got
  if (got.status === 401) return readDistrust(line, got)
  if (got.status !== 200) return readRefusal(got, false)
  const certificates = openCertificates(apiv3Keys, readJson(got.bytes.toString('utf8')))
  if (certificates === undefined) return unknown('the certificates cannot be opened')
  const tried: Keyring = new Map(line.keyring)
  for (const certificate of certificates) addCertificate(tried, certificate)
  const verdict = verifySigned(tried, Object.fromEntries(got.headers), got.bytes, line.now())
  if (!verdict.ok) return unknown(`answer not verified: ${verdict.reason}`)
  for (const certificate of certificates) addCertificate(line.keyring, certificate)
  return done({ serials: certificates.map((certificate) => certificate.serialNumber) })
}

export function openCertificates(apiv3Keys: KeyObject[], fields: Fields | undefined): X509Certificate[] | undefined {
  const opened = listOf(fields, 'data').map((one) => {
    const sealed = fieldsOf(one, 'encrypt_certificate')
    const [ciphertext, nonce, associatedData] = ['ciphertext', 'nonce', 'associated_data'].map((name) => textOf(sealed, name) ?? '')
    return openSealed(apiv3Keys, { ciphertext: ciphertext ?? '', nonce: nonce ?? '', associatedData: associatedData ?? '' })
  })
  return opened.length === 0 || opened.includes(undefined) ? undefined : readSafely(opened.join('\n'))
}

function readSafely(pem: string): X509Certificate[] | undefined {
  try {
    return readCertificates(pem)
  } catch {
    return undefined
  }
}
