// Which refund policy holds for an order, what was used of it, and making a new one.
import type { UsageLine } from '#contracts/claims.ts'
import type { Policy } from '#contracts/policies.ts'
import type { Id } from '#contracts/words/id.ts'
import { instant } from '#contracts/words/time.ts'
import { inTransaction, type OperatorActor, type TxCtx } from '#kernel/ctx.ts'
import { refuse } from '#kernel/refuse.ts'
import { audit } from '#modules/academy/audit/actions.ts'
import { hadBefore, planTimeOf } from '#modules/content/access/actions.ts'
import { lessonsOfAll } from '#modules/content/catalog/actions.ts'
import { usagesOf } from '#modules/trust/usage/actions.ts'
import { daysBetween, weigh, type Standing } from './rules.ts'
import { findPolicyAt, insertPolicy, listPolicies, type KeptPolicy } from './store.ts'

export { weigh, type Facts, type Standing } from './rules.ts'

const noPromise: Policy = { days: 0, mostPercent: 0, since: null }

/** The policy that stood at an hour: that of the hour in which an order was placed is the order's. */
export async function policyAt(ctx: TxCtx, at: Date): Promise<Policy> {
  const kept = await findPolicyAt(ctx.db, at)
  return kept ? shown(kept) : noPromise
}

/** An order, as far as it matters to what goes back of it. */
export type Sold = { id: Id<'ord'>; member: Id<'mem'>; placedAt: Date; gives: { courses: { course: Id<'crs'> }[]; plan?: { plan: Id<'pln'>; giftDays?: number } } }

/** What the rule of giving back is found by, at this hour. */
export async function standingOf(ctx: TxCtx, { id, member, placedAt, gives }: Sold, paidAt: Date): Promise<Standing> {
  const courses = gives.courses.map((one) => one.course)
  const time = gives.plan && (await planTimeOf(ctx, member, id))
  const { lessons, usedTenths } = await usageOf(ctx, member, courses, paidAt)
  return weigh({
    paidAt, at: ctx.now(), lessons, usedTenths, ...(time ? { plan: { from: time.from, days: time.until && daysBetween(time.from, time.until), giftDays: gives.plan?.giftDays ?? 0 } } : {}),
    hadBefore: await hadBefore(ctx, member, { courses, plan: gives.plan?.plan }, id), policy: await policyAt(ctx, placedAt),
  })
}

/** The record of what a member used of courses since an hour; `lessons` and `usedTenths` leave out what anyone may see. */
export async function usageOf(ctx: TxCtx, member: Id<'mem'>, courses: Id<'crs'>[], since: Date): Promise<{ lines: UsageLine[]; lessons: number; usedTenths: number }> {
  const all = await lessonsOfAll(ctx, courses)
  const known = new Map(all.map((lesson) => [lesson.id, lesson]))
  const lines = (await usagesOf(ctx, member, courses, since)).map((used) => ({ lesson: used.lesson, title: known.get(used.lesson)?.title ?? '', free: known.get(used.lesson)?.free ?? false, tenths: used.tenths, since: instant(used.since), at: instant(used.at) }))
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
