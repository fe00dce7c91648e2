// Paid orders a second through HTTP (place, sandbox-signed notice, access granted), against the same rows written by bare pg.
import { createServer, type IncomingHttpHeaders } from 'node:http'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { askOnce } from './client.ts'
import { median, percent } from './load.ts'
import { openBare, type Bare } from './baselines/rows.ts'
import { inWorld, type World } from './world.ts'

const ROUNDS = Number(process.env['ROUNDS'] ?? 11)
const ORDERS = Number(process.env['ORDERS'] ?? 150)
const CALLERS = 16
/** Orders that are bought and written before any is timed, on both sides. */
const WARM_ORDERS = Number(process.env['WARM_ORDERS'] ?? 400)
const SLUG = 'night-sky'

type Signed = { headers: IncomingHttpHeaders; body: Buffer }
type Json = ReturnType<typeof JSON.parse>
type Buyer = { token: string; address: string; order: string; code: string }

const caught: Signed[] = []
const catcher = createServer(async (request, response) => {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  caught.push({ headers: request.headers, body: Buffer.concat(parts) })
  response.writeHead(200, { 'content-type': 'application/json' }).end('{"code":"SUCCESS"}')
}).listen(0, '127.0.0.1')
await once(catcher, 'listening')
const { port } = catcher.address() as { port: number }

// The sandbox sends its notices to the catcher, which keeps them as they were signed; the bench delivers them at its own pace.
await inWorld({ PUBLIC_URL: `http://127.0.0.1:${port}` }, async (world) => {
  const pool = new pg.Pool({ connectionString: world.databaseUrl, max: CALLERS })
  const offer = (await ask(world, `GET /courses/${SLUG}`)).action.offer as string
  const buyers = await signInAll(world)
  const quote = await ask(world, 'POST /quotes', { offer }, buyers[0])
  const bare = await openBare(pool)
  await oneRound(world, { pool, bare, offer, quote }, buyers.slice(0, WARM_ORDERS))
  const rounds: Round[] = []
  for (let round = 0; round < ROUNDS; round += 1) rounds.push(await oneRound(world, { pool, bare, offer, quote }, buyers.slice(WARM_ORDERS + round * ORDERS, WARM_ORDERS + (round + 1) * ORDERS)))
  await bare.close()
  await pool.end()
  report(rounds)
})
catcher.close()

async function ask(world: World, route: string, body?: unknown, as?: Pick<Buyer, 'token' | 'address'>): Promise<Json> {
  const [method = '', path = ''] = route.split(' ')
  const headers = { 'x-client': 'h5/android/device-bench', ...(as ? { authorization: `Bearer ${as.token}`, 'x-forwarded-for': as.address } : {}), ...(body ? { 'content-type': 'application/json' } : {}) }
  const answer = await askOnce(`${world.url}/api${path}`, { method, headers, body: body ? JSON.stringify(body) : undefined })
  if (answer.status !== 200) throw new Error(`${route}: ${answer.status} ${answer.text}`)
  return JSON.parse(answer.text)
}

/** Learners by their WeChat identity, new ones in each run; not timed. */
async function signInAll(world: World): Promise<Buyer[]> {
  const run = Date.now().toString(36)
  const buyers = Array.from({ length: ROUNDS * ORDERS + WARM_ORDERS }, (_, at) => ({ user: `bench-${run}-${at}`, address: `10.${at >> 16}.${(at >> 8) & 255}.${at & 255}`, token: '', order: '', code: '' }))
  await eachOf(buyers, async (buyer) => {
    const login = await fetch(`${world.sandboxUrl}/__client/login`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ appid: world.tenant.appid, user: buyer.user }) })
    const { code } = (await login.json()) as { code: string }
    const answer = await fetch(`${world.url}/api/sessions/wechat`, { method: 'POST', headers: { 'content-type': 'application/json', 'x-forwarded-for': buyer.address }, body: JSON.stringify({ code }) })
    buyer.token = ((await answer.json()) as { token: string }).token
  })
  return buyers
}

async function place(world: World, buyer: Buyer, offer: string, quote: Json): Promise<void> {
  buyer.order = (await ask(world, 'POST /orders', { offer, total: quote.total, agreementVersion: quote.agreementVersion, policy: quote.policy, requestKey: `bench-${buyer.token.slice(0, 16)}` }, buyer)).id
}

