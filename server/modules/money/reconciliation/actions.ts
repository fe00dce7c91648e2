// Holding the day's bills against the books, showing what differs, and closing it.
import type { CheckedRail, Difference } from '#contracts/reconciliation.ts'
import type { Id } from '#contracts/words/id.ts'
import { ZERO, minus, plus, type Cents } from '#contracts/words/money.ts'
import { instant, isDay } from '#contracts/words/time.ts'
import { inTransaction, type Ctx, type OperatorActor, type TxCtx } from '#kernel/ctx.ts'
import { newId } from '#kernel/ids.ts'
import { idBefore } from '#kernel/places.ts'
import { refuse } from '#kernel/refuse.ts'
import { audit } from '#modules/academy/audit/actions.ts'
import { askAgain, checkedRails, fetchDay, isAsked, isReady, type BillLine, type DayBills, type FundLine } from '#modules/money/bills/actions.ts'
import { couponsEntry, feesEntry, firstPayoutBefore, movementsBetween, post, withdrawalEntry, writeOffEntry, type Movement, type Rail } from '#modules/money/ledger/actions.ts'
import { attemptByNumber, attemptsOn, firstTryAt, queryAttempt, receiptsBetween, receiptsOf, type Receipt } from '#modules/trade/attempts/actions.ts'
import { payoutsMoved } from '#modules/money/payouts/actions.ts'
import { shareNumbers, sharesMoved } from '#modules/trade/shares/actions.ts'
import { checkSettlement, isSettled, lateSettlements, settlementOf } from '#modules/trade/settlements/actions.ts'
import { askForeign, saysForeign, writeOffForeign } from '#modules/trade/foreign/actions.ts'
import { checkRefund, repaymentsBetween, repaymentsOf, type Repayment } from '#modules/trade/refunds/actions.ts'
import { addTrade, byNumber, dayAfter, dayAt, daysDue, hasFlow, isForeign, isWaitedFor, isBookedByNumber, judgeLate, judgeMovement, judgePayment, judgeRefund, judgeUnmoved, judgeUntold, judgeUntoldMovement, lastDayOf, monthOf, movementName, noSums, stepsFor, windowOf } from './rules.ts'
import { claimDay, closeFoundLater, findDifference, findLine, finishDay, holdDay, insertDifferences, insertLines, insertMovements, insertResolution, listBilled, listDays, listDifferences, listDoneDays, listToldMovements, listToldNumbers, listUnmoved, markMoved, noteWaiting, raiseDay, weighLines, type KeptDifference, type Sums } from './store.ts'

const BATCH = 2000
/** So long a day's bills are left to whoever fetches them; when that process ended, somebody else may then. */
const HOLD_MS = 10 * 60_000

/** Reconciles every day that is over and not done, rail by rail, the oldest first; and looks for what is not settled in its time. */
export async function reconcileDue(ctx: Ctx): Promise<void> {
  for (const rail of checkedRails) if (isReady(ctx, rail)) await reconcileRail(ctx, rail)
  await findLate(ctx)
}

/** Each is found once, on the day after its last one. */
async function findLate(ctx: Ctx): Promise<void> {
  for (let after = ''; ; ) {
    const page = await lateSettlements(ctx, after, BATCH)
    for (const one of page) await insertDifferences(ctx.db, one.channel, [difference(ctx, dayAt(ctx.now()), { subject: 'settlement', number: one.outSettleNo, vendorNumber: null, order: one.order, ...judgeLate(one) })])
    after = page.at(-1)?.outSettleNo ?? ''
    if (page.length < BATCH) return
  }
}

/** A day whose bills are not there is tried again with the next call, and the days after it wait: what moves on one day stands in the trades of the day before. */
async function reconcileRail(ctx: Ctx, rail: CheckedRail): Promise<void> {
  const first = await firstMoneyAt(ctx, rail)
  for (const day of daysDue(ctx.now(), first && dayAt(first), new Set(await listDoneDays(ctx.db, rail)))) {
    if ((await reconcileDay(ctx, rail, day)) === 'waiting' && isWaitedFor(day, ctx.now())) return
  }
}

