// The one transaction in which money becomes an order paid, a ledger entry and access.
import type { Id } from '#contracts/words/id.ts'
import type { Cents } from '#contracts/words/money.ts'
import { inTransaction, type TxCtx } from '#kernel/ctx.ts'
import { grantByOrder, ownsCourse } from '#modules/content/access/actions.ts'
import { post, saleEntry, surplusEntry } from '#modules/money/ledger/actions.ts'
import { lockedOrder, moveOrder, noteEvent } from '#modules/trade/orders/actions.ts'
import { decideSettlement, paidEvent, railOf } from './rules.ts'
import { findAttempt, updateAttempt, type Attempt } from './store.ts'

export type Money = { transactionNo: string; amount: Cents }

/** Records that an attempt was really paid. Any number of calls, at once or after a crash, do it exactly once. */
export async function settleAttempt(ctx: TxCtx, id: Id<'pay'>, money: Money): Promise<'settled' | 'repeated'> {
  return inTransaction(ctx, async (ctx) => {
    const unlocked = await findAttempt(ctx.db, id)
    if (!unlocked) throw new Error(`attempt ${id} vanished`)
    const order = await lockedOrder(ctx, unlocked.order)
    const attempt = await findAttempt(ctx.db, id)
    if (!attempt || attempt.state === 'paid' || attempt.state === 'surplus') return 'repeated'
    const decided = decideSettlement({ state: order.state, ownsCourse: await ownsCourse(ctx, order.member, order.course) })
    if (decided.as === 'surplus') return settleSurplus(ctx, attempt, money)
    await updateAttempt(ctx.db, attempt.id, attempt.state, 'paid', { transactionNo: money.transactionNo, at: ctx.now() })
    await moveOrder(ctx, order, 'paid')
    await noteEvent(ctx, order.id, paidEvent(decided.late), money.transactionNo)
    await post(ctx, saleEntry(railOf(attempt.channel), attempt.id, attempt.amount), order.id)
    await grantByOrder(ctx, { member: order.member, course: order.course, order: order.id, reason: 'bought', days: order.accessDays })
    await noteEvent(ctx, order.id, 'access_granted')
    await ctx.tell('order.paid', { order: order.id })
    if (attempt.channel === 'wechat_virtual') await ctx.later('payments.note_provided', { attempt: attempt.id })
    return 'settled'
  })
}

async function settleSurplus(ctx: TxCtx, attempt: Attempt, money: Money): Promise<'settled'> {
  await updateAttempt(ctx.db, attempt.id, attempt.state, 'surplus', { transactionNo: money.transactionNo, at: ctx.now() })
  await post(ctx, surplusEntry(railOf(attempt.channel), attempt.id, attempt.amount), attempt.order)
  await noteEvent(ctx, attempt.order, 'mismatch', 'surplus')
  await ctx.later('refunds.return_surplus', { attempt: attempt.id })
  return 'settled'
}

/** Money came that is not what was asked for: nothing is granted, a person looks at it. */
export async function markMismatched(ctx: TxCtx, id: Id<'pay'>, reasons: string[]): Promise<void> {
  await inTransaction(ctx, async (ctx) => {
    const attempt = await findAttempt(ctx.db, id)
    if (attempt?.state !== 'begun') return
    await updateAttempt(ctx.db, id, 'begun', 'mismatched', { problem: reasons.join(', '), at: ctx.now() })
    await noteEvent(ctx, attempt.order, 'mismatch', reasons.join(', '))
  })
}
