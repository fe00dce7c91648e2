// Remembers addresses, sealed: who lives where is nobody's to read in a backup.
import type { Id } from '#contracts/words/id.ts'
import { sql, type Db } from '#kernel/db.ts'

export type Kept = { id: Id<'adr'>; sealed: string; isDefault: boolean }
type Row = { id: Id<'adr'>; sealed: string; is_default: boolean }

function kept(row: Row): Kept {
  return { id: row.id, sealed: row.sealed, isDefault: row.is_default }
}

/** Everything about one member's addresses happens one after the other. */
export async function lockMember(db: Db, member: Id<'mem'>): Promise<void> {
  await db.query(sql`select pg_advisory_xact_lock(hashtextextended(${`addresses:${member}`}, 0))`)
}

export async function listAddresses(db: Db, member: Id<'mem'>): Promise<Kept[]> {
  const { rows } = await db.query<Row>(sql`select id, sealed, is_default from addresses where member_id = ${member} and removed_at is null order by is_default desc, used_at desc, id desc`)
  return rows.map(kept)
}

export async function insertAddress(db: Db, member: Id<'mem'>, address: Kept, at: Date): Promise<void> {
  await db.query(sql`insert into addresses (id, member_id, sealed, is_default, used_at) values (${address.id}, ${member}, ${address.sealed}, ${address.isDefault}, ${at})`)
}

export async function updateAddress(db: Db, member: Id<'mem'>, address: Kept): Promise<boolean> {
  const { count } = await db.query(sql`update addresses set sealed = ${address.sealed}, is_default = ${address.isDefault} where id = ${address.id} and member_id = ${member} and removed_at is null`)
  return count > 0
}

export async function clearDefault(db: Db, member: Id<'mem'>): Promise<void> {
  await db.query(sql`update addresses set is_default = false where member_id = ${member} and is_default and removed_at is null`)
}

export async function updateUsed(db: Db, id: Id<'adr'>, at: Date): Promise<void> {
  await db.query(sql`update addresses set used_at = ${at} where id = ${id}`)
}

/** Forgotten means forgotten: the words go, the row stays so that the handle is never somebody else's. */
export async function removeAddress(db: Db, member: Id<'mem'>, id: Id<'adr'>, at: Date): Promise<boolean> {
  const { count } = await db.query(sql`update addresses set removed_at = ${at}, sealed = '', is_default = false where id = ${id} and member_id = ${member} and removed_at is null`)
  return count > 0
}
