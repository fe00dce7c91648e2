// Puts files into lessons, from whichever page shows when they arrive.
import type { EditedCourse } from '#contracts/catalog.ts'
import type { Id } from '#contracts/words/id.ts'
import { call, type AskOf } from '../call.ts'
import { trying } from '../parts/asking.ts'
import { editingOf } from './editing.ts'
import { lessonsIn } from './readiness.ts'

type Language = AskOf<'PUT /console/lessons/:lesson/subtitles'>['body']['language']

export function filmPlace(lesson: Id<'lsn'>): string {
  return `${lesson}:film`
}

export function subtitlePlace(lesson: Id<'lsn'>, language: Language): string {
  return `${lesson}:${language}`
}

/** A film that was long on its way is put in whatever was written meanwhile: that is no conflict, and none comes of it. */
export function putFilm(course: Id<'crs'>, lesson: Id<'lsn'>, asset: Id<'ast'>): Promise<boolean> {
  return put(course, async () => {
    const { version } = lessonsIn(await call('GET /console/courses/:course', { params: { course } })).find((one) => one.id === lesson) ?? { version: 0 }
    const saved = await call('PATCH /console/lessons/:lesson', { params: { lesson }, body: { version, asset } })
    editingOf(course)?.drafts.rebase(lesson, version, saved)
    return saved
  })
}

export function putSubtitle(course: Id<'crs'>, lesson: Id<'lsn'>, language: Language, asset: Id<'ast'> | null): Promise<boolean> {
  return put(course, () => call('PUT /console/lessons/:lesson/subtitles', { params: { lesson }, body: { language, asset } }))
}

/** The page that holds the course open learns of it, also one that was opened meanwhile; without any it is done all the same. */
async function put(course: Id<'crs'>, work: () => Promise<EditedCourse>): Promise<boolean> {
  const editing = editingOf(course)
  if (editing) return editing.act(work)
  const isDone = await trying(work)
  if (isDone) await editingOf(course)?.load()
  return isDone
}
