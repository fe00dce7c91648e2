// Granting, revoking and explaining what a member may open.
import type { Entitlement, LessonAccess } from '#contracts/access.ts'
import type { Membership, Period } from '#contracts/plans.ts'
import type { Id } from '#contracts/words/id.ts'
import { ZERO, type Cents } from '#contracts/words/money.ts'
import { instant } from '#contracts/words/time.ts'
import { inTransaction, type TxCtx } from '#kernel/ctx.ts'
import { newId } from '#kernel/ids.ts'
import { refuse } from '#kernel/refuse.ts'
import { audit } from '#modules/academy/audit/actions.ts'
import { courseOf, publishedCourses } from '#modules/content/catalog/actions.ts'
import { lessonsOf } from '#modules/content/outline/actions.ts'
import { allPlans, type KeptPlan } from '#modules/content/plans/actions.ts'
import { memberSummary } from '#modules/people/members/actions.ts'
import { bestRight, creditOf, decideLesson, endAfterDays, endOfPeriod, isLive, nextStart, withGift, type Lesson } from './rules.ts'
import { countMembers, countOwners, findEntitlement, insertEntitlement, listEnding, listPlanRights, listRights, updateEarlier, updateEndedBy, updateLater, updateRestored, updateRevoked, updateTraded, updateWorth, type Kept } from './store.ts'

export { trialLength } from './rules.ts'

/** By what somebody gets something: an order, inside the transaction that records the payment, or a redeemed code. */
export type Source = { member: Id<'mem'>; note: string } & ({ order: Id<'ord'>; reason: 'bought' | 'free' } | { order: null; reason: 'redeemed' })

/** Gives a course. True the first time for an order. */
export async function grantCourse(ctx: TxCtx, source: Source, given: { course: Id<'crs'>; days: number | null }): Promise<boolean> {
  const now = ctx.now()
  return insertEntitlement(ctx.db, { ...source, id: newId('ent'), course: given.course, plan: null, grantedAt: now, from: null, until: endAfterDays(now, given.days), worth: ZERO })
}

/** What is left of a right to a lower tier. */
export type Credit = { right: Id<'ent'>; title: string; days: number; amount: Cents }

export type PlanGrant = { plan: Id<'pln'>; title: string; period: Period; days: number | null; giftDays?: number; worth: Cents; ends: Id<'ent'>[] }

/** Gives a time of a plan, after the live times of the same plan, and ends the lower tiers whose worth went into it. */
export async function grantPlan(ctx: TxCtx, source: Source, given: PlanGrant): Promise<void> {
  const now = ctx.now()
  const same = (await listRights(ctx.db, source.member, [])).filter((right) => right.plan === given.plan)
  const from = nextStart(same, now)
  await insertEntitlement(ctx.db, { ...source, id: newId('ent'), course: null, plan: given.plan, grantedAt: now, from, until: withGift(endOfPeriod(from, given.period, given.days), given.giftDays ?? 0), worth: given.worth })
  if (given.ends.length > 0) await endByUpgrade(ctx, given.ends, given.title, source.order)
}

export async function endByUpgrade(ctx: TxCtx, rights: Id<'ent'>[], title: string, upgrade: Id<'ord'> | null): Promise<void> {
  await updateRevoked(ctx.db, { ids: rights }, ctx.now(), `已升级为「${title}」`, upgrade)
}

/** Takes back what an order gave, also what an upgrade had ended of it, and lets go on what it had ended itself. Replies how many rights it took. */
export async function revokeByOrder(ctx: TxCtx, order: Id<'ord'>, why: string, refund: Id<'rfd'>): Promise<number> {
  const taken = await updateRevoked(ctx.db, { order }, ctx.now(), why, refund)
  await updateTraded(ctx.db, order, refund)
  for (const { member, plan, from, until } of taken) {
    if (plan && from && until && until > ctx.now()) await updateEarlier(ctx.db, member, plan, from, until.getTime() - Math.max(from.getTime(), ctx.now().getTime()))
  }
  await updateRestored(ctx.db, order)
  return taken.length
}

/** Gives back what a refund took, when it failed and no other one takes the same; an upgrade ends again what it had ended. Replies how many rights live again. */
export async function restoreByRefund(ctx: TxCtx, refund: Id<'rfd'>, heir: Id<'rfd'> | undefined, gave: { order: Id<'ord'>; plan: PlanGrant | undefined }): Promise<number> {
  if (heir) {
    await updateEndedBy(ctx.db, refund, heir)
    return 0
  }
  const back = await updateRestored(ctx.db, refund)
  for (const right of back) if (right.plan && right.from && right.until && right.until > ctx.now()) await updateLater(ctx.db, right)
  if (back.length > 0 && gave.plan) await endByUpgrade(ctx, gave.plan.ends, gave.plan.title, gave.order)
  return back.length
}

