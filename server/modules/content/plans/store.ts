// Remembers plans and the courses each unlocks.
import type { Id } from '#contracts/words/id.ts'
import { sql, type Db } from '#kernel/db.ts'

type Row = { id: Id<'pln'>; title: string; about: string; rank: number; unlocks_all: boolean; courses: Id<'crs'>[]; discount_basis_points: number | null; remind_days: number; updated_at: Date }

export type KeptPlan = { id: Id<'pln'>; title: string; about: string; rank: number; unlocksAll: boolean; courses: Id<'crs'>[]; discountBasisPoints: number | null; remindDays: number; updatedAt: Date }

function kept(row: Row): KeptPlan {
  return { id: row.id, title: row.title, about: row.about, rank: row.rank, unlocksAll: row.unlocks_all, courses: row.courses, discountBasisPoints: row.discount_basis_points, remindDays: row.remind_days, updatedAt: row.updated_at }
}

/** Every plan, the lowest tier first. */
export async function listPlans(db: Db): Promise<KeptPlan[]> {
  const { rows } = await db.query<Row>(sql`
    select p.*, array(select course_id from plan_courses where plan_id = p.id order by course_id) as courses from plans p order by p.rank, p.id`)
  return rows.map(kept)
}

export async function upsertPlan(db: Db, plan: KeptPlan): Promise<void> {
  await db.query(sql`
    insert into plans (id, title, about, rank, unlocks_all, discount_basis_points, remind_days, updated_at)
    values (${plan.id}, ${plan.title}, ${plan.about}, ${plan.rank}, ${plan.unlocksAll}, ${plan.discountBasisPoints}, ${plan.remindDays}, ${plan.updatedAt})
    on conflict (id) do update set title = excluded.title, about = excluded.about, rank = excluded.rank, unlocks_all = excluded.unlocks_all,
      discount_basis_points = excluded.discount_basis_points, remind_days = excluded.remind_days, updated_at = excluded.updated_at`)
  await db.query(sql`delete from plan_courses where plan_id = ${plan.id} and course_id <> all(${plan.courses})`)
  await db.query(sql`insert into plan_courses (plan_id, course_id) select ${plan.id}, unnest(${plan.courses}::text[]) on conflict do nothing`)
}
