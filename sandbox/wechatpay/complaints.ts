// Complaints 2.0: what a payer complains of, what the merchant says, and the notice of each step.
import { constants, publicEncrypt, X509Certificate } from 'node:crypto'
import { randomDigits } from '../keys.ts'
import type { Complaint, ComplaintPicture, ComplaintStep, Order, Tenant } from '../records.ts'
import { put } from '../state.ts'
import { findUserByOpenid } from '../users.ts'
import { beijing, clockOf } from '../world.ts'
import type { World } from '../world.ts'
import { sendComplaintNotice } from './notices.ts'
import { refuseField, refusePay } from './refusals.ts'
import type { PayAnswer } from './refusals.ts'

type Body = Record<string, unknown>
export const PROBLEMS = { REFUND: '申请退款', SERVICE_NOT_WORK: '服务权益未生效', OTHERS: '其他类型' } as const
const DONE: PayAnswer = { status: 204 }

/** What a payer says: words, and pictures as data URLs. */
export type Saying = { words: string; pictures: string[] }

/** The payer opens a complaint on the page of the bill, or goes on with one that the merchant had closed. */
export function complain(world: World, tenant: Tenant, order: Order, wish: Saying & { kind: keyof typeof PROBLEMS }): Complaint {
  const open = [...world.state.tables.complaints.values()].find((one) => one.orderId === order.id && one.state !== 'PROCESSED')
  if (open !== undefined) return speak(world, tenant, open, wish)
  const id = `2000${randomDigits(23)}`
  const now = clockOf(world, tenant.appid).now()
  const made: Complaint = {
    id, appid: tenant.appid, mchid: tenant.mchid, orderId: order.id, outTradeNo: order.outTradeNo, transactionId: order.transactionId ?? '', openid: order.openid, cents: order.totalCents, kind: wish.kind, detail: wish.words,
    state: 'PENDING', awaitsReply: true, isRefunded: false, times: 1, madeAtMs: now, steps: [], phone: findUserByOpenid(world, tenant.appid, order.openid)?.phone ?? '',
  }
  return note(world, tenant, made, 'CREATE_COMPLAINT', step(world, tenant, '投诉人', 'USER_CREATE_COMPLAINT', wish.words, keepPictures(world, tenant, wish.pictures)))
}

/** The payer says more; a complaint that was closed is open again. */
export function speak(world: World, tenant: Tenant, complaint: Complaint, { words, pictures }: Saying): Complaint {
  const isAgain = complaint.state === 'PROCESSED'
  const next: Complaint = { ...complaint, awaitsReply: true, ...(isAgain ? { state: 'PENDING' as const, times: complaint.times + 1 } : {}) }
  return note(world, tenant, next, isAgain ? 'CONTINUE_COMPLAINT' : 'USER_RESPONSE', step(world, tenant, '投诉人', isAgain ? 'USER_CONTINUE_COMPLAINT' : 'USER_RESPONSE', words, keepPictures(world, tenant, pictures)))
}

export function listComplaints(world: World, tenant: Tenant, query: URLSearchParams): PayAnswer {
  const [from, to] = [query.get('begin_date') ?? '', query.get('end_date') ?? '']
  const [limit, offset] = [Number(query.get('limit') ?? 10), Number(query.get('offset') ?? 0)]
  if (!/^\d{4}-\d\d-\d\d$/.test(from) || !/^\d{4}-\d\d-\d\d$/.test(to) || from > to || Date.parse(to) - Date.parse(from) > 30 * 86_400_000) return refuseField('/begin_date', '开始日期', from, '格式为yyyy-MM-DD，与结束日期相差不超过30天')
  if (!Number.isInteger(limit) || limit < 1 || limit > 50) return refuseField('/limit', '分页大小', limit, '取值为1到50')
  const all = [...world.state.tables.complaints.values()].filter((one) => one.mchid === tenant.mchid && beijing(one.madeAtMs).slice(0, 10) >= from && beijing(one.madeAtMs).slice(0, 10) <= to).reverse()
  return { status: 200, body: { data: all.slice(offset, offset + limit).map((one) => describe(tenant, one)), limit, offset, total_count: all.length } }
}

export function showComplaint(world: World, tenant: Tenant, id: string): PayAnswer {
  const complaint = find(world, tenant, id)
  return complaint === undefined ? refusePay('RESOURCE_NOT_EXISTS', '投诉单不存在') : { status: 200, body: describe(tenant, complaint) }
}

