// Remembers orders and everything that happened to them.
import type { Order, OrderEvent } from '#contracts/orders.ts'
import type { Period } from '#contracts/plans.ts'
import type { PolicyTerms } from '#contracts/policies.ts'
import type { Id } from '#contracts/words/id.ts'
import type { Cents } from '#contracts/words/money.ts'
import type { VatClass } from '#contracts/words/parcels.ts'
import type { Platform, System } from '#contracts/words/platforms.ts'
import { sql, type Db } from '#kernel/db.ts'
import { holding } from '#kernel/like.ts'
import type { OrderState } from './rules.ts'

export type Event = Pick<OrderEvent, 'what' | 'detail'>

/** What an order gives when it is paid, as it was agreed: later changes of the offer do not touch it. */
export type Gives = {
  courses: { course: Id<'crs'>; title: string; days: number | null }[]
  /** `paid`: what of the price is for the goods, without sending them, `worth` what they cost alone and `vat` their own class beside something to learn; not known of old orders. */
  parcel?: { goods: string; pieces: number; paid?: Cents; worth?: Cents; vat?: VatClass }
  /** So many coins of WeChat: they are in the purse when the payment is, and are given by nobody here. */
  coins?: number
  vat?: VatClass
  /** `credits`: what of the worth of each right that it ends went into its price; not known of old orders. */
  plan?: { plan: Id<'pln'>; title: string; rank: number; period: Period; days: number | null; giftDays?: number; worth: Cents; ends: Id<'ent'>[]; credits?: Cents[] }
}

type Row = {
  id: Id<'ord'>; number: string; member_id: Id<'mem'>; course_id: Id<'crs'> | null; offer_id: Id<'ofr'>; request_key: string; state: OrderState; title: string
  gives: Gives; lines: Order['lines']; total: Cents; refunded: Cents; access_days: number | null; refund_rule: string | null; policy_days: number; policy_percent: number; agreement_version: number; platform: Platform; system: System
  placed_at: Date; paid_at: Date | null; closes_at: Date | null; closed_at: Date | null
}

export type KeptOrder = {
  id: Id<'ord'>; number: string; member: Id<'mem'>; course: Id<'crs'> | null; offer: Id<'ofr'>; requestKey: string; state: OrderState; title: string
  gives: Gives; lines: Order['lines']; total: Cents; refunded: Cents; accessDays: number | null; refundRule: string | null; policy: PolicyTerms; agreementVersion: number; platform: Platform; system: System
  placedAt: Date; paidAt: Date | null; closesAt: Date | null
}

function kept(row: Row): KeptOrder {
  return {
    id: row.id, number: row.number, member: row.member_id, course: row.course_id, offer: row.offer_id, requestKey: row.request_key, state: row.state, title: row.title,
    gives: row.gives, lines: row.lines, total: row.total, refunded: row.refunded, accessDays: row.access_days, refundRule: row.refund_rule, policy: { days: row.policy_days, mostPercent: row.policy_percent }, agreementVersion: row.agreement_version,
    platform: row.platform, system: row.system, placedAt: row.placed_at, paidAt: row.paid_at, closesAt: row.closes_at,
  }
}

/** Keeps an order and the first word of its timeline; false when the member asked with this key before, or has an open order for the offer. */
export async function insertOrder(db: Db, order: KeptOrder): Promise<boolean> {
  const { count } = await db.query(sql`
    with placed as (
      insert into orders (id, number, member_id, course_id, offer_id, request_key, state, title, gives, lines, total, access_days, policy_days, policy_percent, agreement_version, platform, system, placed_at, paid_at, closes_at)
      select ${order.id}, ${order.number}, ${order.member}, ${order.course}, ${order.offer}, ${order.requestKey}, ${order.state}, ${order.title}, ${JSON.stringify(order.gives)}::jsonb, ${JSON.stringify(order.lines)}::jsonb, ${order.total}::bigint,
        ${order.accessDays}::int, ${order.policy.days}::int, ${order.policy.mostPercent}::int, ${order.agreementVersion}::int, ${order.platform}, ${order.system}, ${order.placedAt}::timestamptz, ${order.paidAt}::timestamptz, ${order.closesAt}::timestamptz
      where not exists (select from order_repeats where member_id = ${order.member} and request_key = ${order.requestKey})
      on conflict do nothing returning id, placed_at
    )
    insert into order_events (order_id, what, at) select id, 'placed', placed_at from placed`)
  return count > 0
}

export async function findOrder(db: Db, id: Id<'ord'>): Promise<KeptOrder | undefined> {
  const { rows } = await db.query<Row>(sql`select * from orders where id = ${id}`)
  return rows[0] && kept(rows[0])
}

export async function listOrders(db: Db, ids: Id<'ord'>[]): Promise<KeptOrder[]> {
  const { rows } = await db.query<Row>(sql`select * from orders where id = any(${ids})`)
  return rows.map(kept)
}

export async function findByNumber(db: Db, number: string): Promise<KeptOrder | undefined> {
  const { rows } = await db.query<Row>(sql`select * from orders where number = ${number}`)
  return rows[0] && kept(rows[0])
}

