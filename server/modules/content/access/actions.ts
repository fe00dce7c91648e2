// Granting, revoking and explaining what a member may open.
import type { Entitlement, LessonAccess } from '#contracts/access.ts'
import type { Id } from '#contracts/words/id.ts'
import { instant } from '#contracts/words/time.ts'
import { inTransaction, type TxCtx } from '#kernel/ctx.ts'
import { newId } from '#kernel/ids.ts'
import { refuse } from '#kernel/refuse.ts'
import { audit } from '#modules/academy/audit/actions.ts'
import { courseOf, lessonsOf } from '#modules/content/catalog/actions.ts'
import { memberSummary } from '#modules/people/members/actions.ts'
import { bestRight, decideLesson, endAfterDays, isLive, type Lesson } from './rules.ts'
import { countOwners, findEntitlement, insertEntitlement, listRights, updateRevoked, type Kept } from './store.ts'

export { trialLength } from './rules.ts'

/** Gives a course for an order, inside the transaction that records the payment. True the first time. */
export async function grantByOrder(ctx: TxCtx, given: { member: Id<'mem'>; course: Id<'crs'>; order: Id<'ord'>; reason: 'bought' | 'free'; days: number | null }): Promise<boolean> {
  const now = ctx.now()
  return insertEntitlement(ctx.db, { id: newId('ent'), member: given.member, course: given.course, reason: given.reason, order: given.order, note: '', grantedAt: now, until: endAfterDays(now, given.days) })
}

/** Takes back what an order gave. */
export async function revokeByOrder(ctx: TxCtx, order: Id<'ord'>, why: string): Promise<number> {
  return updateRevoked(ctx.db, { order }, ctx.now(), why)
}

/** What a caller may do with a lesson, from the lesson's own terms and every right of the member. */
export async function lessonAccess(ctx: TxCtx, member: Id<'mem'> | undefined, lesson: Lesson & { course: Id<'crs'> }): Promise<LessonAccess> {
  const rights = member ? await listRights(ctx.db, member, [lesson.course]) : []
  return decideLesson(lesson, rights, member !== undefined, ctx.now())
}

/** The same for many lessons of one course, with one look at the rights. */
export async function lessonsAccess(ctx: TxCtx, member: Id<'mem'> | undefined, course: Id<'crs'>, lessons: Lesson[]): Promise<LessonAccess[]> {
  const rights = member ? await listRights(ctx.db, member, [course]) : []
  return lessons.map((lesson) => decideLesson(lesson, rights, member !== undefined, ctx.now()))
}

export async function ownsCourse(ctx: TxCtx, member: Id<'mem'>, course: Id<'crs'>): Promise<boolean> {
  return bestRight(await listRights(ctx.db, member, [course]), ctx.now()) !== undefined
}

/** The courses a member may open now, with the end of the longest right. */
export async function ownedCourses(ctx: TxCtx, member: Id<'mem'>): Promise<Map<Id<'crs'>, Date | null>> {
  const owned = new Map<Id<'crs'>, Date | null>()
  const rights = await listRights(ctx.db, member, null)
  for (const course of new Set(rights.map((right) => right.course))) {
    const best = bestRight(rights.filter((right) => right.course === course), ctx.now())
    if (best) owned.set(course, best.until)
  }
  return owned
}

export async function ownersOf(ctx: TxCtx, courses: Id<'crs'>[]): Promise<Map<Id<'crs'>, number>> {
  return countOwners(ctx.db, courses, ctx.now())
}

export async function explainCourse(ctx: TxCtx, member: Id<'mem'>, courseId: Id<'crs'>) {
  const course = await courseOf(ctx, courseId)
  if (!course) refuse('thing.not_found', { what: 'course' })
  const rights = await listRights(ctx.db, member, [course.id])
  const lessons = await lessonsOf(ctx, course.id)
  const published = course.state === 'published'
  return {
    open: bestRight(rights, ctx.now()) !== undefined,
    entitlements: rights.map((right) => shown(right, course.title, ctx.now())),
    lessons: lessons.map((lesson) => ({ lesson: lesson.id, title: lesson.title, access: decideLesson({ ...lesson, published }, rights, true, ctx.now()) })),
  }
}

export async function listEntitlements(ctx: TxCtx, member: Id<'mem'>): Promise<{ items: Entitlement[] }> {
  await memberSummary(ctx, member)
  const rights = await listRights(ctx.db, member, null)
  const titles = new Map<string, string>()
  for (const right of rights) if (!titles.has(right.course)) titles.set(right.course, (await courseOf(ctx, right.course))?.title ?? '')
  return { items: rights.map((right) => shown(right, titles.get(right.course) ?? '', ctx.now())) }
}

export async function grantByHand(ctx: TxCtx, member: Id<'mem'>, given: { course: Id<'crs'>; until: string | null; note: string }): Promise<Entitlement> {
  return inTransaction(ctx, async (ctx) => {
    const course = await courseOf(ctx, given.course)
    if (!course) refuse('thing.not_found', { what: 'course' })
    await memberSummary(ctx, member)
    const right: Kept = { id: newId('ent'), member, course: course.id, reason: 'granted', order: null, note: given.note, grantedAt: ctx.now(), until: given.until ? new Date(given.until) : null, revokedAt: null, revokedWhy: null }
    await insertEntitlement(ctx.db, right)
    await audit(ctx, { action: 'access.granted', subject: member, before: null, after: { course: course.id, until: given.until, note: given.note } })
    return shown(right, course.title, ctx.now())
  })
}

/** Only rights given by hand: what was bought ends by a refund. */
export async function revokeByHand(ctx: TxCtx, id: Id<'ent'>, why: string): Promise<Entitlement> {
  return inTransaction(ctx, async (ctx) => {
    const right = await findEntitlement(ctx.db, id)
    if (!right || right.reason !== 'granted') refuse('thing.not_found', { what: 'entitlement' })
    const changed = await updateRevoked(ctx.db, { id }, ctx.now(), why)
    if (changed > 0) await audit(ctx, { action: 'access.revoked', subject: right.member, before: { course: right.course }, after: { why } })
    const after = await findEntitlement(ctx.db, id)
    return shown(after ?? right, (await courseOf(ctx, right.course))?.title ?? '', ctx.now())
  })
}

function shown(right: Kept, courseTitle: string, now: Date): Entitlement {
  return {
    id: right.id,
    course: right.course,
    courseTitle,
    reason: right.reason,
    order: right.order,
    note: right.note,
    grantedAt: instant(right.grantedAt),
    until: right.until && instant(right.until),
    revokedAt: right.revokedAt && instant(right.revokedAt),
    revokedWhy: right.revokedWhy,
    live: isLive(right, now),
  }
}
