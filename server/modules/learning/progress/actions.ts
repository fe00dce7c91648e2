// Taking reports of what was played, and showing how far a member has come.
import type { CourseProgress, LessonProgress } from '#contracts/progress.ts'
import type { Id } from '#contracts/words/id.ts'
import { dayOf, instant } from '#contracts/words/time.ts'
import { inTransaction, type TxCtx } from '#kernel/ctx.ts'
import { refuse } from '#kernel/refuse.ts'
import { readSettings } from '#modules/academy/settings/actions.ts'
import { lessonOpening, ownCourses, trialLength } from '#modules/content/access/actions.ts'
import { courseOf, coversOf } from '#modules/content/catalog/actions.ts'
import { lessonOf, lessonsOf, type KeptLesson } from '#modules/content/outline/actions.ts'
import { assetsOf } from '#modules/content/media/actions.ts'
import { memberSummary } from '#modules/people/members/actions.ts'
import { noteUsage } from '#modules/trust/usage/actions.ts'
import { ARTICLE_UNITS, isSound, multirange, progressOf, streak, within } from './rules.ts'
import { addDay, findPosition, listDays, listProgress, mergeReport, updateDone, type Kept } from './store.ts'

type Report = { ranges: [number, number][]; positionSeconds: number; at: string }

/** Adds what a device played; the same seconds count once, whoever reports them and however often. */
export async function report(ctx: TxCtx, member: Id<'mem'>, id: Id<'lsn'>, told: Report): Promise<LessonProgress> {
  const lesson = (await lessonOf(ctx, id)) ?? refuse('thing.not_found', { what: 'lesson' })
  const course = await courseOf(ctx, lesson.course)
  const { access, right } = await lessonOpening(ctx, member, { ...lesson, published: course?.state === 'published' })
  if (access.mode === 'closed') refuse('lesson.no_access', { reason: access.reason })
  const length = await lengthOf(ctx, lesson)
  if (!isSound(told.ranges, length)) refuse('request.invalid', { in: 'body', field: 'ranges', problem: 'must run forward inside the lesson' })
  const end = access.mode === 'trial' ? (trialLength({ seconds: access.trialSeconds, basisPoints: access.trialBasisPoints }, length ?? 0) ?? length) : length
  const { ranges, positionSeconds } = within(told, end)
  const at = new Date(Math.min(new Date(told.at).getTime(), ctx.now().getTime()))
  const { zone } = await readSettings(ctx)
  return inTransaction(ctx, async (ctx) => {
    const played = multirange(ranges)
    const merged = await mergeReport(ctx.db, { member, lesson: id, course: lesson.course, ranges: played, positionSeconds, at })
    const done = progressOf(merged.after, length ?? 0)
    const completed = await updateDone(ctx.db, member, id, done)
    if (right && ranges.length > 0) await noteUsage(ctx, { right, member, lesson: id, course: lesson.course }, played, length ?? 0)
    if (lesson.kind !== 'article' && merged.after > merged.before) await addDay(ctx.db, member, dayOf(at, zone), merged.after - merged.before)
    return { lesson: id, positionSeconds: merged.positionSeconds, watchedSeconds: merged.after, basisPoints: done.basisPoints, completed, seenAt: instant(merged.seenAt) }
  })
}

async function lengthOf(ctx: TxCtx, lesson: KeptLesson): Promise<number | null> {
  if (lesson.kind === 'article') return ARTICLE_UNITS
  return lesson.asset ? ((await assetsOf(ctx, [lesson.asset])).get(lesson.asset)?.durationSeconds ?? null) : null
}

export async function positionOf(ctx: TxCtx, member: Id<'mem'>, lesson: Id<'lsn'>): Promise<number> {
  return findPosition(ctx.db, member, lesson)
}

/** Progress of courses the member owns or has begun, latest first. */
export async function courseProgress(ctx: TxCtx, member: Id<'mem'>, only: Id<'crs'> | null): Promise<CourseProgress[]> {
  const kept = await listProgress(ctx.db, member, only ? [only] : null)
  const owned = await ownCourses(ctx, member)
  const ids = [...new Set([...kept.map((one) => one.course), ...[...owned.keys()].filter((id) => only === null || id === only)])]
  const lessons = await lessonsOf(ctx, ids)
  const covers = await coversOf(ctx, ids)
  const shown = await Promise.all(ids.map(async (id) => {
    const course = await courseOf(ctx, id)
    const own = kept.filter((one) => one.course === id)
    return course && { course: id, slug: course.slug, title: course.title, cover: covers.get(id) ?? null, lecturerName: course.lecturerName || null, ...summed(lessons.filter((lesson) => lesson.course === id), own) }
  }))
  return shown.filter((one) => one !== undefined)
}

function summed(lessons: KeptLesson[], kept: Kept[]) {
  const done = kept.filter((one) => one.completed)
  const latest = kept[0]
  const at = lessons.findIndex((lesson) => lesson.id === latest?.lesson)
  const open = lessons.filter((lesson) => !done.some((one) => one.lesson === lesson.id))
  const next = latest && !latest.completed ? lessons[at] : (open.find((lesson) => lessons.indexOf(lesson) > at) ?? open[0] ?? lessons[0])
  const position = next && next.id === latest?.lesson ? latest.positionSeconds : 0
  return {
    lessonsDone: done.length,
    lessons: lessons.length,
    basisPoints: lessons.length === 0 ? 0 : Math.floor(kept.reduce((sum, one) => sum + (one.completed ? 10_000 : one.basisPoints), 0) / lessons.length),
    next: next ? { lesson: next.id, number: lessons.indexOf(next) + 1, title: next.title, kind: next.kind, positionSeconds: position } : null,
    seenAt: latest ? instant(latest.seenAt) : null,
  }
}

export async function showLearning(ctx: TxCtx, member: Id<'mem'>) {
  const { zone } = await readSettings(ctx)
  const today = dayOf(ctx.now(), zone)
  const days = await listDays(ctx.db, member)
  const kept = await listProgress(ctx.db, member, null)
  return {
    courses: await courseProgress(ctx, member, null),
    today: { seconds: days.find((day) => day.day === today)?.seconds ?? 0, lessons: kept.filter((one) => dayOf(one.seenAt, zone) === today).length },
    streakDays: streak(days.map((day) => day.day), today),
    totalSeconds: days.reduce((sum, day) => sum + day.seconds, 0),
  }
}

export async function showForDesk(ctx: TxCtx, member: Id<'mem'>): Promise<{ courses: CourseProgress[] }> {
  await memberSummary(ctx, member)
  return { courses: await courseProgress(ctx, member, null) }
}

export async function showCourseProgress(ctx: TxCtx, member: Id<'mem'>, id: Id<'crs'>) {
  if (!(await courseOf(ctx, id))) refuse('thing.not_found', { what: 'course' })
  const [course] = await courseProgress(ctx, member, id)
  const lessons = (await listProgress(ctx.db, member, [id])).map(({ course: _course, seenAt, ...one }) => ({ ...one, seenAt: instant(seenAt) }))
  return { course: course ?? null, lessons }
}