/** The first try to pay; where people are paid, too, that may have begun before it. When money left is booked when it is heard of, which may be days later. */
async function firstMoneyAt(ctx: TxCtx, rail: CheckedRail): Promise<Date | undefined> {
  const first = await firstTryAt(ctx, rail)
  return (hasFlow(rail) ? await firstPayoutBefore(ctx, first ?? ctx.now()) : undefined) ?? first
}

/** Fetches a day's bills and holds them against the books in one transaction: a day is reconciled whole and once, or not at all. */
export async function reconcileDay(ctx: Ctx, rail: CheckedRail, day: string): Promise<'done' | 'waiting'> {
  if (!(await holdDay(ctx.db, rail, day, ctx.now(), new Date(ctx.now().getTime() + HOLD_MS)))) return 'waiting'
  const bills = await fetchDay(ctx, rail, day, windowOf(day))
  // Alipay says the same of a bill that is late as of a day without trades. What came the day before and was booked late stands in the bill before.
  const problem = !bills.isHere ? bills.problem : rail === 'alipay' && !bills.trades && (await hasUntold(ctx, rail, day)) ? 'late' : undefined
  if (!bills.isHere || problem !== undefined) {
    await noteWaiting(ctx.db, rail, day, problem ?? '', ctx.now())
    return 'waiting'
  }
  await inTransaction(ctx, async (ctx) => {
    if (!(await claimDay(ctx.db, rail, day, ctx.now()))) return
    await holdAgainstBooks({ ctx, rail, day, sums: noSums() }, bills)
  })
  return 'done'
}

/** A day that is being reconciled. */
type Round = { ctx: TxCtx; rail: CheckedRail; day: string; sums: Sums }

async function holdAgainstBooks(round: Round, { trades, flow }: Extract<DayBills, { isHere: true }>): Promise<void> {
  const { ctx, rail, day, sums } = round
  if (trades) for await (const lines of trades.lines()) await holdTrades(round, lines)
  await weighLines(ctx.db)
  if (flow) for await (const lines of flow.lines()) await holdMovements(round, lines)
  if (hasFlow(rail)) await findUnmoved(round)
  if (hasFlow(rail)) await findUntoldMovements(round)
  await findUntold(round)
  if (sums.fees !== 0) await post(ctx, feesEntry(rail, day, sums.fees), null)
  if (sums.coupons !== 0) await post(ctx, couponsEntry(rail, day, sums.coupons), null)
  await finishDay(ctx.db, rail, day, sums, { isEmpty: !trades && !flow, trade: trades?.sha1 ?? null, flow: flow?.sha1 ?? null }, ctx.now())
}

async function hasUntold(ctx: TxCtx, rail: CheckedRail, day: string): Promise<boolean> {
  for await (const { untold } of untoldOf(ctx, rail, day)) if (untold.length > 0) return true
  return false
}

/** Of what was given back, that on one rail. */
async function onRail(ctx: TxCtx, rail: Rail, all: Repayment[]): Promise<Repayment[]> {
  const attempts = await attemptsOn(ctx, rail, all.map((one) => one.attempt))
  return all.filter((one) => attempts.has(one.attempt))
}

async function holdTrades({ ctx, rail, day, sums }: Round, lines: BillLine[]): Promise<void> {
  const fresh = await insertLines(ctx.db, rail, day, lines)
  const [payments, refunds] = (['payment', 'refund'] as const).map((kind) => lines.filter((line) => line.kind === kind).map((line) => line.number))
  const ours = { payment: byNumber(await receiptsOf(ctx, payments ?? [])), refund: byNumber(await repaymentsOf(ctx, refunds ?? [])) }
  const found: Found[] = []
  for (const line of lines) {
    const mine = ours[line.kind].get(line.number)
    const isFresh = fresh.has(`${line.kind} ${line.number}`)
    // A number that an earlier row has used up stands for nothing of ours.
    const judged = (line.kind === 'payment' ? judgePayment : judgeRefund)(line, isFresh ? mine : undefined)
    if (judged) found.push(difference(ctx, day, { subject: line.kind, number: line.number, vendorNumber: line.vendorNumber, order: mine?.order ?? null, ...judged }))
    addTrade(sums, line)
    if (!hasFlow(rail)) sums.fees = plus(sums.fees, line.fee)
  }
  await insertDifferences(ctx.db, rail, found)
  for (const [kind, numbers] of [['payment', payments], ['refund', refunds]] as const) await closeFoundLater(ctx.db, rail, kind, numbers ?? [], day, ctx.now())
}

