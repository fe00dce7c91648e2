// The sharing of orders, for those who settle with partners.
import type { shareRoutes } from '#contracts/shares.ts'
import type { Handlers } from '#kernel/serve.ts'
import { releaseShare, retryLine, showShares } from './actions.ts'

export const routes: Handlers<typeof shareRoutes> = {
  'GET /console/shares': (ctx, { query }) => showShares(ctx, query),
  'POST /console/share-lines/:line/retries': (ctx, { params }) => retryLine(ctx, params.line),
  'POST /console/shares/:share/releases': (ctx, { params }) => releaseShare(ctx, params.share),
}
