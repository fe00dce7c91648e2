// wx.request: only to the one server that this app may ask, without cookies.
import { phone } from './given.ts'
import type { Options } from './answers.ts'

type Asked = Options & { url: string; method?: string; header?: Record<string, string>; data?: unknown; timeout?: number }

/** Where the test has cut the line. */
let isOffline = phone.isOffline
export function cutLine(isCut: boolean): void {
  isOffline = isCut
}

export async function request({ url, method = 'GET', header = {}, data, timeout = 60_000 }: Asked): Promise<object> {
  if (isOffline) throw new Error('net::ERR_INTERNET_DISCONNECTED')
  if (new URL(url).origin !== phone.server) throw new Error('url not in domain list')
  const hasBody = data !== undefined && method !== 'GET'
  const answer = await fetch(hasBody || data === undefined ? url : `${url}?${new URLSearchParams(data as Record<string, string>)}`, {
    method,
    headers: hasBody ? { 'content-type': 'application/json', ...header } : header,
    credentials: 'omit',
    signal: AbortSignal.timeout(timeout),
    ...(hasBody ? { body: typeof data === 'string' ? data : JSON.stringify(data) } : {}),
  })
  const text = await answer.text()
  return { statusCode: answer.status, header: Object.fromEntries(answer.headers), cookies: [], data: parsed(text) }
}

/** WeChat tries JSON whatever the type says, and leaves the text when it is none. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
