// What must be so when a run is over: ledger, platforms, orders, rights and jobs tell one story. Each finding is a sentence.
import pg from 'pg'
import type { Json } from '../server/test/sandbox.ts'
import { findLedgerFaults } from '../scripts/ledger/check.ts'
import type { Cast } from './cast.ts'
import { judgeCoins, spentBy } from './coins.ts'
import { judgeComplaints } from './complaints.ts'
import { judgeParcels } from './parcels.ts'
import type { World } from './world.ts'

export async function judge(world: World, cast: Cast): Promise<string[]> {
  return [
    ...(await judgeLedger(world)),
    ...(await judgeBalances(world)),
    ...(await judgeOrders(world, cast)),
    ...(await judgeRights(world, cast)),
    ...(await judgeShares(world, cast)),
    ...(await judgePayouts(world, cast)),
    ...(await judgeJobs(world)),
    ...(await judgeSeats(world)),
    ...(await judgeParcels(world, cast)),
    ...(await judgeComplaints(world)),
    ...(await judgeCoins(world)),
  ]
}

/** Each entry adds up to zero, the chain of hashes holds, and attempts, refunds and orders agree with it. */
async function judgeLedger(world: World): Promise<string[]> {
  const client = new pg.Client({ connectionString: world.databaseUrl })
  await client.connect()
  const found = await findLedgerFaults(client)
  await client.end()
  const [{ sum }] = (await world.rows('select coalesce(sum(amount), 0)::text as sum from ledger_lines')) as [{ sum: string }]
  return sum === '0' ? found : [...found, `the ledger adds up to ${sum} fen`]
}

/**
 * Every fen that a platform holds for us is in our books as held there, at hand or under way, and none beside them: what WeChat Pay took in fees is booked when its bills come,
 * what Douyin keeps when it has paid out. Virtual payment takes its fee by itself, and is asked about it later: its fees are left out on both sides, and judged order by order.
 */
async function judgeBalances(world: World): Promise<string[]> {
  const { rails, balanced } = await world.sim('GET', `/__sim/ledger?tenant=${world.tenant.appid}`)
  const held = await world.rows("select l.account, sum(l.amount)::int as cents from ledger_lines l join ledger_entries e on e.id = l.entry_id where l.account like 'asset:%' and not (e.what = 'fees' and l.account = 'asset:wechat_virtual') group by l.account")
  const [settled] = await world.rows("select coalesce(sum(paid_out), 0)::int as cents from settlements where channel = 'douyin' and state = 'done'")
  const ours = new Map(held.map(({ account, cents }): [string, number] => [account, cents]))
  const names = new Set([...ours.keys(), ...Object.keys(heldAt)])
  const differing = [...names].filter((account) => (ours.get(account) ?? 0) !== theirSum(rails, account))
  return [
    ...(balanced ? [] : ['the ledger of the sandbox does not balance']),
    ...differing.map((account) => `our books hold ${ours.get(account) ?? 0} fen in ${account}, the platform ${theirSum(rails, account)}: ${JSON.stringify(rails)}`),
    ...(settled?.cents === (rails.douyin?.merchant ?? 0) ? [] : [`Douyin has paid out ${rails.douyin?.merchant} fen, our settlements say ${settled?.cents}`]),
    ...((rails.wechat_pay?.transfers_under_way ?? 0) === 0 ? [] : [`${rails.wechat_pay.transfers_under_way} fen are still under way to people`]),
  ]
}

/** The accounts of a platform that one of ours stands for. */
const heldAt: Record<string, [rail: string, accounts: string[]]> = {
  'asset:wechat_pay': ['wechat_pay', ['merchant', 'merchant_fees']],
  'asset:wechat_pay_held': ['wechat_pay', ['transfers_under_way']],
  'asset:wechat_virtual': ['wechat_virtual', ['merchant', 'xpay_fees']],
  'asset:alipay': ['alipay', ['merchant', 'merchant_fees']],
  'asset:douyin': ['douyin', ['douyin', 'merchant']],
  'asset:bank': ['wechat_virtual', ['bank']],
}

function theirSum(rails: Record<string, Record<string, number>>, account: string): number {
  const [rail, accounts] = heldAt[account] ?? ['', []]
  return accounts.reduce((sum, name) => sum + (rails[rail]?.[name] ?? 0), 0)
}

type Kept = { id: string; state: string; total: number; refunded: number; live: number; granted: number; is_ended: boolean; opens: boolean }
type Tried = { order_id: string; channel: string; out_trade_no: string; state: string; amount: number; back: number; reasons: string | null; fee: number | null }

