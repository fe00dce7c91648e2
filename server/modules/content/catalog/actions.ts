// Writing courses, publishing them, and reading them for the rooms to the right.
import type { EditedCourse, Lecturer } from '#contracts/catalog.ts'
import type { Picture } from '#contracts/shapes.ts'
import type { Id } from '#contracts/words/id.ts'
import { instant } from '#contracts/words/time.ts'
import { inTransaction, type OperatorActor, type TxCtx } from '#kernel/ctx.ts'
import { isReferenced } from '#kernel/db.ts'
import { newId } from '#kernel/ids.ts'
import { rowsBefore } from '#kernel/places.ts'
import { refuse } from '#kernel/refuse.ts'
import { audit, sameFields } from '#modules/academy/audit/actions.ts'
import { picturesOf, refuseUnlike } from '#modules/content/media/actions.ts'
import { cleanHtml, countLessons, courseOfChapter, courseOfLesson, dropChapter, dropLesson, editedChapters, putChapter, putLesson, putOrder, putSubtitle, saveLesson, titleChapter, type Edit, type KeptLesson, type KeptSubtitle, type LessonFields, type Tree } from '#modules/content/outline/actions.ts'
import { lecturersOf, oneCategory, oneLecturer, showCategories } from '#modules/content/shelves/actions.ts'
import { canDo, missingFor } from './rules.ts'
import { deleteCourse, everyCourse, findCourse, insertCourse, listCourses, listDue, listIdsOf, listNewestInEach, lockCourse, lockSlug, searchCourses, updateCourse, type CourseSearch, type KeptCourse } from './store.ts'

export type { KeptCourse }
type Fields = Partial<Pick<KeptCourse, 'title' | 'slug' | 'promise' | 'descriptionHtml' | 'outcomes' | 'category' | 'lecturer' | 'coverAsset' | 'related'>>

export async function courseOf(ctx: TxCtx, idOrSlug: string): Promise<KeptCourse | undefined> {
  return findCourse(ctx.db, idOrSlug)
}

export async function publishedCourses(ctx: TxCtx, search: Partial<CourseSearch>, offset: number, limit: number): Promise<KeptCourse[]> {
  return searchCourses(ctx.db, { ...everyCourse, ...search, states: ['published'] }, offset, limit)
}

/** Of each group the newest published; `groups` says in which a category's courses stand. */
export async function newestInEach(ctx: TxCtx, groups: Map<Id<'cat'>, Id<'cat'>>, most: number): Promise<KeptCourse[]> {
  return listNewestInEach(ctx.db, groups, most)
}

export async function coversOf(ctx: TxCtx, courses: Id<'crs'>[]): Promise<Map<Id<'crs'>, Picture>> {
  const kept = await listCourses(ctx.db, courses)
  const pictures = await picturesOf(ctx, kept.map((course) => course.coverAsset).filter((asset) => asset !== null))
  return new Map(kept.flatMap((course) => { const picture = course.coverAsset && pictures.get(course.coverAsset); return picture ? [[course.id, picture] as const] : [] }))
}

export async function beginCourse(ctx: TxCtx, wish: { title: string; kind: KeptCourse['kind'] }): Promise<EditedCourse> {
  return inTransaction(ctx, async (ctx) => {
    const id = newId('crs')
    const [teacher] = (await ownLecturers(ctx)) ?? []
    await insertCourse(ctx.db, { id, slug: `c-${id.slice(-10)}`, ...wish, lecturer: teacher?.id ?? null, lecturerName: teacher?.name ?? '', updatedAt: ctx.now() })
    await audit(ctx, { action: 'course.begun', subject: id, before: null, after: wish })
    return showCourse(ctx, id)
  })
}

/** Whatever a course is told to point at must be there. */
async function refuseUnknown(ctx: TxCtx, before: KeptCourse, fields: Fields): Promise<void> {
  if (fields.slug && fields.slug !== before.slug) {
    await lockSlug(ctx.db, fields.slug)
    if (await findCourse(ctx.db, fields.slug)) refuse('course.slug_taken')
  }
  if (fields.category) await oneCategory(ctx, fields.category)
  if (fields.coverAsset && fields.coverAsset !== before.coverAsset) await refuseUnlike(ctx, fields.coverAsset, 'image')
  const related = new Set(fields.related)
  if (related.has(before.id) || (await listCourses(ctx.db, [...related])).length < related.size) refuse('thing.not_found', { what: 'course', field: 'related' })
}

