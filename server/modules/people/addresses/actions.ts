// A member's addresses, and what other rooms may know of one.
import type { Address, AddressTerms } from '#contracts/addresses.ts'
import type { Id } from '#contracts/words/id.ts'
import { inTransaction, type TxCtx } from '#kernel/ctx.ts'
import { newId } from '#kernel/ids.ts'
import { refuse } from '#kernel/refuse.ts'
import { seal, unseal } from '#kernel/seal.ts'
import { clearDefault, insertAddress, listAddresses, lockMember, removeAddress, updateAddress, updateUsed, type Kept } from './store.ts'

const PURPOSE = 'addresses.address'
const MOST = 20

/** Where a parcel goes. */
export type Place = Omit<AddressTerms, 'isDefault'>

export async function showAddresses(ctx: TxCtx, member: Id<'mem'>): Promise<{ items: Address[] }> {
  return { items: (await listAddresses(ctx.db, member)).map((one) => shown(ctx, one)) }
}

export async function addAddress(ctx: TxCtx, member: Id<'mem'>, terms: AddressTerms): Promise<Address> {
  return inTransaction(ctx, async (ctx) => {
    await lockMember(ctx.db, member)
    const { length } = await listAddresses(ctx.db, member)
    if (length >= MOST) refuse('address.too_many', { most: MOST })
    const fresh = keptOf(ctx, newId('adr'), { ...terms, isDefault: terms.isDefault || length === 0 })
    if (fresh.isDefault) await clearDefault(ctx.db, member)
    await insertAddress(ctx.db, member, fresh, ctx.now())
    return shown(ctx, fresh)
  })
}

export async function changeAddress(ctx: TxCtx, member: Id<'mem'>, id: Id<'adr'>, terms: AddressTerms): Promise<Address> {
  return inTransaction(ctx, async (ctx) => {
    await lockMember(ctx.db, member)
    const changed = keptOf(ctx, id, terms)
    if (changed.isDefault) await clearDefault(ctx.db, member)
    if (!(await updateAddress(ctx.db, member, changed))) refuse('thing.not_found', { what: 'address' })
    return shown(ctx, changed)
  })
}

export async function forgetAddress(ctx: TxCtx, member: Id<'mem'>, id: Id<'adr'>): Promise<Record<string, never>> {
  if (!(await removeAddress(ctx.db, member, id, ctx.now()))) refuse('thing.not_found', { what: 'address' })
  return {}
}

/** One of the member's own, for a parcel; somebody else's does not exist for them. */
export async function placeOf(ctx: TxCtx, member: Id<'mem'>, id: Id<'adr'>): Promise<Place> {
  const found = (await listAddresses(ctx.db, member)).find((one) => one.id === id) ?? refuse('thing.not_found', { what: 'address' })
  await updateUsed(ctx.db, id, ctx.now())
  const { id: _id, isDefault: _isDefault, ...place } = shown(ctx, found)
  return place
}

function keptOf(ctx: TxCtx, id: Id<'adr'>, { isDefault, ...place }: AddressTerms): Kept {
  return { id, isDefault, sealed: seal(ctx.knobs.secret, PURPOSE, JSON.stringify(place)) }
}

function shown(ctx: TxCtx, { id, sealed, isDefault }: Kept): Address {
  return { id, isDefault, ...(JSON.parse(unseal(ctx.knobs.secret, PURPOSE, sealed)) as Place) }
}
