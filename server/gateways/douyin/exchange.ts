// Calls to open.douyin.com: one cached token for everybody, renewed once when the platform says it is stale.
import { fieldOf, fieldsOf, filledText, readJson, textOf, wholeOf, type Fields } from '../fields.ts'
import { keepToken } from '../token.ts'
import { done, sendParcel, unknown, type Answer } from '../wire.ts'
import type { DouyinConfig } from './shapes.ts'

const TIMEOUT_MS = 8000
/** The token is not, or no longer, theirs: another process of ours may have fetched a newer one. */
const STALE_TOKEN = new Set(['28001003', '28001008', '2190002', '2190008'])
/** The platform's own trouble: whether it acted is not said. */
const BUSY = new Set(['12001', '13000', '28001005', '2100004'])

export type Exchange = (name: string, body: Fields) => Promise<Answer<Fields>>

export function openExchange(config: DouyinConfig, now: () => Date): Exchange {
  const token = keepToken(() => fetchToken(config), now)
  const once: Exchange = async (name, body) => {
    const given = await token.get()
    if (given.outcome !== 'done') return given
    const answer = await request(config, `/api/trade_basic/v1/developer/${name}/`, body, { 'access-token': given.value })
    const told = answer.outcome === 'done' ? readAnswer(answer.value) : answer
    if (told.outcome === 'refused' && STALE_TOKEN.has(told.code)) token.forget(given.value)
    return told
  }
  return async (name, body) => {
    const first = await once(name, body)
    return first.outcome === 'refused' && STALE_TOKEN.has(first.code) ? once(name, body) : first
  }
}

async function fetchToken(config: DouyinConfig): Promise<Answer<{ value: string; seconds: number }>> {
  const answer = await request(config, '/oauth/client_token/', { client_key: config.appid, client_secret: config.secret, grant_type: 'client_credential' }, {})
  if (answer.outcome !== 'done') return answer
  const data = fieldsOf(answer.value, 'data')
  const code = wholeOf(data, 'error_code')
  if (code !== undefined && code !== 0) return { outcome: 'refused', code: String(code), message: textOf(data, 'description') ?? '', status: 200 }
  const [value, seconds] = [filledText(data, 'access_token'), wholeOf(data, 'expires_in')]
  return value === undefined || seconds === undefined ? unknown('answer lacks a token') : done({ value, seconds })
}

async function request(config: DouyinConfig, path: string, body: Fields, more: Record<string, string>): Promise<Answer<Fields>> {
  const got = await sendParcel({
    method: 'POST',
    url: `${config.baseUrl.replace(/\/$/, '')}${path}`,
    headers: { accept: 'application/json', 'content-type': 'application/json', 'user-agent': 'shuyuan', ...more },
    body: JSON.stringify(body),
    timeoutMs: config.timeoutMs ?? TIMEOUT_MS,
  })
  if (got.outcome !== 'got') return got
  if (got.status !== 200) return unknown(`status ${got.status}`)
  const fields = readJson(got.bytes.toString('utf8'))
  return fields === undefined ? unknown('answer is not JSON') : done(fields)
}

/** `log_id` is the number the platform's support asks for. An answer without an `err_no` says nothing. */
function readAnswer(fields: Fields): Answer<Fields> {
  const code = wholeOf(fields, 'err_no')
  if (code === undefined || fieldOf(fields, 'err_no') === '') return unknown('answer lacks err_no')
  if (code === 0) return done(fieldsOf(fields, 'data') ?? {})
  if (BUSY.has(String(code))) return unknown(`err_no ${code}`)
  const requestId = filledText(fields, 'log_id')
  return { outcome: 'refused', code: String(code), message: textOf(fields, 'err_msg') ?? '', status: 200, ...(requestId === undefined ? {} : { requestId }) }
}
