// Remembers how far each lesson was used, a row for every tenth that was reached.
import type { Id } from '#contracts/words/id.ts'
import { sql, type Db } from '#kernel/db.ts'

export type Usage = { member: Id<'mem'>; lesson: Id<'lsn'>; course: Id<'crs'>; tenths: number; at: Date }

/** A tenth that was reached before keeps its first hour. */
export async function insertUsage(db: Db, usage: Usage): Promise<void> {
  await db.query(sql`
    insert into usages (member_id, lesson_id, course_id, tenths, at) values (${usage.member}, ${usage.lesson}, ${usage.course}, ${usage.tenths}, ${usage.at}) on conflict do nothing`)
}

/** Of each lesson opened since an hour the tenths reached since then, and the hours of its beginning and of its furthest. */
export async function listUsages(db: Db, member: Id<'mem'>, courses: Id<'crs'>[], after: Date): Promise<(Pick<Usage, 'lesson' | 'course' | 'tenths'> & { since: Date; at: Date })[]> {
  const { rows } = await db.query<Pick<Usage, 'lesson' | 'course' | 'tenths'> & { since: Date; at: Date }>(sql`
    select lesson_id as lesson, course_id as course, (max(tenths) - coalesce(max(tenths) filter (where at < ${after}), 0))::int as tenths, min(at) as since, max(at) as at from usages
    where member_id = ${member} and course_id = any(${courses}) group by lesson_id, course_id having max(at) >= ${after} order by min(at)`)
  return rows
}
