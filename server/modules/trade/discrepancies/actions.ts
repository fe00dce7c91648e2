// Showing payments that do not fit, asking about them again, and closing them with a word of what was done.
import type { Discrepancy } from '#contracts/discrepancies.ts'
import type { OrderRow } from '#contracts/orders.ts'
import type { Id } from '#contracts/words/id.ts'
import { instant } from '#contracts/words/time.ts'
import { inTransaction, type Ctx, type OperatorActor, type TxCtx } from '#kernel/ctx.ts'
import { refuse } from '#kernel/refuse.ts'
import { audit } from '#modules/academy/audit/actions.ts'
import { ordersOf } from '#modules/trade/orders/actions.ts'
import { admitSurplus, attemptsByNumber, findMoney, mismatchedAttempts, queryAttempt, type Attempt, type Standing } from '#modules/trade/attempts/actions.ts'
import { noticesToLookAt } from '#modules/trade/notices/actions.ts'
import { rowsOf } from '#modules/trade/desk/actions.ts'
import { stepsFor, toldOf } from './rules.ts'
import { insertResolution, listResolutions } from './store.ts'

const MOST = 200

type Found = Omit<Discrepancy, 'order' | 'asked' | 'resolution' | 'can'> & { attempt: Attempt | undefined }

export async function showDiscrepancies(ctx: TxCtx, { open }: { open?: boolean }): Promise<{ items: Discrepancy[]; next: null }> {
  const items = await shownAll(ctx, await findAll(ctx))
  const wanted = items.filter((one) => !open || one.resolution === null)
  return { items: wanted.toSorted((one, other) => Number(one.resolution !== null) - Number(other.resolution !== null) || other.at.localeCompare(one.at)), next: null }
}

/** Every notice that did not fit, and every attempt that was found not to fit by asking, without a notice. */
async function findAll(ctx: TxCtx): Promise<Found[]> {
  // Asked before the notices: what a notice marks meanwhile is told by the notice.
  const mismatched = await mismatchedAttempts(ctx, MOST)
  const notices = await noticesToLookAt(ctx, MOST)
  const attempts = await attemptsByNumber(ctx, notices.map((notice) => notice.outTradeNo).filter((number) => number !== null))
  const told = notices.map((notice): Found => {
    const attempt = attempts.get(notice.outTradeNo ?? '')
    return { id: notice.id, kind: attempt ? 'mismatched' : 'unknown_order', outTradeNo: notice.outTradeNo ?? '', reasons: attempt ? reasonsOf(notice.why) : [], told: toldOf(notice.news), at: instant(notice.receivedAt), attempt }
  })
  const numbers = new Set(told.map((one) => one.outTradeNo))
  const asked = mismatched.filter((attempt) => !numbers.has(attempt.outTradeNo))
  return [...told, ...asked.map((attempt): Found => ({ id: attempt.id, kind: 'mismatched', outTradeNo: attempt.outTradeNo, reasons: reasonsOf(attempt.problem), told: null, at: instant(attempt.settledAt ?? attempt.begunAt), attempt }))]
}

function reasonsOf(problem: string | null): string[] {
  return (problem ?? '').split(', ').filter((reason) => reason !== '')
}

async function shownAll(ctx: TxCtx, found: Found[]): Promise<Discrepancy[]> {
  const resolutions = new Map((await listResolutions(ctx.db, found.map((one) => one.id))).map(({ subject, at, note, by }) => [subject, { note, by, at: instant(at) }]))
  const orders = await orderRows(ctx, found.map((one) => one.attempt?.order).filter((order) => order !== undefined))
  return found.map(({ attempt, ...one }) => {
    const resolution = resolutions.get(one.id) ?? null
    return { ...one, asked: attempt?.amount ?? null, order: (attempt && orders.get(attempt.order)) ?? null, resolution, can: stepsFor(attempt, resolution !== null) }
  })
}

async function orderRows(ctx: TxCtx, ids: Id<'ord'>[]): Promise<Map<Id<'ord'>, OrderRow>> {
  return new Map((await rowsOf(ctx, await ordersOf(ctx, [...new Set(ids)]))).map((row) => [row.id, row]))
}

/** A payment that was found by asking is known by its notice once that has come: whoever still has the old handle means the same. */
async function oneFound(ctx: TxCtx, id: Discrepancy['id']): Promise<Found> {
  return (await findAll(ctx)).find((one) => one.id === id || one.attempt?.id === id) ?? refuse('thing.not_found', { what: 'discrepancy' })
}

/** Asks the gateway: its word that exactly the sum was paid is as good as a notice. */
export async function checkDiscrepancy(ctx: Ctx, id: Discrepancy['id']): Promise<{ standing: Standing }> {
  const { attempt } = await oneFound(ctx, id)
  if (attempt?.state !== 'mismatched') return refuse('order.state_forbids', { state: attempt?.state ?? 'unknown' })
  const standing = await queryAttempt(ctx, attempt)
  await inTransaction(ctx, (ctx) => audit(ctx, { action: 'payment.checked', subject: attempt.id, before: { state: attempt.state }, after: { standing } }))
  return { standing }
}

/** Nobody's word but the gateway's says what there is to give back; what fits after all is a sale and stays. */
export async function giveBack(ctx: Ctx, id: Discrepancy['id'], note: string, actor: OperatorActor): Promise<Discrepancy> {
  const { attempt } = await oneFound(ctx, id)
  if (attempt?.state !== 'mismatched') return refuse('order.state_forbids', { state: attempt?.state ?? 'unknown' })
  const standing = await queryAttempt(ctx, attempt)
  if (standing === 'paid') return refuse('order.state_forbids', { state: 'paid' })
  const money = (await findMoney(ctx, attempt)) ?? refuse('discrepancy.nothing_came')
  return inTransaction(ctx, async (ctx) => {
    const shown = await resolveDiscrepancy(ctx, id, note, actor)
    if (!(await admitSurplus(ctx, attempt, money))) refuse('thing.changed_meanwhile')
    await audit(ctx, { action: 'payment.given_back', subject: attempt.order, before: { asked: attempt.amount }, after: { amount: money.amount } })
    return shown
  })
}

export async function resolveDiscrepancy(ctx: TxCtx, id: Discrepancy['id'], note: string, actor: OperatorActor): Promise<Discrepancy> {
  return inTransaction(ctx, async (ctx) => {
    const found = await oneFound(ctx, id)
    if (!(await insertResolution(ctx.db, { subject: found.id, note, by: actor.name, at: ctx.now() }))) refuse('thing.changed_meanwhile')
    await audit(ctx, { action: 'payment.put_aside', subject: found.attempt?.order ?? found.id, before: { reasons: found.reasons, told: found.told }, after: { note } })
    const [shown] = await shownAll(ctx, [found])
    return shown ?? refuse('thing.not_found', { what: 'discrepancy' })
  })
}