type Found = Omit<KeptDifference, 'resolution' | 'source'>

function difference(ctx: TxCtx, day: string, found: Omit<Found, 'id' | 'day' | 'foundAt'>): Found {
  return { id: newId('dif'), day, foundAt: ctx.now(), ...found }
}

async function holdMovements({ ctx, rail, day, sums }: Round, movements: FundLine[]): Promise<void> {
  const billed = await listBilled(ctx.db, rail, movements.map((one) => one.businessNo))
  const ours = movements.filter((one) => isBookedByNumber(one.type))
  const booked = await bookedOf(ctx, ours)
  await keepMovements(ctx, rail, day, ours)
  const found: Found[] = []
  const moved: string[] = []
  for (const { flowNo, businessNo, evidence, type, amount, balance } of movements) {
    const judged = judgeMovement({ type, amount }, billed.get(businessNo), booked(type, evidence, amount))
    if (judged.found) found.push(difference(ctx, day, { subject: 'flow', number: flowNo, vendorNumber: businessNo || null, order: null, ...judged.found }))
    if (judged.as === 'payment' || judged.as === 'refund') moved.push(businessNo)
    if (judged.as === 'withdrawal') {
      await post(ctx, withdrawalEntry(rail, flowNo, minus(ZERO, amount)), null)
      sums.withdrawn = minus(sums.withdrawn, amount)
    }
    sums.fees = plus(sums.fees, judged.fee)
    sums.balance = balance
  }
  await markMoved(ctx.db, rail, moved, ctx.now())
  await closeFoundLater(ctx.db, rail, 'flow', moved, day, ctx.now())
  await insertDifferences(ctx.db, rail, found)
}

async function keepMovements(ctx: TxCtx, rail: CheckedRail, day: string, ours: FundLine[]): Promise<void> {
  if (ours.length === 0) return
  await insertMovements(ctx.db, rail, day, ours.map(({ flowNo, evidence, amount }) => ({ flowNo, number: evidence, amount })))
  await closeFoundLater(ctx.db, rail, 'movement', ours.map(({ evidence, amount }) => movementName(evidence, amount)), day, ctx.now())
}

/** What we booked under the numbers that movements name: parts for partners and their return, payouts and those that came back. */
async function bookedOf(ctx: TxCtx, movements: FundLine[]): Promise<(type: string, number: string, amount: Cents) => Cents | undefined> {
  if (movements.length === 0) return () => undefined
  const numbers = movements.map((one) => one.evidence)
  const [shares, payouts] = [await sharesMoved(ctx, numbers), await payoutsMoved(ctx, numbers)]
  return (type, number, amount) => (type === '商家转账' ? payouts.get(number)?.[amount < 0 ? 'taken' : 'returned'] : shares.get(number))
}

async function findUnmoved({ ctx, rail, day }: Round): Promise<void> {
  for (let last = ''; ; ) {
    const page = await listUnmoved(ctx.db, rail, day, last, BATCH)
    await insertDifferences(ctx.db, rail, page.map((line) => difference(ctx, day, { subject: 'flow', number: line.vendorNumber, vendorNumber: line.vendorNumber, order: null, ...judgeUnmoved(line) })))
    last = page.at(-1)?.vendorNumber ?? ''
    if (page.length < BATCH) return
  }
}

/** Shares and payouts that we booked on the day before, which no flow up to this day's tells: a clock that is ahead by a little finds nothing. */
async function findUntoldMovements({ ctx, rail, day }: Round): Promise<void> {
  const span = windowOf(dayAfter(day, -1))
  for (let last: Movement | null = null; ; ) {
    const page: Movement[] = await movementsBetween(ctx, span, last, BATCH)
    const numbers = await shareNumbers(ctx, page.map((one) => one.cause))
    const named = page.map((one) => ({ ...one, number: numbers.get(one.cause) ?? one.cause.slice(one.cause.indexOf(':') + 1) }))
    const told = new Set((await listToldMovements(ctx.db, rail, named.map((one) => one.number))).map(({ number, amount }) => movementName(number, amount)))
    const untold = named.filter((one) => !told.has(movementName(one.number, one.amount)))
    await insertDifferences(ctx.db, rail, untold.map((one) => difference(ctx, day, { subject: 'movement', number: movementName(one.number, one.amount), vendorNumber: null, order: one.order, ...judgeUntoldMovement(one) })))
    last = page.at(-1) ?? null
    if (page.length < BATCH) return
  }
}

