// Remembers the sharing of each order, its lines, and what came back from receivers.
import type { Share } from '#contracts/shares.ts'
import type { Id } from '#contracts/words/id.ts'
import type { Cents } from '#contracts/words/money.ts'
import { sql, type Db } from '#kernel/db.ts'
import type { LineState } from './rules.ts'

export type ShareState = Share['state']
export type ReturnState = 'waiting' | 'sent' | 'done' | 'failed' | 'void'

type Row = { id: Id<'shr'>; order_id: Id<'ord'>; transaction_no: string; total: Cents; refunding: Cents; state: ShareState; due_at: Date; last_at: Date; checked_at: Date | null; problem: string | null; made_at: Date }
type LineRow = { id: Id<'shl'>; share_id: Id<'shr'>; receiver_id: Id<'rcv'>; basis_points: number; amount: Cents; out_order_no: string; tries: number; state: LineState; why: string | null; returned: Cents }
type ReturnRow = { id: Id<'srt'>; line_id: Id<'shl'>; refund_id: Id<'rfd'>; out_return_no: string; amount: Cents; state: ReturnState; why: string | null }

export type KeptShare = { id: Id<'shr'>; order: Id<'ord'>; transactionNo: string; total: Cents; refunding: Cents; state: ShareState; dueAt: Date; lastAt: Date; problem: string | null; madeAt: Date }
/** `returned` is what came back of it, or is on its way back. */
export type KeptLine = { id: Id<'shl'>; share: Id<'shr'>; receiver: Id<'rcv'>; basisPoints: number; amount: Cents; outOrderNo: string; tries: number; state: LineState; why: string | null; returned: Cents }
export type KeptReturn = { id: Id<'srt'>; line: Id<'shl'>; refund: Id<'rfd'>; outReturnNo: string; amount: Cents; state: ReturnState; why: string | null }

function kept(row: Row): KeptShare {
  return { id: row.id, order: row.order_id, transactionNo: row.transaction_no, total: row.total, refunding: row.refunding, state: row.state, dueAt: row.due_at, lastAt: row.last_at, problem: row.problem, madeAt: row.made_at }
}

function keptLine(row: LineRow): KeptLine {
  return { id: row.id, share: row.share_id, receiver: row.receiver_id, basisPoints: row.basis_points, amount: row.amount, outOrderNo: row.out_order_no, tries: row.tries, state: row.state, why: row.why, returned: row.returned }
}

function keptReturn(row: ReturnRow): KeptReturn {
  return { id: row.id, line: row.line_id, refund: row.refund_id, outReturnNo: row.out_return_no, amount: row.amount, state: row.state, why: row.why }
}

/** False when the order's sharing is there already. */
export async function insertShare(db: Db, share: Omit<KeptShare, 'problem' | 'refunding'>): Promise<boolean> {
  const { count } = await db.query(sql`
    insert into shares (id, order_id, transaction_no, total, state, due_at, last_at, made_at)
    values (${share.id}, ${share.order}, ${share.transactionNo}, ${share.total}, ${share.state}, ${share.dueAt}, ${share.lastAt}, ${share.madeAt}) on conflict (order_id) do nothing`)
  return count > 0
}

export async function insertLine(db: Db, line: Omit<KeptLine, 'tries' | 'why' | 'returned'>): Promise<void> {
  await db.query(sql`
    insert into share_lines (id, share_id, receiver_id, basis_points, amount, out_order_no, state)
    values (${line.id}, ${line.share}, ${line.receiver}, ${line.basisPoints}, ${line.amount}, ${line.outOrderNo}, ${line.state})`)
}

export async function findShare(db: Db, id: Id<'shr'>): Promise<KeptShare | undefined> {
  const { rows } = await db.query<Row>(sql`select * from shares where id = ${id}`)
  return rows[0] && kept(rows[0])
}

export async function findByOrder(db: Db, order: Id<'ord'>): Promise<KeptShare | undefined> {
  const { rows } = await db.query<Row>(sql`select * from shares where order_id = ${order}`)
  return rows[0] && kept(rows[0])
}

export async function listLines(db: Db, shares: Id<'shr'>[]): Promise<KeptLine[]> {
  const { rows } = await db.query<LineRow>(sql`
    select l.*, coalesce((select sum(r.amount) from share_returns r where r.line_id = l.id and r.state in ('waiting', 'sent', 'done')), 0)::bigint as returned
    from share_lines l where l.share_id = any(${shares}) order by l.id`)
  return rows.map(keptLine)
}

export async function findLine(db: Db, id: Id<'shl'>): Promise<KeptLine | undefined> {
  const { rows } = await db.query<LineRow>(sql`select *, 0::bigint as returned from share_lines where id = ${id}`)
  return rows[0] && keptLine(rows[0])
}

