// Remembers reconciled days, the lines of their bills, the differences and how each was closed.
import type { CheckedRail, Difference } from '#contracts/reconciliation.ts'
import type { Id } from '#contracts/words/id.ts'
import type { Cents } from '#contracts/words/money.ts'
import { sql, type Db } from '#kernel/db.ts'
import type { BillLine } from '#modules/money/bills/actions.ts'
import type { Billed, KeptDay } from './rules.ts'

type Source = CheckedRail
export type Sums = Pick<KeptDay, 'payments' | 'paid' | 'refunds' | 'refunded' | 'fees' | 'coupons' | 'withdrawn' | 'balance'>
export type Resolution = { how: NonNullable<Difference['resolution']>['how']; reason: string; by: string; at: Date }
export type KeptDifference = Omit<Difference, 'rail' | 'foundAt' | 'resolution' | 'can'> & { source: CheckedRail; foundAt: Date; resolution: Resolution | null }

type DayRow = Omit<KeptDay, 'doneAt'> & { done_at: Date | null }
type DifferenceRow = { id: Id<'dif'>; source: CheckedRail; day: string; subject: Difference['subject']; kind: Difference['kind']; number: string; vendor_number: string | null; order_id: Id<'ord'> | null; told: Cents | null; booked: Cents | null; told_state: string | null; our_state: string | null; gap: Cents; found_at: Date; how: Resolution['how'] | null; reason: string | null; by_name: string | null; at: Date | null }

export async function listDoneDays(db: Db, source: Source): Promise<string[]> {
  const { rows } = await db.query<{ day: string }>(sql`select to_char(day, 'YYYY-MM-DD') as day from reconciled_days where source = ${source} and state <> 'waiting'`)
  return rows.map((row) => row.day)
}

/** Notes that a day was tried and is not done; a day that is done stays so. */
export async function noteWaiting(db: Db, source: Source, day: string, problem: string, at: Date): Promise<void> {
  await db.query(sql`
    insert into reconciled_days (source, day, state, problem, tried_at) values (${source}, ${day}, 'waiting', ${problem}, ${at})
    on conflict (source, day) do update set problem = excluded.problem, tried_at = excluded.tried_at, held_until = null where reconciled_days.state = 'waiting'`)
}

/** False when the day is done or somebody else holds it. */
export async function holdDay(db: Db, source: Source, day: string, at: Date, until: Date): Promise<boolean> {
  const { count } = await db.query(sql`
    insert into reconciled_days (source, day, state, tried_at, held_until) values (${source}, ${day}, 'waiting', ${at}, ${until})
    on conflict (source, day) do update set tried_at = excluded.tried_at, held_until = excluded.held_until
      where reconciled_days.state = 'waiting' and (reconciled_days.held_until is null or reconciled_days.held_until <= ${at})`)
  return count > 0
}

/** False when the day is done. Holds the day until the transaction ends, so that it is reconciled once. */
export async function claimDay(db: Db, source: Source, day: string, at: Date): Promise<boolean> {
  const { count } = await db.query(sql`
    insert into reconciled_days (source, day, state, tried_at) values (${source}, ${day}, 'waiting', ${at})
    on conflict (source, day) do update set tried_at = excluded.tried_at where reconciled_days.state = 'waiting'`)
  return count > 0
}

export async function finishDay(db: Db, source: Source, day: string, sums: Sums, bills: { isEmpty: boolean; trade: string | null; flow: string | null }, at: Date): Promise<void> {
  await db.query(sql`
    update reconciled_days set state = ${bills.isEmpty ? 'empty' : 'done'}, problem = null, trade_sha1 = ${bills.trade}, flow_sha1 = ${bills.flow}, payments = ${sums.payments}, paid = ${sums.paid},
      refunds = ${sums.refunds}, refunded = ${sums.refunded}, fees = ${sums.fees}, coupons = ${sums.coupons}, withdrawn = ${sums.withdrawn}, balance = ${sums.balance}, done_at = ${at}
    where source = ${source} and day = ${day}`)
}

/** Counts what was told after the day was done. */
export async function raiseDay(db: Db, source: Source, day: string, { payments, paid, refunds, refunded, fees }: Sums): Promise<void> {
  await db.query(sql`
    update reconciled_days set state = 'done', payments = payments + ${payments}, paid = paid + ${paid}, refunds = refunds + ${refunds}, refunded = refunded + ${refunded}, fees = fees + ${fees}
    where source = ${source} and day = ${day}`)
}