/** What was paid for the time of a plan changes by so much. */
export async function changeWorth(ctx: TxCtx, order: Id<'ord'>, change: Cents): Promise<void> {
  await updateWorth(ctx.db, order, change)
}

/** The rights to plans that an order gave; locked, nobody spends or ends them until the transaction ends. */
export async function planRightsOf(ctx: TxCtx, order: Id<'ord'>, isLocked: boolean): Promise<{ id: Id<'ent'>; isRevoked: boolean }[]> {
  return (await listPlanRights(ctx.db, { order }, isLocked)).map(({ id, revokedAt }) => ({ id, isRevoked: revokedAt !== null }))
}

/** The orders that gave rights to plans. */
export async function ordersGiving(ctx: TxCtx, rights: Id<'ent'>[]): Promise<{ right: Id<'ent'>; order: Id<'ord'> }[]> {
  const found = rights.length === 0 ? [] : await listPlanRights(ctx.db, { ids: rights }, false)
  return found.flatMap(({ id, order }) => (order ? [{ right: id, order }] : []))
}

/** True when each of the rights lives and was paid for by at least so much; locked until the transaction ends. */
export async function isWorth(ctx: TxCtx, spent: { right: Id<'ent'>; credit: Cents }[]): Promise<boolean> {
  const rights = spent.length === 0 ? [] : await listPlanRights(ctx.db, { ids: spent.map((one) => one.right) }, true)
  return spent.every(({ right, credit }) => rights.some((one) => one.id === right && one.revokedAt === null && one.worth >= credit))
}

/** The member's rights to a course: to itself, and to every plan that unlocks it. */
async function rightsTo(ctx: TxCtx, member: Id<'mem'>, course: Id<'crs'>): Promise<Kept[]> {
  const rights = await listRights(ctx.db, member, [course])
  if (rights.every((right) => right.plan === null)) return rights
  const opening = new Set((await allPlans(ctx)).filter((plan) => unlocks(plan, course)).map((plan) => plan.id))
  return rights.filter((right) => right.plan === null || opening.has(right.plan))
}

function unlocks(plan: KeptPlan, course: Id<'crs'>): boolean {
  return plan.unlocksAll || plan.courses.includes(course)
}

/** What a caller may do with a lesson, from the lesson's own terms and every right of the member. */
export async function lessonAccess(ctx: TxCtx, member: Id<'mem'> | undefined, lesson: Lesson & { course: Id<'crs'> }): Promise<LessonAccess> {
  return (await lessonOpening(ctx, member, lesson)).access
}

/** The same, with the right that opens it: whatever is used now is used under that one. */
export async function lessonOpening(ctx: TxCtx, member: Id<'mem'> | undefined, lesson: Lesson & { course: Id<'crs'> }): Promise<{ access: LessonAccess; right: Id<'ent'> | null }> {
  const rights = member ? await rightsTo(ctx, member, lesson.course) : []
  return { access: decideLesson(lesson, rights, member !== undefined, ctx.now()), right: bestRight(rights, ctx.now())?.id ?? null }
}

/** The same for many lessons of one course, with one look at the rights. */
export async function lessonsAccess(ctx: TxCtx, member: Id<'mem'> | undefined, course: Id<'crs'>, lessons: Lesson[]): Promise<LessonAccess[]> {
  const rights = member ? await rightsTo(ctx, member, course) : []
  return lessons.map((lesson) => decideLesson(lesson, rights, member !== undefined, ctx.now()))
}

export async function ownsCourse(ctx: TxCtx, member: Id<'mem'>, course: Id<'crs'>): Promise<boolean> {
  return bestRight(await rightsTo(ctx, member, course), ctx.now()) !== undefined
}

/** The courses a member may open now, by rights of their own and by plans, with the end of the longest right. */
export async function ownedCourses(ctx: TxCtx, member: Id<'mem'>): Promise<Map<Id<'crs'>, Date | null>> {
  const rights = await listRights(ctx.db, member, null)
  const byPlan = rights.filter((right) => right.plan !== null && isLive(right, ctx.now()))
  const opened = byPlan.length > 0 ? await openedBy(ctx, byPlan) : []
  return longestOf(ctx, [...rights, ...opened])
}

/** The courses a member has rights of their own to: a plan opens many, and few of them are on the member's desk. */
export async function ownCourses(ctx: TxCtx, member: Id<'mem'>): Promise<Map<Id<'crs'>, Date | null>> {
  return longestOf(ctx, await listRights(ctx.db, member, null))
}

