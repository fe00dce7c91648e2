// The door of WeChat Pay APIv3: verify, let a fault have its way, act, sign, answer.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { sealGcm } from '../keys.ts'
import { delay, isOverLimit } from '../limits.ts'
import type { Tenant } from '../records.ts'
import { beijing, takeFault } from '../world.ts'
import type { World } from '../world.ts'
import { sealAnswer } from './answer.ts'
import { askFundFlowBill, askTradeBill, takeBill } from './bills.ts'
import { actOnOrder, closeOrder, currentOrder, orderId, queryOrder } from './orders.ts'
import { placeOrder } from './prepay.ts'
import type { PrepayKind } from './prepay.ts'
import { queryRefund, redirectRefund, requestRefund } from './refunds.ts'
import { refusePay } from './refusals.ts'
import type { PayAnswer } from './refusals.ts'
import { answerComplaint, findPicture, listComplaints, showComplaint, showHistory, useAddress } from './complaints.ts'
import { findSharingCall } from './share-calls.ts'
import { beginTransfer, cancelTransfer, queryTransfer } from './transfers.ts'
import { verifyRequest } from './verify.ts'

const BILL_FILE = '/v3/billdownload/file?'
const PICTURE = '/v3/merchant-service/images/'

type Body = Record<string, unknown>
type Call = { api: string; act: (tenant: Tenant, serial: string) => PayAnswer; outTradeNo?: string }

export function addWechatPayRoutes(app: FastifyInstance, world: World): void {
  app.all('/v3/*', (request, reply) => answerPay(world, request, reply))
}

async function answerPay(world: World, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const raw = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
  const serial = String(request.headers['wechatpay-serial'] ?? '')
  const verdict = verifyRequest(world, { method: request.method, url: request.url, authorization: request.headers.authorization ?? '', serial, raw })
  if ('refusal' in verdict) return send(world, request, reply, verdict.tenant, serial, verdict.refusal, false)
  const { tenant, nonceReused } = verdict
  if (request.url.startsWith(BILL_FILE)) return sendBill(world, request, reply, tenant)
  if (request.method === 'GET' && request.url.startsWith(PICTURE)) return sendPicture(world, request, reply, tenant)
  const body = readJson(raw)
  const call = body === undefined ? undefined : findCall(world, request.method, request.url, body)
  if (body === undefined) return send(world, request, reply, tenant, serial, refusePay('PARAM_ERROR', '请求体不是有效的JSON'), nonceReused)
  if (call === undefined) return send(world, request, reply, tenant, serial, { ...refusePay('RESOURCE_NOT_EXISTS', '接口不存在') }, nonceReused)
  if (takeFault(world, tenant.appid, ['lose_request'], call.api) !== undefined) return cut(request, reply)
  const slow = takeFault(world, tenant.appid, ['slow_answer'], call.api)
  if (slow !== undefined) await new Promise((resolve) => setTimeout(resolve, Number(slow['delaySeconds'] ?? 1) * 1000))
  await delay(world, tenant.appid, call.api)
  const refused = takeFault(world, tenant.appid, ['refuse'], call.api)
  const limited = isOverLimit(world, tenant.appid, call.api) ? refusePay('FREQUENCY_LIMITED') : undefined
  const answer = refused === undefined ? (limited ?? call.act(tenant, serial)) : refuseAsAsked(refused)
  if (takeFault(world, tenant.appid, ['pay_before_answer'], call.api) !== undefined) await payAtOnce(world, tenant, call.outTradeNo)
  if (takeFault(world, tenant.appid, ['lose_answer'], call.api) !== undefined) return cut(request, reply)
  return send(world, request, reply, tenant, serial, answer, nonceReused, call.api)
}

