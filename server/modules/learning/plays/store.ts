// Remembers plays and every key that was handed out for them.
import type { Id } from '#contracts/words/id.ts'
import { sql, type Db } from '#kernel/db.ts'

export type PlayId = string
export type Play = { id: PlayId; lesson: Id<'lsn'>; asset: Id<'ast'>; member: Id<'mem'> | null; session: Id<'ses'> | null; device: string; address: string; limitSeconds: number | null; holderHash: string | null; openedAt: Date; expiresAt: Date }
type Row = { id: PlayId; lesson_id: Id<'lsn'>; asset_id: Id<'ast'>; member_id: Id<'mem'> | null; session_id: Id<'ses'> | null; device: string; address: string; limit_seconds: number | null; holder_hash: string | null; opened_at: Date; expires_at: Date }

export async function insertPlay(db: Db, play: Play): Promise<void> {
  await db.query(sql`
    insert into plays (id, lesson_id, asset_id, member_id, session_id, device, address, limit_seconds, holder_hash, opened_at, expires_at)
    values (${play.id}, ${play.lesson}, ${play.asset}, ${play.member}, ${play.session}, ${play.device}, ${play.address}, ${play.limitSeconds}, ${play.holderHash}, ${play.openedAt}, ${play.expiresAt})`)
}

export async function findPlay(db: Db, id: PlayId): Promise<Play | undefined> {
  const { rows } = await db.query<Row>(sql`select * from plays where id = ${id}`)
  const [row] = rows
  return row && { id: row.id, lesson: row.lesson_id, asset: row.asset_id, member: row.member_id, session: row.session_id, device: row.device, address: row.address, limitSeconds: row.limit_seconds, holderHash: row.holder_hash, openedAt: row.opened_at, expiresAt: row.expires_at }
}

/** Ends with the transaction. */
export async function lockDevices(db: Db, member: Id<'mem'>): Promise<void> {
  await db.query(sql`select pg_advisory_xact_lock(hashtextextended(${`plays:${member}`}, 0))`)
}

/** The devices on which a member began a play, or got a key for one, since an instant. */
export async function listPlaying(db: Db, member: Id<'mem'>, since: Date): Promise<string[]> {
  const { rows } = await db.query<{ device: string }>(sql`
    select distinct device from plays p where member_id = ${member} and expires_at > ${since} and (opened_at >= ${since} or exists (select from key_grants g where g.play_id = p.id and g.at >= ${since}))`)
  return rows.map((row) => row.device)
}

export async function insertKeyGrant(db: Db, play: PlayId, group: number, at: Date, address: string): Promise<void> {
  await db.query(sql`insert into key_grants (play_id, key_group, at, address) values (${play}, ${group}, ${at}, ${address})`)
}
