// Writing courses, publishing them, and reading them for the rooms to the right.
import { marked } from 'marked'
import type { EditedCourse, EditedLesson } from '#contracts/catalog.ts'
import type { Picture } from '#contracts/shapes.ts'
import type { Id } from '#contracts/words/id.ts'
import { instant } from '#contracts/words/time.ts'
import { inTransaction, type TxCtx } from '#kernel/ctx.ts'
import { newId } from '#kernel/ids.ts'
import { rowsBefore } from '#kernel/places.ts'
import { refuse } from '#kernel/refuse.ts'
import { audit } from '#modules/academy/audit/actions.ts'
import { assetsOf, picturesOf } from '#modules/content/media/actions.ts'
import { oneCategory, oneLecturer, showCategories } from '#modules/content/shelves/actions.ts'
import { canDo, cleanHtml, isSameSet, missingFor } from './rules.ts'
import {
  deleteChapter, deleteCourse, deleteLesson, deleteSubtitle, findChapter, findCourse, findLesson, insertChapter, insertCourse, insertLesson, listChapters, listCourses, listDue, listLessons,
  listSubtitles, searchCourses, updateChapter, updateCourse, updateLesson, updatePlace, upsertSubtitle, type KeptCourse, type KeptLesson,
} from './store.ts'

export type { KeptCourse, KeptLesson }
type Fields = Partial<Pick<KeptCourse, 'title' | 'slug' | 'promise' | 'descriptionHtml' | 'outcomes' | 'category' | 'lecturer' | 'coverAsset' | 'related'>>
type LessonFields = Partial<Pick<KeptLesson, 'title' | 'summary' | 'asset' | 'articleHtml' | 'free' | 'trial'>>

export async function courseOf(ctx: TxCtx, idOrSlug: string): Promise<KeptCourse | undefined> {
  return findCourse(ctx.db, idOrSlug)
}

export async function lessonOf(ctx: TxCtx, id: Id<'lsn'>): Promise<KeptLesson | undefined> {
  return findLesson(ctx.db, id)
}

export async function lessonsOf(ctx: TxCtx, course: Id<'crs'>): Promise<KeptLesson[]> {
  return listLessons(ctx.db, [course])
}

export async function lessonsOfAll(ctx: TxCtx, courses: Id<'crs'>[]): Promise<KeptLesson[]> {
  return listLessons(ctx.db, courses)
}

export async function chaptersOf(ctx: TxCtx, course: Id<'crs'>) {
  return listChapters(ctx.db, course)
}

export async function subtitlesOf(ctx: TxCtx, lesson: Id<'lsn'>) {
  return listSubtitles(ctx.db, [lesson])
}

export async function publishedCourses(ctx: TxCtx, search: { q?: string; category?: Id<'cat'>; below?: Id<'cat'>[]; kind?: string }, offset: number, limit: number): Promise<KeptCourse[]> {
  return searchCourses(ctx.db, { q: search.q?.trim() || null, states: ['published'], category: search.category ?? null, below: search.below ?? [], kind: search.kind ?? null }, offset, limit)
}

export async function coversOf(ctx: TxCtx, courses: Id<'crs'>[]): Promise<Map<Id<'crs'>, Picture>> {
  const kept = await listCourses(ctx.db, courses)
  const pictures = await picturesOf(ctx, kept.map((course) => course.coverAsset).filter((asset) => asset !== null))
  return new Map(kept.flatMap((course) => { const picture = course.coverAsset && pictures.get(course.coverAsset); return picture ? [[course.id, picture] as const] : [] }))
}

export async function beginCourse(ctx: TxCtx, wish: { title: string; kind: KeptCourse['kind'] }): Promise<EditedCourse> {
  return inTransaction(ctx, async (ctx) => {
    const id = newId('crs')
    await insertCourse(ctx.db, { id, slug: `c-${id.slice(-10)}`, ...wish, updatedAt: ctx.now() })
    await audit(ctx, { action: 'course.begun', subject: id, before: null, after: wish })
    return showCourse(ctx, id)
  })
}

