// Remembers the academy's coin, of which there is one at most.
import type { Coin } from '#contracts/coins.ts'
import { sql, type Db } from '#kernel/db.ts'

type Row = { name: string; per_yuan: Coin['perYuan']; on_sale: boolean; fixed_at: Date | null }

export type KeptCoin = { coin: Coin; fixedAt: Date | null }

export async function findCoin(db: Db): Promise<KeptCoin | undefined> {
  const { rows } = await db.query<Row>(sql`select * from coins`)
  const [row] = rows
  return row && { coin: { name: row.name, perYuan: row.per_yuan, onSale: row.on_sale }, fixedAt: row.fixed_at }
}

/** Two operators set the coin one after the other. */
export async function lockCoin(db: Db): Promise<void> {
  await db.query(sql`select from coins for no key update`)
}

/** From its first sale on a coin is fixed. */
export async function upsertCoin(db: Db, { name, perYuan, onSale }: Coin, at: Date): Promise<void> {
  await db.query(sql`
    insert into coins (name, per_yuan, on_sale, fixed_at) values (${name}, ${perYuan}, ${onSale}, ${onSale ? at : null})
    on conflict (is_only) do update set name = excluded.name, per_yuan = excluded.per_yuan, on_sale = excluded.on_sale, fixed_at = coalesce(coins.fixed_at, excluded.fixed_at)`)
}
