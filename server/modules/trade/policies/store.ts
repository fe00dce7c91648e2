// Remembers every refund policy there was; none is changed.
import { sql, type Db } from '#kernel/db.ts'

export type KeptPolicy = { since: Date; days: number; mostPercent: number; by: string }

export async function listPolicies(db: Db): Promise<KeptPolicy[]> {
  const { rows } = await db.query<KeptPolicy>(sql`select since, days, most_percent as "mostPercent", by_name as by from policies order by since desc`)
  return rows
}

export async function findPolicyAt(db: Db, at: Date): Promise<KeptPolicy | undefined> {
  const { rows } = await db.query<KeptPolicy>(sql`select since, days, most_percent as "mostPercent", by_name as by from policies where since <= ${at} order by since desc limit 1`)
  return rows[0]
}

/** False when one was made in the very same millisecond. */
export async function insertPolicy(db: Db, policy: KeptPolicy): Promise<boolean> {
  const { count } = await db.query(sql`insert into policies (since, days, most_percent, by_name) values (${policy.since}, ${policy.days}, ${policy.mostPercent}, ${policy.by}) on conflict do nothing`)
  return count > 0
}