export function showHistory(world: World, tenant: Tenant, id: string, query: URLSearchParams): PayAnswer {
  const complaint = find(world, tenant, id)
  if (complaint === undefined) return refusePay('RESOURCE_NOT_EXISTS', '投诉单不存在')
  const [limit, offset] = [Number(query.get('limit') ?? 50), Number(query.get('offset') ?? 0)]
  const data = [...complaint.steps].reverse().slice(offset, offset + limit).map((one) => ({ log_id: one.id, operator: one.by, operate_time: one.at, operate_type: one.what, operate_details: one.words, image_list: one.pictures.map(addressOf), complaint_media_list: mediaOf('OPERATION_IMAGE', one.pictures) }))
  return { status: 200, body: { data, limit, offset, total_count: complaint.steps.length } }
}

/** What a merchant does to a complaint; the first word of theirs takes it up. */
export function answerComplaint(world: World, tenant: Tenant, id: string, act: string, body: Body): PayAnswer {
  const complaint = find(world, tenant, id)
  if (complaint === undefined) return refusePay('RESOURCE_NOT_EXISTS', '投诉单不存在')
  if (act !== 'update-refund-progress' && body['complainted_mchid'] !== tenant.mchid) return refusePay('PARAM_ERROR', '被诉商户号与投诉单不一致')
  if (act === 'response') return respond(world, tenant, complaint, body)
  if (act === 'complete') return complete(world, tenant, complaint)
  return decideRefund(world, tenant, complaint, body)
}

function respond(world: World, tenant: Tenant, complaint: Complaint, body: Body): PayAnswer {
  const words = body['response_content']
  if (typeof words !== 'string' || words === '' || words.length > 200) return refuseField('/response_content', '回复内容', words, '长度1到200')
  const taken: Complaint = { ...complaint, awaitsReply: false, state: complaint.state === 'PENDING' ? 'PROCESSING' : complaint.state }
  note(world, tenant, taken, 'MERCHANT_RESPONSE', step(world, tenant, tenant.name, 'MERCHANT_RESPONSE', words))
  return DONE
}

function complete(world: World, tenant: Tenant, complaint: Complaint): PayAnswer {
  if (complaint.state === 'PROCESSED') return refusePay('INVALID_REQUEST', '投诉单已完结')
  if (!complaint.steps.some((one) => one.what === 'MERCHANT_RESPONSE' || one.what.startsWith('MERCHANT_APPROVE'))) return refusePay('INVALID_REQUEST', '请先回复用户，再反馈处理完成')
  note(world, tenant, { ...complaint, state: 'PROCESSED', awaitsReply: false }, 'MERCHANT_CONFIRM_COMPLETE', step(world, tenant, tenant.name, 'MERCHANT_CONFIRM_COMPLETE', ''))
  return DONE
}

function decideRefund(world: World, tenant: Tenant, complaint: Complaint, body: Body): PayAnswer {
  if (complaint.kind !== 'REFUND') return refusePay('INVALID_REQUEST', '仅申请退款类型的投诉单支持更新退款审批结果')
  if (complaint.state === 'PROCESSED') return refusePay('INVALID_REQUEST', '投诉单已完结')
  const agrees = body['action'] === 'APPROVE'
  if (!agrees && body['action'] !== 'REJECT') return refuseField('/action', '审批动作', body['action'], '取值为APPROVE或REJECT')
  if (!agrees && (typeof body['reject_reason'] !== 'string' || body['reject_reason'] === '')) return refuseField('/reject_reason', '拒绝退款原因', body['reject_reason'], '拒绝时必填')
  const said = step(world, tenant, tenant.name, agrees ? 'MERCHANT_APPROVE_REFUND' : 'MERCHANT_REFUSE_RERUND', agrees ? `预计 ${String(body['launch_refund_day'] ?? 0)} 个工作日内发起退款` : String(body['reject_reason']))
  note(world, tenant, { ...complaint, awaitsReply: false, state: complaint.state === 'PENDING' ? 'PROCESSING' : complaint.state }, agrees ? 'MERCHANT_APPROVE_REFUND' : 'MERCHANT_REJECT_REFUND', said)
  return DONE
}

/** Everything of the order went back: the complaint says so. */
export function noteFullRefund(world: World, tenant: Tenant, orderId: string): void {
  for (const complaint of [...world.state.tables.complaints.values()].filter((one) => one.orderId === orderId && !one.isRefunded)) {
    note(world, tenant, { ...complaint, isRefunded: true }, 'REFUND_SUCCESS', step(world, tenant, '系统', 'COMPLAINT_FULL_REFUNDED_SYSTEM_MESSAGE', '已全额退款'))
  }
}

