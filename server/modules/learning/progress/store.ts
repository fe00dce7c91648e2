// Remembers watched ranges, positions and the seconds of each day.
import type { Id } from '#contracts/words/id.ts'
import { sql, type Db } from '#kernel/db.ts'

export type Kept = { lesson: Id<'lsn'>; course: Id<'crs'>; positionSeconds: number; watchedSeconds: number; basisPoints: number; completed: boolean; seenAt: Date }
type Report = { member: Id<'mem'>; lesson: Id<'lsn'>; course: Id<'crs'>; ranges: string; positionSeconds: number; at: Date }

/** Merges a report under the row's lock and says what it added: repeating it adds nothing. */
export async function mergeReport(db: Db, report: Report): Promise<{ before: number; after: number; positionSeconds: number; seenAt: Date }> {
  await db.query(sql`
    insert into lesson_progress (member_id, lesson_id, course_id, position_at, seen_at) values (${report.member}, ${report.lesson}, ${report.course}, to_timestamp(0), ${report.at})
    on conflict do nothing`)
  const { rows: [old] } = await db.query<{ watched_seconds: number }>(sql`select watched_seconds from lesson_progress where member_id = ${report.member} and lesson_id = ${report.lesson} for no key update`)
  const { rows: [row] } = await db.query<{ watched_seconds: number; position_seconds: number; seen_at: Date }>(sql`
    update lesson_progress p set ranges = merged.all_ranges, seen_at = greatest(seen_at, ${report.at}),
      position_seconds = case when ${report.at} > position_at then ${report.positionSeconds} else position_seconds end,
      position_at = greatest(position_at, ${report.at}),
      watched_seconds = (select coalesce(sum(upper(one) - lower(one)), 0)::int from unnest(merged.all_ranges) as one)
    from (select ranges + ${report.ranges}::int4multirange as all_ranges from lesson_progress where member_id = ${report.member} and lesson_id = ${report.lesson}) merged
    where p.member_id = ${report.member} and p.lesson_id = ${report.lesson}
    returning p.watched_seconds, p.position_seconds, p.seen_at`)
  return { before: old?.watched_seconds ?? 0, after: row?.watched_seconds ?? 0, positionSeconds: row?.position_seconds ?? 0, seenAt: row?.seen_at ?? report.at }
}

/** What is done stays done. */
export async function updateDone(db: Db, member: Id<'mem'>, lesson: Id<'lsn'>, done: { basisPoints: number; completed: boolean }): Promise<boolean> {
  const { rows } = await db.query<{ completed: boolean }>(sql`
    update lesson_progress set basis_points = greatest(basis_points, ${done.basisPoints}), completed = completed or ${done.completed}
    where member_id = ${member} and lesson_id = ${lesson} returning completed`)
  return rows[0]?.completed ?? false
}

export async function addDay(db: Db, member: Id<'mem'>, day: string, seconds: number): Promise<void> {
  await db.query(sql`
    insert into progress_days (member_id, day, seconds) values (${member}, ${day}, ${seconds})
    on conflict (member_id, day) do update set seconds = progress_days.seconds + excluded.seconds`)
}

export async function listProgress(db: Db, member: Id<'mem'>, courses: Id<'crs'>[] | null): Promise<Kept[]> {
  const { rows } = await db.query<Kept>(sql`
    select lesson_id as lesson, course_id as course, position_seconds as "positionSeconds", watched_seconds as "watchedSeconds", basis_points as "basisPoints", completed, seen_at as "seenAt"
    from lesson_progress where member_id = ${member} and (${courses}::text[] is null or course_id = any(${courses})) order by seen_at desc`)
  return rows
}

export async function findPosition(db: Db, member: Id<'mem'>, lesson: Id<'lsn'>): Promise<number> {
  const { rows } = await db.query<{ seconds: number }>(sql`select position_seconds as seconds from lesson_progress where member_id = ${member} and lesson_id = ${lesson}`)
  return rows[0]?.seconds ?? 0
}

export async function listDays(db: Db, member: Id<'mem'>): Promise<{ day: string; seconds: number }[]> {
  const { rows } = await db.query<{ day: string; seconds: number }>(sql`select day::text as day, seconds from progress_days where member_id = ${member} order by day desc limit 1000`)
  return rows
}
