// Tencent Cloud SMS: SendSms with TC3-HMAC-SHA256 checked as the cloud does, every text kept for the inbox page.
import { createHash, createHmac, randomUUID } from 'node:crypto'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { SmsText, Tenant } from './records.ts'
import { put } from './state.ts'
import { readJson } from './wechat/door.ts'
import { beijing, takeFault } from './world.ts'
import type { World } from './world.ts'

type Body = Record<string, unknown>
const AUTHORIZATION = /^TC3-HMAC-SHA256 Credential=([^/,]+)\/(\d{4}-\d\d-\d\d)\/([^/]+)\/tc3_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/

export function addSmsRoutes(app: FastifyInstance, world: World): void {
  app.post('/', async (request, reply) => {
    const answer = answerCloud(world, request)
    const appid = typeof answer['appid'] === 'string' ? answer['appid'] : ''
    if (takeFault(world, appid, ['lose_answer'], 'sms') !== undefined) {
      reply.hijack()
      request.raw.socket.resetAndDestroy()
      return
    }
    return reply.type('application/json').send(JSON.stringify({ Response: { ...(answer['response'] as Body), RequestId: randomUUID() } }))
  })
}

function answerCloud(world: World, request: FastifyRequest): Body {
  const raw = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
  const checked = checkSignature(world, request, raw)
  if ('Error' in checked) return { response: checked }
  const { tenant } = checked
  const refused = takeFault(world, tenant.appid, ['refuse'], 'sms')
  if (refused !== undefined) return { appid: tenant.appid, response: refuse(String(refused['code'] ?? 'InternalError'), String(refused['message'] ?? 'internal error')) }
  if (request.headers['x-tc-action'] !== 'SendSms') return { response: refuse('InvalidAction', `The request with action ${String(request.headers['x-tc-action'])} is not supported`) }
  return { appid: tenant.appid, response: sendTexts(world, tenant, readJson(raw)) }
}

function checkSignature(world: World, request: FastifyRequest, raw: Buffer): { tenant: Tenant } | { Error: Body } {
  const parts = AUTHORIZATION.exec(request.headers.authorization ?? '')
  if (parts === null) return refuse('AuthFailure.SignatureFailure', 'The provided credentials could not be validated.')
  const [, secretId = '', date = '', service = '', signedHeaders = '', signature = ''] = parts
  const tenant = [...world.state.tables.tenants.values()].find((one) => one.sms.secretId === secretId)
  if (tenant === undefined) return refuse('AuthFailure.SecretIdNotFound', 'The SecretId is not found')
  const timestamp = String(request.headers['x-tc-timestamp'] ?? '')
  if (!(Math.abs(Date.now() / 1000 - Number(timestamp)) <= 300) || new Date(Number(timestamp) * 1000).toISOString().slice(0, 10) !== date) {
    return refuse('AuthFailure.SignatureExpire', 'Timestamp is expired')
  }
  const headers = signedHeaders.split(';').map((name) => `${name}:${String(request.headers[name] ?? '').trim().toLowerCase()}\n`).join('')
  const [path = '/', query = ''] = request.url.split('?')
  const canonical = `${request.method}\n${path}\n${query}\n${headers}\n${signedHeaders}\n${sha256(raw)}`
  const text = `TC3-HMAC-SHA256\n${timestamp}\n${date}/${service}/tc3_request\n${sha256(Buffer.from(canonical))}`
  const key = [date, service, 'tc3_request'].reduce<Buffer>((secret, word) => hmac(secret, word), Buffer.from(`TC3${tenant.sms.secretKey}`))
  const hasHost = signedHeaders.split(';').includes('host') && signedHeaders.split(';').includes('content-type')
  if (!hasHost || hmac(key, text).toString('hex') !== signature) return refuse('AuthFailure.SignatureFailure', 'The provided credentials could not be validated. Please check your signature is correct.')
  return { tenant }
}

function sendTexts(world: World, tenant: Tenant, body: Body): Body {
  const phones = body['PhoneNumberSet']
  if (!Array.isArray(phones) || phones.length === 0) return refuse('MissingParameter', 'The request is missing a required parameter `PhoneNumberSet`.')
  if (body['SmsSdkAppId'] !== tenant.sms.appId) return refuse('UnauthorizedOperation.SmsSdkAppIdVerifyFail', 'SmsSdkAppId verify fail')
  return { SendStatusSet: phones.map((phone) => sendText(world, tenant, String(phone), body)) }
}

function sendText(world: World, tenant: Tenant, phone: string, body: Body): Body {
  const params = Array.isArray(body['TemplateParamSet']) ? body['TemplateParamSet'].map(String) : []
  const status = { SerialNo: '', PhoneNumber: phone, Fee: 0, SessionContext: String(body['SessionContext'] ?? ''), IsoCode: '' }
  const number = /^(?:\+?86|0086)?(1\d{10})$/.exec(phone)?.[1]
  if (number === undefined) return { ...status, Code: 'InvalidParameterValue.IncorrectPhoneNumber', Message: 'incorrect phone number' }
  if (body['SignName'] !== tenant.sms.sign) return { ...status, Code: 'FailedOperation.SignatureIncorrectOrUnapproved', Message: 'signature is incorrect or unapproved' }
  const approved = [tenant.sms, ...(tenant.sms.more ?? [])].find((one) => one.template === body['TemplateId'])
  if (approved === undefined) return { ...status, Code: 'FailedOperation.TemplateIncorrectOrUnapproved', Message: 'template is incorrect or unapproved' }
  const wanted = new Set(approved.text.match(/\{\d+\}/g)).size
  if (params.length !== wanted) return { ...status, Code: 'FailedOperation.TemplateParamSetNotMatchApprovedTemplate', Message: 'the number of parameters does not match the template' }
  const text: SmsText = {
    id: `${Date.now()}:${randomUUID()}`, appid: tenant.appid, phone: number, sign: tenant.sms.sign, template: approved.template, params,
    text: `【${tenant.sms.sign}】${approved.text.replace(/\{(\d+)\}/g, (_all, index: string) => params[Number(index) - 1] ?? '')}`, at: beijing(Date.now()),
  }
  put(world.state, 'texts', text.id, text)
  return { ...status, SerialNo: text.id, PhoneNumber: `+86${number}`, Fee: 1, Code: 'Ok', Message: 'send success', IsoCode: 'CN' }
}

function refuse(code: string, message: string): { Error: Body } {
  return { Error: { Code: code, Message: message } }
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}
