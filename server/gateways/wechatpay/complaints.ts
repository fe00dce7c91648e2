// Complaints 2.0 of WeChat Pay: listed, read, answered, and their notices sent to us.
import type { KeyObject } from 'node:crypto'
import { centsOf, filledText, instantOf, listOf, textOf, type Fields } from '../fields.ts'
import { done, unknown, type Answer } from '../wire.ts'
import { openField } from './cipher.ts'
import type { Complaint, ComplaintKind, Complaints, ComplaintState, ComplaintStep } from './complaint-shapes.ts'
import { askFor, exchange, readDistrust, readRefusal, sendSigned, type Line } from './exchange.ts'

const STATES: readonly ComplaintState[] = ['PENDING', 'PROCESSING', 'PROCESSED']
const KINDS: readonly ComplaintKind[] = ['REFUND', 'SERVICE_NOT_WORK', 'OTHERS']
const ROOT = '/v3/merchant-service/complaints-v2'
const NOTICES = '/v3/merchant-service/complaint-notifications'
const PICTURES = '/v3/merchant-service/images/'
const MOST_STEPS = 300

export function openComplaints(line: Line): Complaints {
  const { mchid, key } = line.merchant
  const one = (id: string) => `${ROOT}/${encodeURIComponent(id)}`
  const tell = (path: string, body: Fields) => tellOnly(line, path, body)
  const readUrl = (fields: Fields | undefined) => {
    const url = filledText(fields, 'url')
    return url === undefined ? undefined : { url }
  }
  return {
    list: ({ from, to }, offset, limit) => askFor(line, { method: 'GET', path: `${ROOT}?limit=${limit}&offset=${offset}&begin_date=${from}&end_date=${to}&complainted_mchid=${mchid}` }, (fields) => readList(key, fields)),
    find: (id) => askFor(line, { method: 'GET', path: one(id) }, (fields) => readComplaint(key, fields)),
    history: (id) => askFor(line, { method: 'GET', path: `${one(id)}/negotiation-historys?limit=${MOST_STEPS}&offset=0` }, readHistory),
    picture: (name) => fetchPicture(line, name),
    reply: (id, words) => tell(`${one(id)}/response`, { complainted_mchid: mchid, response_content: words }),
    complete: (id) => tell(`${one(id)}/complete`, { complainted_mchid: mchid }),
    decideRefund: (id, word) => tell(`${one(id)}/update-refund-progress`, word.agrees ? { action: 'APPROVE', launch_refund_day: word.days } : { action: 'REJECT', reject_reason: word.reason }),
    findAddress: () => askFor(line, { method: 'GET', path: NOTICES }, readUrl),
    setAddress: (url, isKnown) => askFor(line, { method: isKnown ? 'PUT' : 'POST', path: NOTICES, body: { url } }, readUrl),
  }
}

/** These answer 204 and nothing else. */
async function tellOnly(line: Line, path: string, body: Fields): Promise<Answer<'done'>> {
  const told = await exchange(line, { method: 'POST', path, body })
  if (told.outcome !== 'told') return told
  return told.status === 204 ? done('done') : unknown(`answered ${told.status}`)
}

/** Pictures come with no signature, as bills do, and with no hash. */
async function fetchPicture(line: Line, name: string): Promise<Answer<Buffer>> {
  const got = await sendSigned(line, { method: 'GET', path: `${PICTURES}${name}` })
  if (got.outcome !== 'got') return got
  if (got.status === 401) return readDistrust(line, got)
  return got.status === 200 ? done(got.bytes) : readRefusal(got, false)
}

/** Only the name is theirs to tell: a signed request goes nowhere but to WeChat Pay. */
function nameOfPicture(address: unknown): string[] {
  const path = typeof address === 'string' ? URL.parse(address)?.pathname : undefined
  return path?.startsWith(PICTURES) ? [path.slice(PICTURES.length)] : []
}

function readPictures(fields: Fields): string[] {
  const listed = listOf(fields, 'complaint_media_list').flatMap((media) => (Array.isArray(media['media_url']) ? media['media_url'] : []))
  const older = Array.isArray(fields['image_list']) ? fields['image_list'] : []
  return [...new Set([...listed, ...older].flatMap(nameOfPicture))]
}

function readList(key: KeyObject, fields: Fields | undefined): { items: Complaint[]; total: number } | undefined {
  const items = listOf(fields, 'data').map((item) => readComplaint(key, item))
  const total = fields?.['total_count']
  return typeof total === 'number' && items.every((item) => item !== undefined) ? { items, total } : undefined
}

function readComplaint(key: KeyObject, fields: Fields | undefined): Complaint | undefined {
  const id = filledText(fields, 'complaint_id')
  const state = STATES.find((one) => one === textOf(fields, 'complaint_state'))
  const madeAt = instantOf(fields, 'complaint_time')
  if (fields === undefined || id === undefined || state === undefined || madeAt === undefined) return undefined
  const sealed = filledText(fields, 'payer_phone')
  const orders = listOf(fields, 'complaint_order_info').flatMap((order) => {
    const [outTradeNo, transactionId, amount] = [filledText(order, 'out_trade_no'), filledText(order, 'transaction_id'), centsOf(order, 'amount')]
    return outTradeNo === undefined || amount === undefined ? [] : [{ outTradeNo, transactionId: transactionId ?? '', amount }]
  })
  return {
    id, state, madeAt, orders,
    kind: KINDS.find((one) => one === textOf(fields, 'problem_type')) ?? 'OTHERS',
    detail: textOf(fields, 'complaint_detail') ?? '',
    phone: sealed === undefined ? undefined : openField(key, sealed),
    awaitsReply: fields['incoming_user_response'] === true,
    isRefunded: fields['complaint_full_refunded'] === true,
    times: typeof fields['user_complaint_times'] === 'number' ? fields['user_complaint_times'] : 1,
    asks: centsOf(fields, 'apply_refund_amount'),
    isRisky: Array.isArray(fields['user_tag_list']) && fields['user_tag_list'].includes('HIGH_RISK'),
    pictures: readPictures(fields),
  }
}

/** They come newest first and their times are whole seconds. */
function readHistory(fields: Fields | undefined): ComplaintStep[] | undefined {
  if (!Array.isArray(fields?.['data'])) return undefined
  const steps = listOf(fields, 'data').flatMap((step) => {
    const [id, at, what] = [filledText(step, 'log_id'), instantOf(step, 'operate_time'), filledText(step, 'operate_type')]
    return id === undefined || at === undefined || what === undefined ? [] : [{ id, at, what, by: textOf(step, 'operator') ?? '', words: textOf(step, 'operate_details') ?? '', pictures: readPictures(step) }]
  })
  return steps.toReversed().toSorted((a, b) => a.at.localeCompare(b.at))
}
