// Remembers how far each lesson was used under each right, a row for every tenth that was reached.
import type { Id } from '#contracts/words/id.ts'
import { sql, type Db } from '#kernel/db.ts'

export type Usage = { right: Id<'ent'>; member: Id<'mem'>; lesson: Id<'lsn'>; course: Id<'crs'>; tenths: number; at: Date }

/** How much was used under the right in all; undefined when a report adds nothing to it. */
export async function mergeRanges(db: Db, { right, lesson }: Pick<Usage, 'right' | 'lesson'>, ranges: string): Promise<number | undefined> {
  const { rows } = await db.query<{ used: number }>(sql`
    insert into used_ranges as kept (entitlement_id, lesson_id, ranges) values (${right}, ${lesson}, ${ranges})
    on conflict (entitlement_id, lesson_id) do update set ranges = kept.ranges + excluded.ranges where not kept.ranges @> excluded.ranges
    returning (select coalesce(sum(upper(one) - lower(one)), 0)::int from unnest(ranges) as one) as used`)
  return rows[0]?.used
}

/** A tenth that was reached before keeps its first hour. */
export async function insertUsage(db: Db, { right, member, lesson, course, tenths, at }: Usage): Promise<void> {
  await db.query(sql`
    insert into usages (entitlement_id, member_id, lesson_id, course_id, tenths, at) values (${right}, ${member}, ${lesson}, ${course}, ${tenths}, ${at}) on conflict do nothing`)
}

/** Of each lesson opened under the rights the furthest tenth, and the hours of its beginning and of its furthest. */
export async function listUsages(db: Db, rights: Id<'ent'>[]): Promise<(Pick<Usage, 'lesson' | 'course' | 'tenths' | 'at'> & { since: Date })[]> {
  const { rows } = await db.query<Pick<Usage, 'lesson' | 'course' | 'tenths' | 'at'> & { since: Date }>(sql`
    select lesson_id as lesson, course_id as course, max(tenths)::int as tenths, min(at) as since, max(at) as at from usages
    where entitlement_id = any(${rights}) group by lesson_id, course_id order by min(at)`)
  return rows
}