/** Changes what is given and keeps the rest; refuses when `version` is no longer the one in the store. */
export async function changeCourse(ctx: TxCtx, id: Id<'crs'>, version: number, fields: Fields): Promise<EditedCourse> {
  return inTransaction(ctx, async (ctx) => {
    const before = await getCourse(ctx, id)
    if (!canDo(before).includes('edit')) refuse('course.state_forbids', { state: before.state })
    if (before.version !== version) refuse('thing.changed_meanwhile', { version: before.version })
    await refuseUnknown(ctx, before, fields)
    const lecturerName = fields.lecturer ? (await oneLecturer(ctx, fields.lecturer)).name : fields.lecturer === null ? '' : before.lecturerName
    const descriptionHtml = fields.descriptionHtml === undefined ? before.descriptionHtml : cleanHtml(fields.descriptionHtml)
    if (!(await updateCourse(ctx.db, { ...before, ...fields, descriptionHtml, lecturerName, updatedAt: ctx.now() }))) refuse('thing.changed_meanwhile')
    await audit(ctx, { action: 'course.changed', subject: id, before: sameFields(before, fields), after: fields })
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
    if (isLater) await move(ctx, course, { ...course, state: 'scheduled', publishAt: new Date(at) }, 'course.scheduled')
    else await putOnShelf(ctx, course)
    return showCourse(ctx, id)
  })
}

async function putOnShelf(ctx: TxCtx, course: KeptCourse): Promise<void> {
  await move(ctx, course, { ...course, state: 'published', publishAt: null, publishedAt: course.publishedAt ?? ctx.now() }, 'course.published')
  await ctx.tell('course.published', { course: course.id })
}

/** What was changed since and is no longer complete waits on the timetable until it is. */
export async function publishDue(ctx: TxCtx): Promise<void> {
  for (const id of await listDue(ctx.db, ctx.now())) {
    await inTransaction(ctx, async (ctx) => {
      const course = await getCourse(ctx, id)
      if (course.state === 'scheduled' && (await showCourse(ctx, id)).missing.length === 0) await putOnShelf(ctx, course)
    })
  }
}

/** A draft again, from wherever it stood. */
export async function unpublishCourse(ctx: TxCtx, id: Id<'crs'>): Promise<EditedCourse> {
  return takeDown(ctx, id, ['unpublish', 'restore'], 'draft')
}

export async function archiveCourse(ctx: TxCtx, id: Id<'crs'>): Promise<EditedCourse> {
  return takeDown(ctx, id, ['archive'], 'archived')
}

async function takeDown(ctx: TxCtx, id: Id<'crs'>, ways: EditedCourse['can'], state: KeptCourse['state']): Promise<EditedCourse> {
  return inTransaction(ctx, async (ctx) => {
    const course = await getCourse(ctx, id)
    const way = canDo(course).find((one) => ways.includes(one)) ?? refuse('course.state_forbids', { state: course.state })
    await move(ctx, course, { ...course, state, publishAt: null }, `course.${way}`)
    return showCourse(ctx, id)
  })
}

async function move(ctx: TxCtx, before: KeptCourse, after: KeptCourse, action: string): Promise<void> {
  if (!(await updateCourse(ctx.db, { ...after, updatedAt: ctx.now() }))) refuse('thing.changed_meanwhile')
  await audit(ctx, { action, subject: before.id, before: { state: before.state, publishAt: before.publishAt }, after: { state: after.state, publishAt: after.publishAt } })
}

export async function removeCourse(ctx: TxCtx, id: Id<'crs'>): Promise<Record<string, never>> {
  return inTransaction(ctx, async (ctx) => {
    const course = await getCourse(ctx, id)
    if (!canDo(course).includes('delete')) refuse('course.state_forbids', { state: course.state })
    if (await isReferenced(() => deleteCourse(ctx.db, id))) refuse('course.in_use')
    await audit(ctx, { action: 'course.removed', subject: id, before: { title: course.title }, after: null })
    return {}
  })
}

export async function addChapter(ctx: TxCtx, course: Id<'crs'>, title: string): Promise<EditedCourse> {
  return edit(ctx, course, 'chapter.added', (ctx) => putChapter(ctx, course, title))
}

export async function renameChapter(ctx: TxCtx, id: Id<'chp'>, title: string): Promise<EditedCourse> {
  return edit(ctx, await courseOfChapter(ctx, id), 'chapter.renamed', (ctx) => titleChapter(ctx, id, title))
}

export async function removeChapter(ctx: TxCtx, id: Id<'chp'>): Promise<EditedCourse> {
  return edit(ctx, await courseOfChapter(ctx, id), 'chapter.removed', (ctx) => dropChapter(ctx, id))
}

export async function addLesson(ctx: TxCtx, id: Id<'chp'>, wish: { title: string; kind: KeptLesson['kind'] }): Promise<EditedCourse> {
  return edit(ctx, await courseOfChapter(ctx, id), 'lesson.added', (ctx) => putLesson(ctx, id, wish))
}

/** Changes what is given and keeps the rest; refuses when `version` is no longer the lesson's. */
export async function changeLesson(ctx: TxCtx, id: Id<'lsn'>, version: number, fields: LessonFields): Promise<EditedCourse> {
  return edit(ctx, await courseOfLesson(ctx, id), 'lesson.changed', (ctx) => saveLesson(ctx, id, version, fields))
}

