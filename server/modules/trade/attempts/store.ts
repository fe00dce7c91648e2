// Remembers payment attempts.
import type { Channel } from '#contracts/channels.ts'
import type { PaymentAttempt } from '#contracts/payments.ts'
import type { Id } from '#contracts/words/id.ts'
import type { Cents } from '#contracts/words/money.ts'
import { sql, type Db } from '#kernel/db.ts'

export type AttemptState = PaymentAttempt['state']
/** What the attempt was made with: the yardstick for what comes back. `coins` are those that it buys, or those that it costs when it is paid in them. */
export type Expectation = { mchid: string; appid: string; openid?: string; productId?: string; env?: number; isShared?: boolean; coins?: number }
type AttemptRow = { id: Id<'pay'>; order_id: Id<'ord'>; channel: Channel; out_trade_no: string; transaction_no: string | null; state: AttemptState; amount: Cents; received: Cents | null; expected: Expectation; begun_at: Date; settled_at: Date | null; checked_at: Date | null; checks: number; problem: string | null }

/** `amount` was asked for; `received` is what came instead, where that is known to be another sum. */
export type Attempt = { id: Id<'pay'>; order: Id<'ord'>; channel: Channel; outTradeNo: string; transactionNo: string | null; state: AttemptState; amount: Cents; received: Cents | null; expected: Expectation; begunAt: Date; settledAt: Date | null; checkedAt: Date | null; checks: number; problem: string | null }

function kept(row: AttemptRow): Attempt {
  return { id: row.id, order: row.order_id, channel: row.channel, outTradeNo: row.out_trade_no, transactionNo: row.transaction_no, state: row.state, amount: row.amount, received: row.received, expected: row.expected, begunAt: row.begun_at, settledAt: row.settled_at, checkedAt: row.checked_at, checks: row.checks, problem: row.problem }
}

export async function insertAttempt(db: Db, attempt: Pick<Attempt, 'id' | 'order' | 'channel' | 'outTradeNo' | 'amount' | 'expected' | 'begunAt'>): Promise<void> {
  await db.query(sql`
    insert into payment_attempts (id, order_id, channel, out_trade_no, state, amount, expected, begun_at)
    values (${attempt.id}, ${attempt.order}, ${attempt.channel}, ${attempt.outTradeNo}, 'begun', ${attempt.amount}, ${JSON.stringify(attempt.expected)}, ${attempt.begunAt})`)
}

/** By our number or by the gateway's. */
export async function findByNumber(db: Db, number: string): Promise<Attempt | undefined> {
  const { rows } = await db.query<AttemptRow>(sql`select * from payment_attempts where out_trade_no = ${number} or transaction_no = ${number}`)
  return rows[0] && kept(rows[0])
}

/** By our numbers or by the gateway's. */
export async function listByNumbers(db: Db, numbers: string[]): Promise<Attempt[]> {
  const { rows } = await db.query<AttemptRow>(sql`
    select * from payment_attempts where out_trade_no = any(${numbers}) union select * from payment_attempts where transaction_no = any(${numbers})`)
  return rows.map(kept)
}

export async function findAttempt(db: Db, id: Id<'pay'>): Promise<Attempt | undefined> {
  const { rows } = await db.query<AttemptRow>(sql`select * from payment_attempts where id = ${id}`)
  return rows[0] && kept(rows[0])
}

/** Locks the attempt until the transaction ends, so that closing and settling cannot pass each other. */
export async function lockAttempt(db: Db, id: Id<'pay'>): Promise<Attempt | undefined> {
  const { rows } = await db.query<AttemptRow>(sql`select * from payment_attempts where id = ${id} for no key update`)
  return rows[0] && kept(rows[0])
}

export async function listAttempts(db: Db, order: Id<'ord'>): Promise<Attempt[]> {
  const { rows } = await db.query<AttemptRow>(sql`select * from payment_attempts where order_id = ${order} order by begun_at, id`)
  return rows.map(kept)
}

/** Orders whose attempt has this number, ours or the gateway's. */
export async function listOrdersByNumber(db: Db, number: string): Promise<Id<'ord'>[]> {
  const { rows } = await db.query<{ order_id: Id<'ord'> }>(sql`select order_id from payment_attempts where out_trade_no = ${number} or transaction_no = ${number}`)
  return rows.map((row) => row.order_id)
}

/** The channel of each order's paid attempt, else of its latest. */
export async function listChannels(db: Db, orders: Id<'ord'>[]): Promise<Map<Id<'ord'>, Channel>> {
  const { rows } = await db.query<{ order_id: Id<'ord'>; channel: Channel }>(sql`
    select distinct on (order_id) order_id, channel from payment_attempts where order_id = any(${orders}) order by order_id, (state = 'paid') desc, begun_at desc`)
  return new Map(rows.map((row) => [row.order_id, row.channel]))
}