/** Locks the order until the transaction ends: everything that moves money for it goes one after the other. */
export async function lockOrder(db: Db, id: Id<'ord'>): Promise<KeptOrder | undefined> {
  const { rows } = await db.query<Row>(sql`select * from orders where id = ${id} for no key update`)
  return rows[0] && kept(rows[0])
}

/** The order that a key means, told or repeated before; else the one that stands open for the offer. */
export async function findByKeyOrOpen(db: Db, member: Id<'mem'>, requestKey: string, offer: Id<'ofr'>): Promise<{ order: KeptOrder; isByKey: boolean } | undefined> {
  const { rows } = await db.query<Row & { by_key: boolean }>(sql`
    with meant as (
      select id from orders where member_id = ${member} and request_key = ${requestKey}
      union select order_id from order_repeats where member_id = ${member} and request_key = ${requestKey})
    select orders.*, id in (select id from meant) as by_key from orders
    where id in (select id from meant) or (member_id = ${member} and offer_id = ${offer} and state = 'placed')
    order by by_key desc limit 1`)
  return rows[0] && { order: kept(rows[0]), isByKey: rows[0].by_key }
}

export async function insertRepeat(db: Db, member: Id<'mem'>, requestKey: string, order: Id<'ord'>): Promise<void> {
  await db.query(sql`insert into order_repeats (member_id, request_key, order_id) values (${member}, ${requestKey}, ${order}) on conflict do nothing`)
}

export async function listByMember(db: Db, member: Id<'mem'>, state: OrderState | null, before: string | null, limit: number): Promise<KeptOrder[]> {
  const { rows } = await db.query<Row>(sql`
    select * from orders where member_id = ${member} and (${state}::text is null or state = ${state}) and (${before}::text is null or id < ${before})
    order by id desc limit ${limit}`)
  return rows.map(kept)
}

export type Search = { q: string | null; member: Id<'mem'> | null; members: Id<'mem'>[]; orders: Id<'ord'>[]; state: OrderState | null; from: string | null; to: string | null }

/** `members` and `orders` are those that the words of the search named in other rooms. */
export async function searchOrders(db: Db, search: Search, before: string | null, limit: number): Promise<KeptOrder[]> {
  const { rows } = await db.query<Row>(sql`
    select * from orders
    where (${search.q}::text is null or number = ${search.q} or id = ${search.q} or title ilike ${holding(search.q)} or member_id = any(${search.members}) or id = any(${search.orders}))
      and (${search.member}::text is null or member_id = ${search.member})
      and (${search.state}::text is null or state = ${search.state})
      and (${search.from}::timestamptz is null or placed_at >= ${search.from}) and (${search.to}::timestamptz is null or placed_at < ${search.to})
      and (${before}::text is null or id < ${before})
    order by id desc limit ${limit}`)
  return rows.map(kept)
}

/** Orders that wait for money longer than they may, those waiting longest first. */
export async function listDue(db: Db, now: Date, limit: number): Promise<Id<'ord'>[]> {
  const { rows } = await db.query<{ id: Id<'ord'> }>(sql`select id from orders where state = 'placed' and closes_at <= ${now} order by closes_at limit ${limit}`)
  return rows.map((row) => row.id)
}

/** Moves an order and writes what happened, in the order given; false when it is no longer where it was. */
export async function updateState(db: Db, id: Id<'ord'>, from: OrderState, to: OrderState, events: Event[], at: Date): Promise<boolean> {
  const { count } = await db.query(sql`
    with moved as (
      update orders set state = ${to},
        paid_at = case when ${to} = 'paid' then ${at} else paid_at end,
        closed_at = case when ${to} = 'closed' then ${at} else closed_at end
      where id = ${id} and state = ${from} returning id
    )
    insert into order_events (order_id, what, detail, at)
    select moved.id, event.what, event.detail, ${at}::timestamptz
    from moved, unnest(${events.map((event) => event.what)}::text[], ${events.map((event) => event.detail)}::text[]) with ordinality as event (what, detail, rank) order by event.rank`)
  return count > 0
}

export async function updateRefunded(db: Db, id: Id<'ord'>, amount: Cents): Promise<void> {
  await db.query(sql`update orders set refunded = refunded + ${amount} where id = ${id}`)
}

export async function insertEvent(db: Db, order: Id<'ord'>, { what, detail }: Event, at: Date): Promise<void> {
  await db.query(sql`insert into order_events (order_id, what, detail, at) values (${order}, ${what}, ${detail}, ${at})`)
}

export async function listEvents(db: Db, orders: Id<'ord'>[]): Promise<{ order: Id<'ord'>; at: Date; what: OrderEvent['what']; detail: string | null }[]> {
  const { rows } = await db.query<{ order: Id<'ord'>; at: Date; what: OrderEvent['what']; detail: string | null }>(sql`
    select order_id as "order", at, what, detail from order_events where order_id = any(${orders}) order by order_id, position`)
  return rows
}
