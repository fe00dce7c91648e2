// Remembers payouts and the terms they are made by.
import type { Id } from '#contracts/words/id.ts'
import type { Cents } from '#contracts/words/money.ts'
import { sql, type Db } from '#kernel/db.ts'
import type { PayoutState, Terms } from './rules.ts'

type Row = { id: Id<'pyo'>; member_id: Id<'mem'>; openid: string; amount: Cents; role: string; reason: string; request_key: string; state: PayoutState; tries: number; out_bill_no: string; package_info: string | null; from_owed: boolean; by_staff: Id<'stf'> | null; answer: string | null; agreed_by: Id<'stf'> | null; problem: string | null; made_at: Date; expires_at: Date | null; settled_at: Date | null }
export type KeptPayout = { id: Id<'pyo'>; member: Id<'mem'>; openid: string; amount: Cents; role: string; reason: string; requestKey: string; state: PayoutState; tries: number; outBillNo: string; packageInfo: string | null; fromOwed: boolean; by: Id<'stf'> | null; answer: string | null; agreedBy: Id<'stf'> | null; problem: string | null; madeAt: Date; expiresAt: Date | null; settledAt: Date | null }

function kept(row: Row): KeptPayout {
  return { id: row.id, member: row.member_id, openid: row.openid, amount: row.amount, role: row.role, reason: row.reason, requestKey: row.request_key, state: row.state, tries: row.tries, outBillNo: row.out_bill_no, packageInfo: row.package_info, fromOwed: row.from_owed, by: row.by_staff, answer: row.answer, agreedBy: row.agreed_by, problem: row.problem, madeAt: row.made_at, expiresAt: row.expires_at, settledAt: row.settled_at }
}

/** With `lock` everything that begins a payout goes one after the other, so that the day's cap holds. */
export async function getTerms(db: Db, lock = false): Promise<Terms> {
  const { rows } = await db.query<{ approve_above: Cents; day_cap: Cents }>(lock ? sql`select approve_above, day_cap from payout_terms for no key update` : sql`select approve_above, day_cap from payout_terms`)
  const [row] = rows
  if (!row) throw new Error('the terms of payouts are gone')
  return { approveAbove: row.approve_above, dayCap: row.day_cap }
}

export async function updateTerms(db: Db, terms: Terms): Promise<void> {
  await db.query(sql`update payout_terms set approve_above = ${terms.approveAbove}, day_cap = ${terms.dayCap}`)
}

/** What was begun since an instant and has not come to nothing, one payout left out. */
export async function sumBesides(db: Db, except: Id<'pyo'> | null, since: Date): Promise<Cents> {
  const { rows } = await db.query<{ sum: Cents }>(sql`select coalesce(sum(amount), 0)::bigint as sum from payouts where coalesce(begun_at, made_at) >= ${since} and state not in ('asked', 'failed', 'cancelled', 'rejected') and id is distinct from ${except}`)
  return rows[0]?.sum ?? (0 as Cents)
}

/** False when the key was used before. */
export async function insertPayout(db: Db, payout: Omit<KeptPayout, 'tries' | 'packageInfo' | 'answer' | 'agreedBy' | 'problem' | 'expiresAt' | 'settledAt'>): Promise<boolean> {
  const { count } = await db.query(sql`
    insert into payouts (id, member_id, openid, amount, role, reason, request_key, state, out_bill_no, from_owed, by_staff, made_at)
    values (${payout.id}, ${payout.member}, ${payout.openid}, ${payout.amount}, ${payout.role}, ${payout.reason}, ${payout.requestKey}, ${payout.state}, ${payout.outBillNo}, ${payout.fromOwed}, ${payout.by}, ${payout.madeAt}) on conflict (request_key) do nothing`)
  return count > 0
}

export async function findPayout(db: Db, id: Id<'pyo'>): Promise<KeptPayout | undefined> {
  const { rows } = await db.query<Row>(sql`select * from payouts where id = ${id}`)
  return rows[0] && kept(rows[0])
}

export async function findByKey(db: Db, requestKey: string): Promise<KeptPayout | undefined> {
  const { rows } = await db.query<Row>(sql`select * from payouts where request_key = ${requestKey}`)
  return rows[0] && kept(rows[0])
}

export async function findByNumber(db: Db, number: string): Promise<KeptPayout | undefined> {
  const { rows } = await db.query<Row>(sql`select * from payouts where out_bill_no = ${number}`)
  return rows[0] && kept(rows[0])
}

export async function listPayouts(db: Db, filter: { state: PayoutState | null; member: Id<'mem'> | null; before: string | null }, limit: number): Promise<KeptPayout[]> {
  const { rows } = await db.query<Row>(sql`
    select * from payouts where (${filter.state}::text is null or state = ${filter.state}) and (${filter.member}::text is null or member_id = ${filter.member})
      and (${filter.before}::text is null or id < ${filter.before}) order by id desc limit ${limit}`)
  return rows.map(kept)
}

export async function listOpen(db: Db, before: Date): Promise<KeptPayout[]> {
  const { rows } = await db.query<Row>(sql`
    select * from payouts where state in ('sending', 'confirming', 'cancelling') and coalesce(checked_at, made_at) < ${before} order by coalesce(checked_at, made_at) limit 200`)
  return rows.map(kept)
}

export async function updateChecked(db: Db, id: Id<'pyo'>, at: Date): Promise<void> {
  await db.query(sql`update payouts set checked_at = ${at} where id = ${id}`)
}

type Change = { problem?: string | null; by?: Id<'stf'>; begunAt?: Date; answer?: string; agreedBy?: Id<'stf'>; packageInfo?: string; expiresAt?: Date; settledAt?: Date }

/** Moves a payout only from the state and the try it was read in; false when somebody was first. */
export async function updateState(db: Db, payout: Pick<KeptPayout, 'id' | 'state' | 'tries'>, to: PayoutState, change: Change = {}): Promise<boolean> {
  const { count } = await db.query(sql`
    update payouts set state = ${to}, problem = ${change.problem ?? null}, by_staff = coalesce(${change.by ?? null}, by_staff), begun_at = coalesce(${change.begunAt ?? null}, begun_at), answer = coalesce(${change.answer ?? null}, answer), agreed_by = coalesce(${change.agreedBy ?? null}, agreed_by), package_info = coalesce(${change.packageInfo ?? null}, package_info),
      expires_at = coalesce(${change.expiresAt ?? null}, expires_at), settled_at = ${change.settledAt ?? null}
    where id = ${payout.id} and state = ${payout.state} and tries = ${payout.tries}`)
  return count > 0
}

export async function updateRetried(db: Db, payout: KeptPayout, state: PayoutState, number: string, by: Id<'stf'>, at: Date): Promise<boolean> {
  const { count } = await db.query(sql`
    update payouts set state = ${state}, tries = tries + 1, out_bill_no = ${number}, package_info = null, expires_at = null, settled_at = null, problem = null, by_staff = ${by}, agreed_by = null, made_at = ${at}, begun_at = ${at}
    where id = ${payout.id} and state = ${payout.state} and tries = ${payout.tries}`)
  return count > 0
}
