// Profit sharing of WeChat Pay: the calls, and its words turned into ours.
import { centsOf, filledText, listOf, textOf, type Fields } from '../fields.ts'
import { done } from '../wire.ts'
import { askFor, exchange, sealFor, type Line } from './exchange.ts'
import type { ReceiverKind, ReturnedShare, Shared, SharedPart, Sharing } from './share-shapes.ts'

const KINDS: Record<ReceiverKind, string> = { merchant: 'MERCHANT_ID', person: 'PERSONAL_OPENID' }
const RESULTS: Record<string, SharedPart['result']> = { PENDING: 'pending', SUCCESS: 'done', CLOSED: 'closed' }
const RETURNS: Record<string, ReturnedShare['result']> = { PROCESSING: 'pending', SUCCESS: 'done', FAILED: 'failed' }

export function openSharing(appid: string, line: Line): Sharing {
  const root = '/v3/profitsharing'
  const tell = async <T>(path: string, body: Fields, value: T) => {
    const told = await exchange(line, { method: 'POST', path, body })
    return told.outcome === 'told' ? done(value) : told
  }
  return {
    addReceiver: ({ kind, account, name, relation }) => {
      const named = name === undefined ? {} : { name: sealFor(line, name) }
      return tell(`${root}/receivers/add`, { appid, type: KINDS[kind], account, relation_type: relation, ...named }, 'added' as const)
    },
    removeReceiver: ({ kind, account }) => tell(`${root}/receivers/delete`, { appid, type: KINDS[kind], account }, 'removed' as const),
    share: ({ transactionId, outOrderNo, kind, account, amount, description }) => {
      const receivers = [{ type: KINDS[kind], account, amount, description }]
      return askFor(line, { method: 'POST', path: `${root}/orders`, body: { appid, transaction_id: transactionId, out_order_no: outOrderNo, receivers, unfreeze_unsplit: false } }, readShared)
    },
    findShare: (transactionId, outOrderNo) => askFor(line, { method: 'GET', path: `${root}/orders/${encodeURIComponent(outOrderNo)}?transaction_id=${encodeURIComponent(transactionId)}` }, readShared),
    unfreeze: ({ transactionId, outOrderNo, description }) =>
      askFor(line, { method: 'POST', path: `${root}/orders/unfreeze`, body: { transaction_id: transactionId, out_order_no: outOrderNo, description } }, readShared),
    takeBack: ({ outOrderNo, outReturnNo, mchid, amount, description }) =>
      askFor(line, { method: 'POST', path: `${root}/return-orders`, body: { out_order_no: outOrderNo, out_return_no: outReturnNo, return_mchid: mchid, amount, description } }, readReturned),
    findReturn: (outOrderNo, outReturnNo) =>
      askFor(line, { method: 'GET', path: `${root}/return-orders/${encodeURIComponent(outReturnNo)}?out_order_no=${encodeURIComponent(outOrderNo)}` }, readReturned),
    findUnsplit: (transactionId) =>
      askFor(line, { method: 'GET', path: `${root}/transactions/${encodeURIComponent(transactionId)}/amounts` }, (fields) => {
        const unsplit = centsOf(fields, 'unsplit_amount')
        return unsplit === undefined ? undefined : { unsplit }
      }),
  }
}

function readShared(fields: Fields | undefined): Shared | undefined {
  const [outOrderNo, transactionId, state] = ['out_order_no', 'transaction_id', 'state'].map((name) => filledText(fields, name))
  const parts = listOf(fields, 'receivers').map(readPart)
  if (!outOrderNo || !transactionId || !state || parts.includes(undefined)) return undefined
  return { outOrderNo, transactionId, isFinished: state === 'FINISHED', parts: parts.filter((part) => part !== undefined) }
}

function readPart(fields: Fields): SharedPart | undefined {
  const kind = textOf(fields, 'type') === 'MERCHANT_ID' ? 'merchant' : 'person'
  const [account, result, amount] = [filledText(fields, 'account'), RESULTS[textOf(fields, 'result') ?? ''], centsOf(fields, 'amount')]
  if (account === undefined || result === undefined || amount === undefined) return undefined
  return { kind, account, amount, result, why: filledText(fields, 'fail_reason'), detailNo: filledText(fields, 'detail_id') }
}

function readReturned(fields: Fields | undefined): ReturnedShare | undefined {
  const [outReturnNo, result, amount] = [filledText(fields, 'out_return_no'), RETURNS[textOf(fields, 'result') ?? ''], centsOf(fields, 'amount')]
  if (outReturnNo === undefined || result === undefined || amount === undefined) return undefined
  return { outReturnNo, result, amount, why: filledText(fields, 'fail_reason') }
}
