// Holding the day's bills against the books, showing what differs, and closing it.
import type { Difference } from '#contracts/reconciliation.ts'
import type { Id } from '#contracts/words/id.ts'
import { ZERO, minus, plus, type Cents } from '#contracts/words/money.ts'
import { instant } from '#contracts/words/time.ts'
import type { FundLine, TradeLine } from '#gateways/wechatpay/shapes.ts'
import type { Answer } from '#gateways/wire.ts'
import { inTransaction, type Ctx, type OperatorActor, type TxCtx } from '#kernel/ctx.ts'
import { newId } from '#kernel/ids.ts'
import { idBefore } from '#kernel/places.ts'
import { refuse } from '#kernel/refuse.ts'
import { audit } from '#modules/academy/audit/actions.ts'
import { couponsEntry, feesEntry, post, withdrawalEntry, writeOffEntry } from '#modules/money/ledger/actions.ts'
import { attemptByNumber, firstTryAt, queryAttempt, railsOf, receiptsBetween, receiptsOf, type Receipt } from '#modules/trade/attempts/actions.ts'
import { payoutsMoved } from '#modules/money/payouts/actions.ts'
import { sharesMoved } from '#modules/trade/shares/actions.ts'
import { checkRefund, repaymentsBetween, repaymentsOf, type Repayment } from '#modules/trade/refunds/actions.ts'
import { addTrade, dayAt, daysDue, isBookedByNumber, isDay, judgeMovement, judgePayment, judgeRefund, judgeUnmoved, judgeUntold, lastDayOf, monthOf, stepsFor, windowOf } from './rules.ts'
import { claimDay, closeFoundLater, findDifference, findLine, finishDay, insertDifferences, insertLines, insertResolution, listBilled, listDays, listDifferences, listDoneDays, listToldNumbers, listUnmoved, markMoved, noteWaiting, weighLines, type BillLine, type KeptDifference, type Source, type Sums } from './store.ts'

const SOURCE: Source = 'wechat_pay'
const BATCH = 2000

/** Reconciles every day that is over and not done, the oldest first. A day whose bills are not there is tried again with the next call. */
export async function reconcileDue(ctx: Ctx): Promise<void> {
  if (!ctx.gateways.wechatPay.isReady) return
  const first = await firstTryAt(ctx, SOURCE)
  for (const day of daysDue(ctx.now(), first && dayAt(first), new Set(await listDoneDays(ctx.db, SOURCE)))) await reconcileDay(ctx, day)
}

/** Fetches a day's two bills and holds them against the books in one transaction: a day is reconciled whole and once, or not at all. */
export async function reconcileDay(ctx: Ctx, day: string): Promise<void> {
  const trades = await ctx.gateways.wechatPay.fetchTradeBill(day)
  const flow = await ctx.gateways.wechatPay.fetchFundFlow(day)
  const absent = [trades, flow].find((told) => !isHere(told))
  if (absent) return noteWaiting(ctx.db, SOURCE, day, problemOf(absent), ctx.now())
  await inTransaction(ctx, async (ctx) => {
    if (!(await claimDay(ctx.db, SOURCE, day, ctx.now()))) return
    const sums: Sums = { payments: 0, paid: ZERO, refunds: 0, refunded: ZERO, fees: ZERO, coupons: ZERO, withdrawn: ZERO, balance: null }
    if (trades.outcome === 'done') for await (const lines of inBatches(trades.value.lines(), BATCH)) await holdTrades(ctx, day, lines, sums)
    await weighLines(ctx.db)
    if (flow.outcome === 'done') for await (const lines of inBatches(flow.value.lines(), BATCH)) await holdMovements(ctx, day, lines, sums)
    await findUnmoved(ctx, day)
    await findUntold(ctx, day)
    if (sums.fees !== 0) await post(ctx, feesEntry(SOURCE, day, sums.fees), null)
    if (sums.coupons !== 0) await post(ctx, couponsEntry(SOURCE, day, sums.coupons), null)
    await finishDay(ctx.db, SOURCE, day, sums, { trade: trades.outcome === 'done' ? trades.value.sha1 : null, flow: flow.outcome === 'done' ? flow.value.sha1 : null }, ctx.now())
  })
}

