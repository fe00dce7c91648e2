// Remembers complaints as WeChat Pay told them last, and what was decided here.
import type { Complaint } from '#contracts/complaints.ts'
import type { Id } from '#contracts/words/id.ts'
import type { Cents } from '#contracts/words/money.ts'
import { sql, type Db } from '#kernel/db.ts'

/** `pictures` are WeChat Pay's names of them. */
export type Step = { at: string; by: 'payer' | 'academy' | 'platform'; what: string; words: string; pictures: string[] }
type Row = {
  id: Id<'cpl'>; number: string; state: Complaint['state']; kind: Complaint['kind']; detail: string; phone_sealed: string | null; order_id: Id<'ord'> | null; out_trade_no: string | null; amount: Cents; asks: Cents | null
  awaits_reply: boolean; is_refunded: boolean; is_risky: boolean; times: number; made_at: Date; steps: Step[]; decision: Complaint['decision']; decision_reason: string | null; told_at: Date | null; refund_id: Id<'rfd'> | null; checked_at: Date
}
export type KeptComplaint = {
  id: Id<'cpl'>; number: string; state: Complaint['state']; kind: Complaint['kind']; detail: string; phoneSealed: string | null; order: Id<'ord'> | null; outTradeNo: string | null; amount: Cents; asks: Cents | null
  awaitsReply: boolean; isRefunded: boolean; isRisky: boolean; times: number; madeAt: Date; steps: Step[]; decision: Complaint['decision']; decisionReason: string | null; toldAt: Date | null; refund: Id<'rfd'> | null; checkedAt: Date
}
export type Told = Omit<KeptComplaint, 'decision' | 'decisionReason' | 'toldAt' | 'refund'>

function kept(row: Row): KeptComplaint {
  return {
    id: row.id, number: row.number, state: row.state, kind: row.kind, detail: row.detail, phoneSealed: row.phone_sealed, order: row.order_id, outTradeNo: row.out_trade_no, amount: row.amount, asks: row.asks,
    awaitsReply: row.awaits_reply, isRefunded: row.is_refunded, isRisky: row.is_risky, times: row.times, madeAt: row.made_at, steps: row.steps, decision: row.decision, decisionReason: row.decision_reason, toldAt: row.told_at, refund: row.refund_id, checkedAt: row.checked_at,
  }
}

/** What was asked for earlier than what is kept already changes nothing. */
export async function upsertTold(db: Db, told: Told): Promise<void> {
  await db.query(sql`
    insert into complaints (id, number, state, kind, detail, phone_sealed, order_id, out_trade_no, amount, asks, awaits_reply, is_refunded, is_risky, times, made_at, steps, checked_at)
    values (${told.id}, ${told.number}, ${told.state}, ${told.kind}, ${told.detail}, ${told.phoneSealed}, ${told.order}, ${told.outTradeNo}, ${told.amount}, ${told.asks}, ${told.awaitsReply}, ${told.isRefunded}, ${told.isRisky}, ${told.times}, ${told.madeAt}, ${JSON.stringify(told.steps)}, ${told.checkedAt})
    on conflict (number) do update set state = excluded.state, kind = excluded.kind, detail = excluded.detail, phone_sealed = coalesce(excluded.phone_sealed, complaints.phone_sealed), order_id = coalesce(excluded.order_id, complaints.order_id), asks = excluded.asks,
      awaits_reply = excluded.awaits_reply, is_refunded = excluded.is_refunded, is_risky = excluded.is_risky, times = excluded.times, steps = excluded.steps, checked_at = excluded.checked_at
    where complaints.checked_at <= excluded.checked_at`)
}

export async function findComplaint(db: Db, id: Id<'cpl'>): Promise<KeptComplaint | undefined> {
  const { rows } = await db.query<Row>(sql`select * from complaints where id = ${id}`)
  return rows[0] && kept(rows[0])
}

export async function lockComplaint(db: Db, id: Id<'cpl'>): Promise<KeptComplaint | undefined> {
  const { rows } = await db.query<Row>(sql`select * from complaints where id = ${id} for no key update`)
  return rows[0] && kept(rows[0])
}

export async function listByNumber(db: Db, numbers: string[]): Promise<KeptComplaint[]> {
  const { rows } = await db.query<Row>(sql`select * from complaints where number = any(${numbers})`)
  return rows.map(kept)
}

/** What waits longest first, then what is done with, newest first. */
export async function listComplaints(db: Db, isOpenOnly: boolean, offset: number, limit: number): Promise<KeptComplaint[]> {
  const { rows } = await db.query<Row>(sql`
    select * from complaints where not ${isOpenOnly} or state <> 'done'
    order by (state <> 'done') desc, case when state <> 'done' then made_at end, made_at desc, id offset ${offset} limit ${limit}`)
  return rows.map(kept)
}

export async function listUntold(db: Db): Promise<KeptComplaint[]> {
  const { rows } = await db.query<Row>(sql`select * from complaints where decision is not null and told_at is null order by checked_at limit 100`)
  return rows.map(kept)
}

export async function updateDecision(db: Db, id: Id<'cpl'>, decision: 'agreed' | 'declined', reason: string | null, refund: Id<'rfd'> | null): Promise<void> {
  await db.query(sql`update complaints set decision = ${decision}, decision_reason = ${reason}, refund_id = ${refund}, told_at = null where id = ${id}`)
}

export async function updateToldAt(db: Db, id: Id<'cpl'>, at: Date): Promise<void> {
  await db.query(sql`update complaints set told_at = ${at} where id = ${id}`)
}
