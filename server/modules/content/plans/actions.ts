// Membership plans: what each tier unlocks or makes cheaper, decided by operators.
import type { Plan, PlanTerms } from '#contracts/plans.ts'
import type { Id } from '#contracts/words/id.ts'
import { instant } from '#contracts/words/time.ts'
import { inTransaction, type TxCtx } from '#kernel/ctx.ts'
import { newId } from '#kernel/ids.ts'
import { refuse } from '#kernel/refuse.ts'
import { audit } from '#modules/academy/audit/actions.ts'
import { courseOf } from '#modules/content/catalog/actions.ts'
import { listPlans, upsertPlan, type KeptPlan } from './store.ts'

export type { KeptPlan }

/** Every plan, the lowest tier first. */
export async function allPlans(ctx: TxCtx): Promise<KeptPlan[]> {
  return listPlans(ctx.db)
}

export async function planOf(ctx: TxCtx, id: Id<'pln'>): Promise<KeptPlan | undefined> {
  return (await listPlans(ctx.db)).find((plan) => plan.id === id)
}

export async function showPlans(ctx: TxCtx): Promise<{ items: Plan[] }> {
  return { items: (await listPlans(ctx.db)).map(shownPlan) }
}

export async function savePlan(ctx: TxCtx, id: Id<'pln'> | null, terms: PlanTerms): Promise<Plan> {
  return inTransaction(ctx, async (ctx) => {
    const before = id ? ((await planOf(ctx, id)) ?? refuse('thing.not_found', { what: 'plan' })) : null
    for (const course of terms.courses) if (!(await courseOf(ctx, course))) refuse('thing.not_found', { what: 'course' })
    const plan: KeptPlan = { id: id ?? newId('pln'), ...terms, title: terms.title.trim(), courses: terms.unlocksAll ? [] : terms.courses, updatedAt: ctx.now() }
    await upsertPlan(ctx.db, plan)
    await audit(ctx, { action: 'plan.set', subject: plan.id, before, after: terms })
    await ctx.tell('plan.changed', { plan: plan.id })
    return shownPlan(plan)
  })
}

export function shownPlan(plan: KeptPlan): Plan {
  return { ...plan, updatedAt: instant(plan.updatedAt) }
}