export async function listDays(db: Db, source: Source, from: string, to: string): Promise<KeptDay[]> {
  const { rows } = await db.query<DayRow>(sql`
    select to_char(d.day, 'YYYY-MM-DD') as day, d.state, d.problem, d.payments, d.paid, d.refunds, d.refunded, d.fees, d.coupons, d.withdrawn, d.balance, d.done_at,
      (select count(*)::int from differences f where f.source = d.source and f.day = d.day) as differences,
      (select count(*)::int from differences f where f.source = d.source and f.day = d.day and not exists (select from difference_resolutions r where r.difference_id = f.id)) as open
    from reconciled_days d where d.source = ${source} and d.day >= ${from} and d.day <= ${to} order by d.day`)
  return rows.map(({ done_at, ...day }) => ({ ...day, doneAt: done_at }))
}

/** Keeps the lines and replies the numbers that are new; a number stands in the bills of all days once. */
export async function insertLines(db: Db, source: Source, day: string, lines: BillLine[]): Promise<Set<string>> {
  const all = <K extends keyof BillLine>(name: K) => lines.map((line) => line[name])
  const { rows } = await db.query<{ kind: string; number: string }>(sql`
    insert into bill_lines (source, day, kind, number, vendor_number, trade_number, at, state, total, settled, fee)
    select ${source}, ${day}, line.* from unnest(${all('kind')}::text[], ${all('number')}::text[], ${all('vendorNumber')}::text[], ${all('tradeNumber')}::text[], ${all('at')}::timestamptz[], ${all('state')}::text[], ${all('total')}::bigint[], ${all('settled')}::bigint[], ${all('fee')}::bigint[]) as line
    on conflict do nothing returning kind, number`)
  return new Set(rows.map((row) => `${row.kind} ${row.number}`))
}

/** Keeps what a fund flow tells of shares and payouts; a movement stands in the flows of all days once. */
export async function insertMovements(db: Db, source: Source, day: string, all: { flowNo: string; number: string; amount: Cents }[]): Promise<void> {
  await db.query(sql`
    insert into bill_movements (source, day, flow_no, number, amount)
    select ${source}, ${day}, one.* from unnest(${all.map((one) => one.flowNo)}::text[], ${all.map((one) => one.number)}::text[], ${all.map((one) => one.amount)}::bigint[]) as one
    on conflict do nothing`)
}

export async function listToldMovements(db: Db, source: Source, numbers: string[]): Promise<{ number: string; amount: Cents }[]> {
  return (await db.query<{ number: string; amount: Cents }>(sql`select number, amount from bill_movements where source = ${source} and number = any(${numbers})`)).rows
}

/** Tells the planner that there are many lines now, in the same transaction that wrote them; otherwise it would read all of them for each batch that follows. */
export async function weighLines(db: Db): Promise<void> {
  await db.query(sql`analyze bill_lines`)
}

export async function findLine(db: Db, source: Source, kind: BillLine['kind'], number: string): Promise<Pick<BillLine, 'total' | 'state' | 'tradeNumber'> | undefined> {
  return (await db.query<Pick<BillLine, 'total' | 'state' | 'tradeNumber'>>(sql`select total, state, trade_number as "tradeNumber" from bill_lines where source = ${source} and kind = ${kind} and number = ${number}`)).rows[0]
}

export async function listToldNumbers(db: Db, source: Source, kind: BillLine['kind'], numbers: string[]): Promise<Set<string>> {
  const { rows } = await db.query<{ number: string }>(sql`select number from bill_lines where source = ${source} and kind = ${kind} and number = any(${numbers})`)
  return new Set(rows.map((row) => row.number))
}

export async function listBilled(db: Db, source: Source, vendorNumbers: string[]): Promise<Map<string, Billed>> {
  const { rows } = await db.query<Billed & { vendor_number: string }>(sql`select vendor_number, kind, settled, fee from bill_lines where source = ${source} and vendor_number = any(${vendorNumbers})`)
  return new Map(rows.map(({ vendor_number, ...billed }) => [vendor_number, billed]))
}

