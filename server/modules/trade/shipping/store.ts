// Remembers what WeChat has to be told of each shipment, and whether it took it.
import type { Id } from '#contracts/words/id.ts'
import { sql, type Db } from '#kernel/db.ts'

type Row = { order_id: Id<'ord'>; version: number; state: Report['state']; asked_at: Date | null; why: string | null; reminded_at: Date | null }
/** `version` grows with each correction: an answer counts for what it was given to. */
export type Report = { order: Id<'ord'>; version: number; state: 'waiting' | 'told' | 'refused'; askedAt: Date | null; why: string | null; remindedAt: Date | null }

function kept(row: Row): Report {
  return { order: row.order_id, version: row.version, state: row.state, askedAt: row.asked_at, why: row.why, remindedAt: row.reminded_at }
}

/** There is something to tell, again when it was told before. */
export async function upsertReport(db: Db, order: Id<'ord'>, at: Date): Promise<void> {
  await db.query(sql`
    insert into shipping_reports (order_id, version, state, due_at) values (${order}, 1, 'waiting', ${at})
    on conflict (order_id) do update set version = shipping_reports.version + 1, state = 'waiting', due_at = excluded.due_at, asked_at = null, why = null`)
}

export async function listReports(db: Db, orders: Id<'ord'>[]): Promise<Report[]> {
  const { rows } = await db.query<Row>(sql`select * from shipping_reports where order_id = any(${orders})`)
  return rows.map(kept)
}

export async function listDue(db: Db, now: Date, limit: number): Promise<Id<'ord'>[]> {
  const { rows } = await db.query<{ order_id: Id<'ord'> }>(sql`select order_id from shipping_reports where state = 'waiting' and due_at <= ${now} order by due_at limit ${limit}`)
  return rows.map((row) => row.order_id)
}

/** Noted before WeChat is asked: whoever finds it noted asks first what came of it. */
export async function updateAsked(db: Db, { order, version }: Report, at: Date, dueAt: Date): Promise<boolean> {
  const { count } = await db.query(sql`update shipping_reports set asked_at = ${at}, due_at = ${dueAt} where order_id = ${order} and version = ${version} and state = 'waiting'`)
  return count > 0
}

export async function updateTold(db: Db, { order, version }: Report, state: 'told' | 'refused', why: string | null): Promise<void> {
  await db.query(sql`update shipping_reports set state = ${state}, why = ${why} where order_id = ${order} and version = ${version} and state = 'waiting'`)
}

export async function updateReminded(db: Db, order: Id<'ord'>, at: Date): Promise<void> {
  await db.query(sql`update shipping_reports set reminded_at = ${at} where order_id = ${order} and reminded_at is null`)
}
