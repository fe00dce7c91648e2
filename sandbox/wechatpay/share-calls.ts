// Which of the calls under /v3/profitsharing a request is.
import type { Tenant } from '../records.ts'
import type { World } from '../world.ts'
import type { PayAnswer } from './refusals.ts'
import { queryReturn, returnShare } from './share-returns.ts'
import { addReceiver, deleteReceiver, queryShare, queryUnsplit, shareOrder, unfreeze } from './sharing.ts'

type Body = Record<string, unknown>

export function findSharingCall(world: World, ask: { method: string; path: string[]; query: URLSearchParams; body: Body }): { api: string; act: (tenant: Tenant, serial: string) => PayAnswer } | undefined {
  const { body, query } = ask
  const [noun = '', name = '', more] = ask.path
  const key = `${ask.method} ${noun}`
  if (key === 'POST receivers' && name === 'add') return { api: 'share_receiver', act: (tenant, serial) => addReceiver(world, tenant, body, serial) }
  if (key === 'POST receivers' && name === 'delete') return { api: 'share_receiver_delete', act: (tenant) => deleteReceiver(world, tenant, body) }
  if (key === 'POST orders' && name === 'unfreeze') return { api: 'unfreeze', act: (tenant) => unfreeze(world, tenant, body) }
  if (key === 'POST orders' && name === '') return { api: 'share', act: (tenant) => shareOrder(world, tenant, body) }
  if (key === 'GET orders') return { api: 'share_query', act: (tenant) => queryShare(world, tenant, name, query.get('transaction_id')) }
  if (key === 'POST return-orders') return { api: 'share_return', act: (tenant) => returnShare(world, tenant, body) }
  if (key === 'GET return-orders') return { api: 'share_return_query', act: (tenant) => queryReturn(world, tenant, name, query.get('out_order_no')) }
  return key === 'GET transactions' && more === 'amounts' ? { api: 'share_amounts', act: (tenant) => queryUnsplit(world, tenant, name) } : undefined
}
