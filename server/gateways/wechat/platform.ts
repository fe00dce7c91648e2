// Calls to api.weixin.qq.com: one cached token for everybody, renewed once when the platform says it is stale.
import { fieldOf, readJson, textOf, wholeOf, type Fields } from '../fields.ts'
import { keepToken } from '../token.ts'
import { done, sendParcel, unknown, type Answer, type Got, type Refused, type Unknown } from '../wire.ts'
import type { WechatConfig } from './shapes.ts'

const TIMEOUT_MS = 8000
const STALE_TOKEN = new Set(['40001', '40014', '42001'])
/** The platform is busy: whether it acted is not said. */
const BUSY = new Set(['-1', '-1000', '50001', '50002'])

export type Platform = {
  get(path: string): Promise<Answer<Fields>>
  /** `query` is what follows the token in the address; an answer that is not JSON comes as bytes. */
  post(path: string, body: string, query?: string): Promise<Answer<Posted>>
}
export type Posted = { kind: 'fields'; fields: Fields } | { kind: 'bytes'; bytes: Buffer; type: string }

export function openPlatform(config: WechatConfig, now: () => Date): Platform {
  const token = keepToken(() => fetchToken(config), now)
  const once = async (path: string, body: string, query: string): Promise<Answer<Posted>> => {
    const given = await token.get()
    if (given.outcome !== 'done') return given
    const answer = await request(config, 'POST', `${path}?access_token=${encodeURIComponent(given.value)}${query}`, body)
    if (answer.outcome === 'refused' && STALE_TOKEN.has(answer.code)) token.forget(given.value)
    return answer
  }
  return {
    get: (path) => requestOpen(config, path),
    async post(path, body, query = '') {
      const first = await once(path, body, query)
      return first.outcome === 'refused' && STALE_TOKEN.has(first.code) ? once(path, body, query) : first
    },
  }
}

async function fetchToken(config: WechatConfig): Promise<Answer<{ value: string; seconds: number }>> {
  const body = JSON.stringify({ grant_type: 'client_credential', appid: config.appid, secret: config.secret, force_refresh: false })
  const answer = await request(config, 'POST', '/cgi-bin/stable_token', body)
  if (answer.outcome !== 'done') return answer
  const fields = answer.value.kind === 'fields' ? answer.value.fields : undefined
  const [value, seconds] = [textOf(fields, 'access_token'), wholeOf(fields, 'expires_in')]
  return !value || seconds === undefined ? unknown('answer lacks a token') : done({ value, seconds })
}

/** A call that needs no token. */
export async function requestOpen(config: Pick<WechatConfig, 'baseUrl' | 'timeoutMs'>, path: string): Promise<Answer<Fields>> {
  const answer = await request(config, 'GET', path)
  if (answer.outcome !== 'done') return answer
  return answer.value.kind === 'fields' ? done(answer.value.fields) : unknown('answer is not JSON')
}

async function request(config: Pick<WechatConfig, 'baseUrl' | 'timeoutMs'>, method: 'GET' | 'POST', path: string, body?: string): Promise<Answer<Posted>> {
  const got = await sendParcel({
    method,
    url: `${config.baseUrl.replace(/\/$/, '')}${path}`,
    headers: { accept: '*/*', 'user-agent': 'shuyuan', ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body }),
    timeoutMs: config.timeoutMs ?? TIMEOUT_MS,
  })
  return got.outcome === 'got' ? readAnswer(got) : got
}

function readAnswer(got: Got): Answer<Posted> {
  const type = got.headers.get('content-type') ?? ''
  const fields = readJson(got.bytes.toString('utf8'))
  if (got.status !== 200) return unknown(`status ${got.status}`)
  if (fields === undefined) return type.startsWith('image/') && got.bytes.length > 0 ? done({ kind: 'bytes', bytes: got.bytes, type }) : unknown('answer is not JSON')
  const code = wholeOf(fields, 'errcode')
  if (code === undefined && fieldOf(fields, 'errcode') !== undefined) return unknown('errcode is not a number')
  return code === undefined || code === 0 ? done({ kind: 'fields', fields }) : refusalOf(String(code), fields)
}

/** `rid: …` at the end of errmsg is the number the platform's support asks for. */
function refusalOf(code: string, fields: Fields): Refused | Unknown {
  const message = textOf(fields, 'errmsg') ?? ''
  const requestId = /rid: ?([\w-]+)/.exec(message)?.[1]
  if (BUSY.has(code)) return unknown(`errcode ${code}`)
  return { outcome: 'refused', code, message, status: 200, ...(requestId === undefined ? {} : { requestId }) }
}
