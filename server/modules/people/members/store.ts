// Remembers members, their identities, sessions and sign-in codes.
import type { Id } from '#contracts/words/id.ts'
import type { Platform, System } from '#contracts/words/platforms.ts'
import { sql, type Db } from '#kernel/db.ts'

type Row = { id: Id<'mem'>; nickname: string; avatar_url: string | null; phone_sealed: string | null; phone_print: string | null; created_at: Date; last_seen_at: Date | null; closed_at: Date | null }
export type Kept = { id: Id<'mem'>; nickname: string; avatarUrl: string | null; phoneSealed: string | null; createdAt: Date; lastSeenAt: Date | null; closedAt: Date | null }

/** A number as it is kept: sealed, and the fingerprints by which the whole of it and its last four digits are found. */
export type Phone = { sealed: string; print: string; tailPrint: string }

function kept(row: Row): Kept {
  return { id: row.id, nickname: row.nickname, avatarUrl: row.avatar_url, phoneSealed: row.phone_sealed, createdAt: row.created_at, lastSeenAt: row.last_seen_at, closedAt: row.closed_at }
}

export async function listMembers(db: Db, ids: Id<'mem'>[]): Promise<Kept[]> {
  const { rows } = await db.query<Row>(sql`select * from members where id = any(${ids})`)
  return rows.map(kept)
}

export async function findByPhone(db: Db, phonePrint: string): Promise<Kept | undefined> {
  const { rows } = await db.query<Row>(sql`select * from members where phone_print = ${phonePrint}`)
  return rows[0] && kept(rows[0])
}

export async function listMatching(db: Db, words: string, phonePrint: string, tailPrint: string): Promise<Id<'mem'>[]> {
  const { rows } = await db.query<{ id: Id<'mem'> }>(sql`
    select id from members where strpos(lower(nickname), lower(${words})) > 0 or id = ${words} or phone_print = ${phonePrint} or phone_tail_print = ${tailPrint} order by id desc limit 500`)
  return rows.map((row) => row.id)
}

export async function listNewest(db: Db, ids: Id<'mem'>[] | null, before: string | null, limit: number): Promise<Kept[]> {
  const { rows } = await db.query<Row>(sql`
    select * from members where (${ids}::text[] is null or id = any(${ids})) and (${before}::text is null or id < ${before}) order by id desc limit ${limit}`)
  return rows.map(kept)
}

/** False when the phone number was taken meanwhile. */
export async function insertMember(db: Db, member: { id: Id<'mem'>; nickname: string; phone: Phone | null; at: Date }): Promise<boolean> {
  const { count } = await db.query(sql`
    insert into members (id, nickname, phone_sealed, phone_print, phone_tail_print, created_at)
    values (${member.id}, ${member.nickname}, ${member.phone?.sealed ?? null}, ${member.phone?.print ?? null}, ${member.phone?.tailPrint ?? null}, ${member.at})
    on conflict (phone_print) do nothing`)
  return count > 0
}

export async function updateNickname(db: Db, id: Id<'mem'>, nickname: string): Promise<void> {
  await db.query(sql`update members set nickname = ${nickname} where id = ${id}`)
}

export async function updatePhone(db: Db, id: Id<'mem'>, phone: Phone): Promise<void> {
  await db.query(sql`update members set phone_sealed = ${phone.sealed}, phone_print = ${phone.print}, phone_tail_print = ${phone.tailPrint} where id = ${id}`)
}

/** Members whose number came before its last digits could be searched for. */
export async function listWithoutTail(db: Db, limit: number): Promise<Kept[]> {
  const { rows } = await db.query<Row>(sql`select * from members where phone_sealed is not null and phone_tail_print is null limit ${limit}`)
  return rows.map(kept)
}

type IdentityRow = { member_id: Id<'mem'>; platform: Platform; openid: string; session_key_sealed: string | null }

export async function findIdentity(db: Db, platform: Platform, appid: string, openid: string, unionid: string | null): Promise<Id<'mem'> | undefined> {
  const { rows } = await db.query<{ member_id: Id<'mem'> }>(sql`
    select member_id from identities where (platform = ${platform} and appid = ${appid} and openid = ${openid}) or (${unionid}::text is not null and unionid = ${unionid})
    order by (openid = ${openid}) desc limit 1`)
  return rows[0]?.member_id
}

export async function upsertIdentity(db: Db, identity: { id: Id<'idn'>; member: Id<'mem'>; platform: Platform; appid: string; openid: string; unionid: string | null; sessionKeySealed: string | null; at: Date }): Promise<Id<'mem'>> {
  const { rows } = await db.query<{ member_id: Id<'mem'> }>(sql`
    insert into identities (id, member_id, platform, appid, openid, unionid, session_key_sealed, session_key_at)
    values (${identity.id}, ${identity.member}, ${identity.platform}, ${identity.appid}, ${identity.openid}, ${identity.unionid}, ${identity.sessionKeySealed}, ${identity.at})
    on conflict (platform, appid, openid) do update set session_key_sealed = excluded.session_key_sealed, session_key_at = excluded.session_key_at, unionid = coalesce(excluded.unionid, identities.unionid)
    returning member_id`)
  return rows[0]?.member_id ?? identity.member
}

