// The settings as operators keep them, and the agreements as everybody reads them.
import type { academyRoutes } from '#contracts/academy.ts'
import type { Handlers } from '#kernel/serve.ts'
import { changeSettings, listInForce, publishAgreement, readSettings, showAgreement } from './actions.ts'

export const routes: Handlers<typeof academyRoutes> = {
  'GET /agreements/:kind': (ctx, { params }) => showAgreement(ctx, params.kind),
  'GET /console/academy': (ctx) => readSettings(ctx),
  'PUT /console/academy': (ctx, { body }) => changeSettings(ctx, body),
  'GET /console/agreements': (ctx) => listInForce(ctx),
  'POST /console/agreements': (ctx, { body }) => publishAgreement(ctx, body),
}
