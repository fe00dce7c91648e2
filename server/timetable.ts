// Everything that runs by the clock: the job and its cron line, in UTC.
import type { Timetable } from '#kernel/jobs.ts'

export const timetable: Timetable = [
  { job: 'catalog.publish_due', cron: '* * * * *' },
  { job: 'attempts.sweep', cron: '* * * * *' },
  { job: 'refunds.sweep', cron: '* * * * *' },
  { job: 'offers.sync_items', cron: '*/5 * * * *' },
]