/** Sharing that something can be done for now, those longest not looked at first. */
export async function listDue(db: Db, now: Date, before: Date, limit: number): Promise<KeptShare[]> {
  const { rows } = await db.query<Row>(sql`
    select * from shares s where due_at <= ${now} and coalesce(checked_at, made_at) < ${before}
      and (state <> 'done' or exists (select 1 from share_lines l join share_returns r on r.line_id = l.id where l.share_id = s.id and r.state in ('waiting', 'sent')))
    order by coalesce(checked_at, made_at) limit ${limit}`)
  return rows.map(kept)
}

export async function listShares(db: Db, attentionOnly: boolean, before: string | null, limit: number): Promise<KeptShare[]> {
  const { rows } = await db.query<Row>(sql`
    select * from shares s where (${before}::text is null or id < ${before})
      and (not ${attentionOnly}::boolean or exists (select 1 from share_lines l where l.share_id = s.id and l.state = 'closed'))
    order by id desc limit ${limit}`)
  return rows.map(kept)
}

export async function updateShare(db: Db, id: Id<'shr'>, from: ShareState, to: ShareState, problem: string | null): Promise<boolean> {
  const { count } = await db.query(sql`update shares set state = ${to}, problem = ${problem} where id = ${id} and state = ${from}`)
  return count > 0
}

/** Takes a share to work on, until that time at most; undefined while somebody else has it. */
export async function claimShare(db: Db, id: Id<'shr'>, now: Date, until: Date): Promise<KeptShare | undefined> {
  const { rows } = await db.query<Row>(sql`update shares set checked_at = ${now}, busy_until = ${until} where id = ${id} and (busy_until is null or busy_until < ${now}) returning *`)
  return rows[0] && kept(rows[0])
}

export async function unclaimShare(db: Db, id: Id<'shr'>): Promise<void> {
  await db.query(sql`update shares set busy_until = null where id = ${id}`)
}

export async function updateRefunding(db: Db, id: Id<'shr'>, change: Cents): Promise<void> {
  await db.query(sql`update shares set refunding = refunding + ${change} where id = ${id}`)
}

/** Moves a line only from the state it was read in; false when somebody was first. */
export async function updateLine(db: Db, line: Pick<KeptLine, 'id' | 'state'>, to: Pick<KeptLine, 'state' | 'amount' | 'why'>): Promise<boolean> {
  const { count } = await db.query(sql`update share_lines set state = ${to.state}, amount = ${to.amount}, why = ${to.why} where id = ${line.id} and state = ${line.state}`)
  return count > 0
}

export async function updateRetried(db: Db, line: KeptLine, number: string): Promise<boolean> {
  const { count } = await db.query(sql`update share_lines set state = 'waiting', tries = tries + 1, out_order_no = ${number}, why = null where id = ${line.id} and state = 'closed' and tries = ${line.tries}`)
  return count > 0
}

export async function insertReturn(db: Db, one: Omit<KeptReturn, 'why'>): Promise<void> {
  await db.query(sql`
    insert into share_returns (id, line_id, refund_id, out_return_no, amount, state) values (${one.id}, ${one.line}, ${one.refund}, ${one.outReturnNo}, ${one.amount}, ${one.state})
    on conflict (line_id, refund_id) do nothing`)
}

/** What sharing has moved on our account under those numbers of ours: away is negative, a part that came back is positive. */
export async function listMoved(db: Db, numbers: string[]): Promise<Map<string, Cents>> {
  const { rows } = await db.query<{ number: string; amount: Cents }>(sql`
    select out_order_no as number, -amount as amount from share_lines where out_order_no = any(${numbers}) and state = 'done'
    union all select out_return_no, amount from share_returns where out_return_no = any(${numbers}) and state = 'done'`)
  return new Map(rows.map((row) => [row.number, row.amount]))
}

/** The number of ours under which WeChat Pay knows each booked part, by the cause of its entry. */
export async function listNumbers(db: Db, causes: string[]): Promise<Map<string, string>> {
  const { rows } = await db.query<{ cause: string; number: string }>(sql`
    select cause, out_order_no as number from unnest(${causes}::text[]) as cause join share_lines l on cause = 'profit_share:' || l.id
    union all select cause, out_return_no from unnest(${causes}::text[]) as cause join share_returns r on cause = 'profit_share_return:' || r.id`)
  return new Map(rows.map((row) => [row.cause, row.number]))
}

export async function listOpenReturns(db: Db, share: Id<'shr'>): Promise<KeptReturn[]> {
  const { rows } = await db.query<ReturnRow>(sql`
    select r.* from share_returns r join share_lines l on l.id = r.line_id where l.share_id = ${share} and r.state in ('waiting', 'sent') order by r.id`)
  return rows.map(keptReturn)
}

export async function updateReturn(db: Db, one: Pick<KeptReturn, 'id' | 'state'>, to: ReturnState, why: string | null): Promise<boolean> {
  const { count } = await db.query(sql`update share_returns set state = ${to}, why = ${why} where id = ${one.id} and state = ${one.state}`)
  return count > 0
}
