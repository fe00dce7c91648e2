// Remembers who may receive parts of orders, at what rate of which offer, and the terms of sharing.
import type { ShareReceiver } from '#contracts/shares.ts'
import type { Id } from '#contracts/words/id.ts'
import { sql, type Db } from '#kernel/db.ts'
import type { Terms } from './rules.ts'

type ReceiverRow = { id: Id<'rcv'>; kind: ShareReceiver['kind']; account: string; name: string; relation: ShareReceiver['relation']; added_at: Date; removed_at: Date | null }
export type KeptReceiver = { id: Id<'rcv'>; kind: ShareReceiver['kind']; account: string; name: string; relation: ShareReceiver['relation']; addedAt: Date; removedAt: Date | null }
export type Rate = { receiver: Id<'rcv'>; basisPoints: number }

function kept(row: ReceiverRow): KeptReceiver {
  return { id: row.id, kind: row.kind, account: row.account, name: row.name, relation: row.relation, addedAt: row.added_at, removedAt: row.removed_at }
}

export async function findTerms(db: Db): Promise<Terms | undefined> {
  const { rows } = await db.query<{ cooling_days: number; cap_basis_points: number }>(sql`select cooling_days, cap_basis_points from share_terms`)
  return rows[0] && { coolingDays: rows[0].cooling_days, capBasisPoints: rows[0].cap_basis_points }
}

export async function upsertTerms(db: Db, terms: Terms, at: Date): Promise<void> {
  await db.query(sql`
    insert into share_terms (cooling_days, cap_basis_points, updated_at) values (${terms.coolingDays}, ${terms.capBasisPoints}, ${at})
    on conflict (one) do update set cooling_days = excluded.cooling_days, cap_basis_points = excluded.cap_basis_points, updated_at = excluded.updated_at`)
}

/** One that was removed comes back under its old handle. */
export async function upsertReceiver(db: Db, receiver: Omit<KeptReceiver, 'removedAt'>): Promise<KeptReceiver> {
  const { rows } = await db.query<ReceiverRow>(sql`
    insert into share_receivers (id, kind, account, name, relation, added_at) values (${receiver.id}, ${receiver.kind}, ${receiver.account}, ${receiver.name}, ${receiver.relation}, ${receiver.addedAt})
    on conflict (kind, account) do update set name = excluded.name, relation = excluded.relation, removed_at = null returning *`)
  const [row] = rows
  if (!row) throw new Error('an insert returned nothing')
  return kept(row)
}

/** All that were ever added; those in use have no `removedAt`. */
export async function listReceivers(db: Db): Promise<KeptReceiver[]> {
  const { rows } = await db.query<ReceiverRow>(sql`select * from share_receivers order by name, id`)
  return rows.map(kept)
}

/** False when there is none in use by this handle. */
export async function updateRemoved(db: Db, id: Id<'rcv'>, at: Date): Promise<boolean> {
  const { count } = await db.query(sql`update share_receivers set removed_at = ${at} where id = ${id} and removed_at is null`)
  await db.query(sql`delete from share_rates where receiver_id = ${id}`)
  return count > 0
}

export async function listRates(db: Db, offer: Id<'ofr'>): Promise<Rate[]> {
  const { rows } = await db.query<{ receiver_id: Id<'rcv'>; basis_points: number }>(sql`select receiver_id, basis_points from share_rates where offer_id = ${offer} order by receiver_id`)
  return rows.map((row) => ({ receiver: row.receiver_id, basisPoints: row.basis_points }))
}

export async function replaceRates(db: Db, offer: Id<'ofr'>, rates: Rate[]): Promise<void> {
  await db.query(sql`delete from share_rates where offer_id = ${offer}`)
  await db.query(sql`
    insert into share_rates (offer_id, receiver_id, basis_points)
    select ${offer}, rate.receiver, rate.points from unnest(${rates.map((rate) => rate.receiver)}::text[], ${rates.map((rate) => rate.basisPoints)}::integer[]) as rate (receiver, points)`)
}
