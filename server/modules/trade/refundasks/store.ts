// Remembers what learners asked back.
import type { RefundAsk } from '#contracts/refundasks.ts'
import type { Id } from '#contracts/words/id.ts'
import type { Cents } from '#contracts/words/money.ts'
import { sql, type Db } from '#kernel/db.ts'

type Row = { id: Id<'ask'>; vendor_refund_no: string; order_id: Id<'ord'>; out_refund_no: string; amount: Cents; reason: string; state: RefundAsk['state']; asked_at: Date; decide_by: Date; decided_at: Date | null; by_name: string | null; note: string | null }
export type KeptAsk = { id: Id<'ask'>; vendorRefundNo: string; order: Id<'ord'>; outRefundNo: string; amount: Cents; reason: string; state: RefundAsk['state']; askedAt: Date; decideBy: Date; decidedAt: Date | null; by: string | null; note: string | null }

function kept(row: Row): KeptAsk {
  return { id: row.id, vendorRefundNo: row.vendor_refund_no, order: row.order_id, outRefundNo: row.out_refund_no, amount: row.amount, reason: row.reason, state: row.state, askedAt: row.asked_at, decideBy: row.decide_by, decidedAt: row.decided_at, by: row.by_name, note: row.note }
}

/** False when it is there already. */
export async function insertAsk(db: Db, ask: Omit<KeptAsk, 'state' | 'decidedAt' | 'by' | 'note'>): Promise<boolean> {
  const { count } = await db.query(sql`
    insert into refund_asks (id, vendor_refund_no, order_id, out_refund_no, amount, reason, state, asked_at, decide_by)
    values (${ask.id}, ${ask.vendorRefundNo}, ${ask.order}, ${ask.outRefundNo}, ${ask.amount}, ${ask.reason}, 'open', ${ask.askedAt}, ${ask.decideBy})
    on conflict do nothing`)
  return count > 0
}

export async function findAsk(db: Db, id: Id<'ask'>): Promise<KeptAsk | undefined> {
  const { rows } = await db.query<Row>(sql`select * from refund_asks where id = ${id}`)
  return rows[0] && kept(rows[0])
}

export async function findByNumber(db: Db, outRefundNo: string): Promise<KeptAsk | undefined> {
  const { rows } = await db.query<Row>(sql`select * from refund_asks where out_refund_no = ${outRefundNo}`)
  return rows[0] && kept(rows[0])
}

/** Newest first, those before a place. */
export async function listAsks(db: Db, openOnly: boolean, before: string | null, limit: number): Promise<KeptAsk[]> {
  const { rows } = await db.query<Row>(sql`
    select * from refund_asks where (not ${openOnly}::boolean or state = 'open') and (${before}::text is null or id < ${before}) order by id desc limit ${limit}`)
  return rows.map(kept)
}

/** Those that wait for a word, the most urgent first. */
export async function listOpen(db: Db, limit: number): Promise<KeptAsk[]> {
  const { rows } = await db.query<Row>(sql`select * from refund_asks where state = 'open' order by decide_by limit ${limit}`)
  return rows.map(kept)
}

/** False when somebody, or time, was first. */
export async function updateDecided(db: Db, id: Id<'ask'>, to: Exclude<RefundAsk['state'], 'open'>, by: string | null, note: string | null, at: Date): Promise<boolean> {
  const { count } = await db.query(sql`update refund_asks set state = ${to}, by_name = ${by}, note = ${note}, decided_at = ${at} where id = ${id} and state = 'open'`)
  return count > 0
}
