// Remembers entitlements: to a course or to a plan, each with its reason, its time, and how it was taken back.
import type { Entitlement } from '#contracts/access.ts'
import type { Id } from '#contracts/words/id.ts'
import type { Cents } from '#contracts/words/money.ts'
import { sql, type Db } from '#kernel/db.ts'

type Reason = Entitlement['reason']
type Row = {
  id: Id<'ent'>; member_id: Id<'mem'>; course_id: Id<'crs'> | null; plan_id: Id<'pln'> | null; reason: Reason; order_id: Id<'ord'> | null; note: string
  granted_at: Date; from_at: Date | null; until_at: Date | null; worth: Cents; revoked_at: Date | null; revoked_why: string | null
}

/** `from` is null for what began when it was given; `worth` is what was paid for a time of a plan. */
export type Kept = {
  id: Id<'ent'>; member: Id<'mem'>; course: Id<'crs'> | null; plan: Id<'pln'> | null; reason: Reason; order: Id<'ord'> | null; note: string
  grantedAt: Date; from: Date | null; until: Date | null; worth: Cents; revokedAt: Date | null; revokedWhy: string | null
}

function kept(row: Row): Kept {
  return {
    id: row.id, member: row.member_id, course: row.course_id, plan: row.plan_id, reason: row.reason, order: row.order_id, note: row.note,
    grantedAt: row.granted_at, from: row.from_at, until: row.until_at, worth: row.worth, revokedAt: row.revoked_at, revokedWhy: row.revoked_why,
  }
}

/** False when this order already gave this: granting twice is granting once. */
export async function insertEntitlement(db: Db, given: Omit<Kept, 'revokedAt' | 'revokedWhy'>): Promise<boolean> {
  const { count } = await db.query(sql`
    insert into entitlements (id, member_id, course_id, plan_id, reason, order_id, note, granted_at, from_at, until_at, worth)
    values (${given.id}, ${given.member}, ${given.course}, ${given.plan}, ${given.reason}, ${given.order}, ${given.note}, ${given.grantedAt}, ${given.from}, ${given.until}, ${given.worth})
    on conflict do nothing`)
  return count > 0
}

/** Rights to the courses (all when null), and every right to a plan: what a plan opens is not this table's to know. */
export async function listRights(db: Db, member: Id<'mem'>, courses: Id<'crs'>[] | null): Promise<Kept[]> {
  const { rows } = await db.query<Row>(sql`
    select * from entitlements where member_id = ${member} and (${courses}::text[] is null or course_id = any(${courses}) or plan_id is not null) order by granted_at desc`)
  return rows.map(kept)
}

/** Rights to plans, by the order that gave them or by name; in one order for all, so that two who lock them never wait for each other. */
export async function listPlanRights(db: Db, which: { order?: Id<'ord'>; ids?: Id<'ent'>[] }, isLocked: boolean): Promise<Kept[]> {
  const { rows } = await db.query<Row>(sql`
    select * from entitlements where plan_id is not null and (order_id = ${which.order ?? null} or id = any(${which.ids ?? []})) order by id ${isLocked ? sql`for no key update` : sql``}`)
  return rows.map(kept)
}

/** Of the courses, or of every course (null). */
export async function countOwners(db: Db, courses: Id<'crs'>[] | null, now: Date): Promise<Map<Id<'crs'>, number>> {
  const { rows } = await db.query<{ course_id: Id<'crs'>; members: number }>(sql`
    select course_id, count(distinct member_id)::int as members from entitlements
    where course_id is not null and (${courses}::text[] is null or course_id = any(${courses})) and revoked_at is null and (until_at is null or until_at > ${now}) group by course_id`)
  return new Map(rows.map((row) => [row.course_id, row.members]))
}

/** Of each plan: how many have it now, and how many of those have nothing of it after the day given. */
export async function countMembers(db: Db, plan: Id<'pln'>, now: Date, soon: Date): Promise<{ members: number; endingSoon: number }> {
  const { rows } = await db.query<{ members: number; ending: number }>(sql`
    select count(*)::int as members, (count(*) filter (where until_at <= ${soon}))::int as ending
    from (select member_id, max(coalesce(until_at, 'infinity')) as until_at from entitlements where plan_id = ${plan} and revoked_at is null and (until_at is null or until_at > ${now}) group by member_id) each_one`)
  return { members: rows[0]?.members ?? 0, endingSoon: rows[0]?.ending ?? 0 }
}

