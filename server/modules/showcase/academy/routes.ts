// The academy as every client shows it.
import type { academyFaceRoutes } from '#contracts/academy.ts'
import type { Handlers } from '#kernel/serve.ts'
import { showAcademy } from './actions.ts'

export const routes: Handlers<typeof academyFaceRoutes> = {
  'GET /academy': (ctx) => showAcademy(ctx),
}
