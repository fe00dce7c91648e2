// Remembers files and what was made of them.
import type { Asset } from '#contracts/media.ts'
import type { Id } from '#contracts/words/id.ts'
import { sql, type Db } from '#kernel/db.ts'
import type { Rung } from './rules.ts'

type Row = { id: Id<'ast'>; kind: Asset['kind']; name: string; state: Asset['state']; percent: number; problem: string | null; size_bytes: number; duration_seconds: number | null; width: number | null; height: number | null; tint: string | null; thumbnail_seconds: number | null; master_key_sealed: string | null; staff_id: Id<'stf'> | null; created_at: Date }
export type Kept = { id: Id<'ast'>; kind: Asset['kind']; name: string; state: Asset['state']; percent: number; problem: string | null; sizeBytes: number; durationSeconds: number | null; width: number | null; height: number | null; tint: string | null; thumbnailSeconds: number | null; masterKeySealed: string | null; staff: Id<'stf'> | null; createdAt: Date }
/** What is known of a file once it has been read. */
export type Measures = Pick<Kept, 'durationSeconds' | 'width' | 'height' | 'tint' | 'thumbnailSeconds'>
/** An asset that a process has taken on to make. */
export type Claimed = Kept & { maker: string }
export type Rendition = Rung & { seconds: number[] }

function kept(row: Row): Kept {
  return { id: row.id, kind: row.kind, name: row.name, state: row.state, percent: row.percent, problem: row.problem, sizeBytes: row.size_bytes, durationSeconds: row.duration_seconds, width: row.width, height: row.height, tint: row.tint, thumbnailSeconds: row.thumbnail_seconds, masterKeySealed: row.master_key_sealed, staff: row.staff_id, createdAt: row.created_at }
}

export async function listByIds(db: Db, ids: Id<'ast'>[]): Promise<Kept[]> {
  const { rows } = await db.query<Row>(sql`select * from assets where id = any(${ids})`)
  return rows.map(kept)
}

/** `sender` null: whoever sent them. */
export async function listNewest(db: Db, { kind, sender, before }: { kind: string | null; sender: Id<'stf'> | null; before: string | null }, limit: number): Promise<Kept[]> {
  const { rows } = await db.query<Row>(sql`select * from assets where (${kind}::text is null or kind = ${kind}) and (${sender}::text is null or staff_id = ${sender}) and (${before}::text is null or id < ${before}) order by id desc limit ${limit}`)
  return rows.map(kept)
}

/** False when it is there already. */
export async function insertAsset(db: Db, asset: Kept): Promise<boolean> {
  const { count } = await db.query(sql`
    insert into assets (id, kind, name, state, percent, problem, size_bytes, duration_seconds, width, height, tint, master_key_sealed, staff_id, created_at)
    values (${asset.id}, ${asset.kind}, ${asset.name}, ${asset.state}, ${asset.percent}, ${asset.problem}, ${asset.sizeBytes}, ${asset.durationSeconds}, ${asset.width}, ${asset.height}, ${asset.tint}, ${asset.masterKeySealed}, ${asset.staff}, ${asset.createdAt})
    on conflict (id) do nothing`)
  return count > 0
}

/** The asset that an upload becomes: `asset` for whoever claims it first, theirs for everybody after. */
export async function claimUpload(db: Db, upload: string, asset: Id<'ast'>, at: Date): Promise<Id<'ast'>> {
  await db.query(sql`insert into uploads (id, asset_id, at) values (${upload}, ${asset}, ${at}) on conflict (id) do nothing`)
  return (await findUpload(db, upload)) ?? asset
}

export async function findUpload(db: Db, upload: string): Promise<Id<'ast'> | undefined> {
  const { rows } = await db.query<{ asset_id: Id<'ast'> }>(sql`select asset_id from uploads where id = ${upload}`)
  return rows[0]?.asset_id
}

/** Films of earlier versions, which have no poster and no pictures for their seek bar; nought seconds mean that none could be made. */
export async function listWithoutStills(db: Db): Promise<Id<'ast'>[]> {
  const { rows } = await db.query<{ id: Id<'ast'> }>(sql`select id from assets where kind = 'video' and state = 'ready' and thumbnail_seconds is null order by id`)
  return rows.map((row) => row.id)
}

export async function updateStills(db: Db, id: Id<'ast'>, made: Measures): Promise<void> {
  await db.query(sql`
    update assets set width = ${made.width}, height = ${made.height}, tint = ${made.tint}, thumbnail_seconds = ${made.thumbnailSeconds ?? 0}
    where id = ${id} and state = 'ready' and thumbnail_seconds is null`)
}

export async function updatePercent(db: Db, id: Id<'ast'>, percent: number): Promise<void> {
  await db.query(sql`update assets set percent = ${percent} where id = ${id} and state = 'processing'`)
}

/** Undefined when it is made, or when another maker was seen at it since. */
export async function claimAsset(db: Db, id: Id<'ast'>, maker: string, at: Date, since: Date): Promise<Claimed | undefined> {
  const { rows } = await db.query<Row>(sql`
    update assets set maker = ${maker}, maker_seen_at = ${at}
    where id = ${id} and state = 'processing' and (maker_seen_at is null or maker_seen_at < ${since})
    returning *`)
  return rows[0] && { ...kept(rows[0]), maker }
}

/** False when it is no longer theirs. */
export async function updateMakerSeen(db: Db, { id, maker }: Claimed, at: Date): Promise<boolean> {
  const { count } = await db.query(sql`update assets set maker_seen_at = ${at} where id = ${id} and maker = ${maker}`)
  return count > 0
}

export async function updateReleased(db: Db, { id, maker }: Claimed): Promise<void> {
  await db.query(sql`update assets set maker = null, maker_seen_at = null where id = ${id} and maker = ${maker}`)
}

/** What waits to be made and has no maker who was seen since. */
export async function listUnmade(db: Db, since: Date): Promise<Id<'ast'>[]> {
  const { rows } = await db.query<{ id: Id<'ast'> }>(sql`select id from assets where state = 'processing' and (maker_seen_at is null or maker_seen_at < ${since}) order by id`)
  return rows.map((row) => row.id)
}

/** Ends processing one way or the other; false when it had ended or another maker has it. */
export async function updateEnded(db: Db, { id, maker }: Claimed, end: { state: 'ready' | 'failed'; problem: string | null } & Measures): Promise<boolean> {
  const { count } = await db.query(sql`
    update assets set state = ${end.state}, percent = 100, problem = ${end.problem}, duration_seconds = ${end.durationSeconds}, width = ${end.width}, height = ${end.height}, tint = ${end.tint}, thumbnail_seconds = ${end.thumbnailSeconds}
    where id = ${id} and state = 'processing' and maker = ${maker}`)
  return count > 0
}

export async function insertRendition(db: Db, asset: Id<'ast'>, rendition: Rendition): Promise<void> {
  await db.query(sql`insert into renditions (asset_id, name, height, bandwidth, seconds) values (${asset}, ${rendition.name}, ${rendition.height}, ${rendition.bandwidth}, ${rendition.seconds})`)
}

export async function listRenditions(db: Db, ids: Id<'ast'>[]): Promise<(Rendition & { asset: Id<'ast'> })[]> {
  const { rows } = await db.query<Rendition & { asset: Id<'ast'> }>(sql`select asset_id as asset, name, height, bandwidth, seconds from renditions where asset_id = any(${ids}) order by asset_id, height`)
  return rows
}
