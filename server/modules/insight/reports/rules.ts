// Decides which days are compared and what deserves attention.
import type { Today } from '#contracts/reports.ts'
import { cents, type Cents } from '#contracts/words/money.ts'

export const DAYS_SHOWN = 30
export const BEST_COURSES = 5

type Figures = Today['days'][number]

/** The calendar day so many days before another. Days have no zone here, so none is shorter. */
export function daysBefore(day: string, count: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) - count * 86_400_000).toISOString().slice(0, 10)
}

/** Today beside yesterday and the same weekday a week ago; the list ends with today. */
export function compare(days: Figures[]): Pick<Today, 'takings' | 'orders' | 'newMembers' | 'activeLearners'> {
  const none: Figures = { day: '', takings: cents(0), orders: 0, newMembers: 0, activeLearners: 0 }
  const [today, yesterday, lastWeek] = [1, 2, 8].map((back) => days.at(-back) ?? none)
  const three = <T extends Cents | number>(pick: (figures: Figures) => T) => ({ today: pick(today ?? none), yesterday: pick(yesterday ?? none), lastWeek: pick(lastWeek ?? none) })
  return {
    takings: three((figures) => figures.takings),
    orders: three((figures) => figures.orders),
    newMembers: three((figures) => figures.newMembers),
    activeLearners: three((figures) => figures.activeLearners),
  }
}

type Kind = Today['attention'][number]['kind']

/** Only what is there: first what has a deadline of somebody else, then money, then what can wait. */
export function attentionTo(waiting: Record<Kind, number>): Today['attention'] {
  const kinds: Kind[] = ['refund_asks_open', 'complaints_waiting', 'parcels_to_ship', 'claims_waiting', 'payouts_waiting', 'notices_to_check', 'differences_open', 'refunds_waiting', 'items_not_ready', 'failed_media', 'reviews_unanswered']
  return kinds.map((kind) => ({ kind, count: waiting[kind] })).filter(({ count }) => count > 0)
}

type Step = Today['checklist'][number]['step']

export function checklistOf(done: Record<Step, boolean>): Today['checklist'] {
  const steps: Step[] = ['academy_named', 'totp_on', 'course_published', 'offer_on_sale', 'payment_connected', 'first_sale']
  return steps.map((step) => ({ step, done: done[step] }))
}
