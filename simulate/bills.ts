// The morning after: the bills of all days that are over, what somebody wrote wrongly into one of them, and how each difference is closed.
import type { Json } from '../server/test/sandbox.ts'
import type { Cast } from './cast.ts'
import { bookedPast, foundInBills } from './console.ts'
import type { BillFault, Falsehood } from './faults.ts'
import { billJob, type World } from './world.ts'

/** A difference that must be found, in words, and how it is closed: what the bills say truly is written off, what is false in them is explained. */
export type Expected = { what: string; how: 'written_off' | 'explained' }

const DAY_MS = 86_400_000
const BEIJING_MS = 8 * 3_600_000

/** A bill that came broken is asked for again. Replies the days without an end, the differences that nobody expected, and those that were not found. */
export async function reconcile(world: World, cast: Cast, fault: BillFault | undefined): Promise<string[]> {
  const sinceMidnight = (world.now() + BEIJING_MS) % DAY_MS
  await world.leap(Math.ceil((DAY_MS - sinceMidnight + 10.5 * 3_600_000) / 1000))
  const expected = fault ? await spoil(world, cast, fault) : []
  await readBills(world)
  if (fault) await readBills(world)
  const waiting = await world.rows("select day::text as day, problem from reconciled_days where state = 'waiting'")
  return [...waiting.map((row) => `the bills of ${row.day} are not reconciled: ${row.problem}`), ...(await close(world, cast, [...expected, ...(await foundInBills(world, cast))]))]
}

async function readBills(world: World): Promise<void> {
  await world.tick([billJob])
  await world.rest()
  await world.sim('DELETE', `/__sim/faults?tenant=${world.tenant.appid}`)
}

async function spoil(world: World, cast: Cast, { name, armed, falsehood }: BillFault): Promise<Expected[]> {
  const row = falsehood && (await rowFor(world, cast, falsehood))
  if (falsehood && !row) return []
  await world.sim('POST', '/__sim/faults', { tenant: world.tenant.appid, ...armed, ...(row ? { number: row.number, amountCents: row.wrong } : {}) })
  cast.note(`fault ${name} ${row?.number ?? ''}`)
  cast.met.push(name)
  return falsehood && row ? expectedOf[falsehood](row).map((what) => ({ what, how: armed['api'] === 'trade' && falsehood !== 'state' ? 'written_off' : 'explained' })) : []
}

/** A row of a bill: what it is known by there, its true sum and the false one. */
type Row = { number: string; cents: number; wrong: number }

/** Something of this seed's that stands in the bill: a payment, or for its state a refund. */
async function rowFor(world: World, cast: Cast, falsehood: Falsehood): Promise<Row | undefined> {
  const orders = cast.people.flatMap((person) => person.orders)
  const rail = falsehood === 'alipay' ? 'alipay' : 'wechat_pay%'
  const [row] = falsehood === 'state'
    ? await world.rows("select r.out_refund_no as number, r.amount::int as cents from refunds r join payment_attempts a on a.id = r.attempt_id where r.order_id = any($1) and r.state = 'done' and a.channel like $2 order by r.id limit 1", [orders, rail])
    : await world.rows("select out_trade_no as number, amount::int as cents from payment_attempts where order_id = any($1) and state = 'paid' and channel like $2 order by id limit 1", [orders, rail])
  if (!row) return undefined
  const isOfFlow = falsehood.startsWith('flow')
  const number = isOfFlow ? (await world.sim('GET', `/__sim/orders/${row.number}?tenant=${world.tenant.appid}`)).order.transaction_id : row.number
  return { number, cents: row.cents, wrong: row.cents + 100 }
}

/** What WeChat Pay keeps: 0.60 %. */
const feeOf = (cents: number) => Math.round((cents * 60) / 10_000)

/** Subject, kind, what the bill says and what our books say, as the queue must show them; the two bills of WeChat Pay are held against each other as well. */
const expectedOf: Record<Falsehood, (row: Row) => string[]> = {
  missing: ({ cents }) => [`payment missing null ${cents}`, `flow extra ${cents} null`, ...(feeOf(cents) > 0 ? [`flow extra ${-feeOf(cents)} null`] : [])],
  extra: ({ wrong }) => [`payment extra ${wrong} null`, `flow missing null ${wrong}`],
  amount: ({ cents, wrong }) => [`payment amount ${wrong} ${cents}`, `flow amount ${cents} ${wrong}`, ...(feeOf(cents) === feeOf(wrong) ? [] : [`flow amount ${-feeOf(cents)} ${-feeOf(wrong)}`])],
  state: ({ cents }) => [`refund state ${cents} ${cents}`],
  'flow missing': ({ cents }) => [`flow missing null ${cents}`],
  'flow extra': ({ wrong }) => [`flow extra ${wrong} null`],
  'flow amount': ({ cents, wrong }) => [`flow amount ${wrong} ${cents}`],
  alipay: ({ cents, wrong }) => [`payment amount ${wrong} ${cents}`],
}

/** Each is asked about where somebody can say more, else closed; by two at once: the first word stands. */
async function close(world: World, cast: Cast, expected: Expected[]): Promise<string[]> {
  const { body } = await cast.desk('GET /console/differences?open=true&limit=100')
  const found: string[] = []
  const left = [...expected]
  for (const one of body.items as Json[]) {
    const what = `${one.subject} ${one.kind} ${one.told} ${one.booked}`
    const at = left.findIndex((other) => other.what === what)
    const [known] = at < 0 ? [] : left.splice(at, 1)
    const isSettled = one.can.includes('check') && (await isSettledByAsking(cast, one))
    // Booked between the bill and this morning, it may stand there without being expected.
    const isPast = isSettled && (await bookedPast(world, cast)).has(one.number)
    if (!known && !isPast) found.push(`difference ${one.day} of ${one.rail} ${one.number}: ${what}`)
    if (isSettled) continue
    const wish = { how: known?.how === 'written_off' && one.can.includes('write_off') ? 'written_off' : 'explained', reason: '已与账单核对' }
    const closed = (await byTwo(cast, `POST /console/differences/${one.id}/resolutions`, wish)).filter((answer) => answer.status === 200).length
    if (closed !== 1) found.push(`difference ${one.number} was closed ${closed} times`)
  }
  return [...found, ...left.map(({ what }) => `no difference was found: ${what}`)]
}

async function isSettledByAsking(cast: Cast, { id }: Json): Promise<boolean> {
  const answers = await byTwo(cast, `POST /console/differences/${id}/checks`)
  return answers.some(({ body }) => body?.resolution?.how === 'converged')
}

const byTwo = (cast: Cast, route: string, wish?: object) => Promise.all([1, 2].map(() => cast.desk(route, wish)))
