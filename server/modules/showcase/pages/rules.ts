// Decides the one thing the button of a course page does, and how lists are sorted.
import type { CourseCard, CoursePage } from '#contracts/pages.ts'
import type { Id } from '#contracts/words/id.ts'
import type { Cents } from '#contracts/words/money.ts'

export type Standing = {
  owned: boolean
  next: { lesson: Id<'lsn'>; number: number; begun: boolean } | null
  firstLesson: Id<'lsn'> | null
  offer: { id: Id<'ofr'>; price: Cents; accessDays: number | null; onSale: boolean } | null
  hasChannel: boolean
}

/** Owners go on; others buy where buying is allowed; where it is not, nothing is offered or hinted at. */
export function actionFor(standing: Standing): CoursePage['action'] {
  if (standing.owned && standing.next?.begun) return { kind: 'continue', lesson: standing.next.lesson, number: standing.next.number }
  if (standing.owned && standing.firstLesson) return { kind: 'begin', lesson: standing.firstLesson }
  if (!standing.offer?.onSale) return { kind: 'hidden' }
  if (standing.offer.price === 0) return { kind: 'get_free', offer: standing.offer.id }
  return standing.hasChannel ? { kind: 'buy', offer: standing.offer.id, price: standing.offer.price, accessDays: standing.offer.accessDays } : { kind: 'hidden' }
}

export type Sort = 'relevance' | 'newest' | 'popular' | 'price_up' | 'price_down'

export function sortCards(cards: CourseCard[], sort: Sort): CourseCard[] {
  if (sort === 'popular') return cards.toSorted((a, b) => b.learners - a.learners)
  if (sort === 'price_up') return cards.toSorted((a, b) => (a.price ?? 0) - (b.price ?? 0))
  if (sort === 'price_down') return cards.toSorted((a, b) => (b.price ?? 0) - (a.price ?? 0))
  return cards
}
