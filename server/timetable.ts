// Everything that runs by the clock: the job and its cron line, in UTC.
import type { Habits, Timetable } from '#kernel/jobs.ts'

export const timetable: Timetable = [
  { job: 'catalog.publish_due', cron: '* * * * *' },
  { job: 'attempts.sweep', cron: '* * * * *' },
  { job: 'notices.sweep', cron: '* * * * *' },
  { job: 'payments.close_due', cron: '* * * * *' },
  { job: 'payouts.sweep', cron: '* * * * *' },
  { job: 'shares.sweep', cron: '* * * * *' },
  { job: 'refunds.sweep', cron: '* * * * *' },
  { job: 'complaints.sweep', cron: '*/10 * * * *' },
  { job: 'refundasks.lapse', cron: '* * * * *' },
  { job: 'shipping.sweep', cron: '* * * * *' },
  { job: 'shipping.receive_overdue', cron: '7 * * * *' },
  { job: 'settlements.sweep', cron: '10 * * * *' },
  { job: 'withdrawals.sweep', cron: '*/10 * * * *' },
  // Bills are there from ten in the morning of Beijing; a day that is not is tried again with each hour.
  { job: 'reconciliation.reconcile_due', cron: '20 2-15 * * *' },
  // Ten in the morning of Beijing.
  { job: 'memberships.remind', cron: '0 2 * * *' },
  { job: 'offers.sync_items', cron: '*/5 * * * *' },
]

/** What each process does for itself, when it starts and then again: it renews what only that process has in mind, and ends what the one before it began. */
export const habits: Habits = [
  { job: 'notices.sweep', everyHours: 1 },
  { job: 'payments.refresh_certificates', everyHours: 24 },
  { job: 'complaints.keep_address', everyHours: 24 },
  { job: 'media.sweep', everyHours: 6 },
  { job: 'media.ask_for_stills', everyHours: 24 },
  { job: 'members.print_tails', everyHours: 24 },
]
