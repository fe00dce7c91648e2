// Remembers entitlements: each with its reason, its end, and how it was taken back.
import type { Id } from '#contracts/words/id.ts'
import { sql, type Db } from '#kernel/db.ts'

type Row = { id: Id<'ent'>; member_id: Id<'mem'>; course_id: Id<'crs'>; reason: 'bought' | 'granted' | 'free'; order_id: Id<'ord'> | null; note: string; granted_at: Date; until_at: Date | null; revoked_at: Date | null; revoked_why: string | null }

export type Kept = { id: Id<'ent'>; member: Id<'mem'>; course: Id<'crs'>; reason: 'bought' | 'granted' | 'free'; order: Id<'ord'> | null; note: string; grantedAt: Date; until: Date | null; revokedAt: Date | null; revokedWhy: string | null }

function kept(row: Row): Kept {
  return { id: row.id, member: row.member_id, course: row.course_id, reason: row.reason, order: row.order_id, note: row.note, grantedAt: row.granted_at, until: row.until_at, revokedAt: row.revoked_at, revokedWhy: row.revoked_why }
}

/** False when this order already gave this course: granting twice is granting once. */
export async function insertEntitlement(db: Db, given: Omit<Kept, 'revokedAt' | 'revokedWhy'>): Promise<boolean> {
  const { count } = await db.query(sql`
    insert into entitlements (id, member_id, course_id, reason, order_id, note, granted_at, until_at)
    values (${given.id}, ${given.member}, ${given.course}, ${given.reason}, ${given.order}, ${given.note}, ${given.grantedAt}, ${given.until})
    on conflict (order_id, course_id) where order_id is not null do nothing`)
  return count > 0
}

export async function listRights(db: Db, member: Id<'mem'>, courses: Id<'crs'>[] | null): Promise<Kept[]> {
  const { rows } = await db.query<Row>(sql`
    select * from entitlements where member_id = ${member} and (${courses}::text[] is null or course_id = any(${courses})) order by granted_at desc`)
  return rows.map(kept)
}

export async function countOwners(db: Db, courses: Id<'crs'>[], now: Date): Promise<Map<Id<'crs'>, number>> {
  const { rows } = await db.query<{ course_id: Id<'crs'>; members: number }>(sql`
    select course_id, count(distinct member_id)::int as members from entitlements
    where course_id = any(${courses}) and revoked_at is null and (until_at is null or until_at > ${now}) group by course_id`)
  return new Map(rows.map((row) => [row.course_id, row.members]))
}

export async function findEntitlement(db: Db, id: Id<'ent'>): Promise<Kept | undefined> {
  const { rows } = await db.query<Row>(sql`select * from entitlements where id = ${id}`)
  return rows[0] && kept(rows[0])
}

/** Takes rights back; those taken back before stay as they were. */
export async function updateRevoked(db: Db, which: { order?: Id<'ord'>; id?: Id<'ent'> }, at: Date, why: string): Promise<number> {
  const { count } = await db.query(sql`
    update entitlements set revoked_at = ${at}, revoked_why = ${why}
    where revoked_at is null and (order_id = ${which.order ?? null} or id = ${which.id ?? null})`)
  return count
}
