// The whole app on a fresh database against the real sandbox, as tests ask for it.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { WireRefusal } from '#contracts/words/refusals.ts'
import { openApp, type App } from '#server/app.ts'
import { readConfig } from '#server/config.ts'
import { freshDatabase } from './database.ts'
import { sharedSandbox, type SandboxProcess, type Tenant } from './sandbox.ts'
import { freePort } from '../../scripts/start/ports.ts'

export type Answer = { status: number; body: ReturnType<typeof JSON.parse>; text: string; headers: Headers }
export type Asker = { token?: string; cookie?: string; client?: string }
export type TestApp = {
  app: App
  url: string
  databaseUrl: string
  sandbox: Omit<SandboxProcess, 'stop'>
  tenant: Tenant
  ask(route: string, body?: unknown, as?: Asker): Promise<Answer>
  stop(): Promise<void>
}

/** Web and worker in this process, on a free port of 127.0.0.1; `wish` shapes the sandbox's tenant, `beforeStart` changes it after our settings were read; `now` is a clock of the test's own. */
export async function startApp(wish: object = {}, beforeStart: (sandbox: TestApp['sandbox'], tenant: Tenant) => Promise<unknown> = async () => undefined, settings: Record<string, string> = {}, now?: () => Date): Promise<TestApp> {
  const database = await freshDatabase()
  const sandbox = await sharedSandbox()
  const tenant = await sandbox.tenant({ publishSeconds: 1, ...wish })
  await beforeStart(sandbox, tenant)
  const dataDir = await mkdtemp(join(tmpdir(), 'shuyuan-test-'))
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const environment = { ...tenant.env, DATABASE_URL: database.url, DATABASE_POOL: '8', DATA_DIR: dataDir, SECRET: 'a secret that only tests know, 32+ chars', PORT: String(port), PUBLIC_URL: url, SETUP_KEY: 'test-setup-key', METRICS_KEY: metricsKey, SANDBOX_URL: sandbox.url, LOG_LEVEL: 'error', ...settings }
  const app = await openApp(readConfig(environment), now)
  await app.work()
  await app.http.listen({ host: '127.0.0.1', port })
  await sandbox.ask('PUT', `/__sim/tenants/${tenant.appid}/push-url`, { url: `${url}/api/callbacks/wechat` })
  return {
    app,
    url,
    databaseUrl: database.url,
    sandbox,
    tenant,
    ask: askerAt(url),
    async stop() {
      await app.close()
      await database.drop()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

const metricsKey = 'test-metrics-key'

/** The counters of the app, as Prometheus reads them. */
export async function readCounters(url: string): Promise<string> {
  return (await fetch(`${url}/api/metrics`, { headers: { authorization: `Bearer ${metricsKey}` } })).text()
}

/** Asks the API of the app at an address: `POST /orders`, a body, and as whom. */
export function askerAt(url: string): TestApp['ask'] {
  return async (route, body, as = {}) => {
    const [method = 'GET', path = '/'] = route.split(' ')
    const answer = await fetch(`${url}/api${path}`, {
      method,
      headers: {
        'x-client': as.client ?? 'h5/android/device-test',
        ...(as.token ? { authorization: `Bearer ${as.token}` } : {}),
        ...(as.cookie ? { cookie: as.cookie, 'x-requested-with': 'shuyuan' } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    return { status: answer.status, text, headers: answer.headers, body: text.startsWith('{') ? JSON.parse(text) : undefined }
  }
}

/** The refusal's code of an answer, for a test to compare. */
export function codeOf(answer: Answer): string {
  return (answer.body as WireRefusal).error.code
}

/** Signs an owner in: the set-up page the first time. Replies the cookie. */
export async function signInOwner(test: Pick<TestApp, 'ask'>): Promise<string> {
  const answer = await test.ask('POST /console/setup', { key: 'test-setup-key', academy: '测试书院', name: '院长', email: 'owner@example.com', password: 'correct horse battery' })
  return (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
}

/** Signs a learner in by the code that the sandbox's inbox received. */
export async function signInLearner(test: Pick<TestApp, 'ask' | 'sandbox'>, phone: string, client?: string): Promise<string> {
  await test.ask('POST /sms-codes', { phone })
  const inbox = await test.sandbox.ask('GET', `/__sim/sms?phone=${phone}`)
  const [newest] = Array.isArray(inbox) ? inbox : inbox.items
  const code = /\d{6}/.exec(JSON.stringify(newest.params ?? newest))?.[0]
  const answer = await test.ask('POST /sessions/phone', { phone, code, agreed: true }, client ? { client } : {})
  return answer.body.token
}

/** Waits until something is so, or fails after half a minute: less than a kept answer is kept. */
export async function until<T>(look: () => Promise<T | undefined | false>): Promise<T> {
  for (const end = Date.now() + 30_000; Date.now() < end; ) {
    const seen = await look()
    if (seen) return seen
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error('it did not come about in half a minute')
}
