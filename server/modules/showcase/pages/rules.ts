// Decides the one thing the button of a course page does, and what a category of the tree holds.
import type { Category } from '#contracts/catalog.ts'
import type { CoursePage } from '#contracts/pages.ts'
import type { Id } from '#contracts/words/id.ts'
import type { Cents } from '#contracts/words/money.ts'

export type Standing = {
  owned: boolean
  next: { lesson: Id<'lsn'>; number: number; begun: boolean } | null
  firstLesson: Id<'lsn'> | null
  offer: { id: Id<'ofr'>; price: Cents; accessDays: number | null; onSale: boolean } | null
  isSoldHere: boolean
  /** What may be told of its price here. */
  price: Cents | null
  /** The first lesson that opens without the course, wholly or as a trial. */
  sample: Id<'lsn'> | null
}

/** Owners go on; others buy where buying is allowed; where it is not, nothing is hinted at but what is open to everyone. */
export function actionFor(standing: Standing): CoursePage['action'] {
  if (standing.owned && standing.next?.begun) return { kind: 'continue', lesson: standing.next.lesson, number: standing.next.number }
  if (standing.owned && standing.firstLesson) return { kind: 'begin', lesson: standing.firstLesson }
  const closed = { kind: 'closed', price: standing.price, lesson: standing.sample } as const
  if (!standing.offer?.onSale) return closed
  if (standing.offer.price === 0) return { kind: 'get_free', offer: standing.offer.id }
  return standing.isSoldHere ? { kind: 'buy', offer: standing.offer.id, price: standing.offer.price, accessDays: standing.offer.accessDays } : closed
}

/** For each category the one at the top of the tree that it stands under, or itself. */
export function topsOf(categories: Category[]): Map<Id<'cat'>, Id<'cat'>> {
  return new Map(categories.map(({ id }) => [id, pathTo(categories, id)[0] ?? id]))
}

/** The category and all that stand under it. */
export function withinCategory(categories: Category[], category: Id<'cat'>): Id<'cat'>[] {
  return [category, ...categories.filter(({ id }) => id !== category && pathTo(categories, id).includes(category)).map(({ id }) => id)]
}

/** From the top of the tree down to the category. */
function pathTo(categories: Category[], category: Id<'cat'>): Id<'cat'>[] {
  const path = [category]
  for (let parent = parentOf(categories, category); parent !== null && !path.includes(parent); parent = parentOf(categories, parent)) path.unshift(parent)
  return path
}

function parentOf(categories: Category[], category: Id<'cat'>): Id<'cat'> | null {
  return categories.find(({ id }) => id === category)?.parent ?? null
}
