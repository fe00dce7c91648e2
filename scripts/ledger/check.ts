// Holds the ledger against itself and against attempts, refunds, orders and rights: whatever is found must not be.
import type pg from 'pg'
import { findBrokenLinks } from './chain.ts'

type Check = { text: string; says: (row: Record<string, string>) => string }

/** Where the money of a payment is: at a rail, or in coins that were bought before. */
const isPurse = "l.account like 'asset:%' or (a.channel = 'wechat_coins' and l.account = 'liability:coins')"

/** Each statement finds what must not be; nothing found means that ledger, attempts, refunds, orders and rights tell one story. An upgrade that cost nothing is refunded with its lower tier, without a fen of its own. */
const checks: Check[] = [
  {
    text: 'select e.id, coalesce(sum(l.amount), 0)::text as amount from ledger_entries e left join ledger_lines l on l.entry_id = e.id group by e.id having coalesce(sum(l.amount), 0) <> 0 or count(l.*) < 2',
    says: ({ id, amount }) => `entry ${id} is off by ${amount} fen`,
  },
  {
    text: `select a.id, a.state, a.amount::text as amount, coalesce(sum(l.amount), 0)::text as booked from payment_attempts a
      left join ledger_entries e on e.cause in ('sale:' || a.id, 'surplus:' || a.id) left join ledger_lines l on l.entry_id = e.id and (${isPurse})
      group by a.id having coalesce(sum(l.amount), 0) <> case when a.state in ('paid', 'surplus') then a.amount else 0 end`,
    says: ({ id, state, amount, booked }) => `attempt ${id} is ${state} over ${amount} fen, but the ledger received ${booked}`,
  },
  {
    text: `select r.id, r.state, r.amount::text as amount, coalesce(sum(-l.amount) filter (where ${isPurse}), 0)::text as sent, coalesce(sum(-l.amount) filter (where l.account = 'liability:refunds_under_way'), 0)::text as owed
      from refunds r join payment_attempts a on a.id = r.attempt_id left join ledger_entries e on e.cause in ('refund_begun:' || r.id, 'refund_done:' || r.id, 'refund_failed:' || r.id) left join ledger_lines l on l.entry_id = e.id group by r.id
      having coalesce(sum(-l.amount) filter (where ${isPurse}), 0) <> case when r.state = 'done' then r.amount else 0 end
        or coalesce(sum(-l.amount) filter (where l.account = 'liability:refunds_under_way'), 0) <> case when r.state in ('begun', 'processing') then r.amount else 0 end`,
    says: ({ id, state, amount, sent, owed }) => `refund ${id} is ${state} over ${amount} fen, but the ledger sent ${sent} and owes ${owed}`,
  },
  {
    text: `select o.id, o.refunded::text as refunded, coalesce(sum(r.amount), 0)::text as done from orders o
      left join (refunds r join payment_attempts a on a.id = r.attempt_id and a.state = 'paid') on r.order_id = o.id and r.state = 'done'
      group by o.id having o.refunded <> coalesce(sum(r.amount), 0) or (o.state = 'refunded' and o.refunded <> o.total) or (o.state <> 'refunded' and o.total > 0 and o.refunded = o.total)`,
    says: ({ id, refunded, done }) => `order ${id} says ${refunded} fen went back, its refunds say ${done}`,
  },
  {
    text: `select o.id from orders o left join payment_attempts a on a.order_id = o.id and a.state = 'paid'
      where (o.state in ('paid', 'refunded') and o.total > 0) <> (a.id is not null) or (a.id is not null and a.amount <> o.total)`,
    says: ({ id }) => `order ${id} and its attempts disagree on whether it was paid`,
  },
  {
    text: `select o.id from orders o where o.state = 'paid' and not o.gives ? 'coins' and not exists (select 1 from entitlements t where t.order_id = o.id)
      and not (jsonb_array_length(o.gives -> 'courses') = 0 and not o.gives ? 'plan' and exists (select 1 from parcels p where p.order_id = o.id and p.state <> 'waiting'))`,
    says: ({ id }) => `order ${id} is paid but opens nothing, and sends nothing`,
  },
]

/** A sentence for each difference, and for each link of the chain that does not hold. */
export async function findLedgerFaults(client: pg.Client): Promise<string[]> {
  const found = await findBrokenLinks(client)
  for (const { text, says } of checks) found.push(...(await client.query<Record<string, string>>(text)).rows.map(says))
  return found
}
