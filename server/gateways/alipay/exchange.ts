// One signed request to Alipay's gateway and its verified answer.
import type { KeyObject } from 'node:crypto'
import { readJson, textOf, type Fields } from '../fields.ts'
import { done, sendParcel, unknown, type Answer } from '../wire.ts'
import { beijingTime } from './read.ts'
import { cutNode, isTextSigned, signParams } from './sign.ts'

export type Line = {
  baseUrl: string
  appid: string
  own: KeyObject
  theirs: KeyObject
  now: () => Date
  timeoutMs: number
  /** Told each time Alipay does not accept our signature or our clock: nothing can be paid until a person has looked. */
  onDistrust: (distrust: { code: string; message: string }) => void
}
/** `content` travels as biz_content; `plain` are parameters beside it. */
export type Ask = { method: string; content?: Fields; plain?: Record<string, string> }

/** Named like a trouble of Alipay's own, but an answer. */
export const NO_BILL = 'isp.bill_not_exist'

const DISTRUST = ['isv.invalid-signature', 'isv.invalid-timestamp', 'isv.invalid-app-id', 'isv.missing-signature']

/** Whatever cannot be verified, and Alipay's own troubles, are unknown: money may have moved. */
export async function exchange(line: Line, ask: Ask): Promise<Answer<Fields>> {
  const [open, content] = [composeAsk(line, ask), ask.content === undefined ? undefined : JSON.stringify(ask.content)]
  const sign = signParams(line.own, content === undefined ? open : { ...open, biz_content: content })
  const got = await sendParcel({
    method: 'POST',
    url: `${line.baseUrl}?${new URLSearchParams({ ...open, sign })}`,
    headers: { 'content-type': 'application/x-www-form-urlencoded;charset=utf-8', 'user-agent': 'shuyuan' },
    body: content === undefined ? '' : new URLSearchParams({ biz_content: content }).toString(),
    timeoutMs: line.timeoutMs,
  })
  if (got.outcome !== 'got') return got
  if (got.status !== 200) return unknown(`status ${got.status}`)
  return readAnswer(line, `${ask.method.replaceAll('.', '_')}_response`, got.bytes.toString('utf8'))
}

function composeAsk(line: Line, { method, plain }: Ask): Record<string, string> {
  return {
    app_id: line.appid,
    method,
    format: 'JSON',
    charset: 'utf-8',
    sign_type: 'RSA2',
    timestamp: beijingTime(line.now()),
    version: '1.0',
    ...plain,
  }
}

/** Only the very characters that were signed are parsed. */
function readAnswer(line: Line, name: string, body: string): Answer<Fields> {
  const signature = textOf(readJson(body), 'sign')
  const [raw, error] = [cutNode(body, name), cutNode(body, 'error_response')]
  const node = raw ?? error
  if (node === undefined) return unknown('answer lacks its node')
  if (signature !== undefined && !isTextSigned(line.theirs, node, signature)) return unknown('answer not verified: signature_wrong')
  const fields = readJson(node)
  if (fields === undefined) return unknown('answer is not JSON')
  if (raw === undefined || (textOf(fields, 'code') ?? '10000') !== '10000') return readRefusal(line, fields)
  return signature === undefined ? unknown('answer not verified: no signature') : done(fields)
}

/** Refusals are believed without a signature, which Alipay leaves out when it does not know the app; its own troubles are no refusals. */
function readRefusal(line: Line, fields: Fields): Answer<Fields> {
  const code = textOf(fields, 'sub_code') ?? textOf(fields, 'code') ?? ''
  const message = textOf(fields, 'sub_msg') ?? textOf(fields, 'msg') ?? ''
  if (code === '' || textOf(fields, 'code') === '20000' || (code !== NO_BILL && /SYSTEM_ERROR$|^(aop|isp)\./.test(code))) return unknown(`answer ${code || 'without a code'}`)
  if (DISTRUST.includes(code)) line.onDistrust({ code, message })
  return { outcome: 'refused', code, message, status: 200 }
}
