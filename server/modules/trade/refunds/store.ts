// Remembers refunds.
import type { Refund } from '#contracts/refunds.ts'
import type { Id } from '#contracts/words/id.ts'
import type { Cents } from '#contracts/words/money.ts'
import { sql, type Db } from '#kernel/db.ts'

type Row = { id: Id<'rfd'>; order_id: Id<'ord'>; attempt_id: Id<'pay'>; request_key: string; out_refund_no: string; amount: Cents; state: Refund['state']; reason: string; by_staff: string | null; begun_at: Date; settled_at: Date | null; checked_at: Date | null; problem: string | null; pieces: number | null; pieces_here: number; ends_access: boolean; goods_amount: Cents }

/** `goods` is what of the amount is for goods; `pieces` of them come back with it, of which `piecesHere` never left the house. */
export type KeptRefund = { id: Id<'rfd'>; order: Id<'ord'>; attempt: Id<'pay'>; requestKey: string; outRefundNo: string; amount: Cents; state: Refund['state']; reason: string; by: string | null; begunAt: Date; settledAt: Date | null; problem: string | null; pieces: number | null; piecesHere: number; endsAccess: boolean; goods: Cents }

function kept(row: Row): KeptRefund {
  return { id: row.id, order: row.order_id, attempt: row.attempt_id, requestKey: row.request_key, outRefundNo: row.out_refund_no, amount: row.amount, state: row.state, reason: row.reason, by: row.by_staff, begunAt: row.begun_at, settledAt: row.settled_at, problem: row.problem, pieces: row.pieces, piecesHere: row.pieces_here, endsAccess: row.ends_access, goods: row.goods_amount }
}

/** False when there is a refund with this key. */
export async function insertRefund(db: Db, refund: KeptRefund): Promise<boolean> {
  const { count } = await db.query(sql`
    insert into refunds (id, order_id, attempt_id, request_key, out_refund_no, amount, state, reason, by_staff, begun_at, pieces, pieces_here, ends_access, goods_amount)
    values (${refund.id}, ${refund.order}, ${refund.attempt}, ${refund.requestKey}, ${refund.outRefundNo}, ${refund.amount}, ${refund.state}, ${refund.reason}, ${refund.by}, ${refund.begunAt}, ${refund.pieces}, ${refund.piecesHere}, ${refund.endsAccess}, ${refund.goods})
    on conflict do nothing`)
  return count > 0
}

export async function findRefund(db: Db, id: Id<'rfd'>): Promise<KeptRefund | undefined> {
  const { rows } = await db.query<Row>(sql`select * from refunds where id = ${id}`)
  return rows[0] && kept(rows[0])
}

export async function findByKey(db: Db, order: Id<'ord'>, requestKey: string): Promise<KeptRefund | undefined> {
  const { rows } = await db.query<Row>(sql`select * from refunds where order_id = ${order} and request_key = ${requestKey}`)
  return rows[0] && kept(rows[0])
}

export async function findByOutRefundNo(db: Db, outRefundNo: string): Promise<KeptRefund | undefined> {
  const { rows } = await db.query<Row>(sql`select * from refunds where out_refund_no = ${outRefundNo}`)
  return rows[0] && kept(rows[0])
}

export async function listByOrder(db: Db, order: Id<'ord'>): Promise<KeptRefund[]> {
  const { rows } = await db.query<Row>(sql`select * from refunds where order_id = ${order} order by begun_at, id`)
  return rows.map(kept)
}

/** The orders among those that a refund has ended or is ending. */
export async function listEnding(db: Db, orders: Id<'ord'>[]): Promise<Id<'ord'>[]> {
  const { rows } = await db.query<{ order: Id<'ord'> }>(sql`select distinct order_id as order from refunds where order_id = any(${orders}) and ends_access and state <> 'failed'`)
  return rows.map((row) => row.order)
}

export async function listUnsettled(db: Db, before: Date): Promise<KeptRefund[]> {
  const { rows } = await db.query<Row>(sql`
    select * from refunds where state in ('begun', 'processing') and coalesce(checked_at, begun_at) < ${before} order by coalesce(checked_at, begun_at) limit 200`)
  return rows.map(kept)
}

/** Payments that came for nothing and whose every refund failed, the last one before that hour, with how many there were. */
export async function listFailedSurplus(db: Db, before: Date, most: number): Promise<{ attempt: Id<'pay'>; tries: number }[]> {
  const { rows } = await db.query<{ attempt: Id<'pay'>; tries: number }>(sql`
    select attempt_id as attempt, count(*)::int as tries from refunds r where state = 'failed' and request_key like 'surplus-%' and settled_at < ${before}
      and not exists (select 1 from refunds other where other.attempt_id = r.attempt_id and (other.state <> 'failed' or other.settled_at >= ${before}))
    group by attempt_id having count(*) < ${most} limit 200`)
  return rows
}

/** What of a refund is held against a bill. */
export type Repayment = { number: string; order: Id<'ord'>; attempt: Id<'pay'>; amount: Cents; state: Refund['state']; settledAt: Date | null }
const repayment = sql`out_refund_no as number, order_id as order, attempt_id as attempt, amount, state, settled_at as "settledAt"`

export async function listRepayments(db: Db, numbers: string[]): Promise<Repayment[]> {
  return (await db.query<Repayment>(sql`select ${repayment} from refunds where out_refund_no = any(${numbers})`)).rows
}

/** Refunds that were done in a span of time, by their hour, those behind `after`. */
export async function listRepaymentsBetween(db: Db, span: { from: Date; to: Date }, after: Repayment | null, limit: number): Promise<Repayment[]> {
  const { rows } = await db.query<Repayment>(sql`
    select ${repayment} from refunds where state = 'done' and settled_at >= ${after?.settledAt ?? span.from} and settled_at < ${span.to}
      and (settled_at, out_refund_no) > (${after?.settledAt ?? span.from}, ${after?.number ?? ''})
    order by settled_at, out_refund_no limit ${limit}`)
  return rows
}

/** What was given back of what came for those attempts, in its order. */
export async function listRepaid(db: Db, attempts: Id<'pay'>[]): Promise<Repayment[]> {
  return (await db.query<Repayment>(sql`select ${repayment} from refunds where attempt_id = any(${attempts}) and state = 'done' order by settled_at, id`)).rows
}

export async function updateRefund(db: Db, id: Id<'rfd'>, from: Refund['state'], to: Refund['state'], problem: string | null, at: Date): Promise<boolean> {
  const { count } = await db.query(sql`
    update refunds set state = ${to}, problem = ${problem}, checked_at = ${at}, settled_at = case when ${to} in ('done', 'failed') then ${at} else settled_at end
    where id = ${id} and state = ${from}`)
  return count > 0
}
