// Remembers what Douyin was asked to pay out.
import type { Id } from '#contracts/words/id.ts'
import type { Cents } from '#contracts/words/money.ts'
import { sql, type Db } from '#kernel/db.ts'

type Row = { attempt_id: Id<'pay'>; order_id: Id<'ord'>; out_settle_no: string; state: State }
type State = 'waiting' | 'asked' | 'done' | 'void'
export type Settlement = { attempt: Id<'pay'>; order: Id<'ord'>; outSettleNo: string; state: State }

export async function insertSettlement(db: Db, settlement: Omit<Settlement, 'state'> & { dueAt: Date }): Promise<void> {
  await db.query(sql`
    insert into settlements (attempt_id, order_id, out_settle_no, state, due_at) values (${settlement.attempt}, ${settlement.order}, ${settlement.outSettleNo}, 'waiting', ${settlement.dueAt})
    on conflict do nothing`)
}

/** Those that are due and have no end yet, the longest unasked first. */
export async function listDue(db: Db, now: Date, limit: number): Promise<Settlement[]> {
  const { rows } = await db.query<Row>(sql`
    select * from settlements where state in ('waiting', 'asked') and due_at <= ${now} order by coalesce(checked_at, due_at), attempt_id limit ${limit}`)
  return rows.map((row) => ({ attempt: row.attempt_id, order: row.order_id, outSettleNo: row.out_settle_no, state: row.state }))
}

/** False when somebody was first. */
export async function updateSettlement(db: Db, { attempt, state }: Settlement, to: State, change: { at: Date; paidOut?: Cents | undefined; fee?: Cents | undefined; problem?: string }): Promise<boolean> {
  const { count } = await db.query(sql`
    update settlements set state = ${to}, checked_at = ${change.at}, paid_out = ${change.paidOut ?? null}, fee = ${change.fee ?? null}, problem = ${change.problem ?? null},
      settled_at = case when ${to} = 'done' then ${change.at} else settled_at end
    where attempt_id = ${attempt} and state = ${state}`)
  return count > 0
}
