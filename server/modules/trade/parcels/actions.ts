// The parcels of orders: kept when an order is placed, ready when it is paid, cancelled with it, shipped and received.
import type { Parcel } from '#contracts/parcels.ts'
import type { Id } from '#contracts/words/id.ts'
import { showPlace, type ParcelState } from '#contracts/words/parcels.ts'
import { instant } from '#contracts/words/time.ts'
import type { TxCtx } from '#kernel/ctx.ts'
import { refuse } from '#kernel/refuse.ts'
import { seal, unseal } from '#kernel/seal.ts'
import { readSettings } from '#modules/academy/settings/actions.ts'
import { placeOf, type Place } from '#modules/people/addresses/actions.ts'
import { actionsOf, goodsLine, isReturnOver, maskNumber, mayBecome, receivesAt, whereOf } from './rules.ts'
import { countStates, insertParcel, listByState, listParcels, listToReceive, lockParcel, updateAddress, updatePieces, updatePutOff, updateShipment, updateShipped, updateState, type KeptParcel, type Shipment } from './store.ts'

export { goodsLine } from './rules.ts'
export type { KeptParcel, Shipment }

const PURPOSE = 'parcels.address'

/** Keeps what an order sends and where to. The address is the parcel's own from here on. */
export async function keepParcel(ctx: TxCtx, order: Id<'ord'>, { goods, pieces }: Pick<KeptParcel, 'goods' | 'pieces'>, member: Id<'mem'>, address: Id<'adr'>): Promise<void> {
  await insertParcel(ctx.db, { order, goods, pieces, addressSealed: await sealedPlace(ctx, member, address) })
}

/** Somewhere else, as long as it is not shipped. */
export async function readdress(ctx: TxCtx, order: Id<'ord'>, member: Id<'mem'>, address: Id<'adr'>): Promise<void> {
  if (!(await updateAddress(ctx.db, order, await sealedPlace(ctx, member, address)))) await refuseState(ctx, order)
}

async function sealedPlace(ctx: TxCtx, member: Id<'mem'>, address: Id<'adr'>): Promise<string> {
  return seal(ctx.knobs.secret, PURPOSE, JSON.stringify(await placeOf(ctx, member, address)))
}

/** The order is paid: its parcel, if it has one, goes on the list. */
export async function readyParcel(ctx: TxCtx, order: Id<'ord'>): Promise<void> {
  await move(ctx, order, 'to_ship')
}

/** The order is closed or given back: what is not shipped stays here. */
export async function stopParcel(ctx: TxCtx, order: Id<'ord'>): Promise<void> {
  await move(ctx, order, 'cancelled')
}

/** So many go along, of what has not left; a parcel of which nothing would go along is stopped, not emptied. */
export async function setPieces(ctx: TxCtx, order: Id<'ord'>, pieces: number): Promise<void> {
  if (pieces > 0) await updatePieces(ctx.db, order, pieces)
}

/** Moves the parcel when it may go there; anything else leaves it as it is. */
async function move(ctx: TxCtx, order: Id<'ord'>, to: ParcelState): Promise<boolean> {
  const parcel = await lockParcel(ctx.db, order)
  return parcel !== undefined && mayBecome(parcel.state, to) && updateState(ctx.db, order, parcel.state, to, ctx.now())
}

/** Where the goods of an order are, and whether the days in which they may be sent back are over; without a parcel none ever left. */
export async function goodsOf(ctx: TxCtx, order: Id<'ord'>): Promise<{ state: 'here' | 'kept' | 'returned'; isReturnOver: boolean }> {
  const [parcel] = await listParcels(ctx.db, [order])
  return parcel ? { state: whereOf(parcel.state), isReturnOver: isReturnOver(parcel.receivedAt, ctx.now(), (await readSettings(ctx)).zone) } : { state: 'here', isReturnOver: false }
}

/** True when the goods of an order left the house once, whether they came back or not. */
export async function isShipped(ctx: TxCtx, order: Id<'ord'>): Promise<boolean> {
  return (await goodsOf(ctx, order)).state !== 'here'
}

/** True while they are away. */
export async function isOut(ctx: TxCtx, order: Id<'ord'>): Promise<boolean> {
  return (await goodsOf(ctx, order)).state === 'kept'
}

