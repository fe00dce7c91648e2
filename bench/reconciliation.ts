// A day of many payments at WeChat Pay, reconciled in one pass: the seconds it took, and the most memory the server took for it.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { inWorld, type World } from './world.ts'

const ROWS = Number(process.env['ROWS'] ?? 200_000)
const PRICE_CENTS = 9900
const METRICS_KEY = 'bench'
/** A day of its own, a month ago, so that nothing else was sold on it. */
const day = new Date(Date.now() + 8 * 3_600_000 - 30 * 86_400_000).toISOString().slice(0, 10)
const prefix = `RB${Date.now().toString(36).toUpperCase()}N`

type Json = ReturnType<typeof JSON.parse>

await inWorld({ METRICS_KEY }, async (world) => {
  const pool = new pg.Pool({ connectionString: world.databaseUrl, max: 2 })
  await forget(pool)
  await writeOurs(pool, await beginOne(world))
  await tell(world, '/__sim/history', { day, prefix, count: ROWS, cents: PRICE_CENTS })
  for (const [how, number] of [['missing', 7], ['amount', 77], ['extra', 777]] as const) await tell(world, '/__sim/faults', { kind: 'bill_difference', api: 'trade', how, number: `${prefix}${number}` })
  const cookie = await signIn(world)
  const before = await residentBytes(world)
  const began = performance.now()
  await askDesk(world, cookie, 'POST', '/console/reconciliation/days', { day })
  const { peak, row } = await watch(world, cookie)
  const seconds = (performance.now() - began) / 1000
  console.log(`${row.payments} payments and twice as many movements of ${day}: ${row.state} in ${seconds.toFixed(1)} s, the sandbox's own making of both bills among them`)
  console.log(`memory: ${mb(before)} before, ${mb(peak)} at most`)
  const found = await askDesk(world, cookie, 'GET', `/console/differences?day=${day}&limit=100`)
  if (!found.items) throw new Error(JSON.stringify(found))
  console.log(`${found.items.length} differences: ${found.items.map((one: Json) => `${one.subject} ${one.kind}`).toSorted().join(', ')}`)
  await forget(pool)
  await pool.end()
})

function mb(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(0)} MB`
}

async function tell(world: World, path: string, body: object): Promise<Json> {
  return (await fetch(`${world.sandboxUrl}${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ tenant: world.tenant.appid, ...body }) })).json()
}

async function ask(world: World, path: string, body: object | undefined, headers: Record<string, string> = {}): Promise<Json> {
  const answer = await fetch(`${world.url}/api${path}`, { method: 'POST', headers: { 'x-client': 'h5/android/device-bench', ...(body ? { 'content-type': 'application/json' } : {}), ...headers }, ...(body ? { body: JSON.stringify(body) } : {}) })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`)
  return JSON.parse(text)
}

/** One order with an attempt, through the front door: the pattern for the many. */
async function beginOne(world: World): Promise<string> {
  const { code } = await tell(world, '/__client/login', { appid: world.tenant.appid, user: prefix })
  const { token } = await ask(world, '/sessions/wechat', { code })
  const as = { authorization: `Bearer ${token}` }
  const { action } = await (await fetch(`${world.url}/api/courses/night-sky`, { headers: { 'x-client': 'h5/android/device-bench' } })).json() as Json
  const quote = await ask(world, '/quotes', { offer: action.offer }, as)
  const order = await ask(world, '/orders', { offer: action.offer, total: quote.total, agreementVersion: quote.agreementVersion, policy: quote.policy, requestKey: prefix }, as)
  await ask(world, `/orders/${order.id}/payments`, { wide: true }, as)
  return order.id
}

/** The same order and attempt again and again, paid, each under numbers of its own, at every moment of the day. */
async function writeOurs(pool: pg.Pool, order: string): Promise<void> {
  const at = `to_timestamp(extract(epoch from timestamptz '${day} 00:00+08') + n * 86399.0 / ${ROWS})`
  await pool.query(`insert into orders select (jsonb_populate_record(o, jsonb_build_object('id', 'ord_' || lpad('${prefix.toLowerCase()}' || n, 25, '0'), 'number', '${prefix}' || n, 'request_key', '${prefix}' || n, 'state', 'paid', 'paid_at', ${at}))).* from orders o, generate_series(1, ${ROWS}) n where o.id = $1`, [order])
  await pool.query(`insert into payment_attempts select (jsonb_populate_record(a, jsonb_build_object('id', 'pay_' || lpad('${prefix.toLowerCase()}' || n, 25, '0'), 'order_id', 'ord_' || lpad('${prefix.toLowerCase()}' || n, 25, '0'), 'out_trade_no', '${prefix}' || n, 'transaction_no', 'T${prefix}' || n, 'state', 'paid', 'amount', ${PRICE_CENTS}, 'settled_at', ${at}))).* from payment_attempts a, generate_series(1, ${ROWS}) n where a.order_id = $1`, [order])
  await pool.query('analyze payment_attempts')
}

/** What an earlier run left; differences stay, as they must. */
async function forget(pool: pg.Pool): Promise<void> {
  await pool.query("delete from bill_lines where day = $1", [day])
  await pool.query('delete from reconciled_days where day = $1', [day])
  await pool.query("delete from payment_attempts where out_trade_no like 'RB%'")
  await pool.query("delete from orders where number like 'RB%'")
}

async function signIn(world: World): Promise<string> {
  const operator = JSON.parse(readFileSync(join(world.files, '..', 'demo-operator.json'), 'utf8')) as object
  const answer = await fetch(`${world.url}/api/console/sessions`, { method: 'POST', headers: { 'content-type': 'application/json', 'x-requested-with': 'shuyuan' }, body: JSON.stringify(operator) })
  return (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
}

async function askDesk(world: World, cookie: string, method: string, path: string, body?: object): Promise<Json> {
  const answer = await fetch(`${world.url}/api${path}`, { method, headers: { cookie, 'x-requested-with': 'shuyuan', ...(body ? { 'content-type': 'application/json' } : {}) }, ...(body ? { body: JSON.stringify(body) } : {}) })
  return answer.json()
}

/** Looks ten times a second until the day is done. */
async function watch(world: World, cookie: string): Promise<{ peak: number; row: Json }> {
  for (let peak = 0; ; await sleep(100)) {
    peak = Math.max(peak, await residentBytes(world))
    const row = (await askDesk(world, cookie, 'GET', `/console/reconciliation/months/${day.slice(0, 7)}`)).days.find((one: Json) => one.day === day)
    if (row?.state === 'waiting' && row.problem) throw new Error(row.problem)
    if (row?.state === 'done') return { peak, row }
  }
}

async function residentBytes(world: World): Promise<number> {
  const text = await (await fetch(`${world.url}/api/metrics`, { headers: { authorization: `Bearer ${METRICS_KEY}` } })).text()
  return Number(/^process_resident_memory_bytes (\S+)/m.exec(text)?.[1] ?? 0)
}