/** Attempts that may still turn out to be paid, oldest first, those behind `after`; a closed one that could not be shut counts until `closedAfter`. */
export async function listPayable(db: Db, closedAfter: Date, after: Id<'pay'> | null, limit: number): Promise<Attempt[]> {
  const { rows } = await db.query<AttemptRow>(sql`
    select * from payment_attempts
    where (state = 'begun' or (state = 'closed' and channel in ('wechat_virtual', 'douyin') and settled_at > ${closedAfter}))
      and (${after}::text is null or (begun_at, id) > (select begun_at, id from payment_attempts where id = ${after}))
    order by begun_at, id limit ${limit}`)
  return rows.map(kept)
}

/** Attempts that money came for which is not what was asked, latest first. */
export async function listMismatched(db: Db, limit: number): Promise<Attempt[]> {
  const { rows } = await db.query<AttemptRow>(sql`select * from payment_attempts where state = 'mismatched' order by settled_at desc, id limit ${limit}`)
  return rows.map(kept)
}

/** What of an attempt is held against a bill. */
export type Receipt = { number: string; order: Id<'ord'>; amount: Cents; state: AttemptState; settledAt: Date | null }
const receipt = sql`out_trade_no as number, order_id as order, coalesce(received, amount) as amount, state, settled_at as "settledAt"`

export async function listReceipts(db: Db, numbers: string[]): Promise<Receipt[]> {
  return (await db.query<Receipt>(sql`select ${receipt} from payment_attempts where out_trade_no = any(${numbers})`)).rows
}

/** Attempts that money came for in a span of time, by their hour, those behind `after`. */
export async function listReceiptsBetween(db: Db, channels: Channel[], span: { from: Date; to: Date }, after: Receipt | null, limit: number): Promise<Receipt[]> {
  const { rows } = await db.query<Receipt>(sql`
    select ${receipt} from payment_attempts
    where state in ('paid', 'surplus') and channel = any(${channels}) and settled_at >= ${after?.settledAt ?? span.from} and settled_at < ${span.to}
      and (settled_at, out_trade_no) > (${after?.settledAt ?? span.from}, ${after?.number ?? ''})
    order by settled_at, out_trade_no limit ${limit}`)
  return rows
}

/** Attempts that money came for in a span of time, and those begun in it that none came for, behind `after`. */
export async function listTries(db: Db, channels: Channel[], span: { from: Date; to: Date }, after: Id<'pay'> | null, limit: number): Promise<Attempt[]> {
  const { rows } = await db.query<AttemptRow>(sql`
    select * from payment_attempts
    where channel = any(${channels}) and case when state in ('paid', 'surplus') then settled_at >= ${span.from} and settled_at < ${span.to} else begun_at >= ${span.from} and begun_at < ${span.to} end
      and (${after}::text is null or id > ${after})
    order by id limit ${limit}`)
  return rows.map(kept)
}

/** When the first try of those channels began: ids grow with time. */
export async function findFirstBegun(db: Db, channels: Channel[]): Promise<Date | undefined> {
  const { rows } = await db.query<{ begun_at: Date }>(sql`select begun_at from payment_attempts where channel = any(${channels}) order by id limit 1`)
  return rows[0]?.begun_at
}

/** The channel that each attempt was paid by. */
export async function listByIds(db: Db, ids: Id<'pay'>[]): Promise<Attempt[]> {
  const { rows } = await db.query<AttemptRow>(sql`select * from payment_attempts where id = any(${ids})`)
  return rows.map(kept)
}

/** Moves an attempt only from the state it was read in; false when somebody was first. */
export async function updateAttempt(db: Db, id: Id<'pay'>, from: AttemptState, to: AttemptState, change: { transactionNo?: string | undefined; problem?: string | undefined; at: Date }): Promise<boolean> {
  const { count } = await db.query(sql`
    update payment_attempts set state = ${to}, transaction_no = coalesce(${change.transactionNo ?? null}, transaction_no), problem = ${change.problem ?? null}, settled_at = ${change.at}
    where id = ${id} and state = ${from}`)
  return count > 0
}

/** Notes that another sum came than was asked for, and is to go back; false when somebody was first. */
export async function updateReceived(db: Db, id: Id<'pay'>, { transactionNo, amount }: { transactionNo: string; amount: Cents }, at: Date): Promise<boolean> {
  const { count } = await db.query(sql`
    update payment_attempts set state = 'surplus', transaction_no = ${transactionNo}, received = ${amount}, settled_at = ${at} where id = ${id} and state = 'mismatched'`)
  return count > 0
}

export async function updateChecked(db: Db, id: Id<'pay'>, at: Date): Promise<void> {
  await db.query(sql`update payment_attempts set checked_at = ${at}, checks = checks + 1 where id = ${id}`)
}
