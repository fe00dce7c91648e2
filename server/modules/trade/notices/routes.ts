// The inbox for those who keep the books.
import type { noticeRoutes } from '#contracts/payments.ts'
import type { Handlers } from '#kernel/serve.ts'
import { showNotices } from './actions.ts'

export const routes: Handlers<typeof noticeRoutes> = {
  'GET /console/notices': (ctx, { query }) => showNotices(ctx, query),
}
