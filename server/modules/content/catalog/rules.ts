// Decides about courses: what a state allows and what publishing still needs; and cleans what authors write.
import { marked } from 'marked'
import sanitize from 'sanitize-html'
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

/** HTML of authors without script, style, frames or handlers; links open apart, pictures load late. */
export function cleanHtml(html: string): string {
  return sanitize(html, {
    allowedTags: ['p', 'br', 'h2', 'h3', 'h4', 'strong', 'em', 'u', 's', 'code', 'pre', 'blockquote', 'ul', 'ol', 'li', 'a', 'img', 'figure', 'figcaption', 'hr', 'table', 'thead', 'tbody', 'tr', 'th', 'td'],
    allowedAttributes: { a: ['href', 'title', 'rel', 'target'], img: ['src', 'alt', 'width', 'height', 'loading'], th: ['colspan', 'rowspan'], td: ['colspan', 'rowspan'] },
    allowedSchemes: ['http', 'https', 'mailto'],
    allowProtocolRelative: false,
    transformTags: { a: sanitize.simpleTransform('a', { rel: 'noopener nofollow', target: '_blank' }), img: sanitize.simpleTransform('img', { loading: 'lazy' }), h1: 'h2', del: 's' },
  })
}

export function markdownToHtml(markdown: string): { html: string } {
  return { html: cleanHtml(marked.parse(markdown, { async: false })) }
}

/** True when a drag result names exactly the chapters and lessons that are there. */
export function isSameSet(before: string[], after: string[]): boolean {
  return before.length === after.length && new Set(after).size === after.length && after.every((id) => before.includes(id))
}

/** What a thing holds in the fields of a change: the other half of a line in the audit log. */
export function sameFields<T extends object>(thing: T, change: Partial<T>): Partial<T> {
  return Object.fromEntries(Object.keys(change).map((name) => [name, thing[name as keyof T]])) as Partial<T>
}

/** A lesson has something to learn from: an article its words, anything else a file that was made ready. */
export function isReady(lesson: { kind: string; articleHtml: string; asset: string | null }, assets: Map<string, { state: string }>): boolean {
  return lesson.kind === 'article' ? lesson.articleHtml.trim() !== '' : lesson.asset !== null && assets.get(lesson.asset)?.state === 'ready'
}