/** Who has a plan that ends in this span, and when: the last of what they bought of it. */
export async function listEnding(db: Db, plan: Id<'pln'>, from: Date, to: Date): Promise<{ member: Id<'mem'>; until: Date }[]> {
  const { rows } = await db.query<{ member: Id<'mem'>; until: Date }>(sql`
    select member_id as member, max(until_at) as until from entitlements
    where plan_id = ${plan} and revoked_at is null group by member_id
    having bool_and(until_at is not null) and max(until_at) > ${from} and max(until_at) <= ${to} order by until, member`)
  return rows
}

export async function findEntitlement(db: Db, id: Id<'ent'>): Promise<Kept | undefined> {
  const { rows } = await db.query<Row>(sql`select * from entitlements where id = ${id}`)
  return rows[0] && kept(rows[0])
}

/** Takes rights back; those taken back before stay as they were. `endedBy` is the upgrade or the refund that did it. Replies those that this very call ended. */
export async function updateRevoked(db: Db, which: { order?: Id<'ord'>; ids?: Id<'ent'>[] }, at: Date, why: string, endedBy: Id<'ord'> | Id<'rfd'> | null = null): Promise<Kept[]> {
  const { rows } = await db.query<Row>(sql`
    update entitlements set revoked_at = ${at}, revoked_why = ${why}, ended_by = ${endedBy}
    where revoked_at is null and (order_id = ${which.order ?? null} or id = any(${which.ids ?? []})) returning *`)
  return rows.map(kept)
}

/** What an order ended, such as the lower tier of an upgrade, goes on when the order is undone; what a refund ended, when it failed. */
export async function updateRestored(db: Db, endedBy: Id<'ord'> | Id<'rfd'>): Promise<Kept[]> {
  const { rows } = await db.query<Row>(sql`update entitlements set revoked_at = null, revoked_why = null, ended_by = null where ended_by = ${endedBy} returning *`)
  return rows.map(kept)
}

/** What an upgrade had ended of an order that is given back stays ended, whatever becomes of the upgrade. */
export async function updateTraded(db: Db, order: Id<'ord'>, refund: Id<'rfd'>): Promise<void> {
  await db.query(sql`update entitlements set ended_by = ${refund} where order_id = ${order} and ended_by like 'ord\\_%'`)
}

/** What a refund ended is ended by another one from here on. */
export async function updateEndedBy(db: Db, from: Id<'rfd'>, to: Id<'rfd'>): Promise<void> {
  await db.query(sql`update entitlements set ended_by = ${to} where ended_by = ${from}`)
}

/** What a time of a plan is worth becomes less when a part goes back, and as much again when that fails. */
export async function updateWorth(db: Db, order: Id<'ord'>, change: Cents): Promise<void> {
  await db.query(sql`update entitlements set worth = greatest(0, worth + ${change}::bigint) where order_id = ${order} and plan_id is not null`)
}

/** Times of a plan that were to begin after a time that was taken back begin that much earlier. */
export async function updateEarlier(db: Db, member: Id<'mem'>, plan: Id<'pln'>, after: Date, byMs: number): Promise<void> {
  await db.query(sql`
    update entitlements set from_at = from_at - make_interval(secs => ${byMs / 1000}), until_at = until_at - make_interval(secs => ${byMs / 1000})
    where member_id = ${member} and plan_id = ${plan} and revoked_at is null and from_at > ${after}`)
}

/** Times of a plan behind one that lives again begin when it ends: as much later as the first of them needs. */
export async function updateLater(db: Db, { id, member, plan, from, until }: Pick<Kept, 'id' | 'member' | 'plan' | 'from' | 'until'>): Promise<void> {
  const behind = sql`member_id = ${member} and plan_id = ${plan} and revoked_at is null and from_at >= ${from} and id <> ${id}`
  await db.query(sql`
    update entitlements set from_at = from_at + late.gap, until_at = until_at + late.gap
    from (select ${until}::timestamptz - min(from_at) as gap from entitlements where ${behind}) late where ${behind} and late.gap > interval '0'`)
}
