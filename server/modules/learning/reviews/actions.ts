// Writing, answering and reading reviews.
import type { DeskReview, Review } from '#contracts/reviews.ts'
import type { Id } from '#contracts/words/id.ts'
import { instant } from '#contracts/words/time.ts'
import { inTransaction, type Actor, type TxCtx } from '#kernel/ctx.ts'
import { newId } from '#kernel/ids.ts'
import { rowsBefore } from '#kernel/places.ts'
import { refuse } from '#kernel/refuse.ts'
import { audit } from '#modules/academy/audit/actions.ts'
import { readSettings } from '#modules/academy/settings/actions.ts'
import { ownsCourse } from '#modules/content/access/actions.ts'
import { courseOf, getCourse, ownAtDesk } from '#modules/content/catalog/actions.ts'
import { memberSummaries } from '#modules/people/members/actions.ts'
import { summarise, type Summary } from './rules.ts'
import { countStars, findReview, hasReview, insertReview, listReviews, updateHidden, updateReply, type Kept } from './store.ts'

export async function summariesOf(ctx: TxCtx, courses: Id<'crs'>[]): Promise<Map<Id<'crs'>, Summary>> {
  const counts = (await areOpen(ctx)) ? await countStars(ctx.db, courses) : []
  return new Map(courses.map((course) => [course, summarise(counts.filter((one) => one.course === course))]))
}

/** An academy may keep reviews closed: then none is shown to learners and none is written. */
async function areOpen(ctx: TxCtx): Promise<boolean> {
  return (await readSettings(ctx)).features.reviews
}

export async function listForCourse(ctx: TxCtx, course: Id<'crs'>, ask: { cursor?: string; limit?: number }) {
  if (!(await areOpen(ctx))) return { items: [], next: null }
  const limit = ask.limit ?? 20
  const offset = rowsBefore(ask.cursor)
  const kept = await listReviews(ctx.db, { courses: [course], unanswered: false, withHidden: false }, offset, limit + 1)
  return { items: await shownAll(ctx, kept.slice(0, limit)), next: kept.length > limit ? String(offset + limit) : null }
}

export async function showReviews(ctx: TxCtx & { actor: Actor }, id: Id<'crs'>, ask: { cursor?: string; limit?: number }) {
  const course = (await courseOf(ctx, id)) ?? refuse('thing.not_found', { what: 'course' })
  const page = await listForCourse(ctx, course.id, ask)
  const summary = (await summariesOf(ctx, [course.id])).get(course.id) ?? summarise([])
  const canWrite = (await areOpen(ctx)) && ctx.actor.kind === 'member' && (await ownsCourse(ctx, ctx.actor.member, course.id)) && !(await hasReview(ctx.db, course.id, ctx.actor.member))
  return { ...page, summary, canWrite }
}

export async function writeReview(ctx: TxCtx, member: Id<'mem'>, course: Id<'crs'>, wish: { stars: number; text: string }, writtenAt: Date = ctx.now()): Promise<Review> {
  if (!(await courseOf(ctx, course))) refuse('thing.not_found', { what: 'course' })
  if (!(await areOpen(ctx))) refuse('thing.not_found', { what: 'reviews' })
  if (!(await ownsCourse(ctx, member, course))) refuse('review.not_owner_of_course')
  const review = { id: newId('rvw'), course, member, ...wish, writtenAt }
  if (!(await insertReview(ctx.db, review))) refuse('review.already_written')
  return one(ctx, review.id)
}

export async function replyTo(ctx: TxCtx, id: Id<'rvw'>, text: string): Promise<Review> {
  return inTransaction(ctx, async (ctx) => {
    const before = await reviewForDesk(ctx, id)
    await updateReply(ctx.db, id, text, ctx.now())
    await audit(ctx, { action: 'review.answered', subject: id, before: before.reply, after: text })
    return one(ctx, id)
  })
}

export async function listForDesk(ctx: TxCtx, ask: { unanswered?: boolean; course?: Id<'crs'>; cursor?: string; limit?: number }) {
  const limit = ask.limit ?? 20
  const offset = rowsBefore(ask.cursor)
  const own = await ownAtDesk(ctx)
  const courses = ask.course ? [ask.course].filter((one) => own?.includes(one) ?? true) : own
  const kept = await listReviews(ctx.db, { courses, unanswered: ask.unanswered ?? false, withHidden: true }, offset, limit + 1)
  return { items: await shownForDesk(ctx, kept.slice(0, limit)), next: kept.length > limit ? String(offset + limit) : null }
}

export async function hideReview(ctx: TxCtx, id: Id<'rvw'>, why: string | null): Promise<DeskReview> {
  return inTransaction(ctx, async (ctx) => {
    const before = await reviewForDesk(ctx, id)
    await updateHidden(ctx.db, id, why, ctx.now())
    await audit(ctx, { action: why === null ? 'review.shown_again' : 'review.hidden', subject: id, before: { why: before.hiddenWhy }, after: { why } })
    return (await shownForDesk(ctx, [{ ...before, hiddenWhy: why }]))[0] ?? refuse('thing.not_found', { what: 'review' })
  })
}

/** Lecturers answer for their own courses. */
async function reviewForDesk(ctx: TxCtx, id: Id<'rvw'>): Promise<Kept> {
  const review = (await findReview(ctx.db, id)) ?? refuse('thing.not_found', { what: 'review' })
  await getCourse(ctx, review.course)
  return review
}

async function shownForDesk(ctx: TxCtx, kept: Kept[]): Promise<DeskReview[]> {
  const shown = await shownAll(ctx, kept)
  return Promise.all(kept.map(async (review, at) => ({ ...(shown[at] ?? refuse('thing.not_found')), course: review.course, courseTitle: (await courseOf(ctx, review.course))?.title ?? '', hiddenWhy: review.hiddenWhy })))
}

async function one(ctx: TxCtx, id: Id<'rvw'>): Promise<Review> {
  const kept = (await findReview(ctx.db, id)) ?? refuse('thing.not_found', { what: 'review' })
  return (await shownAll(ctx, [kept]))[0] ?? refuse('thing.not_found', { what: 'review' })
}

async function shownAll(ctx: TxCtx, reviews: Kept[]): Promise<Review[]> {
  const members = await memberSummaries(ctx, reviews.map((review) => review.member))
  return reviews.map((review) => ({
    id: review.id,
    nickname: members.get(review.member)?.nickname ?? '',
    stars: review.stars,
    text: review.text,
    writtenAt: instant(review.writtenAt),
    reply: review.reply && review.replyAt ? { text: review.reply, at: instant(review.replyAt) } : null,
    mine: ctx.actor.kind === 'member' && ctx.actor.member === review.member,
  }))
}
