// Reads a notice of Alipay: a form, decoded exactly once, believed by its signature alone.
import type { KeyObject } from 'node:crypto'
import type { AlipayNotice, AlipayTrade } from './shapes.ts'
import { readTrade } from './read.ts'
import { isNoticeSigned } from './sign.ts'

/** Never throws: whatever a stranger posts ends as `refused`. */
export function readNotice(theirs: KeyObject, body: Buffer | string): AlipayNotice {
  const params = readForm(body.toString())
  if (params === undefined) return { kind: 'refused', reason: 'body_malformed', signature: 'invalid' }
  if (!params['sign']) return { kind: 'refused', reason: 'sign_missing', signature: 'invalid' }
  if (params['sign_type'] !== 'RSA2') return { kind: 'refused', reason: 'sign_type_unknown', signature: 'invalid' }
  if (!isNoticeSigned(theirs, params)) return { kind: 'refused', reason: 'signature_wrong', signature: 'invalid' }
  return readContent(params) ?? { kind: 'refused', reason: 'content_malformed', signature: 'valid' }
}

/** A parameter sent twice is no parameter: nobody could say which one was signed. */
function readForm(body: string): Record<string, string> | undefined {
  const pairs = [...new URLSearchParams(body)]
  const params = Object.fromEntries(pairs)
  return pairs.length === 0 || Object.keys(params).length !== pairs.length ? undefined : params
}

function readContent(params: Record<string, string>): AlipayNotice | undefined {
  const { sign: _sign, ...rest } = params
  const [id, type] = [params['notify_id'], params['notify_type']]
  if (!id || !type) return undefined
  const told = { id, event: `${type}.${params['trade_status'] ?? ''}`.replace(/\.$/, ''), plain: JSON.stringify(rest) }
  if (type !== 'trade_status_sync') return { kind: 'other', ...told }
  const trade = readTrade(params)
  return trade === undefined ? undefined : { ...told, ...kindOf(params, trade) }
}

/** The same status is told again when money goes back: then the refund's own fields are there. */
function kindOf(params: Record<string, string>, trade: AlipayTrade): { kind: 'trade'; trade: AlipayTrade } | { kind: 'refund'; trade: AlipayTrade; outRefundNo: string } {
  const isRefund = params['refund_fee'] !== undefined || params['gmt_refund'] !== undefined
  return isRefund ? { kind: 'refund', trade, outRefundNo: params['out_biz_no'] ?? '' } : { kind: 'trade', trade }
}
