// Decides when an offer stands, what it is called, and the name of its mirror on WeChat.
import type { Offer, OfferTerms } from '#contracts/offers.ts'
import type { Period } from '#contracts/plans.ts'
import type { Cents } from '#contracts/words/money.ts'

type Window = { onSale: boolean; from: Date | null; until: Date | null }

/** On sale, and inside its window: from its first instant, before its last. */
export function isStanding(offer: Window, now: Date): boolean {
  return offer.onSale && (offer.from === null || offer.from <= now) && (offer.until === null || now < offer.until)
}

/** What is wrong with the terms an operator wishes, or undefined. */
export function misfitOf(kind: Offer['kind'], terms: OfferTerms): { field: keyof OfferTerms; problem: string } | undefined {
  if (kind === 'course' && terms.courses.length !== 1) return { field: 'courses', problem: 'a tier holds one course' }
  if (kind === 'bundle' && terms.courses.length < 2) return { field: 'courses', problem: 'a bundle holds two courses or more' }
  if (kind === 'bundle' && terms.title.trim() === '') return { field: 'title', problem: 'a bundle has a name' }
  if (kind === 'goods' && (terms.title.trim() === '' || !terms.parcel)) return { field: terms.parcel ? 'title' : 'parcel', problem: 'goods have a name and a parcel' }
  if (kind === 'coins' ? !terms.coins : terms.coins) return { field: 'coins', problem: 'a pack holds coins, nothing else does' }
  if (kind === 'coins' && (terms.courses.length > 0 || terms.parcel || terms.accessDays !== null)) return { field: 'courses', problem: 'a pack holds coins alone' }
  if ((kind === 'goods' || kind === 'coins') && terms.policy) return { field: 'policy', problem: 'only what is learnt is promised back by how much of it was learnt' }
  if (kind === 'goods' && (terms.parcel?.worth ?? terms.parcel?.vat) !== undefined) return { field: 'parcel', problem: 'goods alone are the whole price' }
  if (kind !== 'goods' && terms.parcel && (terms.parcel.worth === undefined || terms.parcel.worth > terms.price)) return { field: 'parcel', problem: 'goods that come with something to learn say what they cost alone, at most the whole price' }
  if (kind === 'plan' && terms.parcel) return { field: 'parcel', problem: 'time is not sent' }
  if (kind === 'plan') {
    if (terms.courses.length > 0) return { field: 'courses', problem: 'a plan says itself which courses it unlocks' }
    if (terms.plan === null || terms.period === null) return { field: terms.plan === null ? 'plan' : 'period', problem: 'a time of a plan' }
    if (terms.title.trim() === '') return { field: 'title', problem: 'a time of a plan has a name' }
    if ((terms.period === 'trial') !== (terms.accessDays !== null)) return { field: 'accessDays', problem: 'a trial has days, any other time is named by its period' }
  } else if (terms.plan !== null || terms.period !== null) return { field: 'plan', problem: 'only a time of a plan names one' }
  const hasLength = terms.period === 'month' || terms.period === 'season' || terms.period === 'year'
  if ((terms.giftDays ?? 0) > 0 && !hasLength) return { field: 'giftDays', problem: 'only a time of a plan that ends is made longer by a gift' }
  if (terms.from !== null && terms.until !== null && terms.from >= terms.until) return { field: 'until', problem: 'the end is after the beginning' }
  return undefined
}

/** `把日子记下来 · 高阶`: the course and its tier; a bundle has a name of its own. */
export function titleOf(offer: { kind: Offer['kind']; title: string }, courses: { title: string }[], plan?: { title: string } | null): string {
  if (offer.kind === 'bundle' || offer.kind === 'goods' || offer.kind === 'coins') return offer.title
  return [plan?.title ?? courses[0]?.title ?? '', offer.title].filter((part) => part !== '').join(' · ')
}

/** Why somebody may not buy a time of a plan: a trial is for newcomers, and nobody pays for less than they have. */
export function whyNotPlan(wish: { rank: number; period: Period; had: boolean }, held: { rank: number; until: Date | null }[]): 'plan.trial_used' | 'plan.have_better' | undefined {
  const isCovered = held.some((one) => one.rank > wish.rank || (one.rank === wish.rank && one.until === null))
  if (isCovered) return 'plan.have_better'
  return wish.period === 'trial' && wish.had ? 'plan.trial_used' : undefined
}

const MOST_PIECES = 99

/** How many can be ordered at once: goods as many as there are, everything else once. */
export function mostPiecesOf(kind: Offer['kind'], left: number | null): number {
  return kind === 'goods' ? Math.min(MOST_PIECES, left ?? MOST_PIECES) : 1
}

/** WeChat's item carries its price, so each price an offer ever had is an item of its own. */
export function productIdOf(offer: string, price: Cents): string {
  return `${offer.slice(-16)}_${price}`
}