async function begin(world: World, buyer: Buyer): Promise<void> {
  buyer.code = (await ask(world, `POST /orders/${buyer.order}/payments`, { wide: true }, buyer)).action.content
}

/** Every buyer pays at the sandbox's cashier; replies the notices as it signed them. */
async function payAll(world: World, buyers: Buyer[]): Promise<Signed[]> {
  const before = caught.length
  await eachOf(buyers, async (buyer) => {
    await (await fetch(`${world.sandboxUrl}/__client/cashier`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ code_url: buyer.code, do: 'pay' }) })).text()
  })
  for (const end = Date.now() + 60_000; caught.length < before + buyers.length; await sleep(20)) if (Date.now() > end) throw new Error(`the sandbox sent ${caught.length - before} of ${buyers.length} notices`)
  return caught.slice(before)
}

async function deliver(world: World, { headers, body }: Signed): Promise<void> {
  const signed = Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith('wechatpay-') || name === 'content-type')) as Record<string, string>
  const answer = await askOnce(`${world.url}/api/callbacks/wechatpay`, { method: 'POST', headers: signed, body })
  if (answer.status !== 200) throw new Error(`a notice was refused: ${answer.status} ${answer.text}`)
}

async function untilOpen(pool: pg.Pool, buyers: Buyer[]): Promise<void> {
  const orders = buyers.map((buyer) => buyer.order)
  for (const end = Date.now() + 60_000; Date.now() < end; await sleep(10)) {
    const { rows } = await pool.query<{ open: number }>('select count(*)::int as open from entitlements where order_id = any($1) and revoked_at is null', [orders])
    if (rows[0]?.open === orders.length) return
  }
  throw new Error('not every order was granted within a minute')
}

type Shop = { pool: pg.Pool; bare: Bare; offer: string; quote: Json }
/** Seconds that each part took for the same orders. */
type Round = { place: number; begin: number; answered: number; grant: number; bare: number }

async function oneRound(world: World, { pool, bare, offer, quote }: Shop, buyers: Buyer[]): Promise<Round> {
  const place_ = await timed(buyers, (buyer) => place(world, buyer, offer, quote))
  const begin_ = await timed(buyers, (buyer) => begin(world, buyer))
  const notices = await payAll(world, buyers)
  const began = performance.now()
  const answered = await timed(notices, (notice) => deliver(world, notice))
  await untilOpen(pool, buyers)
  const grant = (performance.now() - began) / 1000
  await sleep(500)
  return { place: place_, begin: begin_, answered, grant, bare: await bare.write(buyers.map((buyer) => buyer.order), CALLERS) }
}

async function timed<T>(things: T[], work: (thing: T) => Promise<void>): Promise<number> {
  const began = performance.now()
  await eachOf(things, work)
  return (performance.now() - began) / 1000
}

async function eachOf<T>(things: T[], work: (thing: T) => Promise<void>): Promise<void> {
  let next = 0
  await Promise.all(Array.from({ length: CALLERS }, async () => { for (let thing = things[next++]; thing !== undefined; thing = things[next++]) await work(thing) }))
}

function report(rounds: Round[]): void {
  const rate = (seconds: (round: Round) => number) => `${median(rounds.map((round) => ORDERS / seconds(round))).toFixed(0).padStart(6)} /s`
  console.log(`${ROUNDS} rounds of ${ORDERS} orders after ${WARM_ORDERS} to warm up, ${CALLERS} callers; the middle of the rounds`)
  console.log(`placed                      ${rate((round) => round.place)}`)
  console.log(`(payment begun at the sandbox ${rate((round) => round.begin)}, not counted: the gateway's own time)`)
  console.log(`notices answered            ${rate((round) => round.answered)}`)
  console.log(`notices to access           ${rate((round) => round.grant)}`)
  console.log(`paid orders                 ${rate((round) => round.place + round.grant)}`)
  console.log(`bare pg, the same rows      ${rate((round) => round.bare)}`)
  console.log(`paid orders / bare pg: ${percent(median(rounds.map((round) => round.bare / (round.place + round.grant))), 1)} (aim 40 %)`)
}
