// Remembers batches of codes, and who redeemed which when.
import type { Id } from '#contracts/words/id.ts'
import { sql, type Db } from '#kernel/db.ts'
import type { Gives } from '#modules/trade/orders/actions.ts'

type BatchRow = { id: Id<'btc'>; title: string; offer_id: Id<'ofr'>; gives: Gives; gives_title: string; count: number; redeemed: number; expires_at: Date | null; made_by: string; made_at: Date }

export type KeptBatch = { id: Id<'btc'>; title: string; offer: Id<'ofr'>; gives: Gives; givesTitle: string; count: number; redeemed: number; expiresAt: Date | null; madeBy: string; madeAt: Date }
export type KeptCode = { batch: Id<'btc'>; redeemedBy: Id<'mem'> | null }

function kept(row: BatchRow): KeptBatch {
  return { id: row.id, title: row.title, offer: row.offer_id, gives: row.gives, givesTitle: row.gives_title, count: row.count, redeemed: row.redeemed, expiresAt: row.expires_at, madeBy: row.made_by, madeAt: row.made_at }
}

const whole = sql`select b.*, (select count(*) from codes where batch_id = b.id and redeemed_at is not null)::int as redeemed from code_batches b`

export async function insertBatch(db: Db, batch: Omit<KeptBatch, 'redeemed'>): Promise<void> {
  await db.query(sql`
    insert into code_batches (id, title, offer_id, gives, gives_title, count, expires_at, made_by, made_at)
    values (${batch.id}, ${batch.title}, ${batch.offer}, ${JSON.stringify(batch.gives)}, ${batch.givesTitle}, ${batch.count}, ${batch.expiresAt}, ${batch.madeBy}, ${batch.madeAt})`)
}

export async function insertCodes(db: Db, batch: Id<'btc'>, codes: string[]): Promise<void> {
  await db.query(sql`insert into codes (code, batch_id) select unnest(${codes}::text[]), ${batch}`)
}

export async function updateEnd(db: Db, id: Id<'btc'>, expiresAt: Date | null): Promise<boolean> {
  const { count } = await db.query(sql`update code_batches set expires_at = ${expiresAt} where id = ${id}`)
  return count > 0
}

export async function findBatch(db: Db, id: Id<'btc'>): Promise<KeptBatch | undefined> {
  const { rows } = await db.query<BatchRow>(sql`${whole} where b.id = ${id}`)
  return rows[0] && kept(rows[0])
}

export async function listBatches(db: Db, before: string | null, limit: number): Promise<KeptBatch[]> {
  const { rows } = await db.query<BatchRow>(sql`${whole} where ${before}::text is null or b.id < ${before} order by b.id desc limit ${limit}`)
  return rows.map(kept)
}

export async function listCodes(db: Db, batch: Id<'btc'>): Promise<{ code: string; redeemedAt: Date | null }[]> {
  const { rows } = await db.query<{ code: string; redeemed_at: Date | null }>(sql`select code, redeemed_at from codes where batch_id = ${batch} order by code`)
  return rows.map((row) => ({ code: row.code, redeemedAt: row.redeemed_at }))
}

/** Redeems a code that nobody redeemed: of any number at once, one is told true. */
export async function updateRedeemed(db: Db, code: string, member: Id<'mem'>, at: Date): Promise<boolean> {
  const { count } = await db.query(sql`update codes set redeemed_by = ${member}, redeemed_at = ${at} where code = ${code} and redeemed_by is null`)
  return count > 0
}

export async function findCode(db: Db, code: string): Promise<KeptCode | undefined> {
  const { rows } = await db.query<{ batch_id: Id<'btc'>; redeemed_by: Id<'mem'> | null }>(sql`select batch_id, redeemed_by from codes where code = ${code}`)
  return rows[0] && { batch: rows[0].batch_id, redeemedBy: rows[0].redeemed_by }
}
