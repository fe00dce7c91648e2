// A course of the demo academy: its tree, files, price and reviews.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Id } from '#contracts/words/id.ts'
import { cents } from '#contracts/words/money.ts'
import type { Ctx } from '#kernel/ctx.ts'
import { grantByHand, ownsCourse } from '#modules/content/access/actions.ts'
import { addChapter, addLesson, beginCourse, changeCourse, changeLesson, courseOf, publishCourse, removeCourse, setSubtitle, showCourse } from '#modules/content/catalog/actions.ts'
import { assetsOf, importFile, picturesOf } from '#modules/content/media/actions.ts'
import { markdownToHtml } from '#modules/content/outline/actions.ts'
import { replyTo, writeReview } from '#modules/learning/reviews/actions.ts'
import { addMember } from '#modules/people/members/actions.ts'
import { addOffer } from '#modules/trade/offers/actions.ts'

type LessonFile = { key: string; title: string; kind: 'video' | 'audio' | 'article'; summary: string; free: boolean; trial: { seconds: number | null; basisPoints: number | null } | null; media: string | null; subtitles: Record<string, string>; text: string }
type ReviewFile = { nickname: string; stars: number; text: string; daysAgo: number; reply: { text: string; daysAgo: number } | null }
export type CourseFile = {
  slug: string; title: string; kind: 'video' | 'audio' | 'article' | 'mixed'; promise: string; category: string; lecturer: string; priceCents: number; cover: string; description: string
  outcomes: string[]; related: string[]; chapters: { title: string; lessons: LessonFile[] }[]; reviews: ReviewFile[]
}
export type Known = { categories: Map<string, Id<'cat'>>; lecturers: Map<string, Id<'lec'>> }

/** A course that is there and published stays; one left half made by a kill is made again. */
export async function seedCourse(ctx: Ctx, folder: string, file: CourseFile, known: Known): Promise<Id<'crs'>> {
  const before = await courseOf(ctx, file.slug)
  if (before?.state === 'published') return before.id
  if (before) await removeCourse(ctx, before.id)
  const { id } = await beginCourse(ctx, { title: file.title, kind: file.kind })
  for (const chapter of file.chapters) await seedChapter(ctx, id, folder, chapter)
  const course = await courseOf(ctx, id)
  await changeCourse(ctx, id, course?.version ?? 0, {
    slug: file.slug,
    promise: file.promise,
    outcomes: file.outcomes,
    descriptionHtml: markdownToHtml(readFileSync(join(folder, file.description), 'utf8')).html,
    category: known.categories.get(file.category) ?? null,
    lecturer: known.lecturers.get(file.lecturer) ?? null,
    coverAsset: await readyFile(ctx, join(folder, file.cover), 'image', file.title),
  })
  await addOffer(ctx, { kind: 'course', title: '', courses: [id], plan: null, period: null, price: cents(file.priceCents), accessDays: null, onSale: true, from: null, until: null, seats: null })
  await untilReady(ctx, id)
  await publishCourse(ctx, id, null)
  return id
}

async function seedChapter(ctx: Ctx, course: Id<'crs'>, folder: string, chapter: CourseFile['chapters'][number]): Promise<void> {
  const made = (await addChapter(ctx, course, chapter.title)).chapters.at(-1)
  if (!made) throw new Error('a chapter was not made')
  for (const lesson of chapter.lessons) {
    const edited = await addLesson(ctx, made.id, { title: lesson.title, kind: lesson.kind })
    const added = edited.chapters.flatMap((one) => one.lessons).at(-1)
    if (!added) throw new Error('a lesson was not made')
    const asset = lesson.media && lesson.kind !== 'article' ? await importFile(ctx, join(folder, lesson.media), lesson.kind, lesson.title) : null
    const articleHtml = markdownToHtml(await withPictures(ctx, folder, readFileSync(join(folder, lesson.text), 'utf8'))).html
    await changeLesson(ctx, added.id, added.version, { summary: lesson.summary, free: lesson.free, trial: lesson.trial, asset, articleHtml })
    const subtitle = lesson.subtitles['zh-Hans']
    if (subtitle) await setSubtitle(ctx, added.id, 'zh-Hans', await readyFile(ctx, join(folder, subtitle), 'subtitle', lesson.title))
  }
}

/** Pictures that an article names by file become pictures of the library. */
async function withPictures(ctx: Ctx, folder: string, markdown: string): Promise<string> {
  let text = markdown
  for (const [, path = ''] of markdown.matchAll(/\]\((images\/[\w-]+\.webp)\)/g)) {
    const id = await readyFile(ctx, join(folder, path), 'image', path)
    const picture = (await picturesOf(ctx, [id])).get(id)
    if (picture) text = text.replaceAll(`(${path})`, `(${picture.url})`)
  }
  return text
}

/** Brings a picture or subtitles in, ready. */
export async function readyFile(ctx: Ctx, path: string, kind: 'image' | 'subtitle', name: string): Promise<Id<'ast'>> {
  const id = await importFile(ctx, path, kind, name)
  if ((await assetsOf(ctx, [id])).get(id)?.state !== 'ready') throw new Error(`the demo's ${path} could not be processed`)
  return id
}

/** Films and sounds are made by the worker; a course is published when all of its own are there. */
async function untilReady(ctx: Ctx, course: Id<'crs'>): Promise<void> {
  const { chapters } = await showCourse(ctx, course)
  const ids = chapters.flatMap((chapter) => chapter.lessons).flatMap((lesson) => lesson.asset ?? [])
  for (;;) {
    const assets = [...(await assetsOf(ctx, ids)).values()]
    const broken = assets.find((asset) => asset.state === 'failed')
    if (broken) throw new Error(`the demo's ${broken.id} could not be processed`)
    if (assets.every((asset) => asset.state === 'ready')) return
    await sleep(250)
  }
}

export async function seedReviews(ctx: Ctx, file: CourseFile, courses: Map<string, Id<'crs'>>): Promise<void> {
  const course = courses.get(file.slug)
  if (!course) return
  await relate(ctx, course, file.related.map((slug) => courses.get(slug)).filter((id) => id !== undefined))
  for (const [at, review] of file.reviews.entries()) {
    const member = await addMember(ctx, `1990000${String(at).padStart(2, '0')}${String(file.slug.length).padStart(2, '0')}`, review.nickname)
    if (await ownsCourse(ctx, member, course)) continue
    await grantByHand(ctx, member, { course, until: null, note: '演示学员' })
    const written = await writeReview(ctx, member, course, { stars: review.stars, text: review.text }, new Date(ctx.now().getTime() - review.daysAgo * 86_400_000))
    if (review.reply) await replyTo(ctx, written.id, review.reply.text)
  }
}

async function relate(ctx: Ctx, id: Id<'crs'>, related: Id<'crs'>[]): Promise<void> {
  const course = await courseOf(ctx, id)
  if (course && course.related.length === 0 && related.length > 0) await changeCourse(ctx, id, course.version, { related })
}