/** Of each try: what the payer's money did at the platform, and what we say of it. */
async function judgeOrders(world: World, cast: Cast): Promise<string[]> {
  const orders = cast.people.flatMap((person) => person.orders)
  const tries: Tried[] = await world.rows(
    `select a.order_id, a.channel, a.out_trade_no, a.state, a.amount::int as amount, coalesce(sum(r.amount) filter (where r.state = 'done'), 0)::int as back, string_agg(r.problem, ' ') as reasons,
        (select s.fee::int from settlements s where s.attempt_id = a.id and s.channel = 'wechat_virtual' and s.state = 'done') as fee
      from payment_attempts a left join refunds r on r.attempt_id = a.id where a.order_id = any($1) group by a.id`, [orders])
  const kept: Kept[] = await world.rows(
    `select o.id, o.state, o.total::int as total, o.refunded::int as refunded, count(e.*) filter (where e.revoked_at is null)::int as live, count(e.*)::int as granted,
        (exists (select 1 from refunds r where r.order_id = o.id and r.ends_access and r.state <> 'failed') or exists (select 1 from entitlements e2 join orders u on u.id = e2.ended_by where e2.order_id = o.id and u.state = 'paid')) as is_ended,
        o.gives -> 'coins' is null and not exists (select 1 from parcels p where p.order_id = o.id) as opens
      from orders o left join entitlements e on e.order_id = o.id where o.id = any($1) group by o.id`, [orders])
  const past = new Set((await world.rows('select number from written_off_refunds')).map((row) => String(row.number)))
  const found: string[] = []
  const held = new Map<string, number>()
  for (const one of tries) {
    const { paid, back, fee } = await moneyOf(world, one, past)
    if (one.fee !== null && one.fee !== fee) found.push(`${one.order_id}: virtual payment kept ${fee} fen of ${one.out_trade_no}, we booked ${one.fee}`)
    held.set(one.order_id, (held.get(one.order_id) ?? 0) + paid - back)
    const ours = one.state === 'paid' || one.state === 'surplus' ? one.amount : 0
    if (paid !== ours) found.push(`${one.order_id}: the payer paid ${paid} fen by ${one.out_trade_no}, we have it as ${one.state} of ${one.amount}`)
    if (back !== one.back) found.push(`${one.order_id}: the platform gave back ${back} fen of ${one.out_trade_no}, our refunds say ${one.back}`)
  }
  return [...found, ...kept.flatMap((order) => judgeOrder(order, held.get(order.id) ?? 0))]
}

/** No access without money, no money without access, or a refund that is done or under way, or an upgrade, that ended it. `held`: what the platforms keep of the payer's money for this order. */
function judgeOrder({ id, state, total, refunded, live, granted, is_ended: isEnded, opens }: Kept, held: number): string[] {
  const found: string[] = []
  const isOpen = state === 'paid'
  if (!isOpen && live > 0) found.push(`${id} is ${state}, but ${live} rights of it live`)
  if (!isOpen && held !== 0) found.push(`${id} is ${state}, but ${held} fen of its payer's are kept`)
  if (isOpen && held !== total - refunded) found.push(`${id} was paid ${total} fen, ${refunded} went back, but ${held} are kept`)
  if (isOpen && opens && live === 0 && !isEnded) found.push(`${id} is paid, opens nothing, and neither a refund nor an upgrade ended it`)
  if (isOpen && opens && granted === 0) found.push(`${id} is paid and never opened anything`)
  if (state === 'refunded' && refunded !== total) found.push(`${id} is refunded, but only ${refunded} of ${total} fen`)
  return found
}

/** What the platform knows of a number: how much was paid, how much went back. `past`: what went back past us and an operator wrote off is no refund of ours; all else is. */
async function moneyOf(world: World, { channel, out_trade_no: number }: Tried, past: Set<string>): Promise<{ paid: number; back: number; fee?: number }> {
  if (channel === 'wechat_coins') return spentBy(world, number)
  const told: Json = await world.sim('GET', `/__sim/orders/${number}?tenant=${world.tenant.appid}`)
  const sum = (refunds: Json[], isDone: (refund: Json) => boolean, centsOf: (refund: Json) => number) => refunds.filter(isDone).reduce((all, one) => all + centsOf(one), 0)
  if (told.order) return { paid: ['SUCCESS', 'REFUND'].includes(told.order.trade_state) ? told.order.amount.total : 0, back: sum(told.refunds, (one) => one.state === 'SUCCESS' && !past.has(one.outRefundNo), (one) => one.refundCents) }
  if (told.virtual) return { fee: told.virtual.feeCents, paid: told.virtual.paidCents, back: sum(told.virtual.refunds, (one) => one.state === 'done', (one) => one.cents) }
  if (told.alipay) return { paid: told.alipay.paidAtMs ? told.alipay.totalCents : 0, back: sum(told.alipay.refunds, (one) => one.isDone && !past.has(one.outRequestNo), (one) => one.cents) }
  if (told.douyin) return { paid: told.douyin.status === 'SUCCESS' ? told.douyin.totalCents : 0, back: sum(told.refunds, (one) => one.status === 'SUCCESS', (one) => one.cents) }
  return { paid: 0, back: 0 }
}