/** Each course that rights to plans open, as a right of its own. */
async function openedBy(ctx: TxCtx, rights: Kept[]): Promise<Kept[]> {
  const plans = await allPlans(ctx)
  const all = plans.some((plan) => plan.unlocksAll) ? (await publishedCourses(ctx, {}, 0, 1000)).map((course) => course.id) : []
  return rights.flatMap((right) => {
    const plan = plans.find((one) => one.id === right.plan)
    return (plan?.unlocksAll ? all : (plan?.courses ?? [])).map((course) => ({ ...right, course }))
  })
}

function longestOf(ctx: TxCtx, rights: Kept[]): Map<Id<'crs'>, Date | null> {
  const owned = new Map<Id<'crs'>, Date | null>()
  for (const course of new Set(rights.map((right) => right.course))) {
    const best = course && bestRight(rights.filter((right) => right.course === course), ctx.now())
    if (course && best) owned.set(course, best.until)
  }
  return owned
}

/** A plan as a member has it: `until` is the end of all its live times together. */
export type Held = { plan: KeptPlan; until: Date | null; isTrial: boolean }

/** The plans a member has now, the highest tier first. */
export async function plansOf(ctx: TxCtx, member: Id<'mem'>): Promise<Held[]> {
  const rights = (await listRights(ctx.db, member, [])).filter((right) => right.plan !== null)
  if (rights.length === 0) return []
  const held = (await allPlans(ctx)).map((plan) => {
    const own = rights.filter((right) => right.plan === plan.id && right.revokedAt === null && (right.until === null || right.until > ctx.now()))
    const isNow = own.some((right) => isLive(right, ctx.now()))
    return isNow ? { plan, until: own.some((right) => right.until === null) ? null : nextStart(own, ctx.now()), isTrial: own.every((right) => right.reason === 'free' && right.worth === 0) } : undefined
  })
  return held.filter((one) => one !== undefined).toReversed()
}

export async function showMemberships(ctx: TxCtx, member: Id<'mem'>): Promise<Membership[]> {
  return (await plansOf(ctx, member)).map(({ plan, until, isTrial }) => ({
    plan: plan.id, title: plan.title, until: until && instant(until), trial: isTrial,
    remind: until !== null && until.getTime() - ctx.now().getTime() <= plan.remindDays * 86_400_000,
  }))
}

/** True when the member has or had any time of the plan: a trial is for those who never had one. */
export async function hadPlan(ctx: TxCtx, member: Id<'mem'>, plan: Id<'pln'>): Promise<boolean> {
  return (await listRights(ctx.db, member, [])).some((right) => right.plan === plan)
}

/** What is left, by whole days, of lower tiers that were paid for. */
export async function creditsBelow(ctx: TxCtx, member: Id<'mem'>, rank: number): Promise<Credit[]> {
  const lower = new Map((await allPlans(ctx)).filter((plan) => plan.rank < rank).map((plan) => [plan.id, plan]))
  const rights = (await listRights(ctx.db, member, [])).filter((right) => right.plan !== null && right.revokedAt === null && (right.until === null || right.until > ctx.now()))
  return rights.flatMap((right) => {
    const plan = right.plan ? lower.get(right.plan) : undefined
    return plan ? [{ right: right.id, title: plan.title, ...creditOf(right, ctx.now()) }] : []
  })
}

export async function countPlanMembers(ctx: TxCtx, plan: KeptPlan): Promise<{ members: number; endingSoon: number }> {
  return countMembers(ctx.db, plan.id, ctx.now(), new Date(ctx.now().getTime() + plan.remindDays * 86_400_000))
}

/** The time of a plan that an order gave. */
export async function planTimeOf(ctx: TxCtx, member: Id<'mem'>, order: Id<'ord'>): Promise<{ from: Date; until: Date | null } | undefined> {
  const right = (await listRights(ctx.db, member, [])).find((one) => one.order === order && one.plan !== null)
  return right && { from: right.from ?? right.grantedAt, until: right.until }
}

/** The rights to courses that an order gave. */
export async function courseRightsOf(ctx: TxCtx, member: Id<'mem'>, order: Id<'ord'>): Promise<Id<'ent'>[]> {
  return (await listRights(ctx.db, member, null)).filter((right) => right.order === order && right.course !== null).map((right) => right.id)
}

/** Members whose time of a plan ends within the days in which they are reminded, and when. */
export async function endingSoon(ctx: TxCtx, plan: KeptPlan): Promise<{ member: Id<'mem'>; until: Date }[]> {
  return listEnding(ctx.db, plan.id, ctx.now(), new Date(ctx.now().getTime() + plan.remindDays * 86_400_000))
}