async function findUntold({ ctx, rail, day }: Round): Promise<void> {
  for await (const { subject, untold } of untoldOf(ctx, rail, day))
    await insertDifferences(ctx.db, rail, untold.map((one) => difference(ctx, day, { subject, number: one.number, vendorNumber: null, order: one.order, ...judgeUntold(subject, one) })))
}

type Untold = { subject: 'payment' | 'refund'; untold: (Receipt | Repayment)[] }

/** What we booked in the day and no bill so far knows, page by page. */
async function* untoldOf(ctx: TxCtx, rail: CheckedRail, day: string): AsyncGenerator<Untold, void> {
  const span = windowOf(day)
  for (let last: Receipt | null = null; ; ) {
    const page: Receipt[] = await receiptsBetween(ctx, rail, span, last, BATCH)
    yield { subject: 'payment', untold: await withoutTold(ctx, rail, 'payment', page) }
    last = page.at(-1) ?? null
    if (page.length < BATCH) break
  }
  for (let last: Repayment | null = null; ; ) {
    const page: Repayment[] = await repaymentsBetween(ctx, span, last, BATCH)
    yield { subject: 'refund', untold: await withoutTold(ctx, rail, 'refund', await onRail(ctx, rail, page)) }
    last = page.at(-1) ?? null
    if (page.length < BATCH) break
  }
}

async function withoutTold(ctx: TxCtx, rail: CheckedRail, subject: Untold['subject'], ours: Untold['untold']): Promise<Untold['untold']> {
  const told = await listToldNumbers(ctx.db, rail, subject, ours.map((one) => one.number))
  return ours.filter((one) => !told.has(one.number))
}

export async function showMonth(ctx: TxCtx, month: string, rail: CheckedRail) {
  const first = await firstMoneyAt(ctx, rail)
  const kept = await listDays(ctx.db, rail, `${month}-01`, lastDayOf(month))
  const { days, ...rest } = monthOf(month, dayAt(ctx.now()), first && dayAt(first), kept)
  return { month, rail, days: days.map((day) => ({ ...day, doneAt: day.doneAt && instant(day.doneAt) })), ...rest }
}

/** Whether the bills of a day are there is the gateway's to say; only a day that has not begun is refused here. */
export async function askForDay(ctx: TxCtx, day: string, rail: CheckedRail): Promise<{ begun: true }> {
  if (!isDay(day)) refuse('request.invalid', { in: 'body', field: 'day', problem: 'is no day' })
  if (day > dayAt(ctx.now())) refuse('reconciliation.day_ahead')
  await ctx.later('reconciliation.reconcile_day', { day, rail }, { key: `${rail} ${day}` })
  return { begun: true }
}

export async function showDifferences(ctx: TxCtx, ask: { open?: boolean; day?: string; rail?: CheckedRail; cursor?: string; limit?: number }) {
  if (ask.day !== undefined && !isDay(ask.day)) refuse('request.invalid', { in: 'query', field: 'day', problem: 'is no day' })
  const limit = ask.limit ?? 20
  const kept = await listDifferences(ctx.db, { open: ask.open ?? false, day: ask.day ?? null, source: ask.rail ?? null, before: idBefore('dif', ask.cursor) }, limit + 1)
  return { items: kept.slice(0, limit).map(shown), next: kept.length > limit ? (kept[limit - 1]?.id ?? null) : null }
}

/** Asks the gateway, which books what it says, and closes the difference when nothing of it is left. */
export async function checkDifference(ctx: Ctx, id: Id<'dif'>, actor: OperatorActor): Promise<Difference> {
  const before = await kept(ctx, id)
  if (!stepsOf(before).includes('check')) refuse('difference.state_forbids')
  const line = await askGateway(ctx, before)
  await inTransaction(ctx, async (ctx) => {
    const isLeft = before.kind === 'missing' ? line === undefined : await stillDiffers(ctx, before)
    await audit(ctx, { action: 'difference.checked', subject: id, before: { number: before.number, ourState: before.ourState }, after: { converged: !isLeft } })
    const isFirst = !isLeft && (await insertResolution(ctx.db, id, { how: 'converged', reason: '', by: actor.name, at: ctx.now() }))
    if (isFirst && line) await addLine(ctx, before, line)
  })
  return shown(await kept(ctx, id))
}

