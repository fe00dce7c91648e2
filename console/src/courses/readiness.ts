// Which recordings of a course are still being made, and how what was learnt of them joins a course being edited.
import type { EditedCourse } from '#contracts/catalog.ts'

export type Lesson = EditedCourse['chapters'][number]['lessons'][number]

export function lessonsIn(course: EditedCourse | undefined): Lesson[] {
  return (course?.chapters ?? []).flatMap((chapter) => chapter.lessons)
}

export function isWaiting(course: EditedCourse): boolean {
  return lessonsIn(course).some((one) => one.asset !== null && !one.ready)
}

/** Takes over what transcoding changed and nothing that people write: a version read on the way would hide a conflict. */
export function withReadiness(course: EditedCourse, fresh: EditedCourse): EditedCourse {
  const known = new Map(lessonsIn(fresh).map((one) => [one.id, one]))
  const chapters = course.chapters.map((chapter) => ({
    ...chapter,
    lessons: chapter.lessons.map((one) => {
      const now = known.get(one.id)
      return now && now.asset === one.asset ? { ...one, ready: now.ready, durationSeconds: now.durationSeconds } : one
    }),
  }))
  return { ...course, chapters, missing: fresh.missing }
}
