// Remembers what operators did; the database refuses every change to it.
import type { Id } from '#contracts/words/id.ts'
import { sql, type Db } from '#kernel/db.ts'

type Row = { id: Id<'adt'>; at: Date; staff_id: Id<'stf'> | null; staff_name: string | null; action: string; subject: string; before: unknown; after: unknown; address: string }

export async function insertEntry(db: Db, entry: { id: Id<'adt'>; at: Date; staff: Id<'stf'> | null; staffName: string | null; action: string; subject: string; before: unknown; after: unknown; address: string }): Promise<void> {
  await db.query(sql`
    insert into audit_entries (id, at, staff_id, staff_name, action, subject, before, after, address)
    values (${entry.id}, ${entry.at}, ${entry.staff}, ${entry.staffName}, ${entry.action}, ${entry.subject}, ${JSON.stringify(entry.before ?? null)}, ${JSON.stringify(entry.after ?? null)}, ${entry.address})`)
}

export async function listEntries(db: Db, q: string | null, before: string | null, limit: number) {
  const { rows } = await db.query<Row>(sql`
    select * from audit_entries
    where (${before}::text is null or id < ${before})
      and (${q}::text is null or strpos(lower(action), lower(${q})) > 0 or subject = ${q} or strpos(lower(staff_name), lower(${q})) > 0)
    order by id desc limit ${limit}`)
  return rows.map((row) => ({ id: row.id, at: row.at, operator: row.staff_id ? { id: row.staff_id, name: row.staff_name ?? '' } : null, action: row.action, subject: row.subject, before: row.before, after: row.after, address: row.address }))
}
