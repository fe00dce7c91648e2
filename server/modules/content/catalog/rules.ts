// Decides about courses: what a state allows and what publishing still needs.
import type { EditedCourse } from '#contracts/catalog.ts'

export type CourseState = EditedCourse['state']
type Can = EditedCourse['can'][number]

const allowed: Record<CourseState, readonly Can[]> = {
  draft: ['edit', 'publish', 'schedule', 'delete', 'archive'],
  scheduled: ['edit', 'publish', 'schedule', 'unpublish'],
  published: ['edit', 'unpublish', 'archive'],
  archived: ['restore'],
}

/** A course that was once published has owners: it can be archived, never deleted. */
export function canDo(course: { state: CourseState; publishedAt: Date | null }): Can[] {
  return allowed[course.state].filter((action) => action !== 'delete' || course.publishedAt === null)
}

export type Draft = { promise: string; coverAsset: string | null; lecturer: string | null; category: string | null; lessons: { id: string; isReady: boolean }[] }

/** What publishing still needs, as codes that the console explains. */
export function missingFor(course: Draft): string[] {
  const missing: string[] = []
  if (!course.coverAsset) missing.push('cover')
  if (!course.lecturer) missing.push('lecturer')
  if (!course.category) missing.push('category')
  if (course.lessons.length === 0) missing.push('lessons')
  return [...missing, ...course.lessons.filter((lesson) => !lesson.isReady).map((lesson) => `lesson_not_ready:${lesson.id}`)]
}
