// Posting entries and reading balances.
import { chart, type Account } from '#contracts/words/accounts.ts'
import type { Id } from '#contracts/words/id.ts'
import type { LedgerEntry, arrivalRails } from '#contracts/ledger.ts'
import { ZERO, cents, minus, type Cents } from '#contracts/words/money.ts'
import { instant } from '#contracts/words/time.ts'
import { inTransaction, type TxCtx } from '#kernel/ctx.ts'
import { newId } from '#kernel/ids.ts'
import { idBefore } from '#kernel/places.ts'
import { refuse } from '#kernel/refuse.ts'
import { audit } from '#modules/academy/audit/actions.ts'
import { readSettings } from '#modules/academy/settings/actions.ts'
import { arrivalEntry, balances, csvHead, csvLines, monthSpan, shownBalance, type Entry } from './rules.ts'
import { countBetween, findFirstAt, insertEntry, listBetween, listBooked, listBroken, listEntries, listMovements, listSums, lockAccount, sumOf, type ChainedEntry, type KeptEntry, type Movement } from './store.ts'

export { couponsEntry, dueEntry, feesEntry, payoutBegunEntry, payoutDoneEntry, payoutFailedEntry, payoutReturnedEntry, payoutTakenEntry, refundBegunEntry, refundDoneEntry, refundFailedEntry, saleEntry, shareEntry, shareReturnEntry, surplusEntry, withdrawalEntry, writeOffEntry, type Portion, type Rail, type Source } from './rules.ts'

/** Posts an entry once per cause, inside the caller's transaction. */
export async function post(ctx: TxCtx, entry: Entry, order: Id<'ord'> | null): Promise<boolean> {
  if (!balances(entry.lines)) throw new Error(`entry ${entry.cause} does not balance`)
  return insertEntry(ctx.db, { id: newId('ldg'), what: entry.what, cause: entry.cause, order, at: ctx.now() }, entry.lines)
}

/** What entries of these causes put on an account (or, negative, took off it), by their cause. */
export async function bookedFor(ctx: TxCtx, account: Account, causes: string[]): Promise<Map<string, Cents>> {
  return new Map((await listBooked(ctx.db, account, causes)).map(({ cause, amount }) => [cause, amount]))
}

export type { Movement }

/** For reconciliation: what was booked on WeChat Pay's account in a span beside trades, a page behind `after`. */
export async function movementsBetween(ctx: TxCtx, span: { from: Date; to: Date }, after: Movement | null, limit: number): Promise<Movement[]> {
  return listMovements(ctx.db, span, after, limit)
}

/** What an account holds now, as a person reads it. */
export async function balanceOf(ctx: TxCtx, account: Account): Promise<Cents> {
  return shownBalance(account, await sumOf(ctx.db, account))
}

/** When the first payout was begun, if that was before. */
export async function firstPayoutBefore(ctx: TxCtx, before: Date): Promise<Date | undefined> {
  return findFirstAt(ctx.db, 'payout_begun', before)
}

type Arrival = { rail: (typeof arrivalRails)[number]; amount: Cents; reference: string }

/** A reference of the bank statement is booked once, and never more than the rail holds by the books. */
export async function bookArrival(ctx: TxCtx, { rail, amount, reference }: Arrival): Promise<{ held: Cents }> {
  return inTransaction(ctx, async (ctx) => {
    const account: Account = `asset:${rail}`
    await lockAccount(ctx.db, account)
    const held = await sumOf(ctx.db, account)
    const entry = arrivalEntry(rail, reference.trim(), amount)
    if ((await bookedFor(ctx, account, [entry.cause])).size > 0) refuse('arrival.known')
    const left = minus(held, amount)
    if (left < 0) refuse('arrival.more_than_held', { held })
    await post(ctx, entry, null)
    await audit(ctx, { action: 'ledger.arrival_booked', subject: 'ledger', before: { held }, after: { rail, amount, reference } })
    return { held: left }
  })
}

export async function showAccounts(ctx: TxCtx) {
  const sums = new Map((await listSums(ctx.db)).map((row) => [row.account, row.amount]))
  const items = (Object.keys(chart) as Account[]).map((account) => ({ account, kind: chart[account], balance: shownBalance(account, sums.get(account) ?? ZERO) }))
  return { items, checkedAt: instant(ctx.now()), balanced: (await listBroken(ctx.db)).length === 0 && [...sums.values()].reduce((all, sum) => all + sum, 0) === 0 }
}

export async function showEntries(ctx: TxCtx, ask: { order?: Id<'ord'>; q?: string; cursor?: string; limit?: number }) {
  const limit = ask.limit ?? 20
  const kept = await listEntries(ctx.db, { order: ask.order ?? null, q: ask.q?.trim() || null, before: idBefore('ldg', ask.cursor) }, limit + 1)
  return { items: kept.slice(0, limit).map(shown), next: kept.length > limit ? (kept[limit - 1]?.id ?? null) : null }
}

const MOST_EXPORTED = 100_000
const PAGE = 2000

/** What an accountant takes away; whoever keeps the file keeps the chain as it stood. */
export async function exportEntries(ctx: TxCtx, month: string): Promise<string> {
  const { zone } = await readSettings(ctx)
  const { from, to } = monthSpan(month, zone)
  if ((await countBetween(ctx.db, from, to)) > MOST_EXPORTED) refuse('export.too_many', { most: MOST_EXPORTED })
  await inTransaction(ctx, (ctx) => audit(ctx, { action: 'ledger.exported', subject: 'ledger', before: null, after: { month } }))
  const lines = [csvHead()]
  for (let last: ChainedEntry | null = null; ; ) {
    const page: ChainedEntry[] = await listBetween(ctx.db, from, to, last, PAGE)
    for (const entry of page) lines.push(...csvLines(entry, zone))
    last = page.at(-1) ?? null
    if (page.length < PAGE) return `\ufeff${lines.join('\r\n')}\r\n`
  }
}

function shown(entry: KeptEntry): LedgerEntry {
  const lines = entry.lines.map(({ account, amount }) => ({ account, debit: cents(Math.max(amount, 0)), credit: cents(Math.max(minus(ZERO, amount), 0)) }))
  return { id: entry.id, at: instant(entry.at), what: entry.what, order: entry.order, lines }
}