export async function findSessionKey(db: Db, appid: string, openid: string): Promise<string | undefined> {
  const { rows } = await db.query<{ session_key_sealed: string | null }>(sql`select session_key_sealed from identities where platform = 'wechat' and appid = ${appid} and openid = ${openid}`)
  return rows[0]?.session_key_sealed ?? undefined
}

export async function listIdentities(db: Db, members: Id<'mem'>[]): Promise<{ member: Id<'mem'>; platform: Platform; openid: string; sessionKeySealed: string | null }[]> {
  const { rows } = await db.query<IdentityRow>(sql`select member_id, platform, openid, session_key_sealed from identities where member_id = any(${members})`)
  return rows.map((row) => ({ member: row.member_id, platform: row.platform, openid: row.openid, sessionKeySealed: row.session_key_sealed }))
}

export async function insertSession(db: Db, session: { tokenHash: string; id: Id<'ses'>; member: Id<'mem'>; platform: Platform; system: System; device: string; at: Date; expiresAt: Date }): Promise<void> {
  await db.query(sql`
    insert into member_sessions (token_hash, id, member_id, platform, system, device, created_at, expires_at)
    values (${session.tokenHash}, ${session.id}, ${session.member}, ${session.platform}, ${session.system}, ${session.device}, ${session.at}, ${session.expiresAt})`)
  await db.query(sql`update members set last_seen_at = ${session.at} where id = ${session.member}`)
}

export async function findSession(db: Db, tokenHash: string, now: Date): Promise<{ id: Id<'ses'>; member: Id<'mem'>; platform: Platform; system: System | null } | undefined> {
  const { rows } = await db.query<{ id: Id<'ses'>; member_id: Id<'mem'>; platform: Platform; system: System | null }>(sql`
    select s.id, s.member_id, s.platform, s.system from member_sessions s join members m on m.id = s.member_id
    where s.token_hash = ${tokenHash} and s.ended_at is null and s.expires_at > ${now} and m.closed_at is null`)
  const [row] = rows
  return row && { id: row.id, member: row.member_id, platform: row.platform, system: row.system }
}

export async function isAlive(db: Db, session: Id<'ses'>, now: Date): Promise<boolean> {
  const { count } = await db.query(sql`select 1 from member_sessions where id = ${session} and ended_at is null and expires_at > ${now}`)
  return count > 0
}

export async function endSession(db: Db, session: Id<'ses'>, at: Date): Promise<void> {
  await db.query(sql`update member_sessions set ended_at = ${at} where id = ${session} and ended_at is null`)
}

export type Code = { position: number; print: string; expiresAt: Date; tries: number; isUsed: boolean }

/** Lets one transaction at a time decide about a phone number or an identity; ends with the transaction. */
export async function lockOne(db: Db, name: string): Promise<void> {
  await db.query(sql`select pg_advisory_xact_lock(hashtextextended(${`members:${name}`}, 0))`)
}

/** Locks the newest code, so that two tries count as two. An older one is dead even while it is young. */
export async function lockCode(db: Db, phonePrint: string): Promise<Code | undefined> {
  const { rows } = await db.query<{ position: number; code_print: string; expires_at: Date; tries: number; is_used: boolean }>(sql`
    select position, code_print, expires_at, tries, used_at is not null as is_used from sms_codes where phone_print = ${phonePrint} order by position desc limit 1 for no key update`)
  const [row] = rows
  return row && { position: row.position, print: row.code_print, expiresAt: row.expires_at, tries: row.tries, isUsed: row.is_used }
}

export async function countSent(db: Db, phonePrint: string, address: string, since: Date): Promise<{ phone: number; address: number; lastAt: Date | undefined }> {
  const { rows } = await db.query<{ phone: number; address: number; last_at: Date | null }>(sql`
    select count(*) filter (where phone_print = ${phonePrint})::int as phone, count(*) filter (where address = ${address})::int as address,
      max(sent_at) filter (where phone_print = ${phonePrint}) as last_at
    from sms_codes where sent_at > ${since} and (phone_print = ${phonePrint} or address = ${address})`)
  return { phone: rows[0]?.phone ?? 0, address: rows[0]?.address ?? 0, lastAt: rows[0]?.last_at ?? undefined }
}

export async function insertCode(db: Db, code: { phonePrint: string; codePrint: string; address: string; at: Date; expiresAt: Date }): Promise<void> {
  await db.query(sql`insert into sms_codes (phone_print, code_print, address, sent_at, expires_at) values (${code.phonePrint}, ${code.codePrint}, ${code.address}, ${code.at}, ${code.expiresAt})`)
}

export async function updateCode(db: Db, position: number, isUsed: boolean, at: Date): Promise<void> {
  await db.query(sql`update sms_codes set tries = tries + 1, used_at = ${isUsed ? at : null} where position = ${position}`)
}
