// Reads a callback of Douyin: signature first, then what was told.
import { createHash, type KeyObject } from 'node:crypto'
import { centsOf, fieldOf, filledText, readJson, textOf, wholeOf, type Fields } from '../fields.ts'
import { instantOfMilliseconds, readOrder } from './read.ts'
import type { DouyinCallback, DouyinCallbackRefusal, GoodDouyinCallback, Headers } from './shapes.ts'
import { isCallbackSigned } from './sign.ts'

/** All of Douyin's repetitions come within the hour; nobody's clock is an hour ahead. */
const OLDEST_SECONDS = 3600
const NEWEST_SECONDS = 300

/** Never throws: whatever a stranger posts ends as `refused`. */
export function readCallback(theirs: KeyObject, headers: Headers, body: Buffer | string, now: Date): DouyinCallback {
  const distrust = findDistrust(theirs, headers, body, now)
  if (distrust !== undefined) return { kind: 'refused', reason: distrust, signature: 'invalid' }
  const envelope = readJson(body.toString())
  const [type, plain] = [filledText(envelope, 'type'), filledText(envelope, 'msg')]
  const content = readJson(plain ?? '')
  if (type === undefined || plain === undefined || content === undefined) return { kind: 'refused', reason: 'body_not_json', signature: 'valid' }
  const told = { id: createHash('sha256').update(`${type}\n${plain}`).digest('hex'), event: `${type}.${textOf(content, 'status') ?? ''}`.replace(/\.$/, ''), plain }
  const good = readContent(type, content)
  return good === undefined ? { kind: 'refused', reason: 'content_malformed', signature: 'valid' } : { ...told, ...good }
}

function findDistrust(theirs: KeyObject, headers: Headers, body: Buffer | string, now: Date): DouyinCallbackRefusal | undefined {
  const [timestamp, nonce, signature] = ['byte-timestamp', 'byte-nonce-str', 'byte-signature'].map((name) => headerOf(headers, name))
  if (!timestamp || !nonce || !signature) return 'header_missing'
  if (!/^\d{1,12}$/.test(timestamp)) return 'timestamp_malformed'
  const ageSeconds = now.getTime() / 1000 - Number(timestamp)
  if (ageSeconds > OLDEST_SECONDS || ageSeconds < -NEWEST_SECONDS) return 'timestamp_skewed'
  return isCallbackSigned(theirs, { timestamp, nonce, body, signature }) ? undefined : 'signature_wrong'
}

/** A header sent twice is no header: nobody could say which one was signed. */
function headerOf(headers: Headers, name: string): string | undefined {
  const found = Object.entries(headers).filter(([given]) => given.toLowerCase() === name)
  const value = found.length === 1 ? found[0]?.[1] : undefined
  return typeof value === 'string' ? value : undefined
}

type Content<T = GoodDouyinCallback> = T extends GoodDouyinCallback ? Omit<T, 'id' | 'event' | 'plain'> : never

function readContent(type: string, content: Fields): Content | undefined {
  if (type === 'payment') {
    const order = readOrder(content, 'status')
    return order && { kind: 'payment', order }
  }
  if (type === 'refund') return readRefundEnd(content)
  if (type === 'pre_create_refund') return readRefundAsk(content)
  if (type !== 'settle') return { kind: 'other' }
  const outSettleNo = filledText(content, 'out_settle_no')
  return outSettleNo === undefined ? undefined : { kind: 'settle', outSettleNo }
}

/** Who and which; how it stands is asked for. Our own number is missing when the refund was not begun by us. */
function readRefundEnd(content: Fields): Content | undefined {
  const appid = filledText(content, 'app_id')
  const [outRefundNo, refundId] = [textOf(content, 'out_refund_no') ?? '', textOf(content, 'refund_id') ?? '']
  if (appid === undefined || (outRefundNo === '' && refundId === '')) return undefined
  return { kind: 'refund', appid, outRefundNo, refundId, orderId: textOf(content, 'order_id') ?? '', succeeded: textOf(content, 'status') === 'SUCCESS' }
}

function readRefundAsk(content: Fields): Content | undefined {
  const [appid, refundId, orderId, outOrderNo] = ['app_id', 'refund_id', 'order_id', 'out_order_no'].map((name) => filledText(content, name))
  const refund = centsOf(content, 'refund_total_amount')
  if (appid === undefined || refundId === undefined || orderId === undefined || outOrderNo === undefined || refund === undefined) return undefined
  const reason = [fieldOf(content, 'refund_reason'), textOf(content, 'refund_description')].flat().filter((one) => typeof one === 'string' && one !== '').join('；')
  const ask = {
    appid, refundId, orderId, outOrderNo, refund, reason,
    outRefundNo: filledText(content, 'out_refund_no'), needsAudit: wholeOf(content, 'need_refund_audit') === 1, decideBy: instantOfMilliseconds(content, 'refund_audit_deadline'),
  }
  return { kind: 'refund_ask', ask }
}
