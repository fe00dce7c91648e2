// Having Douyin pay out what was sold there: planned at payment, asked for a week later, booked when it is done.
import type { DouyinSettlement } from '#gateways/douyin/shapes.ts'
import type { Id } from '#contracts/words/id.ts'
import { inTransaction, type Ctx, type TxCtx } from '#kernel/ctx.ts'
import { feesEntry, post } from '#modules/money/ledger/actions.ts'
import { attemptOf, attemptsOf } from '#modules/trade/attempts/actions.ts'
import { orderOf } from '#modules/trade/orders/actions.ts'
import { dueAt, outSettleNo } from './rules.ts'
import { insertSettlement, listDue, updateSettlement, type Settlement } from './store.ts'

export async function planSettlement(ctx: TxCtx, order: Id<'ord'>): Promise<void> {
  const paid = (await attemptsOf(ctx, order)).find((attempt) => attempt.state === 'paid' && attempt.channel === 'douyin')
  if (paid) await insertSettlement(ctx.db, { attempt: paid.id, order, outSettleNo: outSettleNo(paid.outTradeNo), dueAt: dueAt(paid.settledAt ?? ctx.now()) })
}

const PATIENCE = 3

/** A step for each that is due. A Douyin that will not say is left alone until the next round. */
export async function sweepSettlements(ctx: Ctx): Promise<void> {
  let silent = 0
  for (const settlement of await listDue(ctx.db, ctx.now(), 200)) {
    silent = (await stepOn(ctx, settlement)) === 'silent' ? silent + 1 : 0
    if (silent === PATIENCE) return
  }
}

async function stepOn(ctx: Ctx, settlement: Settlement): Promise<'answered' | 'silent'> {
  const isRefunded = (await orderOf(ctx, settlement.order))?.state === 'refunded'
  if (settlement.state === 'waiting' && !isRefunded) return askFor(ctx, settlement)
  const told = await ctx.gateways.douyin.findSettlement(settlement.outSettleNo)
  if (told.outcome === 'done' && told.value.state === 'SUCCESS') return book(ctx, settlement, told.value)
  const isNothing = told.outcome === 'done' ? told.value.state === 'FAIL' : told.outcome === 'refused' && told.status === 404
  // What was asked for before the refund may have been paid out all the same, also when its answer was lost.
  if (isRefunded && isNothing) return noted(ctx, settlement, 'void')
  if (told.outcome === 'done') return noted(ctx, settlement, 'asked', isNothing ? 'FAIL' : undefined)
  return noted(ctx, settlement, isNothing ? 'waiting' : settlement.state, told.outcome === 'refused' ? told.code : told.why, told.outcome)
}

/** Always by the same number: an answer that was lost costs nothing. */
async function askFor(ctx: Ctx, settlement: Settlement): Promise<'answered' | 'silent'> {
  const attempt = await attemptOf(ctx, settlement.attempt)
  if (!attempt) throw new Error(`settlement of ${settlement.attempt} has no attempt`)
  const told = await ctx.gateways.douyin.settle({ outOrderNo: attempt.outTradeNo, outSettleNo: settlement.outSettleNo, description: '课程款', notifyUrl: `${ctx.knobs.publicUrl}/api/callbacks/douyin` })
  if (told.outcome === 'done') return noted(ctx, settlement, 'asked')
  return noted(ctx, settlement, 'waiting', told.outcome === 'refused' ? told.code : told.why, told.outcome)
}

async function noted(ctx: Ctx, settlement: Settlement, to: Settlement['state'], problem?: string, outcome?: 'refused' | 'unknown'): Promise<'answered' | 'silent'> {
  if (problem !== undefined) ctx.log.warn({ settlement: settlement.outSettleNo, problem }, 'a settlement is not done yet')
  await updateSettlement(ctx.db, settlement, to, { at: ctx.now(), ...(problem === undefined ? {} : { problem }) })
  return outcome === 'unknown' ? 'silent' : 'answered'
}

/** What Douyin kept for itself is a cost; what it paid out lies in the merchant's account there. */
async function book(ctx: Ctx, settlement: Settlement, { amount, fee }: DouyinSettlement): Promise<'answered'> {
  await inTransaction(ctx, async (ctx) => {
    if (!(await updateSettlement(ctx.db, settlement, 'done', { at: ctx.now(), paidOut: amount, fee }))) return
    if (fee !== undefined && fee > 0) await post(ctx, feesEntry('douyin', settlement.outSettleNo, fee), settlement.order)
  })
  return 'answered'
}
