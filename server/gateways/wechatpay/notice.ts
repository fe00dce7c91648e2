// Reads a notification of WeChat Pay: signature first, then the envelope, then what was sealed in it.
import type { KeyObject } from 'node:crypto'
import { fieldsOf, filledText, instantOf, readJson, textOf, type Fields } from '../fields.ts'
import { openSealed } from './cipher.ts'
import { readRefund, readTransaction, readTransfer } from './read.ts'
import type { GoodNotice, Headers, Notice, NoticeRefusal } from './shapes.ts'
import { verifySigned, type Keyring } from './verify.ts'

export type NoticeKeys = { keyring: Keyring; apiv3Keys: KeyObject[] }
type Envelope = { id: string; event: string; createdAt: string | undefined; originalType: string; plain: string }

/** Never throws: whatever a stranger posts ends as `refused`. */
export function readNotice(keys: NoticeKeys, headers: Headers, body: Buffer | string, now: Date): Notice {
  const verdict = verifySigned(keys.keyring, headers, body, now)
  if (!verdict.ok) return { kind: 'refused', reason: verdict.reason, signature: 'invalid' }
  const envelope = openEnvelope(keys.apiv3Keys, body)
  if (typeof envelope === 'string') return { kind: 'refused', reason: envelope, signature: 'valid' }
  const { originalType, ...told } = envelope
  const content = readJson(envelope.plain)
  return (content === undefined ? undefined : readContent(told, originalType, content)) ?? { kind: 'refused', reason: 'content_malformed', signature: 'valid', plain: envelope.plain }
}

function openEnvelope(apiv3Keys: KeyObject[], body: Buffer | string): Envelope | NoticeRefusal {
  const envelope = readJson(body.toString())
  if (envelope === undefined) return 'body_not_json'
  const resource = fieldsOf(envelope, 'resource')
  const [id, event] = [filledText(envelope, 'id'), filledText(envelope, 'event_type')]
  const [ciphertext, nonce] = [textOf(resource, 'ciphertext'), textOf(resource, 'nonce')]
  if (id === undefined || event === undefined || ciphertext === undefined || nonce === undefined) return 'envelope_malformed'
  if (textOf(resource, 'algorithm') !== 'AEAD_AES_256_GCM') return 'algorithm_unknown'
  const plain = openSealed(apiv3Keys, { ciphertext, nonce, associatedData: textOf(resource, 'associated_data') ?? '' })
  if (plain === undefined) return 'cannot_decrypt'
  return { id, event, createdAt: instantOf(envelope, 'create_time'), originalType: textOf(resource, 'original_type') ?? '', plain }
}

/** The event's name decides, and the type inside the envelope must agree where both are known to us. */
function readContent(told: Omit<Envelope, 'originalType'>, originalType: string, content: Fields): GoodNotice | undefined {
  if (told.event.startsWith('TRANSACTION.')) {
    const transaction = originalType === 'transaction' ? readTransaction(content) : undefined
    return transaction && { kind: 'transaction', ...told, transaction }
  }
  if (told.event.startsWith('REFUND.')) {
    const refund = originalType === 'refund' ? readRefund(content, 'refund_status') : undefined
    return refund && { kind: 'refund', ...told, mchid: textOf(content, 'mchid') ?? '', refund }
  }
  if (told.event.startsWith('MCHTRANSFER.')) {
    const transfer = readTransfer(content)
    return transfer && { kind: 'transfer', ...told, transfer }
  }
  if (told.event.startsWith('COMPLAINT.')) {
    const complaint = filledText(content, 'complaint_id')
    return complaint === undefined ? undefined : { kind: 'complaint', ...told, complaint, action: textOf(content, 'action_type') ?? '' }
  }
  return { kind: 'other', ...told }
}