/** What was sent came back. */
export async function takeParcelBack(ctx: TxCtx, order: Id<'ord'>): Promise<void> {
  if (!(await move(ctx, order, 'returned'))) await refuseState(ctx, order)
}

/** `new` on its way, `changed` for a corrected number, `same` when it was noted before. After so many days a new one counts as received. */
export async function shipParcel(ctx: TxCtx, order: Id<'ord'>, shipment: Shipment, by: string, receiveAfterDays: number): Promise<'new' | 'changed' | 'same'> {
  const parcel = await lockParcel(ctx.db, order)
  if (!parcel) return refuse('thing.not_found', { what: 'parcel' })
  if (parcel.carrier === shipment.carrier && parcel.trackingNo === shipment.trackingNo) return 'same'
  if (await updateShipped(ctx.db, order, shipment, by, ctx.now(), receivesAt(ctx.now(), receiveAfterDays))) return 'new'
  return (await updateShipment(ctx.db, order, shipment, by)) ? 'changed' : refuse('parcel.state_forbids', { state: parcel.state })
}

export async function resumeParcel(ctx: TxCtx, order: Id<'ord'>): Promise<void> {
  const parcel = await lockParcel(ctx.db, order)
  if (parcel?.state !== 'cancelled' || !(await move(ctx, order, 'to_ship'))) await refuseState(ctx, order)
}

/** False when it had been confirmed before. */
export async function receiveParcel(ctx: TxCtx, order: Id<'ord'>): Promise<boolean> {
  if (await move(ctx, order, 'received')) return true
  return (await listParcels(ctx.db, [order]))[0]?.state === 'received' ? false : refuseState(ctx, order)
}

const DAYS_PUT_OFF = 7

export async function putOff(ctx: TxCtx, order: Id<'ord'>): Promise<void> {
  if (!(await updatePutOff(ctx.db, order, DAYS_PUT_OFF))) await refuseState(ctx, order)
}

/** Shipped ones whose day has come, the longest due first. */
export async function parcelsToReceive(ctx: TxCtx, limit: number): Promise<Id<'ord'>[]> {
  return listToReceive(ctx.db, ctx.now(), limit)
}

async function refuseState(ctx: TxCtx, order: Id<'ord'>): Promise<never> {
  const [parcel] = await listParcels(ctx.db, [order])
  return parcel ? refuse('parcel.state_forbids', { state: parcel.state }) : refuse('thing.not_found', { what: 'parcel' })
}

export async function parcelsOf(ctx: TxCtx, orders: Id<'ord'>[]): Promise<Map<Id<'ord'>, KeptParcel>> {
  if (orders.length === 0) return new Map()
  return new Map((await listParcels(ctx.db, orders)).map((parcel) => [parcel.order, parcel]))
}

export async function parcelsIn(ctx: TxCtx, state: ParcelState, offset: number, limit: number): Promise<KeptParcel[]> {
  return listByState(ctx.db, state, offset, limit)
}

export async function parcelCounts(ctx: TxCtx): Promise<{ to_ship: number; shipped: number }> {
  return { to_ship: 0, shipped: 0, ...(await countStates(ctx.db)) }
}

/** The whole address. Whoever calls it audits why. */
export function whereTo(ctx: TxCtx, parcel: KeptParcel): { name: string; phone: string; address: string } {
  const place = JSON.parse(unseal(ctx.knobs.secret, PURPOSE, parcel.addressSealed)) as Place
  return { name: place.name, phone: place.phone, address: showPlace(place) }
}

export function shownParcel(ctx: TxCtx, parcel: KeptParcel): Parcel {
  const { state, carrier, trackingNo, shippedAt, receivesAt, receivedAt } = parcel
  const to = whereTo(ctx, parcel)
  return { goods: goodsLine(parcel), state, to: { ...to, phone: maskNumber(to.phone) }, carrier, trackingNo, shippedAt: shippedAt && instant(shippedAt), receivesAt: state === 'shipped' ? receivesAt && instant(receivesAt) : null, receivedAt: receivedAt && instant(receivedAt), can: actionsOf(state, parcel.isPutOff) }
}
