// Remembers offers and their mirrors in WeChat's item list.
import type { Id } from '#contracts/words/id.ts'
import type { Cents } from '#contracts/words/money.ts'
import { sql, type Db } from '#kernel/db.ts'

type OfferRow = { id: Id<'ofr'>; course_id: Id<'crs'>; kind: 'one_off' | 'free'; price: Cents; access_days: number | null; on_sale: boolean; updated_at: Date }
type ItemRow = { product_id: string; offer_id: Id<'ofr'>; price: Cents; state: ItemState; why: string | null; changed_at: Date }

export type ItemState = 'waiting' | 'uploading' | 'publishing' | 'ready' | 'failed'
export type KeptOffer = { id: Id<'ofr'>; course: Id<'crs'>; kind: 'one_off' | 'free'; price: Cents; accessDays: number | null; onSale: boolean; updatedAt: Date }
export type Item = { productId: string; offer: Id<'ofr'>; price: Cents; state: ItemState; why: string | null; changedAt: Date }

function kept(row: OfferRow): KeptOffer {
  return { id: row.id, course: row.course_id, kind: row.kind, price: row.price, accessDays: row.access_days, onSale: row.on_sale, updatedAt: row.updated_at }
}

function keptItem(row: ItemRow): Item {
  return { productId: row.product_id, offer: row.offer_id, price: row.price, state: row.state, why: row.why, changedAt: row.changed_at }
}

export async function findOffer(db: Db, id: Id<'ofr'>): Promise<KeptOffer | undefined> {
  const { rows } = await db.query<OfferRow>(sql`select * from offers where id = ${id}`)
  return rows[0] && kept(rows[0])
}

export async function listOffersOf(db: Db, courses: Id<'crs'>[]): Promise<KeptOffer[]> {
  const { rows } = await db.query<OfferRow>(sql`select * from offers where course_id = any(${courses})`)
  return rows.map(kept)
}

export async function upsertOffer(db: Db, offer: KeptOffer): Promise<KeptOffer> {
  const { rows } = await db.query<OfferRow>(sql`
    insert into offers (id, course_id, kind, price, access_days, on_sale, updated_at)
    values (${offer.id}, ${offer.course}, ${offer.kind}, ${offer.price}, ${offer.accessDays}, ${offer.onSale}, ${offer.updatedAt})
    on conflict (course_id) do update set kind = excluded.kind, price = excluded.price, access_days = excluded.access_days, on_sale = excluded.on_sale, updated_at = excluded.updated_at
    returning *`)
  const [row] = rows
  if (!row) throw new Error('an upsert returned nothing')
  return kept(row)
}

export async function insertItem(db: Db, item: { productId: string; offer: Id<'ofr'>; price: Cents; at: Date }): Promise<void> {
  await db.query(sql`
    insert into virtual_items (product_id, offer_id, price, state, changed_at) values (${item.productId}, ${item.offer}, ${item.price}, 'waiting', ${item.at})
    on conflict (product_id) do nothing`)
}

export async function findItem(db: Db, offer: Id<'ofr'>, price: Cents): Promise<Item | undefined> {
  const { rows } = await db.query<ItemRow>(sql`select * from virtual_items where offer_id = ${offer} and price = ${price}`)
  return rows[0] && keptItem(rows[0])
}

export async function listUnreadyItems(db: Db): Promise<Item[]> {
  const { rows } = await db.query<ItemRow>(sql`select * from virtual_items where state <> 'ready' order by changed_at limit 50`)
  return rows.map(keptItem)
}

export async function updateItem(db: Db, productId: string, from: ItemState, to: ItemState, why: string | null, at: Date): Promise<boolean> {
  const { count } = await db.query(sql`update virtual_items set state = ${to}, why = ${why}, changed_at = ${at} where product_id = ${productId} and state = ${from}`)
  return count > 0
}