export async function markMoved(db: Db, source: Source, vendorNumbers: string[], at: Date): Promise<void> {
  await db.query(sql`update bill_lines set moved_at = ${at} where source = ${source} and vendor_number = any(${vendorNumbers}) and moved_at is null`)
}

/** Payments of the day, and refunds of the week before it that the bill calls finished, whose money never moved. */
export async function listUnmoved(db: Db, source: Source, day: string, after: string, limit: number): Promise<(Billed & { vendorNumber: string })[]> {
  const { rows } = await db.query<Billed & { vendorNumber: string }>(sql`
    select vendor_number as "vendorNumber", kind, settled, fee from bill_lines
    where source = ${source} and moved_at is null and day between ${day}::date - 7 and ${day}::date and settled <> 0 and vendor_number > ${after}
      and ((kind = 'payment' and day = ${day}) or (kind = 'refund' and day < ${day} and state = 'SUCCESS'))
    order by vendor_number limit ${limit}`)
  return rows
}

export async function insertDifferences(db: Db, source: CheckedRail, all: Omit<KeptDifference, 'resolution' | 'source'>[]): Promise<void> {
  if (all.length === 0) return
  const each = <K extends keyof (typeof all)[number]>(name: K) => all.map((one) => one[name])
  await db.query(sql`
    insert into differences (source, id, day, subject, kind, number, vendor_number, order_id, told, booked, told_state, our_state, gap, found_at)
    select ${source}, one.* from unnest(${each('id')}::text[], ${each('day')}::date[], ${each('subject')}::text[], ${each('kind')}::text[], ${each('number')}::text[], ${each('vendorNumber')}::text[], ${each('order')}::text[],
      ${each('told')}::bigint[], ${each('booked')}::bigint[], ${each('toldState')}::text[], ${each('ourState')}::text[], ${each('gap')}::bigint[], ${each('foundAt')}::timestamptz[]) as one
    on conflict (source, subject, number, kind) do nothing`)
}

/** Closes what was missing from earlier bills and now stands in one. */
export async function closeFoundLater(db: Db, source: CheckedRail, kind: Difference['subject'], numbers: string[], reason: string, at: Date): Promise<void> {
  await db.query(sql`
    insert into difference_resolutions (difference_id, how, reason, by_name, at)
    select id, 'found_later', ${reason}, '', ${at} from differences where source = ${source} and subject = ${kind} and kind = 'missing' and number = any(${numbers})
    on conflict do nothing`)
}

/** False when somebody was first. */
export async function insertResolution(db: Db, id: Id<'dif'>, { how, reason, by, at }: Resolution): Promise<boolean> {
  const { count } = await db.query(sql`insert into difference_resolutions (difference_id, how, reason, by_name, at) values (${id}, ${how}, ${reason}, ${by}, ${at}) on conflict do nothing`)
  return count > 0
}

export async function findDifference(db: Db, id: Id<'dif'>): Promise<KeptDifference | undefined> {
  const { rows } = await db.query<DifferenceRow>(sql`${shownDifference} where f.id = ${id}`)
  return rows[0] && kept(rows[0])
}

export async function listDifferences(db: Db, filter: { open: boolean; day: string | null; source: CheckedRail | null; before: string | null }, limit: number): Promise<KeptDifference[]> {
  const { rows } = await db.query<DifferenceRow>(sql`
    ${shownDifference} where (not ${filter.open} or r.difference_id is null) and (${filter.day}::date is null or f.day = ${filter.day}) and (${filter.source}::text is null or f.source = ${filter.source}) and (${filter.before}::text is null or f.id < ${filter.before})
    order by f.id desc limit ${limit}`)
  return rows.map(kept)
}

const shownDifference = sql`
  select f.id, f.source, to_char(f.day, 'YYYY-MM-DD') as day, f.subject, f.kind, f.number, f.vendor_number, f.order_id, f.told, f.booked, f.told_state, f.our_state, f.gap, f.found_at, r.how, r.reason, r.by_name, r.at
  from differences f left join difference_resolutions r on r.difference_id = f.id`

function kept({ vendor_number, order_id, told_state, our_state, found_at, how, reason, by_name, at, ...row }: DifferenceRow): KeptDifference {
  const resolution = how === null || at === null ? null : { how, reason: reason ?? '', by: by_name ?? '', at }
  return { ...row, vendorNumber: vendor_number, order: order_id, toldState: told_state, ourState: our_state, foundAt: found_at, resolution }
}
