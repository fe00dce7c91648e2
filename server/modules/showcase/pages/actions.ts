// Putting together what learners look at first.
import type { CourseCard, CoursePage, Home, MembershipTeaser } from '#contracts/pages.ts'
import type { Id } from '#contracts/words/id.ts'
import { ZERO, type Cents } from '#contracts/words/money.ts'
import type { Actor, Ctx, Knobs, TxCtx } from '#kernel/ctx.ts'
import type { Pool } from '#kernel/db.ts'
import { keepAnswers, openShelf, standingEdition, type Kept, type Shelf } from '#kernel/kept.ts'
import { rowsBefore } from '#kernel/places.ts'
import { refuse } from '#kernel/refuse.ts'
import { lessonsAccess, ownedCourses, ownersOf, plansOf } from '#modules/content/access/actions.ts'
import { courseOf, coversOf, newestInEach, publishedCourses, type KeptCourse } from '#modules/content/catalog/actions.ts'
import { chaptersOf, cleanHtml, lessonsOf } from '#modules/content/outline/actions.ts'
import { assetsOf } from '#modules/content/media/actions.ts'
import { allPlans, type KeptPlan } from '#modules/content/plans/actions.ts'
import { oneLecturer, showCategories } from '#modules/content/shelves/actions.ts'
import { courseProgress, showCourseProgress } from '#modules/learning/progress/actions.ts'
import { listForCourse, summariesOf } from '#modules/learning/reviews/actions.ts'
import { isPayable, isPriced, saleFor } from '#modules/trade/channels/actions.ts'
import { choicesOf, offersOf, planOffers } from '#modules/trade/offers/actions.ts'
import { showAcademy } from '#modules/showcase/academy/actions.ts'
import { actionFor, topsOf, withinCategory } from './rules.ts'

const KEPT_MS = 10_000

function memberOf(actor: Actor): Id<'mem'> | undefined {
  return actor.kind === 'member' ? actor.member : undefined
}

/** Cards of courses in the order given; nothing about price where nothing may be sold. */
export async function cardsOf(ctx: TxCtx, courses: KeptCourse[]): Promise<CourseCard[]> {
  const ids = courses.map((course) => course.id)
  const member = memberOf(ctx.actor)
  const [covers, lessons, offers, owners, ratings, categories, owned] = [await coversOf(ctx, ids), await lessonsOf(ctx, ids), await offersOf(ctx, ids), await ownersOf(ctx, ids), await summariesOf(ctx, ids), (await showCategories(ctx)).items, member ? await ownedCourses(ctx, member) : new Map<Id<'crs'>, Date | null>()]
  const assets = await assetsOf(ctx, lessons.map((lesson) => lesson.asset).filter((asset) => asset !== null))
  return courses.map((course) => {
    const own = lessons.filter((lesson) => lesson.course === course.id)
    const offer = offers.get(course.id)
    const rating = ratings.get(course.id)
    return {
      id: course.id,
      slug: course.slug,
      title: course.title,
      promise: course.promise,
      kind: course.kind,
      cover: covers.get(course.id) ?? null,
      lecturerName: course.lecturerName || null,
      categoryName: categories.find((category) => category.id === course.category)?.name ?? null,
      lessons: own.length,
      durationSeconds: own.reduce((sum, lesson) => sum + ((lesson.asset && assets.get(lesson.asset)?.durationSeconds) || 0), 0),
      freeLessons: own.filter((lesson) => lesson.free).length,
      price: offer ? priceHere(ctx, offer) : null,
      rating: rating && rating.count > 0 ? rating.average : null,
      ratings: rating?.count ?? 0,
      learners: owners.get(course.id) ?? 0,
      owned: owned.has(course.id),
    }
  })
}

function priceHere(ctx: TxCtx, { onSale, price }: { onSale: boolean; price: Cents }): Cents | null {
  return onSale && isPriced(ctx, ['course'], price) ? price : null
}

const MOST_NEW = 24
const MOST_ON_SHELF = 6

export async function showHome(ctx: TxCtx): Promise<Home> {
  const { name, motto, logo, features } = await showAcademy(ctx)
  const { items: categories } = await showCategories(ctx)
  const tops = topsOf(categories)
  const [newest, shelved] = [await publishedCourses(ctx, {}, 0, MOST_NEW), await newestInEach(ctx, tops, MOST_ON_SHELF)]
  const shown = new Map([...newest, ...shelved].map((course) => [course.id, course]))
  const cardById = new Map((await cardsOf(ctx, [...shown.values()])).map((card) => [card.id, card]))
  const cardsFor = (courses: KeptCourse[]) => courses.map(({ id }) => cardById.get(id)).filter((card) => card !== undefined)
  const cards = cardsFor(newest)
  const shelves: Home['shelves'] = [{ key: 'newest', title: null, category: null, courses: cards.slice(0, MOST_ON_SHELF) }]
  for (const category of categories) {
    const inside = cardsFor(shelved.filter((course) => course.category !== null && tops.get(course.category) === category.id))
    if (inside.length > 1) shelves.push({ key: 'category', title: category.name, category: category.id, courses: inside })
  }
  const free = cards.filter((card) => card.price === 0)
  if (free.length > 0) shelves.push({ key: 'free', title: null, category: null, courses: free.slice(0, MOST_ON_SHELF) })
  const member = memberOf(ctx.actor)
  const under = member ? (await courseProgress(ctx, member, null)).filter((one) => one.seenAt !== null && one.lessonsDone < one.lessons) : []
  const isInside = member !== undefined && (await plansOf(ctx, member)).length > 0
  return { academy: { name, motto, logo, features }, continueLearning: under[0] ?? null, memberships: isInside ? [] : await membershipsOnSale(ctx, () => true), tasters: await tastersOf(ctx, cards), shelves }
}

