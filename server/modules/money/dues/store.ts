// Remembers what is owed to people: each due as it was recorded, and what is left of them all.
import type { Id } from '#contracts/words/id.ts'
import type { Cents } from '#contracts/words/money.ts'
import { sql, type Db } from '#kernel/db.ts'

type Row = { id: Id<'due'>; member_id: Id<'mem'>; amount: Cents; reason: string; cause: string; by_staff: Id<'stf'> | null; made_at: Date }
export type KeptDue = { id: Id<'due'>; member: Id<'mem'>; amount: Cents; reason: string; cause: string; by: Id<'stf'> | null; madeAt: Date }

function kept(row: Row): KeptDue {
  return { id: row.id, member: row.member_id, amount: row.amount, reason: row.reason, cause: row.cause, by: row.by_staff, madeAt: row.made_at }
}

/** False when the cause was recorded before. */
export async function insertDue(db: Db, due: KeptDue): Promise<boolean> {
  const { count } = await db.query(sql`
    insert into dues (id, member_id, amount, reason, cause, by_staff, made_at)
    values (${due.id}, ${due.member}, ${due.amount}, ${due.reason}, ${due.cause}, ${due.by}, ${due.madeAt}) on conflict (cause) do nothing`)
  return count > 0
}

export async function findByCause(db: Db, cause: string): Promise<KeptDue | undefined> {
  const { rows } = await db.query<Row>(sql`select * from dues where cause = ${cause}`)
  return rows[0] && kept(rows[0])
}

export async function listDues(db: Db, before: string | null, limit: number): Promise<KeptDue[]> {
  const { rows } = await db.query<Row>(sql`select * from dues where ${before}::text is null or id < ${before} order by id desc limit ${limit}`)
  return rows.map(kept)
}

export async function findOwed(db: Db, member: Id<'mem'>): Promise<Cents> {
  const { rows } = await db.query<{ amount: Cents }>(sql`select amount from owed where member_id = ${member}`)
  return rows[0]?.amount ?? (0 as Cents)
}

/** Adds to what is owed, or takes from it; false when less is left than would be taken. */
export async function updateOwed(db: Db, member: Id<'mem'>, change: Cents): Promise<boolean> {
  await db.query(sql`insert into owed (member_id, amount) values (${member}, 0) on conflict (member_id) do nothing`)
  const { count } = await db.query(sql`update owed set amount = amount + ${change} where member_id = ${member} and amount + ${change} >= 0`)
  return count > 0
}