export function useAddress(world: World, tenant: Tenant, method: string, body: Body): PayAnswer {
  const known = tenant.complaintUrl
  if (method === 'GET') return known === undefined ? refusePay('RESOURCE_NOT_EXISTS', '没有投诉通知回调地址') : { status: 200, body: { mchid: tenant.mchid, url: known } }
  if (method === 'POST' && known !== undefined) return refusePay('INVALID_REQUEST', '投诉通知回调地址已存在，请使用更新接口')
  if (method === 'PUT' && known === undefined) return refusePay('RESOURCE_NOT_EXISTS', '没有投诉通知回调地址')
  const url = body['url']
  if (typeof url !== 'string' || !/^https?:\/\/[^?]+$/.test(url)) return refuseField('/url', '通知地址', url, '须为不带参数的完整地址')
  put(world.state, 'tenants', tenant.appid, { ...tenant, complaintUrl: url })
  return { status: 200, body: { mchid: tenant.mchid, url } }
}

function find(world: World, tenant: Tenant, id: string): Complaint | undefined {
  const complaint = world.state.tables.complaints.get(id)
  return complaint?.mchid === tenant.mchid ? complaint : undefined
}

function step(world: World, tenant: Tenant, by: string, what: string, words: string, pictures: string[] = []): ComplaintStep {
  return { id: `3003${randomDigits(24)}`, by, at: beijing(clockOf(world, tenant.appid).now()), what, words, pictures }
}

const MOST_PICTURES = 4

function keepPictures(world: World, tenant: Tenant, pictures: string[]): string[] {
  return pictures.slice(0, MOST_PICTURES).flatMap((one) => {
    const [, type, base64] = /^data:(image\/(?:png|jpeg|webp));base64,([A-Za-z0-9+/=]+)$/.exec(one) ?? []
    if (type === undefined || base64 === undefined) return []
    const id = `ChsyMDAw${randomDigits(24)}GAAgm~3Z`
    put(world.state, 'complaintPictures', id, { id, mchid: tenant.mchid, type, base64 })
    return [id]
  })
}

/** Only the merchant that is complained of may see it. */
export function findPicture(world: World, tenant: Tenant, id: string): ComplaintPicture | undefined {
  const picture = world.state.tables.complaintPictures.get(id)
  return picture?.mchid === tenant.mchid ? picture : undefined
}

function addressOf(id: string): string {
  return `https://api.mch.weixin.qq.com/v3/merchant-service/images/${id}`
}

function mediaOf(type: 'USER_COMPLAINT_IMAGE' | 'OPERATION_IMAGE', pictures: string[]): Body[] {
  return pictures.length === 0 ? [] : [{ media_type: type, media_url: pictures.map(addressOf) }]
}

function note(world: World, tenant: Tenant, complaint: Complaint, action: string, said: ComplaintStep): Complaint {
  const next: Complaint = { ...complaint, steps: [...complaint.steps, said] }
  put(world.state, 'complaints', next.id, next)
  const url = world.state.tables.tenants.get(tenant.appid)?.complaintUrl
  if (url !== undefined) sendComplaintNotice(world, tenant, { url, id: next.id, action, outTradeNo: next.outTradeNo, isNew: action === 'CREATE_COMPLAINT' })
  return next
}

/** The phone is sealed for the merchant's own certificate. */
function describe(tenant: Tenant, one: Complaint): Body {
  const sealed = one.phone === '' ? {} : { payer_phone: publicEncrypt({ key: new X509Certificate(tenant.merchantCertificate).publicKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' }, Buffer.from(one.phone)).toString('base64') }
  return {
    complaint_id: one.id, complaint_time: beijing(one.madeAtMs), complaint_detail: one.detail, complaint_state: one.state, ...sealed, payer_openid: one.openid,
    complaint_order_info: [{ transaction_id: one.transactionId, out_trade_no: one.outTradeNo, amount: one.cents }],
    complaint_full_refunded: one.isRefunded, incoming_user_response: one.awaitsReply, user_complaint_times: one.times, problem_type: one.kind, problem_description: PROBLEMS[one.kind],
    ...(one.kind === 'REFUND' ? { apply_refund_amount: one.cents } : {}), user_tag_list: one.times > 2 ? ['HIGH_RISK'] : ['TRUSTED'], in_platform_service: false, need_immediate_service: false, complaint_media_list: mediaOf('USER_COMPLAINT_IMAGE', one.steps[0]?.pictures ?? []),
  }
}