/** Changes what is given and keeps the rest; refuses when `version` is no longer the one in the store. */
export async function changeCourse(ctx: TxCtx, id: Id<'crs'>, version: number, fields: Fields): Promise<EditedCourse> {
  return inTransaction(ctx, async (ctx) => {
    const before = await getCourse(ctx, id)
    if (!canDo(before).includes('edit')) refuse('course.state_forbids', { state: before.state })
    if (before.version !== version) refuse('thing.changed_meanwhile', { version: before.version })
    if (fields.slug && fields.slug !== before.slug && (await findCourse(ctx.db, fields.slug))) refuse('course.slug_taken')
    if (fields.category) await oneCategory(ctx, fields.category)
    const lecturerName = fields.lecturer ? (await oneLecturer(ctx, fields.lecturer)).name : fields.lecturer === null ? '' : before.lecturerName
    const descriptionHtml = fields.descriptionHtml === undefined ? before.descriptionHtml : cleanHtml(fields.descriptionHtml)
    if (!(await updateCourse(ctx.db, { ...before, ...fields, descriptionHtml, lecturerName, updatedAt: ctx.now() }))) refuse('thing.changed_meanwhile')
    await audit(ctx, { action: 'course.changed', subject: id, before: Object.fromEntries(Object.keys(fields).map((name) => [name, before[name as keyof KeptCourse]])), after: fields })
    return showCourse(ctx, id)
  })
}

export async function publishCourse(ctx: TxCtx, id: Id<'crs'>, at: string | null): Promise<EditedCourse> {
  return inTransaction(ctx, async (ctx) => {
    const course = await getCourse(ctx, id)
    const shown = await showCourse(ctx, id)
    if (!shown.can.includes(at ? 'schedule' : 'publish')) refuse('course.state_forbids', { state: course.state })
    if (shown.missing.length > 0) refuse('course.cannot_publish', { missing: shown.missing })
    const isLater = at !== null && new Date(at) > ctx.now()
    await save(ctx, isLater ? { ...course, state: 'scheduled', publishAt: new Date(at) } : published(course, ctx.now()), 'course.published')
    if (!isLater) await ctx.tell('course.published', { course: id })
    return showCourse(ctx, id)
  })
}

function published(course: KeptCourse, now: Date): KeptCourse {
  return { ...course, state: 'published', publishAt: null, publishedAt: course.publishedAt ?? now }
}

export async function publishDue(ctx: TxCtx): Promise<void> {
  for (const id of await listDue(ctx.db, ctx.now())) {
    await inTransaction(ctx, async (ctx) => {
      const course = await getCourse(ctx, id)
      if (course.state !== 'scheduled') return
      await save(ctx, published(course, ctx.now()), 'course.published')
      await ctx.tell('course.published', { course: id })
    })
  }
}

export async function moveCourse(ctx: TxCtx, id: Id<'crs'>, action: 'unpublish' | 'archive'): Promise<EditedCourse> {
  return inTransaction(ctx, async (ctx) => {
    const course = await getCourse(ctx, id)
    if (!canDo(course).includes(action)) refuse('course.state_forbids', { state: course.state })
    await save(ctx, { ...course, state: action === 'archive' ? 'archived' : 'draft', publishAt: null }, `course.${action}`)
    return showCourse(ctx, id)
  })
}

async function save(ctx: TxCtx, course: KeptCourse, action: string): Promise<void> {
  if (!(await updateCourse(ctx.db, { ...course, updatedAt: ctx.now() }))) refuse('thing.changed_meanwhile')
  await audit(ctx, { action, subject: course.id, before: null, after: { state: course.state, publishAt: course.publishAt } })
}

export async function removeCourse(ctx: TxCtx, id: Id<'crs'>): Promise<Record<string, never>> {
  return inTransaction(ctx, async (ctx) => {
    const course = await getCourse(ctx, id)
    if (!canDo(course).includes('delete')) refuse('course.state_forbids', { state: course.state })
    await deleteCourse(ctx.db, id)
    await audit(ctx, { action: 'course.removed', subject: id, before: { title: course.title }, after: null })
    return {}
  })
}

export async function addChapter(ctx: TxCtx, course: Id<'crs'>, title: string): Promise<EditedCourse> {
  return edit(ctx, (await getCourse(ctx, course)).id, 'chapter.added', { title }, (ctx) => insertChapter(ctx.db, { id: newId('chp'), course, title }))
}

