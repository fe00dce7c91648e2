// Money that a rail settles later: planned at payment, asked for or looked for when it is due, its fee booked when it is done.
import type { DouyinSettlement } from '#gateways/douyin/shapes.ts'
import type { Id } from '#contracts/words/id.ts'
import { ZERO, minus, type Cents } from '#contracts/words/money.ts'
import { inTransaction, type Ctx, type TxCtx } from '#kernel/ctx.ts'
import { feesEntry, post } from '#modules/money/ledger/actions.ts'
import { attemptOf, attemptsOf } from '#modules/trade/attempts/actions.ts'
import { orderOf } from '#modules/trade/orders/actions.ts'
import { isSettledChannel, settlementNumber, spanOf } from './rules.ts'
import { findByNumber, insertSettlement, listDue, listExpected, listLate, updateReopened, updateSettlement, type Settlement } from './store.ts'

export type { Settlement }

export async function planSettlement(ctx: TxCtx, id: Id<'ord'>): Promise<void> {
  const [order, attempts] = [await orderOf(ctx, id), await attemptsOf(ctx, id)]
  const paid = attempts.find((attempt) => attempt.state === 'paid')
  if (!order || !paid || !isSettledChannel(paid.channel)) return
  const span = spanOf(paid.channel, order.system === 'ios', paid.settledAt ?? ctx.now())
  await insertSettlement(ctx.db, { attempt: paid.id, order: id, channel: paid.channel, outSettleNo: settlementNumber(paid.channel, paid.outTradeNo), amount: paid.amount, ...span })
}

/** Something of what was settled has gone back, and with it some of the fee. */
export async function reopenSettlement(ctx: TxCtx, order: Id<'ord'>): Promise<void> {
  await updateReopened(ctx.db, order)
}

export async function showExpected(ctx: TxCtx) {
  return { items: await listExpected(ctx.db, ctx.now()) }
}

/** What should have been settled and is not, a page behind a number. */
export async function lateSettlements(ctx: TxCtx, after: string, limit: number): Promise<Settlement[]> {
  return listLate(ctx.db, ctx.now(), after, limit)
}

/** Settled, or nothing is left of it to settle. */
export async function isSettled(ctx: TxCtx, outSettleNo: string): Promise<boolean> {
  const state = (await findByNumber(ctx.db, outSettleNo))?.state
  return state === 'done' || state === 'void'
}

export async function settlementOf(ctx: TxCtx, outSettleNo: string): Promise<Settlement | undefined> {
  return findByNumber(ctx.db, outSettleNo)
}

const PATIENCE = 3

/** A step for each that is due. A rail that will not say is left alone until the next round. */
export async function sweepSettlements(ctx: Ctx): Promise<void> {
  const silent = { douyin: 0, wechat_virtual: 0 }
  for (const settlement of await listDue(ctx.db, ctx.now(), 500)) {
    const { channel } = settlement
    if (silent[channel] === PATIENCE) continue
    silent[channel] = (await checkSettlement(ctx, settlement)) === 'silent' ? silent[channel] + 1 : 0
  }
}

type Heard = 'answered' | 'silent'

export async function checkSettlement(ctx: Ctx, settlement: Settlement): Promise<Heard> {
  const isRefunded = (await orderOf(ctx, settlement.order))?.state === 'refunded'
  if (settlement.channel === 'wechat_virtual') return lookFor(ctx, settlement, isRefunded)
  if (settlement.state === 'waiting' && !isRefunded) return askFor(ctx, settlement)
  const told = await ctx.gateways.douyin.findSettlement(settlement.outSettleNo)
  if (told.outcome === 'done' && told.value.state === 'SUCCESS') return bookDouyin(ctx, settlement, told.value)
  const isNothing = told.outcome === 'done' ? told.value.state === 'FAIL' : told.outcome === 'refused' && told.status === 404
  // What was asked for before the refund may have been paid out all the same, also when its answer was lost.
  if (isRefunded && isNothing) return noted(ctx, settlement, 'void')
  if (told.outcome === 'done') return noted(ctx, settlement, 'asked', isNothing ? 'FAIL' : undefined)
  return noted(ctx, settlement, isNothing ? 'waiting' : settlement.state, told.outcome === 'refused' ? told.code : told.why, told.outcome)
}

/** Virtual payment settles by itself and tells it with the order; what was given back whole before that it never settles. */
async function lookFor(ctx: Ctx, settlement: Settlement, isRefunded: boolean): Promise<Heard> {
  const attempt = await attemptToSettle(ctx, settlement)
  const told = await ctx.gateways.wechat.virtual.findOrder(attempt.expected.openid ?? '', attempt.outTradeNo)
  if (told.outcome !== 'done') return noted(ctx, settlement, 'waiting', told.outcome === 'refused' ? told.code : told.why, told.outcome)
  const { settled, paid, refunded } = told.value
  if (settled) return book(ctx, settlement, { fee: settled.fee, paidOut: minus(minus(paid, refunded), settled.fee) })
  return noted(ctx, settlement, isRefunded ? 'void' : 'waiting')
}

/** Always by the same number: an answer that was lost costs nothing. */
async function askFor(ctx: Ctx, settlement: Settlement): Promise<Heard> {
  const attempt = await attemptToSettle(ctx, settlement)
  const told = await ctx.gateways.douyin.settle({ outOrderNo: attempt.outTradeNo, outSettleNo: settlement.outSettleNo, description: '课程款', notifyUrl: `${ctx.knobs.publicUrl}/api/callbacks/douyin` })
  if (told.outcome === 'done') return noted(ctx, settlement, 'asked')
  return noted(ctx, settlement, 'waiting', told.outcome === 'refused' ? told.code : told.why, told.outcome)
}

async function attemptToSettle(ctx: TxCtx, settlement: Settlement) {
  const attempt = await attemptOf(ctx, settlement.attempt)
  if (!attempt) throw new Error(`settlement of ${settlement.attempt} has no attempt`)
  return attempt
}

async function noted(ctx: Ctx, settlement: Settlement, to: Settlement['state'], problem?: string, outcome?: 'refused' | 'unknown'): Promise<Heard> {
  if (problem !== undefined) ctx.log.warn({ settlement: settlement.outSettleNo, problem }, 'a settlement is not done yet')
  await updateSettlement(ctx.db, settlement, to, { at: ctx.now(), ...(problem === undefined ? {} : { problem }) })
  return outcome === 'unknown' ? 'silent' : 'answered'
}

async function bookDouyin(ctx: Ctx, settlement: Settlement, { amount, fee }: DouyinSettlement): Promise<'answered'> {
  return book(ctx, settlement, { fee: fee ?? ZERO, paidOut: amount })
}

/** What a rail kept for itself is a cost, booked once, and again by what it changed; what it paid out lies in the merchant's account there. */
async function book(ctx: Ctx, settlement: Settlement, { fee, paidOut }: { fee: Cents; paidOut: Cents | undefined }): Promise<'answered'> {
  await inTransaction(ctx, async (ctx) => {
    if (!(await updateSettlement(ctx.db, settlement, 'done', { at: ctx.now(), paidOut, fee }))) return
    const change = minus(fee, settlement.fee ?? ZERO)
    const name = settlement.fee === null ? settlement.outSettleNo : `${settlement.outSettleNo}:${fee}`
    if (change !== 0) await post(ctx, feesEntry(settlement.channel, name, change), settlement.order)
  })
  return 'answered'
}
