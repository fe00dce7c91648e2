// Remembers the parcel of each order: what is in it, where it goes (sealed), and how far it is.
import type { Id } from '#contracts/words/id.ts'
import type { Carrier, ParcelState } from '#contracts/words/parcels.ts'
import { sql, type Db } from '#kernel/db.ts'

type Row = { order_id: Id<'ord'>; goods: string; pieces: number; address_sealed: string; state: ParcelState; carrier: Carrier | null; tracking_no: string | null; ready_at: Date | null; shipped_at: Date | null; receives_at: Date | null; received_at: Date | null; is_put_off: boolean }
/** `receivesAt` is when it counts as received, unless its buyer says so before. */
export type KeptParcel = { order: Id<'ord'>; goods: string; pieces: number; addressSealed: string; state: ParcelState; carrier: Carrier | null; trackingNo: string | null; readyAt: Date | null; shippedAt: Date | null; receivesAt: Date | null; receivedAt: Date | null; isPutOff: boolean }
export type Shipment = { carrier: Carrier; trackingNo: string }

function kept(row: Row): KeptParcel {
  return { order: row.order_id, goods: row.goods, pieces: row.pieces, addressSealed: row.address_sealed, state: row.state, carrier: row.carrier, trackingNo: row.tracking_no, readyAt: row.ready_at, shippedAt: row.shipped_at, receivesAt: row.receives_at, receivedAt: row.received_at, isPutOff: row.is_put_off }
}

export async function insertParcel(db: Db, parcel: Pick<KeptParcel, 'order' | 'goods' | 'pieces' | 'addressSealed'>): Promise<void> {
  await db.query(sql`insert into parcels (order_id, goods, pieces, address_sealed, state) values (${parcel.order}, ${parcel.goods}, ${parcel.pieces}, ${parcel.addressSealed}, 'waiting')`)
}

export async function listParcels(db: Db, orders: Id<'ord'>[]): Promise<KeptParcel[]> {
  const { rows } = await db.query<Row>(sql`select * from parcels where order_id = any(${orders})`)
  return rows.map(kept)
}

export async function lockParcel(db: Db, order: Id<'ord'>): Promise<KeptParcel | undefined> {
  const { rows } = await db.query<Row>(sql`select * from parcels where order_id = ${order} for no key update`)
  return rows[0] && kept(rows[0])
}

/** Those waiting longest first while they are to be shipped, otherwise the newest first. */
export async function listByState(db: Db, state: ParcelState, offset: number, limit: number): Promise<KeptParcel[]> {
  const { rows } = await db.query<Row>(sql`
    select * from parcels where state = ${state}
    order by case when ${state} = 'to_ship' then extract(epoch from ready_at) else -extract(epoch from coalesce(shipped_at, ready_at)) end nulls last, order_id
    limit ${limit} offset ${offset}`)
  return rows.map(kept)
}

export async function countStates(db: Db): Promise<Partial<Record<ParcelState, number>>> {
  const { rows } = await db.query<{ state: ParcelState; count: number }>(sql`select state, count(*)::int as count from parcels where state in ('to_ship', 'shipped') group by state`)
  return Object.fromEntries(rows.map((row) => [row.state, row.count]))
}

export async function listToReceive(db: Db, now: Date, limit: number): Promise<Id<'ord'>[]> {
  const { rows } = await db.query<{ order_id: Id<'ord'> }>(sql`select order_id from parcels where state = 'shipped' and receives_at <= ${now} order by receives_at limit ${limit}`)
  return rows.map((row) => row.order_id)
}

/** Moves a parcel; false when it is no longer where it was. */
export async function updateState(db: Db, order: Id<'ord'>, from: ParcelState, to: ParcelState, at: Date): Promise<boolean> {
  const { count } = await db.query(sql`
    update parcels set state = ${to},
      ready_at = case when ${to} = 'to_ship' then ${at} else ready_at end,
      received_at = case when ${to} = 'received' then ${at} else received_at end,
      returned_at = case when ${to} = 'returned' then ${at} else returned_at end
    where order_id = ${order} and state = ${from}`)
  return count > 0
}

/** Whoever ships and whoever cancels at the same instant: one of them finds it where it was. */
export async function updateShipped(db: Db, order: Id<'ord'>, { carrier, trackingNo }: Shipment, by: string, at: Date, receivesAt: Date): Promise<boolean> {
  const { count } = await db.query(sql`
    update parcels set state = 'shipped', carrier = ${carrier}, tracking_no = ${trackingNo}, shipped_at = ${at}, receives_at = ${receivesAt}, shipped_by = ${by} where order_id = ${order} and state = 'to_ship'`)
  return count > 0
}

export async function updateShipment(db: Db, order: Id<'ord'>, { carrier, trackingNo }: Shipment, by: string): Promise<boolean> {
  const { count } = await db.query(sql`update parcels set carrier = ${carrier}, tracking_no = ${trackingNo}, shipped_by = ${by} where order_id = ${order} and state = 'shipped'`)
  return count > 0
}

export async function updateAddress(db: Db, order: Id<'ord'>, addressSealed: string): Promise<boolean> {
  const { count } = await db.query(sql`update parcels set address_sealed = ${addressSealed} where order_id = ${order} and state in ('waiting', 'to_ship')`)
  return count > 0
}

/** How many go along; one that has left stays as it was. */
export async function updatePieces(db: Db, order: Id<'ord'>, pieces: number): Promise<void> {
  await db.query(sql`update parcels set pieces = ${pieces} where order_id = ${order} and shipped_at is null`)
}

/** False when it is not on its way, or was put off before. */
export async function updatePutOff(db: Db, order: Id<'ord'>, days: number): Promise<boolean> {
  const { count } = await db.query(sql`update parcels set receives_at = receives_at + make_interval(days => ${days}::int), is_put_off = true where order_id = ${order} and state = 'shipped' and not is_put_off`)
  return count > 0
}
