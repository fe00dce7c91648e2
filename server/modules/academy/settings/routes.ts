// The academy as learners see it and as operators keep it.
import type { academyRoutes } from '#contracts/academy.ts'
import type { Handlers } from '#kernel/serve.ts'
import { changeSettings, listInForce, publishAgreement, readSettings, showAcademy, showAgreement } from './actions.ts'

export const routes: Handlers<typeof academyRoutes> = {
  'GET /academy': (ctx) => showAcademy(ctx),
  'GET /agreements/:kind': (ctx, { params }) => showAgreement(ctx, params.kind),
  'GET /console/academy': (ctx) => readSettings(ctx),
  'PUT /console/academy': (ctx, { body }) => changeSettings(ctx, body),
  'GET /console/agreements': (ctx) => listInForce(ctx),
  'POST /console/agreements': (ctx, { body }) => publishAgreement(ctx, body),
}
