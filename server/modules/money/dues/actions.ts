// What people have earned: recorded once a cause, taken out by payouts, given back by those that came to nothing.
import type { Due } from '#contracts/dues.ts'
import type { Id } from '#contracts/words/id.ts'
import { ZERO, minus, type Cents } from '#contracts/words/money.ts'
import { instant } from '#contracts/words/time.ts'
import { inTransaction, type TxCtx } from '#kernel/ctx.ts'
import { newId } from '#kernel/ids.ts'
import { idBefore } from '#kernel/places.ts'
import { refuse } from '#kernel/refuse.ts'
import { audit } from '#modules/academy/audit/actions.ts'
import { dueEntry, post } from '#modules/money/ledger/actions.ts'
import { memberSummaries, memberSummary } from '#modules/people/members/actions.ts'
import { findByCause, findOwed, insertDue, listDues, updateOwed, type KeptDue } from './store.ts'

type Wish = { member: Id<'mem'>; amount: Cents; reason: string; requestKey: string }

export async function recordDue(ctx: TxCtx, { requestKey, ...wish }: Wish, by: Id<'stf'>): Promise<Due> {
  return inTransaction(ctx, async (ctx) => {
    const { nickname } = await memberSummary(ctx, wish.member)
    const due: KeptDue = { ...wish, id: newId('due'), cause: `staff:${requestKey}`, by, madeAt: ctx.now() }
    if (!(await insertDue(ctx.db, due))) return shown((await findByCause(ctx.db, due.cause)) ?? due, nickname)
    if (!(await updateOwed(ctx.db, due.member, due.amount))) refuse('payout.owed_too_little', { owed: await findOwed(ctx.db, due.member) })
    await post(ctx, dueEntry(due.id, due.amount), null)
    await audit(ctx, { action: 'due.recorded', subject: due.id, before: null, after: wish })
    return shown(due, nickname)
  })
}

/** What a rule gives somebody, once a cause; nothing is recorded for nothing. */
export async function oweByRule(ctx: TxCtx, wish: { member: Id<'mem'>; amount: Cents; reason: string; cause: string }): Promise<void> {
  if (wish.amount <= 0) return
  await inTransaction(ctx, async (ctx) => {
    const due: KeptDue = { ...wish, id: newId('due'), by: null, madeAt: ctx.now() }
    if (!(await insertDue(ctx.db, due))) return
    await updateOwed(ctx.db, due.member, due.amount)
    await post(ctx, dueEntry(due.id, due.amount), null)
  })
}

export async function owedTo(ctx: TxCtx, member: Id<'mem'>): Promise<Cents> {
  return findOwed(ctx.db, member)
}

/** Takes what a payout is to pay; refused when less is owed. */
export async function takeOwed(ctx: TxCtx, member: Id<'mem'>, amount: Cents): Promise<void> {
  if (!(await updateOwed(ctx.db, member, minus(ZERO, amount)))) refuse('payout.owed_too_little', { owed: await findOwed(ctx.db, member) })
}

/** What a payout took and did not pay. */
export async function giveBackOwed(ctx: TxCtx, member: Id<'mem'>, amount: Cents): Promise<void> {
  await updateOwed(ctx.db, member, amount)
}

export async function showDues(ctx: TxCtx, ask: { cursor?: string; limit?: number }) {
  const limit = ask.limit ?? 20
  const kept = await listDues(ctx.db, idBefore('due', ask.cursor), limit + 1)
  const names = await memberSummaries(ctx, kept.map((due) => due.member))
  return { items: kept.slice(0, limit).map((due) => shown(due, names.get(due.member)?.nickname ?? due.member)), next: kept.length > limit ? (kept[limit - 1]?.id ?? null) : null }
}

function shown({ cause: _cause, madeAt, ...due }: KeptDue, name: string): Due {
  return { ...due, name, madeAt: instant(madeAt) }
}
