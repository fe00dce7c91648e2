// Remembers offers and their mirrors in WeChat's item list.
import type { Offer, ParcelTerms } from '#contracts/offers.ts'
import type { PolicyTerms } from '#contracts/policies.ts'
import type { Period } from '#contracts/plans.ts'
import type { Id } from '#contracts/words/id.ts'
import type { Cents } from '#contracts/words/money.ts'
import type { VatClass } from '#contracts/words/parcels.ts'
import { sql, type Db } from '#kernel/db.ts'

type OfferRow = { id: Id<'ofr'>; kind: Offer['kind']; title: string; courses: Id<'crs'>[]; plan_id: Id<'pln'> | null; period: Period | null; price: Cents; access_days: number | null; on_sale: boolean; from_at: Date | null; until_at: Date | null; updated_at: Date; parcel_goods: string | null; parcel_fee: Cents | null; parcel_free_from: Cents | null; parcel_worth: Cents | null; parcel_vat: VatClass | null; vat_class: VatClass; gift_days: number; coins: number | null; policy_days: number | null; policy_percent: number | null }
type ItemRow = { product_id: string; offer_id: Id<'ofr'>; price: Cents; state: ItemState; why: string | null; changed_at: Date }

export type ItemState = 'waiting' | 'uploading' | 'publishing' | 'ready' | 'failed'
export type KeptOffer = { id: Id<'ofr'>; kind: Offer['kind']; title: string; courses: Id<'crs'>[]; plan: Id<'pln'> | null; period: Period | null; price: Cents; accessDays: number | null; onSale: boolean; from: Date | null; until: Date | null; updatedAt: Date; parcel: ParcelTerms | null; vat: VatClass; giftDays: number; coins: number | null; policy: PolicyTerms | null }
export type Item = { productId: string; offer: Id<'ofr'>; price: Cents; state: ItemState; why: string | null; changedAt: Date }

function kept(row: OfferRow): KeptOffer {
  const parcel = row.parcel_goods === null || row.parcel_fee === null ? null : { goods: row.parcel_goods, fee: row.parcel_fee, freeFrom: row.parcel_free_from, ...(row.parcel_worth === null ? {} : { worth: row.parcel_worth }), ...(row.parcel_vat === null ? {} : { vat: row.parcel_vat }) }
  const policy = row.policy_days === null || row.policy_percent === null ? null : { days: row.policy_days, mostPercent: row.policy_percent }
  return { parcel, policy, vat: row.vat_class, giftDays: row.gift_days, coins: row.coins, id: row.id, kind: row.kind, title: row.title, courses: row.courses, plan: row.plan_id, period: row.period, price: row.price, accessDays: row.access_days, onSale: row.on_sale, from: row.from_at, until: row.until_at, updatedAt: row.updated_at }
}

const wholeOffer = sql`select o.*, array(select course_id from offer_courses where offer_id = o.id order by position) as courses from offers o`

function keptItem(row: ItemRow): Item {
  return { productId: row.product_id, offer: row.offer_id, price: row.price, state: row.state, why: row.why, changedAt: row.changed_at }
}

export async function findOffer(db: Db, id: Id<'ofr'>): Promise<KeptOffer | undefined> {
  const { rows } = await db.query<OfferRow>(sql`${wholeOffer} where o.id = ${id}`)
  return rows[0] && kept(rows[0])
}

/** Offers that hold any of the courses, or all there are (null); the oldest first. */
export async function listOffers(db: Db, courses: Id<'crs'>[] | null): Promise<KeptOffer[]> {
  const { rows } = await db.query<OfferRow>(sql`
    ${wholeOffer} where ${courses}::text[] is null or o.id in (select offer_id from offer_courses where course_id = any(${courses})) order by o.id`)
  return rows.map(kept)
}

export async function upsertOffer(db: Db, offer: KeptOffer): Promise<void> {
  await db.query(sql`
    insert into offers (id, kind, title, plan_id, period, price, access_days, on_sale, from_at, until_at, updated_at, parcel_goods, parcel_fee, parcel_free_from, parcel_worth, parcel_vat, vat_class, gift_days, coins, policy_days, policy_percent)
    values (${offer.id}, ${offer.kind}, ${offer.title}, ${offer.plan}, ${offer.period}, ${offer.price}, ${offer.accessDays}, ${offer.onSale}, ${offer.from}, ${offer.until}, ${offer.updatedAt},
      ${offer.parcel?.goods ?? null}, ${offer.parcel?.fee ?? null}, ${offer.parcel?.freeFrom ?? null}, ${offer.parcel?.worth ?? null}, ${offer.parcel?.vat ?? null}, ${offer.vat}, ${offer.giftDays}, ${offer.coins}, ${offer.policy?.days ?? null}, ${offer.policy?.mostPercent ?? null})
    on conflict (id) do update set title = excluded.title, plan_id = excluded.plan_id, period = excluded.period, price = excluded.price, access_days = excluded.access_days, on_sale = excluded.on_sale,
      from_at = excluded.from_at, until_at = excluded.until_at, updated_at = excluded.updated_at,
      parcel_goods = excluded.parcel_goods, parcel_fee = excluded.parcel_fee, parcel_free_from = excluded.parcel_free_from, parcel_worth = excluded.parcel_worth, parcel_vat = excluded.parcel_vat, vat_class = excluded.vat_class, gift_days = excluded.gift_days, coins = excluded.coins,
      policy_days = excluded.policy_days, policy_percent = excluded.policy_percent`)
  await db.query(sql`delete from offer_courses where offer_id = ${offer.id} and course_id <> all(${offer.courses})`)
  await db.query(sql`
    insert into offer_courses (offer_id, course_id, position) select ${offer.id}, course, rank - 1 from unnest(${offer.courses}::text[]) with ordinality as list (course, rank)
    on conflict (offer_id, course_id) do update set position = excluded.position`)
}

/** One that failed is tried again. */
export async function insertItem(db: Db, item: { productId: string; offer: Id<'ofr'>; price: Cents; at: Date }): Promise<void> {
  await db.query(sql`
    insert into virtual_items (product_id, offer_id, price, state, changed_at) values (${item.productId}, ${item.offer}, ${item.price}, 'waiting', ${item.at})
    on conflict (product_id) do update set state = 'waiting', why = null, changed_at = excluded.changed_at where virtual_items.state = 'failed'`)
}

export async function findItem(db: Db, offer: Id<'ofr'>, price: Cents): Promise<Item | undefined> {
  const { rows } = await db.query<ItemRow>(sql`select * from virtual_items where offer_id = ${offer} and price = ${price}`)
  return rows[0] && keptItem(rows[0])
}

/** Of one offer, the newest first. */
export async function listItems(db: Db, offer: Id<'ofr'>, limit: number): Promise<Item[]> {
  const { rows } = await db.query<ItemRow>(sql`select * from virtual_items where offer_id = ${offer} order by changed_at desc limit ${limit}`)
  return rows.map(keptItem)
}

/** Those that are on their way; one that failed waits for somebody to ask for it again. */
export async function listUnreadyItems(db: Db): Promise<Item[]> {
  const { rows } = await db.query<ItemRow>(sql`select * from virtual_items where state not in ('ready', 'failed') order by changed_at limit 50`)
  return rows.map(keptItem)
}

export async function updateItem(db: Db, productId: string, from: ItemState, to: ItemState, why: string | null, at: Date): Promise<boolean> {
  const { count } = await db.query(sql`update virtual_items set state = ${to}, why = ${why}, changed_at = ${at} where product_id = ${productId} and state = ${from}`)
  return count > 0
}
