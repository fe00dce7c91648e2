// The figures of the first page of the console.
import type { reportRoutes } from '#contracts/reports.ts'
import type { Handlers } from '#kernel/serve.ts'
import { showToday } from './actions.ts'

export const routes: Handlers<typeof reportRoutes> = {
  'GET /console/reports/today': (ctx) => showToday(ctx),
}
