// Bringing a run to its end: operators tend to what waits for them, and the hour goes on.
import type { Json } from '../server/test/sandbox.ts'
import { confirm, decideClaims } from './acting.ts'
import { comeBack } from './coins.ts'
import { answerComplaints } from './complaints.ts'
import { shipParcels } from './parcels.ts'
import type { Cast } from './cast.ts'
import { finishPast } from './console.ts'
import type { World } from './world.ts'

/** What has no end yet, in words; empty when all came to an end. */
const openEnds = `
  select 'order ' || id || ' is placed' as what from orders where state = 'placed'
  union all select 'try ' || id || ' is mismatched' from payment_attempts a where state = 'mismatched' and not exists (select 1 from discrepancy_resolutions d left join notices n on n.id = d.subject where d.subject = a.id or n.out_trade_no = a.out_trade_no)
  union all select 'refund ' || id || ' is ' || state || ' ' || coalesce(problem, '') from refunds where state in ('begun', 'processing')
  union all select 'what came too much by ' || a.out_trade_no || ' is kept' from payment_attempts a where state = 'surplus' and not exists (select 1 from refunds r where r.attempt_id = a.id and r.state <> 'failed')
  union all select 'share ' || id || ' is ' || state from shares where state <> 'done'
  union all select 'payout ' || id || ' is ' || state from payouts where state in ('requested', 'sending', 'confirming', 'cancelling')
  union all select 'claim ' || id || ' is asked' from claims where state = 'asked'
  union all select 'settlement ' || out_settle_no || ' is asked' from settlements where state = 'asked'
  union all select 'parcel of ' || order_id || ' is to ship' from parcels where state = 'to_ship'
  union all select 'WeChat is not told of the parcel of ' || order_id from shipping_reports where state = 'waiting'
  union all select 'complaint ' || number || ' is ' || state from complaints where state <> 'done' or (decision is not null and told_at is null)`

/** The last but few is a month: what is held to be shared, and somebody gave back past us, WeChat Pay sets free only then. */
const leaps = [65, 65, 400, 2400, 65, 65, 90_000, 65, 400, 90_000, 400, 90_000, 90_000, 90_000, 2_500_000, 65, 65, 65, 65]

/** Replies what would not end. */
export async function settle(world: World, cast: Cast): Promise<string[]> {
  for (const seconds of leaps) {
    await tend(world, cast)
    await world.leap(seconds)
    await world.tick()
    await world.rest()
    if ((await world.rows(openEnds)).length === 0) break
  }
  return (await world.rows(openEnds)).map((row) => `no end: ${row.what}`)
}

/** What the operators find on their desks in the morning, and the people on their phones. */
async function tend(world: World, cast: Cast): Promise<void> {
  for (const person of cast.people) await comeBack(world, cast, person)
  await decideClaims(world, cast, [0.2, 0.2, 0.9])
  await decideAsks(cast)
  await tendDiscrepancies(cast)
  await tendRefunds(world, cast)
  await finishPast(world, cast)
  await tendShares(cast)
  await tendPayouts(cast)
  await shipParcels(world, cast, { dice: [0.1, 0.9] })
  await answerComplaints(world, cast, { dice: [0.5, 0.2] }, true)
  for (const person of cast.people) await confirm(world, cast, person, { dice: [0.1] })
}

async function decideAsks(cast: Cast): Promise<void> {
  const { body } = await cast.desk('GET /console/refund-asks?open=true&limit=50')
  for (const ask of body.items as Json[]) await cast.desk(`POST /console/refund-asks/${ask.id}/decisions`, { agrees: true, note: '同意' })
}

async function tendDiscrepancies(cast: Cast): Promise<void> {
  const { body } = await cast.desk('GET /console/discrepancies?open=true')
  for (const one of body.items as Json[]) {
    const asked = one.can.includes('check') ? await cast.desk(`POST /console/discrepancies/${one.id}/checks`) : undefined
    if (asked?.body?.standing === 'paid' || asked?.body?.standing === 'unknown') continue
    await cast.desk(`POST /console/discrepancies/${one.id}/resolutions`, { note: '已核对，没有收到这笔钱' })
  }
}

/** What an account did not take goes to a bank card; what failed for good is begun anew. */
async function tendRefunds(world: World, cast: Cast): Promise<void> {
  const abnormal = await world.rows("select id from refunds where state = 'processing' and problem = 'ABNORMAL' order by id")
  for (const { id } of abnormal) await cast.desk(`POST /console/refunds/${id}/redirections`, { bank: 'ICBC_DEBIT', account: '6222021234567890123', name: '学员' })
  const failed = await world.rows(`select r.order_id from refunds r join orders o on o.id = r.order_id join payment_attempts a on a.id = r.attempt_id
    where r.state = 'failed' and o.state = 'paid' and a.state = 'paid' and o.gives -> 'coins' is null and not exists (select 1 from entitlements e where e.order_id = o.id and e.revoked_at is null) and not exists (select 1 from refunds b where b.order_id = o.id and b.begun_at > r.begun_at)`)
  for (const { order_id: order } of failed) await cast.desk(`POST /console/orders/${order}/refunds`, { reason: '重新退款', requestKey: cast.key() })
}

async function tendShares(cast: Cast): Promise<void> {
  const { body } = await cast.desk('GET /console/shares?attention=true&limit=50')
  for (const share of body.items as Json[]) {
    const refused = share.lines.find((line: Json) => line.can.includes('retry'))
    // Over its thirty days nothing can be shared any more: the rest is left to the academy.
    if (refused?.why === 'RULE_LIMIT' && share.can.includes('release')) await cast.desk(`POST /console/shares/${share.id}/releases`)
    else if (refused) await cast.desk(`POST /console/share-lines/${refused.id}/retries`)
  }
}

async function tendPayouts(cast: Cast): Promise<void> {
  const { body } = await cast.desk('GET /console/payouts?state=requested&limit=50')
  for (const payout of body.items as Json[]) await cast.desk(`POST /console/payouts/${payout.id}/agreements`, undefined, 'second')
}
