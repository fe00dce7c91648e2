// Remembers rates of interest by the day from which they hold; none is changed, a later word for the same day counts.
import type { InterestRate } from '#contracts/rates.ts'
import { sql, type Db } from '#kernel/db.ts'

export type KeptRate = Omit<InterestRate, 'notedAt'> & { notedAt: Date }

export async function insertRate(db: Db, rate: KeptRate): Promise<void> {
  await db.query(sql`
    insert into interest_rates (kind, since, basis_points, noted_at, by_name) values (${rate.kind}, ${rate.since}, ${rate.basisPoints}, ${rate.notedAt}, ${rate.by})
    on conflict do nothing`)
}

const latestWord = sql`
  select distinct on (kind, since) kind, to_char(since, 'YYYY-MM-DD') as since, basis_points as "basisPoints", noted_at as "notedAt", by_name as by from interest_rates order by kind, since desc, noted_at desc`

export async function listRates(db: Db): Promise<KeptRate[]> {
  return (await db.query<KeptRate>(sql`select * from (${latestWord}) as rates order by since desc, kind`)).rows
}

/** The one of each kind that held on a day. */
export async function listRatesAt(db: Db, day: string): Promise<KeptRate[]> {
  return (await db.query<KeptRate>(sql`select distinct on (kind) * from (${latestWord}) as rates where since <= ${day} order by kind, since desc`)).rows
}
