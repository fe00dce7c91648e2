// The stand-in for the platforms: its process, and the keys it gives the server.
import { readFileSync, statSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import { problem } from '../problem.ts'
import { startPart, type Running } from './part.ts'
import { choosePort } from './ports.ts'

export type Vendors = { url: string; appid: string; env: Record<string, string>; port: number; running: Running }

type Wanted = { dir: string; likedPort: number | undefined; say: (sentence: string) => void; giveUp: (thrown: Error) => void }

export async function startSandbox({ dir, likedPort, say, giveUp }: Wanted): Promise<Vendors> {
  const port = await choosePort('127.0.0.1', process.env['SANDBOX_PORT'], likedPort ? [likedPort] : [])
  const url = `http://127.0.0.1:${port}`
  const logFile = join(dir, 'log', 'sandbox.log')
  const from = existsSync(logFile) ? statSync(logFile).size : 0
  const running = await startPart({
    name: 'The sandbox',
    script: 'sandbox/main.ts',
    env: { SANDBOX_HOST: '127.0.0.1', SANDBOX_PORT: String(port), SANDBOX_STATE: join(dir, 'sandbox'), SANDBOX_PARENT: '1' },
    logFile,
    isReady: async () => readFileSync(logFile).subarray(from).includes('"ready":true'),
  }, say, giveUp)
  const tenant = (await ask(`${url}/__sim/tenants/default`)) as { appid: string; env: Record<string, string> }
  return { url, appid: tenant.appid, env: onlyMissing(tenant.env), port, running }
}

/** In real life this address is typed into the vendor's own console. */
export async function registerPush(vendors: Vendors, publicUrl: string) {
  await ask(`${vendors.url}/__sim/tenants/${vendors.appid}/push-url`, { method: 'PUT', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ url: `${publicUrl}/api/callbacks/wechat` }) })
}

/** A vendor whose keys stand in the environment is the real one: then nothing of the sandbox is mixed in. */
function onlyMissing(env: Record<string, string>): Record<string, string> {
  const families = ['WECHATPAY_', 'WECHAT_', 'XPAY_', 'SMS_', 'ALIPAY_', 'DOUYIN_'].filter((family) => !Object.keys(process.env).some((name) => name.startsWith(family)))
  return Object.fromEntries(Object.entries(env).filter(([name]) => families.some((family) => name.startsWith(family))))
}

async function ask(url: string, init: RequestInit = {}): Promise<unknown> {
  const reply = await fetch(url, init)
  const text = await reply.text()
  if (!reply.ok) throw problem(`The sandbox refused ${url}: ${reply.status} ${text}`)
  return text ? JSON.parse(text) : undefined
}
