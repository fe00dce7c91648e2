// The web side of the app for tests of the door: a clock that they turn, and callers from many addresses.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Ctx } from '#kernel/ctx.ts'
import { openApp } from '../app.ts'
import { readConfig } from '../config.ts'
import { freshDatabase } from './database.ts'
import { sharedSandbox, type Json, type SandboxProcess, type Tenant } from './sandbox.ts'

export type Answer = { status: number; body: Json; code: string | undefined; cookie: string }
export type How = { body?: unknown; token?: string; cookie?: string; address?: string; headers?: Record<string, string> }
export type Door = {
  url: string
  ctx: Ctx
  sandbox: Omit<SandboxProcess, 'stop'>
  tenant: Tenant
  /** Moves the app's clock; limits, waits and the life of sessions follow it. */
  advance(seconds: number): void
  call(method: string, path: string, how?: How): Promise<Answer>
  stop(): Promise<void>
}

export const setupKey = 'the key that the server printed'
export const password = 'a long enough password'

export async function openDoor(): Promise<Door> {
  const [database, sandbox, dataDir] = [await freshDatabase(), await sharedSandbox(), await mkdtemp(join(tmpdir(), 'shuyuan-door-'))]
  const tenant = await sandbox.tenant()
  const environment = { ...tenant.env, DATABASE_URL: database.url, DATABASE_POOL: '6', DATA_DIR: dataDir, SECRET: 'a secret for tests with enough characters', SETUP_KEY: setupKey, TRUST_PROXY: '1', LOG_LEVEL: 'silent' }
  let passedMs = 0
  const app = await openApp(readConfig(environment), () => new Date(Date.now() + passedMs))
  const url = await app.http.listen({ host: '127.0.0.1', port: 0 })
  return {
    url,
    ctx: app.ctx,
    sandbox,
    tenant,
    advance: (seconds) => void (passedMs += seconds * 1000),
    call: (method, path, how = {}) => ask(`${url}/api${path}`, method, how),
    async stop() {
      await app.close()
      await database.drop()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

/** The first owner of the academy, signed in. */
export async function setUpOwner(door: Door): Promise<{ cookie: string; id: string }> {
  const { body, cookie } = await door.call('POST', '/console/setup', { body: { key: setupKey, academy: '拾光书院', name: '许知行', email: 'owner@example.cn', password } })
  return { cookie, id: body.operator.id }
}

/** The code of the newest text message to a number. */
export async function codeSentTo(door: Door, phone: string): Promise<string> {
  const { items } = await door.sandbox.ask('GET', `/__sim/sms?phone=${phone}&tenant=${door.tenant.appid}`)
  return String(items[0].params[0])
}

/** Each number asks from a place of its own, so that the limits of addresses do not mix. */
export function addressOf(phone: string): string {
  return `10.1.${Number(phone.slice(-4, -2))}.${Number(phone.slice(-2))}`
}

/** A learner signed in by text message. */
export async function signInLearner(door: Door, phone: string): Promise<{ token: string; id: string }> {
  await door.call('POST', '/sms-codes', { address: addressOf(phone), body: { phone } })
  const { body } = await door.call('POST', '/sessions/phone', { address: addressOf(phone), body: { phone, code: await codeSentTo(door, phone), agreed: true } })
  return { token: body.token, id: body.member.id }
}

async function ask(url: string, method: string, how: How): Promise<Answer> {
  const text = how.body === undefined ? undefined : JSON.stringify(how.body)
  const answer = await fetch(url, {
    method,
    headers: {
      'x-requested-with': 'shuyuan',
      ...(text === undefined ? {} : { 'content-type': 'application/json' }),
      ...(how.token ? { authorization: `Bearer ${how.token}` } : {}),
      ...(how.address ? { 'x-forwarded-for': how.address } : {}),
      ...(how.cookie ? { cookie: how.cookie } : {}),
      ...how.headers,
    },
    ...(text === undefined ? {} : { body: text }),
  })
  const body = (await answer.json()) as Json
  return { status: answer.status, body, code: body?.error?.code, cookie: answer.headers.getSetCookie()[0]?.split(';')[0] ?? '' }
}
