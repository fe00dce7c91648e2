// What must be so after everything has settled: the sandbox, the orders, the rights, the ledger and the jobs tell one story.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { bareEnvironment } from '../environment.ts'
import type { Json } from '../sandbox.ts'
import { pause } from './fleet.ts'
import type { Lane } from './lane.ts'
import type { Sale } from './roads.ts'

export async function judge(lane: Lane, sales: Sale[]): Promise<void> {
  for (const sale of sales) await judgeSale(lane, sale)
  await judgeMoney(lane)
  await judgeJobs(lane)
  await judgeInbox(lane)
  for (const { order, road, isReturned } of sales) assert.equal((await stateOf(lane, order)), isReturned ? 'refunded' : road === 'closed' ? 'closed' : 'paid')
}

async function stateOf(lane: Lane, order: string): Promise<string> {
  return (await lane.rows('select state from orders where id = $1', [order]))[0].state
}

/** Paid at the sandbox if and only if paid with us; one grant, one sale, one word of it on the timeline. */
async function judgeSale(lane: Lane, { order, road, isReturned }: Sale): Promise<void> {
  const attempts = await lane.rows('select out_trade_no, state from payment_attempts where order_id = $1', [order])
  const paid = await Promise.all(attempts.map(async (attempt) => isPaidAtSandbox(await lane.sandbox.ask('GET', `/__sim/orders/${attempt.out_trade_no}?tenant=${lane.tenant.appid}`))))
  assert.deepEqual(attempts.map((attempt) => attempt.state === 'paid'), paid, `${order}: what the sandbox was paid`)
  const rights = await lane.rows('select revoked_at is null as live from entitlements where order_id = $1', [order])
  const entries = await lane.rows('select what from ledger_entries where order_id = $1 order by at, id', [order])
  const events = (await lane.rows('select what from order_events where order_id = $1', [order])).map((row) => row.what)
  const expected = road === 'closed' ? [] : isReturned ? ['sale', 'refund_begun', 'refund_done'] : ['sale']
  assert.deepEqual(entries.map((row) => row.what), expected, `${order}: ledger`)
  assert.deepEqual(rights.map((row) => row.live), road === 'closed' ? [] : [!isReturned], `${order}: rights`)
  for (const what of ['placed', ...(road === 'closed' ? ['closed'] : ['paid', 'access_granted']), ...(isReturned ? ['refund_begun', 'access_revoked', 'refunded'] : [])])
    assert.equal(events.filter((event) => event === what).length, 1, `${order}: ${what} in ${events}`)
}

function isPaidAtSandbox(told: Json): boolean {
  return ['SUCCESS', 'REFUND'].includes(told.order?.trade_state) || (told.virtual?.status ?? 0) >= 2
}

/** Every fen that the sandbox's ledger holds for us is in ours, and `ledger:check` agrees with itself. */
async function judgeMoney(lane: Lane): Promise<void> {
  const { balances, balanced } = await lane.sandbox.ask('GET', `/__sim/ledger?tenant=${lane.tenant.appid}`)
  const [row] = await lane.rows("select coalesce(sum(amount), 0)::int as amount from ledger_lines where account like 'asset:%'")
  assert.equal(balanced, true)
  assert.equal(row.amount, balances.merchant ?? 0)
  const check = spawn(process.execPath, ['scripts/ledger-check.ts'], { env: { ...bareEnvironment, DATABASE_URL: lane.databaseUrl }, stdio: ['ignore', 'ignore', 'inherit'] })
  assert.equal((await once(check, 'exit'))[0], 0, 'npm run ledger:check')
}

/** All notices are handled, and all jobs end; of the queue's own clockwork a tick may be lost with the process, for the next one follows. */
async function judgeJobs(lane: Lane): Promise<void> {
  const open = () => lane.rows("select name, state::text, output from pgboss.job where name not like '\\_\\_pgboss%' and (state in ('active', 'retry') or (state = 'created' and start_after < now())) union all select id, 'kept', null from notices where handled_at is null")
  for (const end = Date.now() + 70_000; Date.now() < end && (await open()).length > 0; ) await pause(200)
  assert.deepEqual(await open(), [])
  assert.deepEqual(await lane.rows("select name, output from pgboss.job where state in ('failed', 'cancelled')"), [])
}

/** However often the vendor sent it: each notice is kept once, and none of them failed to fit. */
async function judgeInbox(lane: Lane): Promise<void> {
  assert.deepEqual(await lane.rows('select source, notice_id, count(*)::int from notices group by source, notice_id having count(*) > 1'), [])
  assert.deepEqual(await lane.rows("select id, outcome, why from notices where outcome in ('mismatched', 'unknown_order')"), [])
}
