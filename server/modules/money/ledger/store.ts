// Remembers entries and their lines; nothing here is ever changed or removed.
import type { Id } from '#contracts/words/id.ts'
import type { Cents } from '#contracts/words/money.ts'
import { sql, type Db } from '#kernel/db.ts'
import { holding } from '#kernel/like.ts'
import type { Line } from './rules.ts'

type EntryRow = { id: Id<'ldg'>; what: string; order_id: Id<'ord'> | null; at: Date }
type LineRow = { entry_id: Id<'ldg'>; account: string; amount: Cents }
type SumRow = { account: string; amount: Cents }

export type KeptEntry = { id: Id<'ldg'>; what: string; order: Id<'ord'> | null; at: Date; lines: { account: string; amount: Cents }[] }

/** False when the same cause was posted before: posting twice is posting once. */
export async function insertEntry(db: Db, entry: { id: Id<'ldg'>; what: string; cause: string; order: Id<'ord'> | null; at: Date }, lines: Line[]): Promise<boolean> {
  const { count } = await db.query(sql`
    with entry as (
      insert into ledger_entries (id, what, cause, order_id, at) values (${entry.id}, ${entry.what}, ${entry.cause}, ${entry.order}, ${entry.at})
      on conflict (cause) do nothing returning id
    )
    insert into ledger_lines (entry_id, position, account, amount)
    select entry.id, line.position - 1, line.account, line.amount
    from entry, unnest(${lines.map((line) => line.account)}::text[], ${lines.map((line) => line.amount)}::bigint[]) with ordinality as line (account, amount, position)`)
  return count > 0
}

export async function listBooked(db: Db, account: string, causes: string[]): Promise<{ cause: string; amount: Cents }[]> {
  const { rows } = await db.query<{ cause: string; amount: Cents }>(sql`
    select e.cause, sum(l.amount)::bigint as amount from ledger_entries e join ledger_lines l on l.entry_id = e.id where e.cause = any(${causes}) and l.account = ${account} group by e.cause`)
  return rows
}

export type Movement = { id: Id<'ldg'>; what: string; cause: string; order: Id<'ord'> | null; at: Date; amount: Cents }

/** What shares, payouts and their return moved on WeChat Pay's account in a span of time, oldest first, those behind `after`. */
export async function listMovements(db: Db, span: { from: Date; to: Date }, after: Movement | null, limit: number): Promise<Movement[]> {
  const { rows } = await db.query<Movement>(sql`
    select e.id, e.what, e.cause, e.order_id as order, e.at, l.amount from ledger_entries e join ledger_lines l on l.entry_id = e.id and l.account = 'asset:wechat_pay'
    where e.what in ('profit_share', 'profit_share_return', 'payout_taken', 'payout_returned') and e.at >= ${span.from} and e.at < ${span.to}
      and (${after?.id ?? null}::text is null or (e.at, e.id) > (${after?.at ?? null}::timestamptz, ${after?.id ?? null}))
    order by e.at, e.id limit ${limit}`)
  return rows
}

export async function findFirstAt(db: Db, what: string, before: Date): Promise<Date | undefined> {
  return (await db.query<{ at: Date }>(sql`select at from ledger_entries where what = ${what} and at < ${before} order by at limit 1`)).rows[0]?.at
}

/** Whoever books what left an account goes one after the other, so that none books what another has. */
export async function lockAccount(db: Db, account: string): Promise<void> {
  await db.query(sql`select pg_advisory_xact_lock(hashtext(${`ledger ${account}`}))`)
}

export async function sumOf(db: Db, account: string): Promise<Cents> {
  const { rows } = await db.query<{ amount: Cents }>(sql`select coalesce(sum(amount), 0)::bigint as amount from ledger_lines where account = ${account}`)
  return rows[0]?.amount ?? (0 as Cents)
}

export async function listSums(db: Db): Promise<SumRow[]> {
  const { rows } = await db.query<SumRow>(sql`select account, sum(amount)::bigint as amount from ledger_lines group by account order by account`)
  return rows
}

/** Entries that do not sum to zero or have fewer than two lines; the database should make this impossible. */
export async function listBroken(db: Db): Promise<{ id: string; amount: Cents }[]> {
  const { rows } = await db.query<{ id: string; amount: Cents }>(sql`
    select e.id, coalesce(sum(l.amount), 0)::bigint as amount from ledger_entries e left join ledger_lines l on l.entry_id = e.id
    group by e.id having coalesce(sum(l.amount), 0) <> 0 or count(l.*) < 2`)
  return rows
}

export async function listEntries(db: Db, filter: { order: Id<'ord'> | null; q: string | null; before: string | null }, limit: number): Promise<KeptEntry[]> {
  const { rows } = await db.query<EntryRow>(sql`
    select id, what, order_id, at from ledger_entries
    where (${filter.order}::text is null or order_id = ${filter.order})
      and (${filter.before}::text is null or id < ${filter.before})
      and (${filter.q}::text is null or what ilike ${holding(filter.q)} or order_id = ${filter.q} or id = ${filter.q})
    order by id desc limit ${limit}`)
  const lines = await db.query<LineRow>(sql`select entry_id, account, amount from ledger_lines where entry_id = any(${rows.map((row) => row.id)}) order by entry_id, position`)
  return rows.map((row) => ({ id: row.id, what: row.what, order: row.order_id, at: row.at, lines: lines.rows.filter((line) => line.entry_id === row.id) }))
}

export type ChainedEntry = KeptEntry & { cause: string; lane: number; position: number; hash: string }
type ChainedRow = EntryRow & { cause: string; lane: number; position: number; hash: string }

export async function countBetween(db: Db, from: Date, to: Date): Promise<number> {
  const { rows } = await db.query<{ count: number }>(sql`select count(*)::int as count from ledger_entries where at >= ${from} and at < ${to}`)
  return rows[0]?.count ?? 0
}

/** Entries of a span of time with their place in the chain, oldest first, those behind `after`. */
export async function listBetween(db: Db, from: Date, to: Date, after: KeptEntry | null, limit: number): Promise<ChainedEntry[]> {
  const { rows } = await db.query<ChainedRow>(sql`
    select e.id, e.what, e.order_id, e.at, e.cause, k.lane, k.position, encode(k.hash, 'hex') as hash from ledger_entries e join ledger_links k on k.entry_id = e.id
    where e.at >= ${from} and e.at < ${to} and (${after?.id ?? null}::text is null or (e.at, e.id) > (${after?.at ?? null}::timestamptz, ${after?.id ?? null}))
    order by e.at, e.id limit ${limit}`)
  const { rows: lines } = await db.query<LineRow>(sql`select entry_id, account, amount from ledger_lines where entry_id = any(${rows.map((row) => row.id)}) order by entry_id, position`)
  const byEntry = Map.groupBy(lines, (line) => line.entry_id)
  return rows.map(({ order_id, ...row }) => ({ ...row, order: order_id, lines: byEntry.get(row.id) ?? [] }))
}
