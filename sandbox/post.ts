// Sends a notice to the product over plain HTTP, with kept-alive connections and the platforms' five seconds of patience.
import http from 'node:http'
import https from 'node:https'

export type PostResult = { status: number; body: string; error?: string }
type Parcel = { target: URL; headers: Record<string, string>; body: string; isImpatient: boolean }

const PATIENCE_MS = 5000
const SHOWN_LENGTH = 2000
const plainAgent = new http.Agent({ keepAlive: true, maxSockets: 64, maxFreeSockets: 64 })
const secureAgent = new https.Agent({ keepAlive: true, maxSockets: 64 })

/** Never rejects: a refused connection or a slow answer is a result like any other, with status 0. `isImpatient`: all is told, and no answer is waited for. */
export async function postNotice(url: string, headers: Record<string, string>, body: string, isImpatient = false): Promise<PostResult> {
  const target = URL.parse(url)
  if (target === null || (target.protocol !== 'http:' && target.protocol !== 'https:')) return { status: 0, body: '', error: '地址无效' }
  const parcel: Parcel = { target, headers: { ...headers, 'Content-Length': String(Buffer.byteLength(body)) }, body, isImpatient }
  const result = await postOnce(parcel)
  return result === 'stale' ? postAgain(parcel) : result
}

/** A kept-alive connection that the other side had closed already says nothing about the product: it is tried once on a new one. */
async function postAgain(parcel: Parcel): Promise<PostResult> {
  const result = await postOnce(parcel)
  return result === 'stale' ? { status: 0, body: '', error: '连接被重置' } : result
}

function postOnce({ target, headers, body, isImpatient }: Parcel): Promise<PostResult | 'stale'> {
  return new Promise((resolve) => {
    const options = { method: 'POST', headers }
    const request = target.protocol === 'https:' ? https.request(target, { ...options, agent: secureAgent }) : http.request(target, { ...options, agent: plainAgent })
    const giveUp = () => request.destroy(new Error('五秒内没有应答'))
    const deadline = setTimeout(giveUp, PATIENCE_MS)
    if (isImpatient) request.on('finish', giveUp)
    const fail = (error: NodeJS.ErrnoException) => {
      clearTimeout(deadline)
      resolve(request.reusedSocket && error.code === 'ECONNRESET' ? 'stale' : { status: 0, body: '', error: error.message })
    }
    request.on('error', fail)
    request.on('response', (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', fail)
      response.on('end', () => {
        clearTimeout(deadline)
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8').slice(0, SHOWN_LENGTH) })
      })
    })
    request.end(body)
  })
}
