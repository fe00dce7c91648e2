// The ledger for those who keep the books.
import type { ledgerRoutes } from '#contracts/ledger.ts'
import type { Handlers } from '#kernel/serve.ts'
import { bookArrival, exportEntries, showAccounts, showEntries } from './actions.ts'

export const routes: Handlers<typeof ledgerRoutes> = {
  'GET /console/ledger/accounts': (ctx) => showAccounts(ctx),
  'GET /console/ledger/exports/:month': (ctx, { params }) => exportEntries(ctx, params.month),
  'POST /console/ledger/arrivals': (ctx, { body }) => bookArrival(ctx, body),
  'GET /console/ledger/entries': (ctx, { query }) => showEntries(ctx, query),
}