export async function renameChapter(ctx: TxCtx, id: Id<'chp'>, title: string): Promise<EditedCourse> {
  const chapter = (await findChapter(ctx.db, id)) ?? refuse('thing.not_found', { what: 'chapter' })
  return edit(ctx, chapter.course, 'chapter.renamed', { title }, (ctx) => updateChapter(ctx.db, { id, title }))
}

export async function removeChapter(ctx: TxCtx, id: Id<'chp'>): Promise<EditedCourse> {
  const chapter = (await findChapter(ctx.db, id)) ?? refuse('thing.not_found', { what: 'chapter' })
  return edit(ctx, chapter.course, 'chapter.removed', { title: chapter.title }, (ctx) => deleteChapter(ctx.db, id))
}

export async function addLesson(ctx: TxCtx, id: Id<'chp'>, wish: { title: string; kind: KeptLesson['kind'] }): Promise<EditedCourse> {
  const chapter = (await findChapter(ctx.db, id)) ?? refuse('thing.not_found', { what: 'chapter' })
  return edit(ctx, chapter.course, 'lesson.added', wish, (ctx) => insertLesson(ctx.db, { id: newId('lsn'), course: chapter.course, chapter: id, ...wish }))
}

export async function changeLesson(ctx: TxCtx, id: Id<'lsn'>, fields: LessonFields): Promise<EditedCourse> {
  const before = await getLesson(ctx, id)
  if (fields.asset) {
    const asset = (await assetsOf(ctx, [fields.asset])).get(fields.asset) ?? refuse('thing.not_found', { what: 'asset' })
    if (asset.kind !== before.kind) refuse('asset.state_forbids', { kind: asset.kind })
  }
  const articleHtml = fields.articleHtml === undefined ? before.articleHtml : cleanHtml(fields.articleHtml)
  return edit(ctx, before.course, 'lesson.changed', { lesson: id, fields: Object.keys(fields) }, (ctx) => updateLesson(ctx.db, { ...before, ...fields, articleHtml }))
}

export async function removeLesson(ctx: TxCtx, id: Id<'lsn'>): Promise<EditedCourse> {
  const lesson = await getLesson(ctx, id)
  return edit(ctx, lesson.course, 'lesson.removed', { title: lesson.title }, (ctx) => deleteLesson(ctx.db, id))
}

export async function setSubtitle(ctx: TxCtx, id: Id<'lsn'>, language: 'zh-Hans' | 'zh-Hant' | 'en', asset: Id<'ast'> | null): Promise<EditedCourse> {
  const lesson = await getLesson(ctx, id)
  if (asset && (await assetsOf(ctx, [asset])).get(asset)?.kind !== 'subtitle') refuse('asset.state_forbids')
  return edit(ctx, lesson.course, 'lesson.subtitle_set', { lesson: id, language }, async (ctx) => {
    if (asset) await upsertSubtitle(ctx.db, { id: newId('sub'), lesson: id, language, asset })
    else await deleteSubtitle(ctx.db, id, language)
  })
}

/** The whole tree after dragging; it must name exactly what is there. */
export async function orderCourse(ctx: TxCtx, id: Id<'crs'>, chapters: { chapter: Id<'chp'>; lessons: Id<'lsn'>[] }[]): Promise<EditedCourse> {
  const before = await listChapters(ctx.db, (await getCourse(ctx, id)).id)
  const lessons = await listLessons(ctx.db, [id])
  const isWhole = isSameSet(before.map((one) => one.id), chapters.map((one) => one.chapter)) && isSameSet(lessons.map((one) => one.id), chapters.flatMap((one) => one.lessons))
  if (!isWhole) refuse('request.invalid', { in: 'body', field: 'chapters', problem: 'must name every chapter and lesson of the course once' })
  return edit(ctx, id, 'course.ordered', null, async (ctx) => {
    for (const [at, { chapter, lessons: inside }] of chapters.entries()) {
      await updateChapter(ctx.db, { id: chapter, position: at })
      for (const [place, lesson] of inside.entries()) await updatePlace(ctx.db, lesson, chapter, place)
    }
  })
}

