// Remembers which refunds past us an operator wrote off.
import { sql, type Db } from '#kernel/db.ts'

/** Until the transaction ends nobody else books or writes off this number. */
export async function lockNumber(db: Db, number: string): Promise<void> {
  await db.query(sql`select pg_advisory_xact_lock(hashtextextended(${`foreign:${number}`}, 0))`)
}

export async function insertWrittenOff(db: Db, number: string, at: Date): Promise<void> {
  await db.query(sql`insert into written_off_refunds (number, written_off_at) values (${number}, ${at}) on conflict (number) do nothing`)
}

export async function isWrittenOff(db: Db, number: string): Promise<boolean> {
  const { count } = await db.query(sql`select 1 from written_off_refunds where number = ${number}`)
  return count > 0
}
