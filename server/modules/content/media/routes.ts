// Files for operators.
import type { mediaRoutes } from '#contracts/media.ts'
import type { Handlers } from '#kernel/serve.ts'
import { listAssets, showAsset } from './actions.ts'

export const routes: Handlers<typeof mediaRoutes> = {
  'GET /console/assets': (ctx, { query }) => listAssets(ctx, query),
  'GET /console/assets/:asset': (ctx, { params }) => showAsset(ctx, params.asset),
}
