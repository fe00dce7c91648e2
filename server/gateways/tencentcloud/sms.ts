// Sends one text message through Tencent Cloud SMS.
import { fieldsOf, filledText, listOf, readJson, textOf, type Fields } from '../fields.ts'
import { done, notConfigured, sendParcel, unknown, type Answer, type Got } from '../wire.ts'
import type { Sms, SmsConfig, SmsText } from './shapes.ts'
import { authorizeCall, CONTENT_TYPE } from './sign.ts'

const ACTION = 'SendSms'
const VERSION = '2021-01-11'
const TIMEOUT_MS = 8000

export function openSms(config: SmsConfig, now: () => Date): Sms {
  const isReady = (text: SmsText) => config.secretId !== '' && config.secretKey !== '' && config.templates[text] !== ''
  return { isReady, send: (text, phone, params) => (isReady(text) ? sendText(config, now, { text, phone, params }) : Promise.resolve(notConfigured('Tencent Cloud SMS'))) }
}

async function sendText(config: SmsConfig, now: () => Date, { text, phone, params }: { text: SmsText; phone: string; params: string[] }): Promise<Answer<{ serial: string }>> {
  const seconds = Math.floor(now().getTime() / 1000)
  const number = phone.startsWith('+') ? phone : `+86${phone}`
  const body = JSON.stringify({ PhoneNumberSet: [number], SmsSdkAppId: config.appId, SignName: config.sign, TemplateId: config.templates[text], TemplateParamSet: params })
  const host = new URL(config.baseUrl).host
  const got = await sendParcel({
    method: 'POST',
    url: config.baseUrl,
    headers: {
      authorization: authorizeCall(config.secretId, config.secretKey, { host, service: 'sms', action: ACTION, body, seconds }),
      'content-type': CONTENT_TYPE,
      'x-tc-action': ACTION,
      'x-tc-version': VERSION,
      'x-tc-region': config.region ?? 'ap-guangzhou',
      'x-tc-timestamp': String(seconds),
    },
    body,
    timeoutMs: config.timeoutMs ?? TIMEOUT_MS,
  })
  return got.outcome === 'got' ? readAnswer(got) : got
}

function readAnswer(got: Got): Answer<{ serial: string }> {
  const response = fieldsOf(readJson(got.bytes.toString('utf8')), 'Response')
  if (got.status !== 200 || response === undefined) return unknown(`status ${got.status}`)
  const requestId = filledText(response, 'RequestId')
  const error = fieldsOf(response, 'Error')
  if (error !== undefined) return refusalOf(error, requestId)
  const status = listOf(response, 'SendStatusSet')[0]
  if (textOf(status, 'Code') === 'Ok') return done({ serial: textOf(status, 'SerialNo') ?? '' })
  return status === undefined ? unknown('answer lacks a status') : refusalOf(status, requestId)
}

/** The cloud's own trouble says nothing about whether the text went out. */
function refusalOf(fields: Fields, requestId: string | undefined): Answer<never> {
  const code = textOf(fields, 'Code') ?? ''
  if (code === '' || /^(InternalError|RequestTimeout|ServiceUnavailable)/.test(code)) return unknown(code || 'answer lacks a code')
  return { outcome: 'refused', code, message: textOf(fields, 'Message') ?? '', status: 200, ...(requestId === undefined ? {} : { requestId }) }
}
