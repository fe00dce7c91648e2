// A push of WeChat Pay: from raw headers and body to what it says, or the reason it is refused.
import { decryptWithAny, type Sealed } from './cipher.ts'
import { doubtMessage, type Doubt, type Headers, type Keys } from './verify.ts'

export type Transaction = {
  appid: string
  mchid: string
  out_trade_no: string
  transaction_id?: string
  trade_type?: string
  trade_state: string
  success_time?: string
  payer?: { openid?: string }
  amount?: { total: number; payer_total?: number; currency: string; payer_currency?: string }
}

export type RefundNews = { mchid: string; out_trade_no: string; transaction_id: string; out_refund_no: string; refund_id: string; refund_status: string; amount: { total: number; refund: number } }

export type Notice =
  | { kind: 'transaction'; id: string; event: string; transaction: Transaction }
  | { kind: 'refund'; id: string; event: string; refund: RefundNews }
  | { kind: 'other'; id: string; event: string }
  | { kind: 'refused'; why: Doubt | 'body_malformed' | 'algorithm_unknown' | 'cannot_decrypt' }

/** Never throws, whatever came in. */
export function readNotice(headers: Headers, body: string, keys: Keys, apiv3Keys: string[], nowSeconds: number): Notice {
  const doubt = doubtMessage(headers, body, keys, nowSeconds)
  if (doubt) return { kind: 'refused', why: doubt }
  const envelope = readObject(body)
  const { id, event_type: event } = envelope ?? {}
  const resource = envelope?.['resource'] as Record<string, unknown> | undefined
  if (typeof id !== 'string' || typeof event !== 'string' || !isSealed(resource)) return { kind: 'refused', why: 'body_malformed' }
  if (resource['algorithm'] !== 'AEAD_AES_256_GCM') return { kind: 'refused', why: 'algorithm_unknown' }
  const plain = decryptWithAny(apiv3Keys, resource)
  if (plain === undefined) return { kind: 'refused', why: 'cannot_decrypt' }
  const told = readObject(plain)
  if (!told) return { kind: 'refused', why: 'body_malformed' }
  if (event.startsWith('TRANSACTION.')) return { kind: 'transaction', id, event, transaction: told as unknown as Transaction }
  if (event.startsWith('REFUND.')) return { kind: 'refund', id, event, refund: told as unknown as RefundNews }
  return { kind: 'other', id, event }
}

function isSealed(resource: Record<string, unknown> | undefined): resource is Record<string, unknown> & Sealed {
  if (typeof resource !== 'object' || resource === null) return false
  const { ciphertext, nonce, associated_data: associated } = resource
  return typeof ciphertext === 'string' && typeof nonce === 'string' && (associated === undefined || typeof associated === 'string')
}

function readObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}
