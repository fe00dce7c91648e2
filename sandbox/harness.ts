// For the sandbox's own tests: a sandbox in this process, a product that only listens, and small ways to speak to both.
import { createServer } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { createSign, randomBytes } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { startSandbox } from './app.ts'
import type { Sandbox } from './app.ts'

export type Env = Record<string, string> & { WECHATPAY_MCHID: string; WECHATPAY_APPID: string; WECHATPAY_SERIAL: string; WECHATPAY_PRIVATE_KEY: string; WECHATPAY_APIV3_KEY: string }
export type Account = { mchid: string; appid: string; env: Env }
export type Got = { url: string; headers: IncomingMessage['headers']; body: string; at: number }
export type Listener = { url: string; got: Got[]; answer: (got: Got) => { status: number; body?: string; afterMs?: number }; stop(): Promise<void> }
/** An answer as JSON.parse gives it: tests read it field by field and compare, so a wrong guess fails the test. */
export type Json = ReturnType<typeof JSON.parse>

/** The RSA pairs that all tests share. */
export const keptKeys = join(import.meta.dirname, '..', '.cache', 'sandbox-keys')

export async function openSandbox(folder?: string): Promise<Sandbox & { ask: (method: string, path: string, body?: unknown) => Promise<Json>; tenant: (ask?: object) => Promise<Account> }> {
  const sandbox = await startSandbox({ host: '127.0.0.1', port: 0, folder, publishSeconds: 20, keys: keptKeys })
  const ask = (method: string, path: string, body?: unknown) => askJson(sandbox.url, method, path, body)
  return { ...sandbox, ask, tenant: async (wish = {}) => (await ask('POST', '/__sim/tenants', wish)) as Account }
}

export async function askJson(url: string, method: string, path: string, body?: unknown): Promise<Json> {
  const answer = await fetch(`${url}${path}`, { method, ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }) })
  return (await answer.json()) as Json
}

/** Stands where the product's notify address would be. */
export async function openListener(): Promise<Listener> {
  const listener: Listener = { url: '', got: [], answer: () => ({ status: 204 }), stop: async () => undefined }
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const got = { url: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks).toString('utf8'), at: Date.now() }
      listener.got.push(got)
      const { status, body, afterMs } = listener.answer(got)
      setTimeout(() => response.writeHead(status).end(body), afterMs ?? 0)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  listener.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  listener.stop = () => new Promise((resolve) => {
    server.closeAllConnections()
    server.close(() => resolve())
  })
  return listener
}

export type SignedAsk = { method: string; path: string; body?: string; mchid?: string; serial?: string; key?: string; timestamp?: number; nonce?: string; signed?: string; wants?: string; header?: string }

/** A request signed by hand, so that a test can get any part of it wrong. */
export async function askSigned(url: string, env: Env, ask: SignedAsk): Promise<{ status: number; headers: Headers; text: string; json: Json }> {
  const timestamp = ask.timestamp ?? Math.floor(Date.now() / 1000)
  const nonce = ask.nonce ?? randomBytes(16).toString('hex')
  const body = ask.body ?? ''
  const signature = createSign('sha256').update(`${ask.method}\n${ask.path}\n${timestamp}\n${nonce}\n${ask.signed ?? body}\n`).sign(ask.key ?? env.WECHATPAY_PRIVATE_KEY, 'base64')
  const pairs = `mchid="${ask.mchid ?? env.WECHATPAY_MCHID}",nonce_str="${nonce}",timestamp="${timestamp}",serial_no="${ask.serial ?? env.WECHATPAY_SERIAL}",signature="${signature}"`
  const answer = await fetch(`${url}${ask.path}`, {
    method: ask.method,
    headers: {
      authorization: ask.header ?? `WECHATPAY2-SHA256-RSA2048 ${pairs}`, accept: 'application/json', 'content-type': 'application/json',
      ...(ask.wants === undefined ? {} : { 'wechatpay-serial': ask.wants }),
    },
    ...(ask.method === 'GET' ? {} : { body }),
  })
  const text = await answer.text()
  return { status: answer.status, headers: answer.headers, text, json: text === '' ? {} : (JSON.parse(text) as Json) }
}

export async function waitUntil(isTrue: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const deadline = Date.now() + 8000
  while (!(await isTrue())) {
    if (Date.now() > deadline) throw new Error(`waited in vain until ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
