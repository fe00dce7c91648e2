// Which refund policy holds for an order, what was used of it, and making a new one.
import type { UsageLine } from '#contracts/claims.ts'
import type { Policy, PolicyTerms } from '#contracts/policies.ts'
import type { Id } from '#contracts/words/id.ts'
import { instant } from '#contracts/words/time.ts'
import { inTransaction, type OperatorActor, type TxCtx } from '#kernel/ctx.ts'
import { refuse } from '#kernel/refuse.ts'
import { audit } from '#modules/academy/audit/actions.ts'
import { readSettings } from '#modules/academy/settings/actions.ts'
import { courseRightsOf, hadBefore, planTimeOf } from '#modules/content/access/actions.ts'
import { lessonsOf } from '#modules/content/outline/actions.ts'
import { usagesOf } from '#modules/trust/usage/actions.ts'
import { daysBetween, planUse, weigh, type Standing } from './rules.ts'
import { findPolicyAt, insertPolicy, listPolicies, type KeptPolicy } from './store.ts'

export { daysSince, weigh, type Facts, type Standing } from './rules.ts'

const noPromise: Policy = { days: 0, mostPercent: 0, since: null }

/** The academy's policy that stood at an hour; an order keeps what was promised in its own. */
export async function policyAt(ctx: TxCtx, at: Date): Promise<Policy> {
  const kept = await findPolicyAt(ctx.db, at)
  return kept ? shown(kept) : noPromise
}

/** An order, as far as it matters to what goes back of it. */
export type Sold = { id: Id<'ord'>; member: Id<'mem'>; policy: PolicyTerms; gives: { courses: { course: Id<'crs'> }[]; plan?: { plan: Id<'pln'>; giftDays?: number } } }

/** What the rule of giving back is found by, at this hour. */
export async function standingOf(ctx: TxCtx, sold: Sold, paidAt: Date): Promise<Standing> {
  const { id, member, policy, gives } = sold
  const courses = gives.courses.map((one) => one.course)
  const time = await timeOf(ctx, sold)
  const { lessons, usedTenths } = await usageOf(ctx, sold)
  return weigh({
    paidAt, at: ctx.now(), zone: (await readSettings(ctx)).zone, lessons, usedTenths, ...(time ? { plan: time } : {}),
    hadBefore: await hadBefore(ctx, member, { courses, plan: gives.plan?.plan }, id), policy,
  })
}

async function timeOf(ctx: TxCtx, { id, member, gives }: Pick<Sold, 'id' | 'member' | 'gives'>) {
  const time = gives.plan && (await planTimeOf(ctx, member, id))
  return time && { from: time.from, days: time.until && daysBetween(time.from, time.until), giftDays: gives.plan?.giftDays ?? 0 }
}

/** The days of the time of a plan that an order gave, and how many of them are over at an hour, at most all. */
export async function planDaysOf(ctx: TxCtx, sold: Pick<Sold, 'id' | 'member' | 'gives'>, at: Date): Promise<{ days: number; usedDays: number } | undefined> {
  const time = await timeOf(ctx, sold)
  if (!time) return undefined
  const { days, usedDays } = planUse(time, at)
  return { days, usedDays: Math.min(days, usedDays) }
}

/** The record of what was used of the courses of an order, under it; `lessons` and `usedTenths` leave out what anyone may see. */
export async function usageOf(ctx: TxCtx, { id, member, gives }: Pick<Sold, 'id' | 'member' | 'gives'>): Promise<{ lines: UsageLine[]; lessons: number; usedTenths: number }> {
  const all = await lessonsOf(ctx, gives.courses.map((one) => one.course))
  const known = new Map(all.map((lesson) => [lesson.id, lesson]))
  const lines = (await usagesOf(ctx, await courseRightsOf(ctx, member, id))).map((used) => ({ lesson: used.lesson, title: known.get(used.lesson)?.title ?? '', free: known.get(used.lesson)?.free ?? false, tenths: used.tenths, since: instant(used.since), at: instant(used.at) }))
  const paidFor = lines.filter((line) => !line.free)
  return { lines, lessons: Math.max(all.filter((lesson) => !lesson.free).length, paidFor.length), usedTenths: paidFor.reduce((sum, line) => sum + line.tenths, 0) }
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
