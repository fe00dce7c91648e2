// Which refund policy holds for an order, and making a new one.
import type { Policy } from '#contracts/policies.ts'
import { instant } from '#contracts/words/time.ts'
import { inTransaction, type OperatorActor, type TxCtx } from '#kernel/ctx.ts'
import { refuse } from '#kernel/refuse.ts'
import { audit } from '#modules/academy/audit/actions.ts'
import { findPolicyAt, insertPolicy, listPolicies, type KeptPolicy } from './store.ts'

const noPromise: Policy = { days: 0, mostPercent: 0, since: null }

/** The policy that stood at an hour: that of the hour in which an order was placed is the order's. */
export async function policyAt(ctx: TxCtx, at: Date): Promise<Policy> {
  const kept = await findPolicyAt(ctx.db, at)
  return kept ? shown(kept) : noPromise
}

export async function showPolicies(ctx: TxCtx) {
  return { items: (await listPolicies(ctx.db)).map((kept) => ({ ...shown(kept), by: kept.by })) }
}

export async function makePolicy(ctx: TxCtx, { days, mostPercent }: Pick<Policy, 'days' | 'mostPercent'>, by: Pick<OperatorActor, 'name'>): Promise<Policy> {
  return inTransaction(ctx, async (ctx) => {
    const before = await policyAt(ctx, ctx.now())
    const fresh = { since: ctx.now(), days, mostPercent, by: by.name }
    if (!(await insertPolicy(ctx.db, fresh))) refuse('thing.changed_meanwhile')
    await audit(ctx, { action: 'refund_policy.made', subject: 'academy', before, after: { days, mostPercent } })
    return shown(fresh)
  })
}

function shown({ since, days, mostPercent }: KeptPolicy): Policy {
  return { days, mostPercent, since: instant(since) }
}
