// The chapters and lessons of courses: reading them, and the changes that editing a course makes of them.
import type { EditedCourse, EditedLesson } from '#contracts/catalog.ts'
import type { Id } from '#contracts/words/id.ts'
import type { TxCtx } from '#kernel/ctx.ts'
import { newId } from '#kernel/ids.ts'
import { refuse } from '#kernel/refuse.ts'
import { sameFields } from '#modules/academy/audit/actions.ts'
import { assetsOf, refuseUnlike } from '#modules/content/media/actions.ts'
import { cleanHtml, isReady, isSameSet } from './rules.ts'
import {
  deleteChapter, deleteLesson, deleteSubtitle, findChapter, findLesson, insertChapter, insertLesson, listChapters, listLessons, listSubtitles, updateChapter, updateLesson, updatePlace, upsertSubtitle,
  type KeptChapter, type KeptLesson, type KeptSubtitle,
} from './store.ts'

export type { KeptLesson, KeptSubtitle }
export { cleanHtml, markdownToHtml } from './rules.ts'
export type LessonFields = Partial<Pick<KeptLesson, 'title' | 'summary' | 'asset' | 'articleHtml' | 'free' | 'trial'>>
export type Tree = { chapter: Id<'chp'>; lessons: Id<'lsn'>[] }[]
/** What a change of the tree leaves in the audit log. */
export type Edit = { before: unknown; after: unknown }

export async function lessonOf(ctx: TxCtx, id: Id<'lsn'>): Promise<KeptLesson | undefined> {
  return findLesson(ctx.db, id)
}

/** What learners are shown and progress counts, course by course: a lesson that is still being made is not there. */
export async function lessonsOf(ctx: TxCtx, courses: Id<'crs'>[]): Promise<KeptLesson[]> {
  const lessons = await listLessons(ctx.db, courses)
  const assets = await assetsOf(ctx, lessons.flatMap((lesson) => lesson.asset ?? []))
  return lessons.filter((lesson) => isReady(lesson, assets))
}

export async function chaptersOf(ctx: TxCtx, course: Id<'crs'>) {
  return listChapters(ctx.db, course)
}

export async function subtitlesOf(ctx: TxCtx, lesson: Id<'lsn'>) {
  return listSubtitles(ctx.db, [lesson])
}

export async function courseOfChapter(ctx: TxCtx, id: Id<'chp'>): Promise<Id<'crs'>> {
  return (await getChapter(ctx, id)).course
}

export async function courseOfLesson(ctx: TxCtx, id: Id<'lsn'>): Promise<Id<'crs'>> {
  return (await getLesson(ctx, id)).course
}

/** How many lessons courses have, those still being made among them. */
export async function countLessons(ctx: TxCtx, courses: Id<'crs'>[]): Promise<Map<Id<'crs'>, number>> {
  const counts = new Map<Id<'crs'>, number>()
  for (const { course } of await listLessons(ctx.db, courses)) counts.set(course, (counts.get(course) ?? 0) + 1)
  return counts
}

/** The tree as operators see it. */
export async function editedChapters(ctx: TxCtx, course: Id<'crs'>): Promise<EditedCourse['chapters']> {
  const lessons = await editedLessons(ctx, course)
  return (await listChapters(ctx.db, course)).map(({ course: _course, ...chapter }) => ({ ...chapter, lessons: lessons.filter((lesson) => lesson.chapter === chapter.id) }))
}

async function editedLessons(ctx: TxCtx, course: Id<'crs'>): Promise<EditedLesson[]> {
  const lessons = await listLessons(ctx.db, [course])
  const assets = await assetsOf(ctx, lessons.flatMap((lesson) => lesson.asset ?? []))
  const subtitles = await listSubtitles(ctx.db, lessons.map((lesson) => lesson.id))
  return lessons.map(({ course: _course, ...lesson }) => {
    const asset = lesson.asset ? assets.get(lesson.asset) : undefined
    const own = subtitles.filter((subtitle) => subtitle.lesson === lesson.id).map(({ lesson: _lesson, ...subtitle }) => ({ ...subtitle, label: subtitle.language }))
    return { ...lesson, durationSeconds: asset?.durationSeconds ?? null, subtitles: own, ready: isReady(lesson, assets) }
  })
}