/** What a rail without bills knows by now stands in its day, as if it had been told then. */
async function addLine(ctx: TxCtx, { source: rail, day }: KeptDifference, line: BillLine): Promise<void> {
  const sums = noSums()
  await holdTrades({ ctx, rail, day, sums }, [line])
  await raiseDay(ctx.db, rail, day, sums)
}

/** Replies the line that had been missing. */
async function askGateway(ctx: Ctx, { kind, source, subject, number, order }: KeptDifference): Promise<BillLine | undefined> {
  if (kind === 'missing') return askAgain(ctx, source, subject, number)
  if (isForeign({ subject, kind, order })) await askForeign(ctx, { outRefundNo: number, outTradeNo: (await findLine(ctx.db, source, 'refund', number))?.tradeNumber ?? '' })
  if (subject === 'refund' && (await repaymentsOf(ctx, [number])).length > 0) await checkRefund(ctx, { outRefundNo: number, outTradeNo: '' })
  const [settlement, attempt] = [subject === 'settlement' && (await settlementOf(ctx, number)), subject === 'payment' && (await attemptByNumber(ctx, number))]
  if (settlement) await checkSettlement(ctx, settlement)
  if (attempt) await queryAttempt(ctx, attempt)
  return undefined
}

async function stillDiffers(ctx: TxCtx, { source, subject, number }: KeptDifference): Promise<boolean> {
  if (subject === 'settlement') return !(await isSettled(ctx, number))
  if (subject === 'flow' || subject === 'movement') return true
  const told = await findLine(ctx.db, source, subject, number)
  const [ours] = subject === 'payment' ? await receiptsOf(ctx, [number]) : await repaymentsOf(ctx, [number])
  return !told || (subject === 'payment' ? judgePayment(told, ours) : judgeRefund(told, ours)) !== undefined
}

/** The first word stands. A sum that is written off is booked in the same transaction. */
export async function resolveDifference(ctx: TxCtx, id: Id<'dif'>, { how, reason }: { how: 'explained' | 'written_off'; reason: string }, actor: OperatorActor): Promise<Difference> {
  return inTransaction(ctx, async (ctx) => {
    const before = await kept(ctx, id)
    if (before.resolution) refuse('thing.changed_meanwhile')
    if (!stepsOf(before).includes(how === 'explained' ? 'explain' : 'write_off')) refuse('difference.state_forbids')
    if (!(await insertResolution(ctx.db, id, { how, reason, by: actor.name, at: ctx.now() }))) refuse('thing.changed_meanwhile')
    if (how === 'written_off' && isForeign(before)) await writeOffForeign(ctx, before.number)
    if (how === 'written_off') await post(ctx, writeOffEntry(before.source, id, before.gap), before.order)
    await audit(ctx, { action: `difference.${how}`, subject: before.order ?? id, before: { number: before.number, subject: before.subject, kind: before.kind, told: before.told, booked: before.booked }, after: { reason, gap: before.gap } })
    return shown(await kept(ctx, id))
  })
}

async function kept(ctx: TxCtx, id: Id<'dif'>): Promise<KeptDifference> {
  return (await findDifference(ctx.db, id)) ?? refuse('thing.not_found', { what: 'difference' })
}

function stepsOf({ source, resolution, ...one }: Pick<KeptDifference, 'source' | 'resolution' | 'subject' | 'kind' | 'gap' | 'order'>): Difference['can'] {
  return stepsFor(one, { isResolved: resolution !== null, isAsked: isAsked(source), saysForeign: saysForeign(source) })
}

function shown({ source, foundAt, resolution, ...one }: KeptDifference): Difference {
  return { ...one, rail: source, foundAt: instant(foundAt), resolution: resolution && { ...resolution, at: instant(resolution.at) }, can: stepsOf({ source, resolution, ...one }) }
}
