// The own address book.
import type { addressRoutes } from '#contracts/addresses.ts'
import type { Handlers } from '#kernel/serve.ts'
import { addAddress, changeAddress, forgetAddress, showAddresses } from './actions.ts'

export const routes: Handlers<typeof addressRoutes> = {
  'GET /me/addresses': (ctx) => showAddresses(ctx, ctx.actor.member),
  'POST /me/addresses': (ctx, { body }) => addAddress(ctx, ctx.actor.member, body),
  'PUT /me/addresses/:address': (ctx, { params, body }) => changeAddress(ctx, ctx.actor.member, params.address, body),
  'DELETE /me/addresses/:address': (ctx, { params }) => forgetAddress(ctx, ctx.actor.member, params.address),
}