/** Whatever a member can open has a living right behind it: an order that is paid, a code, or a word of an operator. */
async function judgeRights(world: World, cast: Cast): Promise<string[]> {
  const rights = await world.rows(
    `select e.id, e.reason, e.note, o.state, (select count(*)::int from codes c where c.redeemed_by = e.member_id) as redeemed
      from entitlements e left join orders o on o.id = e.order_id where e.member_id = any($1) and e.revoked_at is null`, [cast.people.map((person) => person.member)])
  const found: string[] = []
  for (const right of rights) {
    const isFounded = right.reason === 'bought' || right.reason === 'free' ? right.state === 'paid' : right.reason === 'redeemed' ? right.redeemed > 0 : right.note !== ''
    if (!isFounded) found.push(`right ${right.id} lives by nothing: ${JSON.stringify(right)}`)
  }
  return found
}

/** What receivers have at the platform is what our ledger says they got, and never more than the cap of an order. */
async function judgeShares(world: World, cast: Cast): Promise<string[]> {
  const { balances } = await world.sim('GET', `/__sim/ledger?tenant=${world.tenant.appid}`)
  const theirs = Object.entries(balances as Record<string, number>).reduce((sum, [account, cents]) => (account.startsWith('receiver:') ? sum + cents : sum), 0)
  const [{ ours }] = (await world.rows("select coalesce(sum(amount), 0)::int as ours from ledger_lines where account = 'expense:profit_shares'")) as [{ ours: number }]
  const over = await world.rows(
    `select o.id from orders o join ledger_entries e on e.order_id = o.id join ledger_lines l on l.entry_id = e.id and l.account = 'expense:profit_shares'
      where o.id = any($1) group by o.id having sum(l.amount) > o.total * 0.3`, [cast.people.flatMap((person) => person.orders)])
  return [...(ours === theirs ? [] : [`receivers have ${theirs} fen, our books say ${ours}`]), ...over.map(({ id }) => `${id} was shared beyond its cap`)]
}

/** A payout that is done reached its person once; one that is not, never. */
async function judgePayouts(world: World, cast: Cast): Promise<string[]> {
  const { balances } = await world.sim('GET', `/__sim/ledger?tenant=${world.tenant.appid}`)
  const paid: Json[] = await world.rows("select openid, coalesce(sum(amount) filter (where state = 'done'), 0)::int as amount from payouts where member_id = any($1) group by openid", [cast.people.map((person) => person.member)])
  return paid.flatMap(({ openid, amount }) => ((balances[`payee:${openid}`] ?? 0) === amount ? [] : [`${openid} received ${balances[`payee:${openid}`] ?? 0} fen, our payouts say ${amount}`]))
}

/** Every job came to its end, and none of them by giving up; every notice was handled, once. */
async function judgeJobs(world: World): Promise<string[]> {
  const ended = await world.rows("select name, state::text as state, output->>'message' as why from pgboss.job where name not like '\\_\\_pgboss%' and state <> 'completed' and not (state = 'created' and start_after > now())")
  const notices = await world.rows('select id, event from notices where handled_at is null union all select min(id), source from notices group by source, notice_id having count(*) > 1')
  return [...ended.map((job) => `job ${job.name} is ${job.state}: ${job.why}`), ...notices.map((one) => `notice ${one.id} (${one.event}) is not handled, or kept twice`)]
}

/** As many seats are taken as orders hold, never more than there are, and none by an order that came to nothing. */
async function judgeSeats(world: World): Promise<string[]> {
  const wrong = await world.rows(
    `select s.subject, s.total, s.taken, coalesce(sum(h.count), 0)::int as held from stocks s left join stock_holds h on h.subject = s.subject and h.released_at is null
      group by s.subject, s.total, s.taken having s.taken > s.total or s.taken <> coalesce(sum(h.count), 0)`)
  const stray = await world.rows("select h.order_id, o.state from stock_holds h join orders o on o.id = h.order_id where h.released_at is null and o.state = 'closed'")
  return [...wrong.map((one) => `seats do not add up: ${JSON.stringify(one)}`), ...stray.map((one) => `${one.order_id} is ${one.state} and still holds a seat`)]
}