/** A bill, or the word that the day had nothing to bill. */
function isHere(told: Answer<unknown>): boolean {
  return told.outcome === 'done' || (told.outcome === 'refused' && told.code === 'NO_STATEMENT_EXIST')
}

function problemOf(told: Answer<unknown>): string {
  return told.outcome === 'refused' ? told.code : told.outcome === 'unknown' ? told.why : ''
}

async function* inBatches<T>(parts: AsyncIterable<T[]>, size: number): AsyncGenerator<T[], void> {
  let waiting: T[] = []
  for await (const part of parts) {
    waiting = [...waiting, ...part]
    if (waiting.length < size) continue
    yield waiting
    waiting = []
  }
  if (waiting.length > 0) yield waiting
}

async function holdTrades(ctx: TxCtx, day: string, trades: TradeLine[], sums: Sums): Promise<void> {
  const lines = trades.map(lineOf)
  const fresh = await insertLines(ctx.db, SOURCE, day, lines)
  const [payments, refunds] = (['payment', 'refund'] as const).map((kind) => lines.filter((line) => line.kind === kind).map((line) => line.number))
  const ours = { payment: byNumber(await receiptsOf(ctx, payments ?? [])), refund: byNumber(await repaymentsOf(ctx, refunds ?? [])) }
  const found: Omit<KeptDifference, 'resolution'>[] = []
  for (const line of lines) {
    const mine = ours[line.kind].get(line.number)
    // A number that an earlier row has used up stands for nothing of ours.
    const judged = (line.kind === 'payment' ? judgePayment : judgeRefund)(line, fresh.has(`${line.kind} ${line.number}`) ? mine : undefined)
    if (judged) found.push(difference(ctx, day, { subject: line.kind, number: line.number, vendorNumber: line.vendorNumber, order: mine?.order ?? null, ...judged }))
    addTrade(sums, line)
  }
  await insertDifferences(ctx.db, SOURCE, found)
  for (const [kind, numbers] of [['payment', payments], ['refund', refunds]] as const) await closeFoundLater(ctx.db, SOURCE, kind, numbers ?? [], day, ctx.now())
}

function lineOf(line: TradeLine): BillLine {
  const { outTradeNo, transactionNo, at, state, total, settled, fee } = line
  const numbers = line.kind === 'payment' ? { number: outTradeNo, vendorNumber: transactionNo } : { number: line.outRefundNo, vendorNumber: line.refundNo }
  return { kind: line.kind, ...numbers, tradeNumber: outTradeNo, at, state, total, settled, fee }
}

function byNumber<T extends { number: string }>(all: T[]): Map<string, T> {
  return new Map(all.map((one) => [one.number, one]))
}

function difference(ctx: TxCtx, day: string, found: Omit<KeptDifference, 'id' | 'day' | 'foundAt' | 'resolution'>): Omit<KeptDifference, 'resolution'> {
  return { id: newId('dif'), day, foundAt: ctx.now(), ...found }
}

async function holdMovements(ctx: TxCtx, day: string, movements: FundLine[], sums: Sums): Promise<void> {
  const billed = await listBilled(ctx.db, SOURCE, movements.map((one) => one.businessNo))
  const booked = await bookedOf(ctx, movements.filter((one) => isBookedByNumber(one.type)))
  const found: Omit<KeptDifference, 'resolution'>[] = []
  const moved: string[] = []
  for (const { flowNo, businessNo, evidence, type, amount, balance } of movements) {
    const judged = judgeMovement({ type, amount }, billed.get(businessNo), booked(type, evidence, amount))
    if (judged.found) found.push(difference(ctx, day, { subject: 'flow', number: flowNo, vendorNumber: businessNo, order: null, ...judged.found }))
    if (judged.as === 'payment' || judged.as === 'refund') moved.push(businessNo)
    if (judged.as === 'withdrawal') {
      await post(ctx, withdrawalEntry(SOURCE, flowNo, minus(ZERO, amount)), null)
      sums.withdrawn = minus(sums.withdrawn, amount)
    }
    sums.fees = plus(sums.fees, judged.fee)
    sums.balance = balance
  }
  await markMoved(ctx.db, SOURCE, moved, ctx.now())
  await insertDifferences(ctx.db, SOURCE, found)
}

