// What rails have still to settle, for those who keep the books.
import type { settlementRoutes } from '#contracts/settlements.ts'
import type { Handlers } from '#kernel/serve.ts'
import { showExpected } from './actions.ts'

export const routes: Handlers<typeof settlementRoutes> = {
  'GET /console/settlements': (ctx) => showExpected(ctx),
}
