// Withdrawing what virtual payment has settled: begun by an operator, sent by one number, booked when WeChat says that it arrived.
import type { Withdrawal } from '#contracts/withdrawals.ts'
import type { Id } from '#contracts/words/id.ts'
import type { Cents } from '#contracts/words/money.ts'
import { instant } from '#contracts/words/time.ts'
import { inTransaction, type Ctx, type OperatorActor, type TxCtx } from '#kernel/ctx.ts'
import { newId } from '#kernel/ids.ts'
import { refuse } from '#kernel/refuse.ts'
import { audit } from '#modules/academy/audit/actions.ts'
import { balanceOf, post, withdrawalEntry } from '#modules/money/ledger/actions.ts'
import { withdrawalNumber } from './rules.ts'
import { findByKey, findWithdrawal, insertWithdrawal, listWithdrawals, updateWithdrawal, type KeptWithdrawal } from './store.ts'

const RAIL = 'wechat_virtual'

/** The rail is asked each time: what it says is never kept. */
export async function showWithdrawals(ctx: Ctx): Promise<{ available: Cents | null; items: Withdrawal[] }> {
  const told = ctx.knobs.xpayOfferId === '' ? undefined : await ctx.gateways.wechat.virtual.findAvailable()
  return { available: told?.outcome === 'done' ? told.value : null, items: (await listWithdrawals(ctx.db, false, 50)).map(shown) }
}

export async function beginWithdrawal(ctx: TxCtx, wish: { amount: Cents; requestKey: string }, by: Pick<OperatorActor, 'name'>): Promise<Withdrawal> {
  return inTransaction(ctx, async (ctx) => {
    const before = await findByKey(ctx.db, wish.requestKey)
    if (before) return shown(before)
    const id = newId('wdr')
    const held = await balanceOf(ctx, `asset:${RAIL}`)
    if (wish.amount > held) refuse('arrival.more_than_held', { held })
    if (!(await insertWithdrawal(ctx.db, { id, number: withdrawalNumber(id), ...wish, by: by.name, madeAt: ctx.now() }))) {
      const standing = await findByKey(ctx.db, wish.requestKey)
      return standing ? shown(standing) : refuse('withdrawal.already_open')
    }
    await audit(ctx, { action: 'withdrawal.begun', subject: id, before: { held }, after: { amount: wish.amount } })
    await ctx.later('withdrawals.step', { withdrawal: id })
    return shown(await withdrawalOf(ctx, id))
  })
}

export async function sweepWithdrawals(ctx: Ctx): Promise<void> {
  for (const one of await listWithdrawals(ctx.db, true, 10)) await stepWithdrawal(ctx, one.id)
}

/** Tells WeChat, or asks it when it was told before; always by the same number. */
export async function stepWithdrawal(ctx: Ctx, id: Id<'wdr'>): Promise<void> {
  const one = await withdrawalOf(ctx, id)
  if (one.state === 'under_way') return hear(ctx, one)
  if (one.state !== 'sending') return
  const told = await ctx.gateways.wechat.virtual.withdraw(one)
  if (told.outcome === 'done') return void (await updateWithdrawal(ctx.db, one, 'under_way', { problem: null }))
  if (told.outcome === 'unknown') return void (await updateWithdrawal(ctx.db, one, 'sending', { problem: told.why }))
  await hear(ctx, one, told.code)
}

/** `refusal` is what WeChat said to the wish itself: only when it also knows of no such withdrawal has nothing moved. */
async function hear(ctx: Ctx, one: KeptWithdrawal, refusal?: string): Promise<void> {
  const found = await ctx.gateways.wechat.virtual.findWithdrawal(one.number)
  const isNothing = found.outcome === 'refused' && found.status === 404
  if (isNothing && refusal !== undefined) return void (await updateWithdrawal(ctx.db, one, 'failed', { problem: refusal, settledAt: ctx.now() }))
  if (found.outcome !== 'done') return void (await updateWithdrawal(ctx.db, one, one.state, { problem: found.outcome === 'refused' ? found.code : found.why }))
  const { state, amount, why } = found.value
  if (amount !== one.amount) return void (await updateWithdrawal(ctx.db, one, one.state, { problem: 'amount_differs' }))
  if (state === 'done') return settle(ctx, one)
  await updateWithdrawal(ctx.db, one, state, state === 'failed' ? { problem: why ?? null, settledAt: ctx.now() } : { problem: null })
}

async function settle(ctx: TxCtx, one: KeptWithdrawal): Promise<void> {
  await inTransaction(ctx, async (ctx) => {
    if (await updateWithdrawal(ctx.db, one, 'done', { problem: null, settledAt: ctx.now() })) await post(ctx, withdrawalEntry(RAIL, one.number, one.amount), null)
  })
}

async function withdrawalOf(ctx: TxCtx, id: Id<'wdr'>): Promise<KeptWithdrawal> {
  return (await findWithdrawal(ctx.db, id)) ?? refuse('thing.not_found', { what: 'withdrawal' })
}

function shown({ requestKey: _key, madeAt, settledAt, ...one }: KeptWithdrawal): Withdrawal {
  return { ...one, madeAt: instant(madeAt), settledAt: settledAt && instant(settledAt) }
}
