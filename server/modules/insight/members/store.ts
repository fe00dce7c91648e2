// Counts what members own and spent, across the rooms that know it.
import type { Id } from '#contracts/words/id.ts'
import type { Cents } from '#contracts/words/money.ts'
import { sql, type Db } from '#kernel/db.ts'

export type Standing = { courses: number; spent: Cents }

/** Courses that are open to each member now, and what they paid net of refunds. */
export async function countStanding(db: Db, members: Id<'mem'>[], now: Date): Promise<Map<Id<'mem'>, Standing>> {
  const { rows } = await db.query<{ id: Id<'mem'>; courses: number; spent: Cents }>(sql`
    select m.id,
      (select count(distinct e.course_id) from entitlements e where e.member_id = m.id and e.revoked_at is null and (e.until_at is null or e.until_at > ${now}))::int as courses,
      (select coalesce(sum(o.total - o.refunded), 0) from orders o where o.member_id = m.id and o.paid_at is not null and o.gives -> 'coins' is null)::bigint as spent
    from members m where m.id = any(${members})`)
  return new Map(rows.map(({ id, courses, spent }) => [id, { courses, spent }]))
}
