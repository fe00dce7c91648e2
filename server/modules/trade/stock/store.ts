// Remembers how many there are of what is limited, and which order holds how many.
import type { Id } from '#contracts/words/id.ts'
import { sql, type Db } from '#kernel/db.ts'

export type Hold = { subject: string; count: number }
export type Stock = { subject: string; total: number; taken: number }

/** False when more than that are held already. What is limited anew begins with what is held. */
export async function upsertStock(db: Db, subject: string, total: number): Promise<boolean> {
  const { count } = await db.query(sql`
    insert into stocks (subject, total, taken)
    select ${subject}, ${total}::int, held.taken from (select coalesce(sum(count), 0)::int as taken from stock_holds where subject = ${subject} and released_at is null) held where held.taken <= ${total}::int
    on conflict (subject) do update set total = excluded.total where stocks.taken <= excluded.total`)
  return count > 0
}

export async function deleteStock(db: Db, subject: string): Promise<void> {
  await db.query(sql`delete from stocks where subject = ${subject}`)
}

export async function listStocks(db: Db, subjects: string[]): Promise<Stock[]> {
  const { rows } = await db.query<Stock>(sql`select subject, total, taken from stocks where subject = any(${subjects})`)
  return rows
}

/** Takes some, when there are as many left: the row is locked until the transaction ends, so the last one is taken once. */
export async function takeFrom(db: Db, { subject, count: wanted }: Hold): Promise<boolean> {
  const { count } = await db.query(sql`update stocks set taken = taken + ${wanted}::int where subject = ${subject} and taken + ${wanted}::int <= total`)
  return count > 0
}

/** Gives some back; what is no longer limited needs nothing back. */
export async function giveBack(db: Db, { subject, count }: Hold): Promise<void> {
  await db.query(sql`update stocks set taken = taken - ${count}::int where subject = ${subject}`)
}

export async function insertHold(db: Db, order: Id<'ord'>, { subject, count }: Hold, at: Date): Promise<void> {
  await db.query(sql`
    insert into stock_holds (order_id, subject, count, held_at) values (${order}, ${subject}, ${count}, ${at})
    on conflict (order_id, subject) do update set released_at = null, held_at = excluded.held_at`)
}

/** Ends the holds of an order; replies those that this very call ended. */
export async function updateReleased(db: Db, order: Id<'ord'>, subjects: string[] | null, at: Date): Promise<Hold[]> {
  const { rows } = await db.query<Hold>(sql`update stock_holds set released_at = ${at} where order_id = ${order} and released_at is null and (${subjects}::text[] is null or subject = any(${subjects})) returning subject, count`)
  return rows
}

export async function listHolders(db: Db, subjects: string[]): Promise<{ order: Id<'ord'>; subject: string }[]> {
  const { rows } = await db.query<{ order: Id<'ord'>; subject: string }>(sql`select order_id as order, subject from stock_holds where subject = any(${subjects}) and released_at is null order by order_id`)
  return rows
}

/** Makes a hold smaller by so many; false when it does not hold more than that. */
export async function updateHold(db: Db, order: Id<'ord'>, { subject, count: fewer }: Hold): Promise<boolean> {
  const { count } = await db.query(sql`update stock_holds set count = count - ${fewer}::int where order_id = ${order} and subject = ${subject} and released_at is null and count > ${fewer}::int`)
  return count > 0
}

export async function listReleased(db: Db, order: Id<'ord'>): Promise<Hold[]> {
  const { rows } = await db.query<Hold>(sql`select subject, count from stock_holds where order_id = ${order} and released_at is not null order by subject`)
  return rows
}