async function edit(ctx: TxCtx, course: Id<'crs'>, action: string, after: unknown, work: (ctx: TxCtx) => Promise<void>): Promise<EditedCourse> {
  return inTransaction(ctx, async (ctx) => {
    const kept = await getCourse(ctx, course)
    if (!canDo(kept).includes('edit')) refuse('course.state_forbids', { state: kept.state })
    await work(ctx)
    await save(ctx, kept, action)
    if (after) await audit(ctx, { action, subject: course, before: null, after })
    return showCourse(ctx, course)
  })
}

export function markdownToHtml(markdown: string): { html: string } {
  return { html: cleanHtml(marked.parse(markdown, { async: false })) }
}

export async function listForDesk(ctx: TxCtx, ask: { q?: string; state?: KeptCourse['state']; cursor?: string; limit?: number }) {
  const limit = ask.limit ?? 20
  const offset = rowsBefore(ask.cursor)
  const courses = await searchCourses(ctx.db, { q: ask.q?.trim() || null, states: ask.state ? [ask.state] : ['draft', 'scheduled', 'published', 'archived'], category: null, below: [], kind: null }, offset, limit + 1)
  const [covers, { items: categories }] = [await coversOf(ctx, courses.map((course) => course.id)), await showCategories(ctx)]
  const lessons = await listLessons(ctx.db, courses.map((course) => course.id))
  const items = courses.slice(0, limit).map((course) => ({
    id: course.id, slug: course.slug, title: course.title, kind: course.kind, state: course.state, cover: covers.get(course.id) ?? null, lecturerName: course.lecturerName || null, categoryName: categories.find((category) => category.id === course.category)?.name ?? null,
    lessons: lessons.filter((lesson) => lesson.course === course.id).length, publishAt: course.publishAt && instant(course.publishAt), updatedAt: instant(course.updatedAt),
  }))
  return { items, next: courses.length > limit ? String(offset + limit) : null }
}

export async function showCourse(ctx: TxCtx, id: Id<'crs'>): Promise<EditedCourse> {
  const course = await getCourse(ctx, id)
  const lessons = await editedLessons(ctx, id)
  const chapters = (await listChapters(ctx.db, id)).map(({ course: _course, ...chapter }) => ({ ...chapter, lessons: lessons.filter((lesson) => lesson.chapter === chapter.id) }))
  const { lecturerName: _name, ...rest } = course
  return {
    ...rest,
    cover: (await coversOf(ctx, [id])).get(id) ?? null,
    publishAt: course.publishAt && instant(course.publishAt),
    publishedAt: course.publishedAt && instant(course.publishedAt),
    updatedAt: instant(course.updatedAt),
    chapters,
    can: canDo(course),
    missing: missingFor({ ...course, lessons: lessons.map((lesson) => ({ id: lesson.id, isReady: lesson.ready })) }),
  }
}

async function editedLessons(ctx: TxCtx, course: Id<'crs'>): Promise<EditedLesson[]> {
  const lessons = await listLessons(ctx.db, [course])
  const assets = await assetsOf(ctx, lessons.map((lesson) => lesson.asset).filter((asset) => asset !== null))
  const subtitles = await listSubtitles(ctx.db, lessons.map((lesson) => lesson.id))
  return lessons.map(({ course: _course, ...lesson }) => {
    const asset = lesson.asset ? assets.get(lesson.asset) : undefined
    const own = subtitles.filter((subtitle) => subtitle.lesson === lesson.id).map(({ lesson: _lesson, ...subtitle }) => ({ ...subtitle, label: subtitle.language }))
    return { ...lesson, durationSeconds: asset?.durationSeconds ?? null, subtitles: own, ready: lesson.kind === 'article' ? lesson.articleHtml.trim() !== '' : asset?.state === 'ready' }
  })
}

async function getCourse(ctx: TxCtx, id: Id<'crs'>): Promise<KeptCourse> {
  return (await findCourse(ctx.db, id)) ?? refuse('thing.not_found', { what: 'course' })
}

async function getLesson(ctx: TxCtx, id: Id<'lsn'>): Promise<KeptLesson> {
  return (await findLesson(ctx.db, id)) ?? refuse('thing.not_found', { what: 'lesson' })
}
