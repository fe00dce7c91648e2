// One academy with its own database and tenant, and a server process that can be killed and started again at any moment.
import { join } from 'node:path'
import { tmpdir } from 'node:os'
import pg from 'pg'
import { freshDatabase, withDatabase } from '../database.ts'
import { askerAt, type Asker, type TestApp } from '../server.ts'
import type { Course, Buyer, Shop } from '../shop.ts'
import type { Json, SandboxProcess, Tenant } from '../sandbox.ts'
import { openFleet, pause } from './fleet.ts'
import { furnish } from './furnish.ts'
import { openGate, type Gate } from './points.ts'
import { proxyDatabase, proxyHttp } from './wire.ts'
import { freePort } from '../../../scripts/start/ports.ts'

export type Lane = {
  gate: Gate
  tenant: Tenant
  sandbox: SandboxProcess
  course: Course
  owner: string
  buyers: Buyer[]
  databaseUrl: string
  /** Reads the database past the proxy, so that looking is no crossing. */
  rows(text: string, values?: unknown[]): Promise<Json[]>
  /** Asks through the proxy as a patient client: again and again while nobody is there. */
  ask(route: string, body: unknown, as: Asker, orCode?: string): Promise<Json>
  /** Waits until the server has no job to do now. */
  rest(): Promise<void>
  start(): Promise<void>
  stop(): Promise<void>
}

export async function openLane(sandbox: SandboxProcess, buyersWanted: number): Promise<Lane> {
  const database = await freshDatabase()
  const tenant = await sandbox.tenant({ publishSeconds: 0, refundSeconds: 0 })
  const port = await freePort()
  const fleet = openFleet()
  const gate = openGate(fleet.kill)
  const wires = [await proxyDatabase(database.url, gate), await proxyHttp(() => `http://127.0.0.1:${port}`, 'in', gate), await proxyHttp(() => sandbox.url, 'out', gate)] as const
  const [viaDatabase, viaWeb, viaVendors] = wires
  const url = `http://127.0.0.1:${viaWeb.port}`
  const environment = {
    ...tenant.env, DATABASE_POOL: '6', DATA_DIR: join(tmpdir(), `shuyuan-kill-${port}`), SECRET: 'a secret that only tests know, 32+ chars', PORT: String(port), PUBLIC_URL: url,
    SETUP_KEY: 'test-setup-key', SANDBOX_URL: sandbox.url, LOG_LEVEL: 'fatal', PARENT_PIPE: '1',
  }
  const made = await furnish({ ...environment, DATABASE_URL: database.url, PORT: '0' }, sandbox, tenant, (shop) => fillShop(shop, buyersWanted))
  await sandbox.ask('PUT', `/__sim/tenants/${tenant.appid}/push-url`, { url: `${url}/api/callbacks/wechat` })
  const vendors = `http://127.0.0.1:${viaVendors.port}`
  fleet.launch({ ...environment, DATABASE_URL: throughProxy(database.url, viaDatabase.port), WECHATPAY_BASE_URL: vendors, WECHAT_BASE_URL: vendors })
  const pool = openPool(database.url)
  const busy = async () => (await pool.query("select 1 from pgboss.job where state in ('active', 'retry') or (state = 'created' and start_after <= now()) union all select 1 from notices where handled_at is null limit 1")).rows.length > 0
  return {
    ...made,
    gate,
    tenant,
    sandbox,
    databaseUrl: database.url,
    rows: async (text, values = []) => (await pool.query(text, values)).rows,
    ask: (route, body, as, orCode) => askPatiently(askerAt(url), route, body, as, orCode),
    async rest() {
      while (await busy()) await pause(50)
    },
    start: () => fleet.start(`http://127.0.0.1:${port}/api/health`),
    async stop() {
      await fleet.stop()
      await Promise.all(wires.map((wire) => wire.stop()))
      await pool.end()
      await database.drop()
    },
  }
}

function openPool(url: string): pg.Pool {
  const pool = new pg.Pool({ connectionString: url, max: 6 })
  // A connection that is ending may still hear that its database is dropped.
  return pool.on('error', () => undefined)
}

/** The course and the buyers, made by the product before the killing begins. */
async function fillShop(shop: Omit<Shop, 'stop'>, buyersWanted: number): Promise<Pick<Lane, 'course' | 'owner' | 'buyers'>> {
  const buyers: Buyer[] = []
  while (buyers.length < buyersWanted) buyers.push(await shop.buyer())
  return { course: shop.course, owner: shop.owner, buyers }
}

async function askPatiently(ask: TestApp['ask'], route: string, body: unknown, as: Asker, orCode: string | undefined): Promise<Json> {
  for (let tries = 0; tries < 600; tries += 1) {
    const answer = await ask(route, body, as).then((got) => got, () => undefined)
    if (answer?.status === 200 || (answer?.body && answer.body.error?.code === orCode)) return answer.body
    if (answer && answer.status < 500) throw new Error(`${route} answered ${answer.text}`)
    await pause(100)
  }
  throw new Error(`${route} was never answered`)
}

function throughProxy(databaseUrl: string, port: number): string {
  const { user, password, database } = new pg.Client({ connectionString: databaseUrl })
  return withDatabase(`postgres://${encodeURIComponent(user ?? '')}:${encodeURIComponent(typeof password === 'string' ? password : '')}@127.0.0.1:${port}/x`, database ?? '')
}