/** What we booked under the numbers that movements name: parts for partners and their return, payouts and those that came back. */
async function bookedOf(ctx: TxCtx, movements: FundLine[]): Promise<(type: string, number: string, amount: Cents) => Cents | undefined> {
  if (movements.length === 0) return () => undefined
  const numbers = movements.map((one) => one.evidence)
  const [shares, payouts] = [await sharesMoved(ctx, numbers), await payoutsMoved(ctx, numbers)]
  return (type, number, amount) => (type === '商家转账' ? payouts.get(number)?.[amount < 0 ? 'taken' : 'returned'] : shares.get(number))
}

async function findUnmoved(ctx: TxCtx, day: string): Promise<void> {
  for (let last = ''; ; ) {
    const page = await listUnmoved(ctx.db, SOURCE, day, last, BATCH)
    await insertDifferences(ctx.db, SOURCE, page.map((line) => difference(ctx, day, { subject: 'flow', number: line.vendorNumber, vendorNumber: line.vendorNumber, order: null, ...judgeUnmoved(line) })))
    last = page.at(-1)?.vendorNumber ?? ''
    if (page.length < BATCH) return
  }
}

/** What we booked in the day and no bill so far knows. */
async function findUntold(ctx: TxCtx, day: string): Promise<void> {
  const span = windowOf(day)
  for (let last: Receipt | null = null; ; ) {
    const page: Receipt[] = await receiptsBetween(ctx, SOURCE, span, last, BATCH)
    await keepUntold(ctx, day, 'payment', page)
    last = page.at(-1) ?? null
    if (page.length < BATCH) break
  }
  for (let last: Repayment | null = null; ; ) {
    const page: Repayment[] = await repaymentsBetween(ctx, span, last, BATCH)
    const rails = await railsOf(ctx, page.map((one) => one.attempt))
    await keepUntold(ctx, day, 'refund', page.filter((one) => rails.get(one.attempt) === SOURCE))
    last = page.at(-1) ?? null
    if (page.length < BATCH) break
  }
}

async function keepUntold(ctx: TxCtx, day: string, subject: 'payment' | 'refund', ours: (Receipt | Repayment)[]): Promise<void> {
  const told = await listToldNumbers(ctx.db, SOURCE, subject, ours.map((one) => one.number))
  const untold = ours.filter((one) => !told.has(one.number))
  await insertDifferences(ctx.db, SOURCE, untold.map((one) => difference(ctx, day, { subject, number: one.number, vendorNumber: null, order: one.order, ...judgeUntold(subject, one) })))
}

export async function showMonth(ctx: TxCtx, month: string) {
  const first = await firstTryAt(ctx, SOURCE)
  const kept = await listDays(ctx.db, SOURCE, `${month}-01`, lastDayOf(month))
  const { days, ...rest } = monthOf(month, dayAt(ctx.now()), first && dayAt(first), kept)
  return { month, days: days.map((day) => ({ ...day, doneAt: day.doneAt && instant(day.doneAt) })), ...rest }
}

/** Whether the bills of a day are there is the gateway's to say; only a day that has not begun is refused here. */
export async function askForDay(ctx: TxCtx, day: string): Promise<{ begun: true }> {
  if (!isDay(day)) refuse('request.invalid', { in: 'body', field: 'day', problem: 'is no day' })
  if (day > dayAt(ctx.now())) refuse('reconciliation.day_ahead')
  await ctx.later('reconciliation.reconcile_day', { day }, { key: day })
  return { begun: true }
}