function findCall(world: World, method: string, url: string, body: Body): Call | undefined {
  const { pathname, searchParams } = new URL(url, 'http://sandbox')
  const [, , wing, second, third, ...rest] = pathname.split('/').map(decodeURIComponent)
  if (wing === 'pay' && second === 'transactions') return findTransactionCall(world, method, third ?? '', rest, searchParams, body)
  if (wing === 'fund-app' && second === 'mch-transfer' && third === 'transfer-bills') return findTransferCall(world, method, rest, body)
  if (wing === 'merchant-service') return findComplaintCall(world, method, [second ?? '', third ?? '', ...rest], searchParams, body)
  if (wing === 'profitsharing') return findSharingCall(world, { method, path: [second, third, ...rest].filter((word) => word !== undefined), query: searchParams, body })
  if (wing === 'bill' && method === 'GET') return findBillCall(world, second ?? '', searchParams)
  if (pathname === '/v3/certificates' && method === 'GET') return { api: 'certificates', act: listCertificates }
  if (wing !== 'refund' || second !== 'domestic' || third !== 'refunds') return undefined
  if (method === 'POST' && rest.length === 0) return { api: 'refund', act: (tenant) => requestRefund(world, tenant, body) }
  if (method === 'POST' && rest[1] === 'apply-abnormal-refund') return { api: 'refund_redirect', act: (tenant, serial) => redirectRefund(world, tenant, { refundId: rest[0] ?? '', body, serial }) }
  if (method === 'GET' && rest.length === 1) return { api: 'refund_query', act: (tenant) => queryRefund(world, tenant, rest[0] ?? '') }
  return undefined
}

function findTransactionCall(world: World, method: string, name: string, rest: string[], query: URLSearchParams, body: Body): Call | undefined {
  const number = rest[0] ?? ''
  if (method === 'POST' && rest.length === 0 && isPrepay(name)) {
    return { api: name, act: (tenant) => placeOrder(world, tenant, name, body), outTradeNo: String(body['out_trade_no']) }
  }
  if (name === 'id' && method === 'GET' && rest.length === 1) return { api: 'query', act: (tenant) => queryOrder(world, tenant, world.byTransaction.get(number), query.get('mchid')) }
  if (name !== 'out-trade-no') return undefined
  if (method === 'GET' && rest.length === 1) return { api: 'query', act: (tenant) => queryOrder(world, tenant, orderId(tenant.mchid, number), query.get('mchid')) }
  if (method === 'POST' && rest[1] === 'close') return { api: 'close', act: (tenant) => closeOrder(world, tenant, number, body), outTradeNo: number }
  return undefined
}

function findTransferCall(world: World, method: string, rest: string[], body: Body): Call | undefined {
  const number = rest[1] ?? ''
  if (method === 'POST' && rest.length === 0) return { api: 'transfer', act: (tenant, serial) => beginTransfer(world, tenant, body, serial) }
  if (rest[0] !== 'out-bill-no') return undefined
  if (method === 'GET' && rest.length === 2) return { api: 'transfer_query', act: (tenant) => queryTransfer(world, tenant, number) }
  return method === 'POST' && rest[2] === 'cancel' ? { api: 'transfer_cancel', act: (tenant) => cancelTransfer(world, tenant, number) } : undefined
}

function findComplaintCall(world: World, method: string, [kind, id = '', act = '']: string[], query: URLSearchParams, body: Body): Call | undefined {
  if (kind === 'complaint-notifications') return { api: 'complaint_address', act: (tenant) => useAddress(world, tenant, method, body) }
  if (kind !== 'complaints-v2') return undefined
  if (method === 'POST' && ['response', 'complete', 'update-refund-progress'].includes(act)) return { api: 'complaint_answer', act: (tenant) => answerComplaint(world, tenant, id, act, body) }
  if (method !== 'GET') return undefined
  if (id === '') return { api: 'complaints', act: (tenant) => listComplaints(world, tenant, query) }
  return { api: 'complaint', act: (tenant) => (act === '' ? showComplaint(world, tenant, id) : showHistory(world, tenant, id, query)) }
}

function findBillCall(world: World, name: string, query: URLSearchParams): Call | undefined {
  if (name === 'tradebill') return { api: 'trade_bill', act: (tenant) => askTradeBill(world, tenant, query) }
  return name === 'fundflowbill' ? { api: 'fund_flow_bill', act: (tenant) => askFundFlowBill(world, tenant, query) } : undefined
}

/** A bill is handed out as it is, with no signature: its hash was told before. */
async function sendBill(world: World, request: FastifyRequest, reply: FastifyReply, tenant: Tenant): Promise<void> {
  const bytes = takeBill(world, tenant, new URLSearchParams(request.url.slice(BILL_FILE.length)).get('token') ?? '')
  if (bytes === undefined) return send(world, request, reply, tenant, '', refusePay('PARAM_ERROR', 'token无效或已过期'), false)
  if (takeFault(world, tenant.appid, ['lose_answer'], 'bill_file') !== undefined) return cut(request, reply)
  noteRequest(world, request, tenant, { status: 200 }, false)
  void reply.code(200).header('content-type', 'application/octet-stream').send(bytes)
}

