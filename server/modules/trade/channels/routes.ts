// The channel matrix of today.
import type { channelRoutes } from '#contracts/channels.ts'
import type { Handlers } from '#kernel/serve.ts'
import { showMatrix } from './actions.ts'

export const routes: Handlers<typeof channelRoutes> = {
  'GET /console/channels': (ctx) => showMatrix(ctx),
}