export async function putChapter(ctx: TxCtx, course: Id<'crs'>, title: string): Promise<Edit> {
  await insertChapter(ctx.db, { id: newId('chp'), course, title })
  return { before: null, after: { title } }
}

export async function titleChapter(ctx: TxCtx, id: Id<'chp'>, title: string): Promise<Edit> {
  const before = await getChapter(ctx, id)
  await updateChapter(ctx.db, { id, title })
  return { before: { chapter: id, title: before.title }, after: { chapter: id, title } }
}

export async function dropChapter(ctx: TxCtx, id: Id<'chp'>): Promise<Edit> {
  const before = await getChapter(ctx, id)
  await deleteChapter(ctx.db, id)
  return { before: { chapter: id, title: before.title }, after: null }
}

export async function putLesson(ctx: TxCtx, id: Id<'chp'>, wish: { title: string; kind: KeptLesson['kind'] }): Promise<Edit> {
  const chapter = await getChapter(ctx, id)
  await insertLesson(ctx.db, { id: newId('lsn'), course: chapter.course, chapter: id, ...wish })
  return { before: null, after: { chapter: id, ...wish } }
}

/** Refuses when somebody saved since `version` was read: what they wrote stays. */
export async function saveLesson(ctx: TxCtx, id: Id<'lsn'>, version: number, wish: LessonFields): Promise<Edit> {
  const before = await getLesson(ctx, id)
  if (before.version !== version) refuse('thing.changed_meanwhile', { version: before.version })
  if (wish.asset && wish.asset !== before.asset) await refuseUnlike(ctx, wish.asset, before.kind)
  const fields = wish.articleHtml === undefined ? wish : { ...wish, articleHtml: cleanHtml(wish.articleHtml) }
  if (!(await updateLesson(ctx.db, { ...before, ...fields }))) refuse('thing.changed_meanwhile')
  return { before: { lesson: id, ...sameFields(before, fields) }, after: { lesson: id, ...fields } }
}

export async function dropLesson(ctx: TxCtx, id: Id<'lsn'>): Promise<Edit> {
  const before = await getLesson(ctx, id)
  await deleteLesson(ctx.db, id)
  return { before: { lesson: id, title: before.title }, after: null }
}

export async function putSubtitle(ctx: TxCtx, id: Id<'lsn'>, language: KeptSubtitle['language'], asset: Id<'ast'> | null): Promise<Edit> {
  if (asset) await refuseUnlike(ctx, asset, 'subtitle')
  const before = (await listSubtitles(ctx.db, [id])).find((one) => one.language === language)
  if (asset) await upsertSubtitle(ctx.db, { id: newId('sub'), lesson: id, language, asset })
  else await deleteSubtitle(ctx.db, id, language)
  return { before: { lesson: id, language, asset: before?.asset ?? null }, after: { lesson: id, language, asset } }
}

export async function putOrder(ctx: TxCtx, course: Id<'crs'>, tree: Tree): Promise<Edit> {
  const lessons = await listLessons(ctx.db, [course])
  const before: Tree = (await listChapters(ctx.db, course)).map((chapter) => ({ chapter: chapter.id, lessons: lessons.filter((one) => one.chapter === chapter.id).map((one) => one.id) }))
  const isWhole = isSameSet(before.map((one) => one.chapter), tree.map((one) => one.chapter)) && isSameSet(lessons.map((one) => one.id), tree.flatMap((one) => one.lessons))
  if (!isWhole) refuse('request.invalid', { in: 'body', field: 'chapters', problem: 'must name every chapter and lesson of the course once' })
  for (const [at, { chapter, lessons: inside }] of tree.entries()) {
    await updateChapter(ctx.db, { id: chapter, position: at })
    for (const [place, lesson] of inside.entries()) await updatePlace(ctx.db, lesson, chapter, place)
  }
  return { before, after: tree }
}

async function getChapter(ctx: TxCtx, id: Id<'chp'>): Promise<KeptChapter> {
  return (await findChapter(ctx.db, id)) ?? refuse('thing.not_found', { what: 'chapter' })
}

async function getLesson(ctx: TxCtx, id: Id<'lsn'>): Promise<KeptLesson> {
  return (await findLesson(ctx.db, id)) ?? refuse('thing.not_found', { what: 'lesson' })
}