/** A picture comes as it is, with no signature either. */
function sendPicture(world: World, request: FastifyRequest, reply: FastifyReply, tenant: Tenant): Promise<void> | void {
  const picture = findPicture(world, tenant, decodeURIComponent(request.url.slice(PICTURE.length)))
  if (picture === undefined) return send(world, request, reply, tenant, '', refusePay('RESOURCE_NOT_EXISTS', '图片不存在'), false)
  if (takeFault(world, tenant.appid, ['lose_answer'], 'complaint_picture') !== undefined) return cut(request, reply)
  noteRequest(world, request, tenant, { status: 200 }, false)
  void reply.code(200).header('content-type', picture.type).send(Buffer.from(picture.base64, 'base64'))
}

function isPrepay(name: string): name is PrepayKind {
  return name === 'jsapi' || name === 'h5' || name === 'native' || name === 'app'
}

function listCertificates(tenant: Tenant): PayAnswer {
  if (tenant.platformCertificate === undefined) return refusePay('RESOURCE_NOT_EXISTS', '无可用的平台证书，请在商户平台-API安全申请使用微信支付公钥。')
  const newest = { serial: tenant.platformSerial, certificate: tenant.platformCertificate, notBefore: tenant.platformNotBefore ?? '', notAfter: tenant.platformNotAfter ?? '' }
  const all = [newest, tenant.platformCertificatePrevious].filter((one) => one !== undefined)
  const data = all.map(({ serial, certificate, notBefore, notAfter }) => ({
    serial_no: serial, effective_time: beijing(Date.parse(notBefore)), expire_time: beijing(Date.parse(notAfter)), encrypt_certificate: sealGcm(tenant.apiv3Key, certificate, 'certificate'),
  }))
  return { status: 200, body: { data } }
}

function refuseAsAsked(fault: Body): PayAnswer {
  const refusal = refusePay(String(fault['code'] ?? 'SYSTEM_ERROR'), typeof fault['message'] === 'string' ? fault['message'] : undefined)
  return typeof fault['status'] === 'number' ? { ...refusal, status: fault['status'] } : refusal
}

/** The notice overtakes the answer: the payer was faster than the network. */
async function payAtOnce(world: World, tenant: Tenant, outTradeNo: string | undefined): Promise<void> {
  const order = currentOrder(world, orderId(tenant.mchid, outTradeNo ?? ''))
  if (order === undefined) return
  actOnOrder(world, tenant, order, { do: 'pay' })
  const isTold = () => [...world.state.tables.deliveries.values()].some((one) => one.subject === order.outTradeNo && one.appid === tenant.appid && one.attempts.length > 0)
  for (let waitedMs = 0; waitedMs < 5000 && !isTold(); waitedMs += 20) await new Promise((resolve) => setTimeout(resolve, 20))
}

/** The connection breaks before an answer; the effect, if any, stays. */
function cut(request: FastifyRequest, reply: FastifyReply): void {
  reply.hijack()
  request.raw.socket.resetAndDestroy()
}

async function send(
  world: World, request: FastifyRequest, reply: FastifyReply, tenant: Tenant | undefined, serial: string, answer: PayAnswer, nonceReused: boolean, api?: string,
): Promise<void> {
  const forgery = tenant === undefined || api === undefined ? undefined : takeFault(world, tenant.appid, ['forge_answer'], api)
  const sealed = await sealAnswer(tenant, serial, answer, forgery)
  noteRequest(world, request, tenant, answer, nonceReused)
  void reply.code(sealed.status).headers(sealed.headers).send(sealed.status === 204 ? undefined : sealed.body)
}

function noteRequest(world: World, request: FastifyRequest, tenant: Tenant | undefined, answer: PayAnswer, nonceReused: boolean): void {
  world.requests.push({ at: beijing(Date.now()), appid: tenant?.appid ?? '', method: request.method, url: request.url, status: answer.status, code: String(answer.body?.['code'] ?? ''), nonceReused })
  if (world.requests.length > 2000) world.requests.splice(0, 1000)
}

function readJson(raw: Buffer): Body | undefined {
  if (raw.length === 0) return {}
  try {
    const value: unknown = JSON.parse(raw.toString('utf8'))
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Body) : undefined
  } catch {
    return undefined
  }
}