/** Whether the member had one of the courses, or the plan, before an order gave it, by whatever right. */
export async function hadBefore(ctx: TxCtx, member: Id<'mem'>, given: { courses: Id<'crs'>[]; plan?: Id<'pln'> | undefined }, order: Id<'ord'>): Promise<boolean> {
  const rights = await listRights(ctx.db, member, given.courses)
  const since = Math.min(...rights.filter((right) => right.order === order).map((right) => right.grantedAt.getTime()))
  return rights.some((right) => right.order !== order && right.grantedAt.getTime() < since && (given.plan ? right.plan === given.plan : right.course !== null))
}

export async function ownersOf(ctx: TxCtx, courses: Id<'crs'>[] | null): Promise<Map<Id<'crs'>, number>> {
  return countOwners(ctx.db, courses, ctx.now())
}

export async function explainCourse(ctx: TxCtx, member: Id<'mem'>, courseId: Id<'crs'>) {
  const course = await courseOf(ctx, courseId)
  if (!course) refuse('thing.not_found', { what: 'course' })
  const rights = await rightsTo(ctx, member, course.id)
  const titles = await titlesOf(ctx, rights)
  const lessons = await lessonsOf(ctx, [course.id])
  const published = course.state === 'published'
  return {
    open: bestRight(rights, ctx.now()) !== undefined,
    entitlements: rights.map((right) => shown(right, titles, ctx.now())),
    lessons: lessons.map((lesson) => ({ lesson: lesson.id, title: lesson.title, access: decideLesson({ ...lesson, published }, rights, true, ctx.now()) })),
  }
}

export async function listEntitlements(ctx: TxCtx, member: Id<'mem'>): Promise<{ items: Entitlement[] }> {
  await memberSummary(ctx, member)
  const rights = await listRights(ctx.db, member, null)
  const titles = await titlesOf(ctx, rights)
  return { items: rights.map((right) => shown(right, titles, ctx.now())) }
}

/** The names of the courses and plans that rights are to. */
async function titlesOf(ctx: TxCtx, rights: Kept[]): Promise<Map<string, string>> {
  const titles = new Map<string, string>(rights.some((right) => right.plan) ? (await allPlans(ctx)).map((plan) => [plan.id, plan.title]) : [])
  for (const { course } of rights) if (course && !titles.has(course)) titles.set(course, (await courseOf(ctx, course))?.title ?? '')
  return titles
}

export async function grantByHand(ctx: TxCtx, member: Id<'mem'>, given: { course: Id<'crs'>; until: string | null; note: string }): Promise<Entitlement> {
  return inTransaction(ctx, async (ctx) => {
    const course = await courseOf(ctx, given.course)
    if (!course) refuse('thing.not_found', { what: 'course' })
    await memberSummary(ctx, member)
    const right: Kept = { id: newId('ent'), member, course: course.id, plan: null, reason: 'granted', order: null, note: given.note, grantedAt: ctx.now(), from: null, until: given.until ? new Date(given.until) : null, worth: ZERO, revokedAt: null, revokedWhy: null }
    await insertEntitlement(ctx.db, right)
    await audit(ctx, { action: 'access.granted', subject: member, before: null, after: { course: course.id, until: given.until, note: given.note } })
    return shown(right, await titlesOf(ctx, [right]), ctx.now())
  })
}

/** Only rights given by hand or by a code: what was bought ends by a refund. */
export async function revokeByHand(ctx: TxCtx, id: Id<'ent'>, why: string): Promise<Entitlement> {
  return inTransaction(ctx, async (ctx) => {
    const right = await findEntitlement(ctx.db, id)
    if (!right || !['granted', 'redeemed'].includes(right.reason)) refuse('thing.not_found', { what: 'entitlement' })
    const changed = await updateRevoked(ctx.db, { ids: [id] }, ctx.now(), why)
    if (changed.length > 0) await audit(ctx, { action: 'access.revoked', subject: right.member, before: { course: right.course }, after: { why } })
    const after = await findEntitlement(ctx.db, id)
    return shown(after ?? right, await titlesOf(ctx, [right]), ctx.now())
  })
}

function shown(right: Kept, titles: Map<string, string>, now: Date): Entitlement {
  return {
    id: right.id,
    course: right.course,
    plan: right.plan,
    title: titles.get(right.plan ?? right.course ?? '') ?? '',
    reason: right.reason,
    order: right.order,
    note: right.note,
    grantedAt: instant(right.grantedAt),
    from: right.from && instant(right.from),
    until: right.until && instant(right.until),
    revokedAt: right.revokedAt && instant(right.revokedAt),
    revokedWhy: right.revokedWhy,
    live: isLive(right, now),
  }
}