const MOST_TASTERS = 6

async function tastersOf(ctx: TxCtx, cards: CourseCard[]): Promise<Home['tasters']> {
  const open = cards.filter((card) => card.freeLessons > 0 && !card.owned).slice(0, MOST_TASTERS)
  const lessons = (await lessonsOf(ctx, open.map((card) => card.id))).filter((lesson) => lesson.free)
  const assets = await assetsOf(ctx, lessons.map((lesson) => lesson.asset).filter((asset) => asset !== null))
  return open.flatMap((card) => {
    const first = lessons.find((lesson) => lesson.course === card.id)
    const durationSeconds = (first?.asset && assets.get(first.asset)?.durationSeconds) || null
    return first ? [{ lesson: first.id, title: first.title, kind: first.kind, durationSeconds, course: card.title, cover: card.cover }] : []
  })
}

type Sort = 'relevance' | 'newest' | 'popular' | 'price_up' | 'price_down'
type Search = { q?: string; category?: Id<'cat'>; kind?: string; price?: 'free' | 'paid'; sort?: Sort; cursor?: string; limit?: number }

export async function searchPages(ctx: TxCtx, ask: Search) {
  const limit = ask.limit ?? 20
  const offset = rowsBefore(ask.cursor)
  const categories = ask.category ? withinCategory((await showCategories(ctx)).items, ask.category) : null
  const prices = ask.price || ask.sort?.startsWith('price') ? await pricesHere(ctx) : new Map<Id<'crs'>, Cents>()
  const free = [...prices].filter(([, price]) => price === 0).map(([course]) => course)
  const courses = await publishedCourses(ctx, {
    q: ask.q?.trim() || null, categories, kind: ask.kind ?? null, among: ask.price === 'free' ? free : null, except: ask.price === 'paid' ? free : [],
    ranks: await ranksFor(ctx, ask.sort, prices), order: ask.sort === 'newest' ? 'newest' : 'relevance',
  }, offset, limit + 1)
  return { items: await cardsOf(ctx, courses.slice(0, limit)), next: courses.length > limit ? String(offset + limit) : null, sale: saleFor(ctx) }
}

async function ranksFor(ctx: TxCtx, sort: Sort | undefined, prices: Map<Id<'crs'>, Cents>): Promise<Map<Id<'crs'>, number>> {
  if (sort === 'price_up') return prices
  const most = sort === 'price_down' ? prices : sort === 'popular' ? await learnersOfAll(ctx) : new Map<Id<'crs'>, number>()
  return new Map([...most].map(([course, rank]) => [course, -rank]))
}

async function pricesHere(ctx: TxCtx): Promise<Map<Id<'crs'>, Cents>> {
  const priced = [...(await offersOf(ctx, null))].map(([course, offer]) => [course, priceHere(ctx, offer)] as const)
  return new Map(priced.flatMap(([course, price]) => (price === null ? [] : [[course, price]])))
}

const popularity = new WeakMap<Knobs, Shelf<Map<Id<'crs'>, number>>>()

/** Counted over every right there is, so not for each who asks: it may be some seconds old. */
async function learnersOfAll(ctx: TxCtx): Promise<Map<Id<'crs'>, number>> {
  const shelf = popularity.get(ctx.knobs) ?? openShelf<Map<Id<'crs'>, number>>(KEPT_MS)
  popularity.set(ctx.knobs, shelf)
  return shelf.answer('learners', '', ctx.now().getTime(), () => ownersOf(ctx, null))
}

const kept = new WeakMap<Pool, Kept<Buffer>>()

/** A visitor's course page, written out once for all who look from the same kind of place; a change of what it shows is seen at once, the number of learners within seconds. */
export function keptCoursePage(ctx: Ctx, idOrSlug: string, write: (page: CoursePage) => Buffer): Promise<Buffer> {
  const pages = kept.get(ctx.pool) ?? keepAnswers<Buffer>(() => standingEdition(ctx.pool), ctx.pool.writes, () => ctx.now().getTime(), KEPT_MS)
  kept.set(ctx.pool, pages)
  return pages.answer(`${ctx.client.platform}/${ctx.client.system}/${idOrSlug}`, async () => write(await showCoursePage(ctx, idOrSlug)))
}