export async function removeLesson(ctx: TxCtx, id: Id<'lsn'>, by: Pick<OperatorActor, 'may'>): Promise<EditedCourse> {
  const course = await courseOfLesson(ctx, id)
  if ((await getCourse(ctx, course)).state === 'published' && !by.may('course.publish')) refuse('staff.not_permitted', { permission: 'course.publish' })
  return edit(ctx, course, 'lesson.removed', (ctx) => dropLesson(ctx, id))
}

export async function setSubtitle(ctx: TxCtx, id: Id<'lsn'>, language: KeptSubtitle['language'], asset: Id<'ast'> | null): Promise<EditedCourse> {
  return edit(ctx, await courseOfLesson(ctx, id), 'lesson.subtitle_set', (ctx) => putSubtitle(ctx, id, language, asset))
}

/** The whole tree after dragging; it must name exactly what is there. */
export async function orderCourse(ctx: TxCtx, id: Id<'crs'>, chapters: Tree): Promise<EditedCourse> {
  return edit(ctx, id, 'course.ordered', (ctx) => putOrder(ctx, id, chapters))
}

/** One change of the tree: the course's version grows, and it is written down once. Two at once are served one after the other. */
async function edit(ctx: TxCtx, id: Id<'crs'>, action: string, work: (ctx: TxCtx) => Promise<Edit>): Promise<EditedCourse> {
  return inTransaction(ctx, async (ctx) => {
    await lockCourse(ctx.db, id)
    const course = await getCourse(ctx, id)
    if (!canDo(course).includes('edit')) refuse('course.state_forbids', { state: course.state })
    if (!(await updateCourse(ctx.db, { ...course, updatedAt: ctx.now() }))) refuse('thing.changed_meanwhile')
    await audit(ctx, { action, subject: id, ...(await work(ctx)) })
    return showCourse(ctx, id)
  })
}

export async function listForDesk(ctx: TxCtx, ask: { q?: string; state?: KeptCourse['state']; cursor?: string; limit?: number }) {
  const limit = ask.limit ?? 20
  const offset = rowsBefore(ask.cursor)
  const courses = await searchCourses(ctx.db, { ...everyCourse, q: ask.q?.trim() || null, lecturers: (await ownLecturers(ctx))?.map((one) => one.id) ?? null, states: ask.state ? [ask.state] : ['draft', 'scheduled', 'published', 'archived'], order: 'changed' }, offset, limit + 1)
  const [covers, { items: categories }] = [await coversOf(ctx, courses.map((course) => course.id)), await showCategories(ctx)]
  const lessons = await countLessons(ctx, courses.map((course) => course.id))
  const items = courses.slice(0, limit).map((course) => ({
    id: course.id, slug: course.slug, title: course.title, kind: course.kind, state: course.state, cover: covers.get(course.id) ?? null, lecturerName: course.lecturerName || null, categoryName: categories.find((category) => category.id === course.category)?.name ?? null,
    lessons: lessons.get(course.id) ?? 0, publishAt: course.publishAt && instant(course.publishAt), updatedAt: instant(course.updatedAt),
  }))
  return { items, next: courses.length > limit ? String(offset + limit) : null }
}

export async function showCourse(ctx: TxCtx, id: Id<'crs'>): Promise<EditedCourse> {
  const course = await getCourse(ctx, id)
  const chapters = await editedChapters(ctx, id)
  const { lecturerName: _name, ...rest } = course
  return {
    ...rest,
    cover: (await coversOf(ctx, [id])).get(id) ?? null,
    publishAt: course.publishAt && instant(course.publishAt),
    publishedAt: course.publishedAt && instant(course.publishedAt),
    updatedAt: instant(course.updatedAt),
    chapters,
    can: canDo(course),
    missing: missingFor({ ...course, lessons: chapters.flatMap((chapter) => chapter.lessons).map((lesson) => ({ id: lesson.id, isReady: lesson.ready })) }),
  }
}

/** A course for whoever works on it; a change is shown before it is kept, so nobody takes or gives away a course that is not theirs to write. */
export async function getCourse(ctx: TxCtx, id: Id<'crs'>): Promise<KeptCourse> {
  const course = (await findCourse(ctx.db, id)) ?? refuse('thing.not_found', { what: 'course' })
  const own = await ownLecturers(ctx)
  if (own && !own.some((lecturer) => lecturer.id === course.lecturer)) refuse('staff.not_permitted', { permission: 'course.every' })
  return course
}

/** The lecturers whose courses are all that somebody may work on; undefined for whoever may work on every course. */
async function ownLecturers(ctx: TxCtx): Promise<Lecturer[] | undefined> {
  const { actor } = ctx
  return actor.kind !== 'operator' || actor.may('course.every') ? undefined : lecturersOf(ctx, actor.staff)
}

/** The courses that are all somebody may work on; null for whoever may work on every course. */
export async function ownAtDesk(ctx: TxCtx): Promise<Id<'crs'>[] | null> {
  const own = await ownLecturers(ctx)
  return own ? listIdsOf(ctx.db, own.map((lecturer) => lecturer.id)) : null
}
