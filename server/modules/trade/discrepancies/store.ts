// Remembers what was done about payments that did not fit.
import type { Id } from '#contracts/words/id.ts'
import { sql, type Db } from '#kernel/db.ts'

export type Resolution = { subject: Id<'pay'> | Id<'ntc'>; note: string; by: string; at: Date }

export async function listResolutions(db: Db, subjects: Resolution['subject'][]): Promise<Resolution[]> {
  const { rows } = await db.query<Resolution>(sql`select subject, note, by_name as by, at from discrepancy_resolutions where subject = any(${subjects})`)
  return rows
}

/** False when somebody was first. */
export async function insertResolution(db: Db, resolution: Resolution): Promise<boolean> {
  const { count } = await db.query(sql`
    insert into discrepancy_resolutions (subject, note, by_name, at) values (${resolution.subject}, ${resolution.note}, ${resolution.by}, ${resolution.at}) on conflict do nothing`)
  return count > 0
}