export async function showCoursePage(ctx: TxCtx, idOrSlug: string): Promise<CoursePage> {
  const course = await courseOf(ctx, idOrSlug)
  const member = memberOf(ctx.actor)
  const owned = course && member ? (await ownedCourses(ctx, member)).has(course.id) : false
  if (!course || (course.state !== 'published' && !owned)) refuse('thing.not_found', { what: 'course' })
  const [card] = await cardsOf(ctx, [course])
  const offer = (await offersOf(ctx, [course.id])).get(course.id)
  const told = member ? await showCourseProgress(ctx, member, course.id) : { course: null, lessons: [] }
  const lessons = await lessonsOf(ctx, [course.id])
  const outline = await outlineOf(ctx, course, member, told.lessons)
  const choices = await choicesOf(ctx, course.id)
  const related = await Promise.all(course.related.map((id) => courseOf(ctx, id)))
  const reviews = await listForCourse(ctx, course.id, { limit: 6 })
  const next = told.course?.next ? { lesson: told.course.next.lesson, number: told.course.next.number, begun: told.course.seenAt !== null } : null
  return {
    card: card ?? refuse('thing.not_found', { what: 'course' }),
    descriptionHtml: cleanHtml(course.descriptionHtml),
    outcomes: course.outcomes,
    lecturer: course.lecturer ? await lecturerOf(ctx, course.lecturer) : null,
    outline,
    summary: (await summariesOf(ctx, [course.id])).get(course.id) ?? { average: 0, count: 0, byStars: [0, 0, 0, 0, 0] },
    reviews: reviews.items,
    related: await cardsOf(ctx, related.filter((one) => one?.state === 'published').filter((one) => one !== undefined)),
    progress: told.course,
    choices: choices.filter((choice) => choice.kind !== 'goods'),
    goods: choices.filter((choice) => choice.kind === 'goods'),
    memberships: owned ? [] : await membershipsOnSale(ctx, (plan) => plan.unlocksAll || plan.courses.includes(course.id)),
    sale: saleFor(ctx, ['course'], offer?.price),
    action: actionFor({ owned, next, firstLesson: lessons[0]?.id ?? null, offer: offer ?? null, isSoldHere: isPayable(ctx, ['course'], offer?.price ?? ZERO), price: card?.price ?? null, sample: sampleIn(outline) }),
  }
}

function sampleIn(outline: CoursePage['outline']): Id<'lsn'> | null {
  return outline.flatMap((chapter) => chapter.lessons).find((lesson) => lesson.access.mode !== 'closed')?.id ?? null
}

/** The cheapest first. */
async function membershipsOnSale(ctx: TxCtx, isMeant: (plan: KeptPlan) => boolean): Promise<MembershipTeaser[]> {
  const plans = (await allPlans(ctx)).filter(isMeant)
  if (plans.length === 0) return []
  const cheapestFirst = (await planOffers(ctx)).filter((offer) => offer.period !== 'trial' && isPayable(ctx, ['course'], offer.price))
  const least = plans.map((plan) => ({ title: plan.title, price: cheapestFirst.find((offer) => offer.plan === plan.id)?.price }))
  return least.flatMap(({ title, price }) => (price === undefined ? [] : [{ title, price }])).toSorted((a, b) => a.price - b.price)
}

async function lecturerOf(ctx: TxCtx, id: Id<'lec'>): Promise<CoursePage['lecturer']> {
  const { name, title, bio, portrait } = await oneLecturer(ctx, id)
  return { name, title, bio, portrait }
}

async function outlineOf(ctx: TxCtx, course: KeptCourse, member: Id<'mem'> | undefined, progress: { lesson: Id<'lsn'>; basisPoints: number; completed: boolean }[]): Promise<CoursePage['outline']> {
  const lessons = await lessonsOf(ctx, [course.id])
  const access = await lessonsAccess(ctx, member, course.id, lessons.map((lesson) => ({ ...lesson, published: course.state === 'published' })))
  const assets = await assetsOf(ctx, lessons.map((lesson) => lesson.asset).filter((asset) => asset !== null))
  const shown = lessons.map((lesson, at) => {
    const done = progress.find((one) => one.lesson === lesson.id)
    const durationSeconds = (lesson.asset && assets.get(lesson.asset)?.durationSeconds) ?? null
    return { chapter: lesson.chapter, id: lesson.id, number: at + 1, title: lesson.title, kind: lesson.kind, durationSeconds: durationSeconds || null, free: lesson.free, access: access[at] ?? refuse('thing.not_found'), basisPoints: done?.basisPoints ?? 0, completed: done?.completed ?? false }
  })
  const chapters = await chaptersOf(ctx, course.id)
  return chapters.map((chapter) => ({ title: chapter.title, lessons: shown.filter((lesson) => lesson.chapter === chapter.id).map(({ chapter: _chapter, ...lesson }) => lesson) }))
}
