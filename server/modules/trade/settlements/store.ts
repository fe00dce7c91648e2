// Remembers what each rail that settles later was asked or is expected to pay out.
import type { ExpectedSettlement } from '#contracts/settlements.ts'
import type { Id } from '#contracts/words/id.ts'
import type { Cents } from '#contracts/words/money.ts'
import { sql, type Db } from '#kernel/db.ts'
import type { SettledChannel } from './rules.ts'

type State = 'waiting' | 'asked' | 'done' | 'void'
type Row = { attempt_id: Id<'pay'>; order_id: Id<'ord'>; channel: SettledChannel; out_settle_no: string; state: State; fee: Cents | null; amount: Cents; late_at: Date }
/** `fee` is what was booked of what the rail keeps; null before the first word of it. */
export type Settlement = { attempt: Id<'pay'>; order: Id<'ord'>; channel: SettledChannel; outSettleNo: string; state: State; fee: Cents | null; amount: Cents; lateAt: Date }

function kept(row: Row): Settlement {
  return { attempt: row.attempt_id, order: row.order_id, channel: row.channel, outSettleNo: row.out_settle_no, state: row.state, fee: row.fee, amount: row.amount, lateAt: row.late_at }
}

export async function insertSettlement(db: Db, settlement: Omit<Settlement, 'state' | 'fee'> & { dueAt: Date }): Promise<void> {
  await db.query(sql`
    insert into settlements (attempt_id, order_id, channel, out_settle_no, state, amount, due_at, late_at)
    values (${settlement.attempt}, ${settlement.order}, ${settlement.channel}, ${settlement.outSettleNo}, 'waiting', ${settlement.amount}, ${settlement.dueAt}, ${settlement.lateAt})
    on conflict do nothing`)
}

/** Those that are due and have no end yet, the longest unasked first. Virtual payment settles by itself, and is not asked more often than every six hours. */
export async function listDue(db: Db, now: Date, limit: number): Promise<Settlement[]> {
  const { rows } = await db.query<Row>(sql`
    select * from settlements where state in ('waiting', 'asked') and due_at <= ${now} and (channel <> 'wechat_virtual' or checked_at is null or checked_at <= ${new Date(now.getTime() - 6 * 3_600_000)})
    order by coalesce(checked_at, due_at), attempt_id limit ${limit}`)
  return rows.map(kept)
}

export async function listLate(db: Db, now: Date, after: string, limit: number): Promise<Settlement[]> {
  const { rows } = await db.query<Row>(sql`select * from settlements where state in ('waiting', 'asked') and late_at <= ${now} and out_settle_no > ${after} order by out_settle_no limit ${limit}`)
  return rows.map(kept)
}

export async function findByNumber(db: Db, outSettleNo: string): Promise<Settlement | undefined> {
  const { rows } = await db.query<Row>(sql`select * from settlements where out_settle_no = ${outSettleNo}`)
  return rows[0] && kept(rows[0])
}

/** By the days of Beijing in which they should be settled. */
export async function listExpected(db: Db, now: Date): Promise<ExpectedSettlement[]> {
  const { rows } = await db.query<ExpectedSettlement>(sql`
    select channel as rail, to_char(due_at at time zone 'Asia/Shanghai', 'YYYY-MM-DD') as "from", to_char(late_at at time zone 'Asia/Shanghai', 'YYYY-MM-DD') as by,
      count(*)::int as count, sum(amount)::bigint as amount, late_at <= ${now} as late
    from settlements where state in ('waiting', 'asked') group by 1, 2, 3, 6 order by 6 desc, 2, 1 limit 200`)
  return rows
}

/** What was settled and gave something back since is looked at again. */
export async function updateReopened(db: Db, order: Id<'ord'>): Promise<void> {
  await db.query(sql`update settlements set state = 'waiting', checked_at = null where order_id = ${order} and state = 'done' and channel = 'wechat_virtual'`)
}

/** False when somebody was first. */
export async function updateSettlement(db: Db, { attempt, state, fee }: Settlement, to: State, change: { at: Date; paidOut?: Cents | undefined; fee?: Cents | undefined; problem?: string }): Promise<boolean> {
  const { count } = await db.query(sql`
    update settlements set state = ${to}, checked_at = ${change.at}, paid_out = coalesce(${change.paidOut ?? null}, paid_out), fee = coalesce(${change.fee ?? null}, fee), problem = ${change.problem ?? null},
      settled_at = case when ${to} = 'done' then ${change.at} else settled_at end
    where attempt_id = ${attempt} and state = ${state} and fee is not distinct from ${fee}`)
  return count > 0
}