export async function showDifferences(ctx: TxCtx, ask: { open?: boolean; day?: string; cursor?: string; limit?: number }) {
  if (ask.day !== undefined && !isDay(ask.day)) refuse('request.invalid', { in: 'query', field: 'day', problem: 'is no day' })
  const limit = ask.limit ?? 20
  const kept = await listDifferences(ctx.db, { open: ask.open ?? false, day: ask.day ?? null, before: idBefore('dif', ask.cursor) }, limit + 1)
  return { items: kept.slice(0, limit).map(shown), next: kept.length > limit ? (kept[limit - 1]?.id ?? null) : null }
}

/** Asks the gateway, which books what it says, and closes the difference when nothing of it is left. */
export async function checkDifference(ctx: Ctx, id: Id<'dif'>, actor: OperatorActor): Promise<Difference> {
  const before = await kept(ctx, id)
  if (!stepsFor(before, before.resolution !== null).includes('check')) refuse('difference.state_forbids')
  await askGateway(ctx, before)
  await inTransaction(ctx, async (ctx) => {
    const isLeft = await stillDiffers(ctx, before)
    await audit(ctx, { action: 'difference.checked', subject: id, before: { number: before.number, ourState: before.ourState }, after: { converged: !isLeft } })
    if (!isLeft) await insertResolution(ctx.db, id, { how: 'converged', reason: '', by: actor.name, at: ctx.now() })
  })
  return shown(await kept(ctx, id))
}

async function askGateway(ctx: Ctx, { subject, number }: KeptDifference): Promise<void> {
  if (subject === 'refund') {
    const [line] = await repaymentsOf(ctx, [number])
    if (line) await checkRefund(ctx, { outRefundNo: number, outTradeNo: '' })
    return
  }
  const attempt = await attemptByNumber(ctx, number)
  if (attempt) await queryAttempt(ctx, attempt)
}

async function stillDiffers(ctx: TxCtx, { subject, number }: KeptDifference): Promise<boolean> {
  if (subject === 'flow') return true
  const told = await findLine(ctx.db, SOURCE, subject, number)
  const [ours] = subject === 'payment' ? await receiptsOf(ctx, [number]) : await repaymentsOf(ctx, [number])
  return !told || (subject === 'payment' ? judgePayment(told, ours) : judgeRefund(told, ours)) !== undefined
}

/** The first word stands. A sum that is written off is booked in the same transaction. */
export async function resolveDifference(ctx: TxCtx, id: Id<'dif'>, { how, reason }: { how: 'explained' | 'written_off'; reason: string }, actor: OperatorActor): Promise<Difference> {
  return inTransaction(ctx, async (ctx) => {
    const before = await kept(ctx, id)
    if (before.resolution) refuse('thing.changed_meanwhile')
    if (!stepsFor(before, false).includes(how === 'explained' ? 'explain' : 'write_off')) refuse('difference.state_forbids')
    if (!(await insertResolution(ctx.db, id, { how, reason, by: actor.name, at: ctx.now() }))) refuse('thing.changed_meanwhile')
    if (how === 'written_off') await post(ctx, writeOffEntry(SOURCE, id, before.gap), before.order)
    await audit(ctx, { action: `difference.${how}`, subject: before.order ?? id, before: { number: before.number, subject: before.subject, kind: before.kind, told: before.told, booked: before.booked }, after: { reason, gap: before.gap } })
    return shown(await kept(ctx, id))
  })
}

async function kept(ctx: TxCtx, id: Id<'dif'>): Promise<KeptDifference> {
  return (await findDifference(ctx.db, id)) ?? refuse('thing.not_found', { what: 'difference' })
}

function shown({ foundAt, resolution, ...one }: KeptDifference): Difference {
  return { ...one, foundAt: instant(foundAt), resolution: resolution && { ...resolution, at: instant(resolution.at) }, can: stepsFor(one, resolution !== null) }
}
