// Counts over the tables of every room, in transactions that may only read.
import type { Today } from '#contracts/reports.ts'
import type { Cents } from '#contracts/words/money.ts'
import type { Id } from '#contracts/words/id.ts'
import { sql, type Db } from '#kernel/db.ts'

export type DayFigures = { day: string; takings: Cents; orders: number; newMembers: number; activeLearners: number }
type DayRow = { day: string; takings: Cents; orders: number; new_members: number; active_learners: number }

/** From here on the database itself refuses to write in this transaction. */
export async function readOnly(db: Db): Promise<void> {
  await db.query(sql`set transaction read only`)
}

/** One row a calendar day of the zone, quiet days too. Takings count a refund on the day it arrived, and coins when they are spent, not when they are bought. */
export async function listDays(db: Db, zone: string, first: string, last: string): Promise<DayFigures[]> {
  const from = sql`((${first}::date)::timestamp at time zone ${zone})`
  const { rows } = await db.query<DayRow>(sql`
    with days as (select generate_series(${first}::date, ${last}::date, interval '1 day')::date as day),
    paid as (select (paid_at at time zone ${zone})::date as day, sum(total) as money, count(*) as n from orders where paid_at >= ${from} and total > 0 and gives -> 'coins' is null group by 1),
    returned as (select (r.settled_at at time zone ${zone})::date as day, sum(r.amount) as money from refunds r join orders o on o.id = r.order_id where r.state = 'done' and r.settled_at >= ${from} and o.gives -> 'coins' is null group by 1),
    joined as (select (created_at at time zone ${zone})::date as day, count(*) as n from members where created_at >= ${from} group by 1),
    active as (select day, count(distinct member_id) as n from progress_days where day >= ${first}::date and seconds > 0 group by 1)
    select to_char(days.day, 'YYYY-MM-DD') as day, (coalesce(paid.money, 0) - coalesce(returned.money, 0))::bigint as takings, coalesce(paid.n, 0)::int as orders,
      coalesce(joined.n, 0)::int as new_members, coalesce(active.n, 0)::int as active_learners
    from days left join paid using (day) left join returned using (day) left join joined using (day) left join active using (day)
    order by days.day`)
  return rows.map((row) => ({ day: row.day, takings: row.takings, orders: row.orders, newMembers: row.new_members, activeLearners: row.active_learners }))
}

export type Waiting = Record<Today['attention'][number]['kind'], number>

export async function countWaiting(db: Db): Promise<Waiting> {
  const { rows } = await db.query<Waiting>(sql`
    select (select count(*) from assets where state = 'failed')::int as failed_media,
      (select count(*) from refunds where state in ('begun', 'processing'))::int as refunds_waiting,
      (select count(*) from notices n where n.outcome in ('mismatched', 'unknown_order') and not exists (select 1 from discrepancy_resolutions r where r.subject = n.id))::int
        + (select count(*) from payment_attempts a where a.state = 'mismatched' and not exists (select 1 from discrepancy_resolutions r where r.subject = a.id)
            and not exists (select 1 from notices n where n.out_trade_no = a.out_trade_no and n.outcome in ('mismatched', 'unknown_order')))::int as notices_to_check,
      (select count(*) from differences f where not exists (select from difference_resolutions r where r.difference_id = f.id))::int as differences_open,
      (select count(*) from complaints where state <> 'done' and (awaits_reply or state = 'pending'))::int as complaints_waiting,
      (select count(*) from claims where state = 'asked')::int as claims_waiting,
      (select count(*) from refund_asks where state = 'open')::int as refund_asks_open,
      (select count(*) from parcels where state = 'to_ship')::int as parcels_to_ship,
      (select count(*) from payouts where state in ('asked', 'requested'))::int as payouts_waiting,
      (select count(*) from reviews where reply_at is null and hidden_at is null)::int as reviews_unanswered,
      (select count(*) from virtual_items v join offers o on o.id = v.offer_id and o.price = v.price where o.on_sale and v.state <> 'ready')::int as items_not_ready`)
  const [row] = rows
  if (!row) throw new Error('a count returned nothing')
  return row
}

export type Begun = { totp_on: boolean; course_published: boolean; offer_on_sale: boolean; first_sale: boolean }

export async function findBegun(db: Db): Promise<Begun> {
  const { rows } = await db.query<Begun>(sql`
    select exists (select 1 from staff where role = 'owner' and active and totp_on) as totp_on,
      exists (select 1 from courses where state = 'published') as course_published,
      exists (select 1 from offers where on_sale) as offer_on_sale,
      exists (select 1 from orders where paid_at is not null and total > 0) as first_sale`)
  const [row] = rows
  if (!row) throw new Error('a question returned nothing')
  return row
}

/** The courses that brought most since a day, net of what was given back. */
export async function listBestCourses(db: Db, zone: string, first: string, limit: number): Promise<{ title: string; takings: Cents; orders: number }[]> {
  const { rows } = await db.query<{ id: Id<'crs'>; title: string; takings: Cents; orders: number }>(sql`
    select c.id, c.title, sum(o.total - o.refunded)::bigint as takings, count(*)::int as orders
    from orders o join courses c on c.id = o.course_id
    where o.paid_at >= ((${first}::date)::timestamp at time zone ${zone}) and o.total > 0
    group by c.id, c.title order by takings desc, c.id limit ${limit}`)
  return rows.map(({ title, takings, orders }) => ({ title, takings, orders }))
}
