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
