// Sends a notice to the product over plain HTTP, with kept-alive connections and the platforms' five seconds of patience.
import http from 'node:http'
import https from 'node:https'

export type PostResult = { status: number; body: string; error?: string }

const PATIENCE_MS = 5000
const agents = {
  'http:': new http.Agent({ keepAlive: true, maxSockets: 64, maxFreeSockets: 64 }),
  'https:': new https.Agent({ keepAlive: true, maxSockets: 64 }),
}

/** Never rejects: a refused connection or a slow answer is a result like any other, with status 0. */
export function postNotice(url: string, headers: Record<string, string>, body: string): Promise<PostResult> {
  return new Promise((resolve) => {
    const failed = (error: string) => resolve({ status: 0, body: '', error })
    const target = URL.parse(url)
    if (target === null || (target.protocol !== 'http:' && target.protocol !== 'https:')) return failed('地址无效')
    const send = target.protocol === 'https:' ? https.request : http.request
    const request = send(target, { method: 'POST', agent: agents[target.protocol], headers: { ...headers, 'Content-Length': Buffer.byteLength(body) } })
    const deadline = setTimeout(() => request.destroy(new Error('五秒内没有应答')), PATIENCE_MS)
    request.on('response', (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', (error) => failed(error.message))
      response.on('end', () => {
        clearTimeout(deadline)
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8').slice(0, 2000) })
      })
    })
    request.on('error', (error) => {
      clearTimeout(deadline)
      failed(error.message)
    })
    request.end(body)
  })
}
