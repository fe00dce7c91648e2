// Remembers reviews and their replies.
import type { Id } from '#contracts/words/id.ts'
import { sql, type Db } from '#kernel/db.ts'

export type Kept = { id: Id<'rvw'>; course: Id<'crs'>; member: Id<'mem'>; stars: number; text: string; writtenAt: Date; reply: string | null; replyAt: Date | null; hiddenWhy: string | null }
const columns = sql`id, course_id as course, member_id as member, stars, text, written_at as "writtenAt", reply, reply_at as "replyAt", hidden_why as "hiddenWhy"`

/** False when the member has written one before. */
export async function insertReview(db: Db, review: Omit<Kept, 'reply' | 'replyAt' | 'hiddenWhy'>): Promise<boolean> {
  const { count } = await db.query(sql`
    insert into reviews (id, course_id, member_id, stars, text, written_at) values (${review.id}, ${review.course}, ${review.member}, ${review.stars}, ${review.text}, ${review.writtenAt})
    on conflict (course_id, member_id) do nothing`)
  return count > 0
}

export async function findReview(db: Db, id: Id<'rvw'>): Promise<Kept | undefined> {
  const { rows } = await db.query<Kept>(sql`select ${columns} from reviews where id = ${id}`)
  return rows[0]
}

export async function hasReview(db: Db, course: Id<'crs'>, member: Id<'mem'>): Promise<boolean> {
  const { count } = await db.query(sql`select 1 from reviews where course_id = ${course} and member_id = ${member}`)
  return count > 0
}

export async function listReviews(db: Db, filter: { courses: Id<'crs'>[] | null; unanswered: boolean; withHidden: boolean }, offset: number, limit: number): Promise<Kept[]> {
  const { rows } = await db.query<Kept>(sql`
    select ${columns} from reviews where (${filter.courses}::text[] is null or course_id = any(${filter.courses})) and (not ${filter.unanswered}::boolean or (reply is null and hidden_at is null)) and (${filter.withHidden}::boolean or hidden_at is null)
    order by written_at desc, id desc offset ${offset} limit ${limit}`)
  return rows
}

export async function updateReply(db: Db, id: Id<'rvw'>, reply: string, at: Date): Promise<void> {
  await db.query(sql`update reviews set reply = ${reply}, reply_at = ${at} where id = ${id}`)
}

/** Null shows it again. */
export async function updateHidden(db: Db, id: Id<'rvw'>, why: string | null, at: Date): Promise<void> {
  await db.query(sql`update reviews set hidden_why = ${why}, hidden_at = ${why === null ? null : at} where id = ${id}`)
}

export async function countStars(db: Db, courses: Id<'crs'>[]): Promise<{ course: Id<'crs'>; stars: number; count: number }[]> {
  const { rows } = await db.query<{ course: Id<'crs'>; stars: number; count: number }>(sql`
    select course_id as course, stars, count(*)::int as count from reviews where course_id = any(${courses}) and hidden_at is null group by course_id, stars`)
  return rows
}
