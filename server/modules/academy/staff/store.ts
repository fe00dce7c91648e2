// Remembers operators, their sessions and their failed sign-ins.
import type { Id } from '#contracts/words/id.ts'
import type { Role } from '#contracts/words/permissions.ts'
import { sql, type Db } from '#kernel/db.ts'
import type { Failures } from './rules.ts'

type Row = { id: Id<'stf'>; name: string; email: string; role: Role; password_hash: string; totp_secret: string | null; totp_on: boolean; totp_pending: string | null; totp_step: number; active: boolean; created_at: Date; last_seen_at: Date | null }
export type Kept = { id: Id<'stf'>; name: string; email: string; role: Role; passwordHash: string; totpSecret: string | null; totpOn: boolean; totpPending: string | null; totpStep: number; active: boolean; createdAt: Date; lastSeenAt: Date | null }

function kept(row: Row): Kept {
  return { id: row.id, name: row.name, email: row.email, role: row.role, passwordHash: row.password_hash, totpSecret: row.totp_secret, totpOn: row.totp_on, totpPending: row.totp_pending, totpStep: row.totp_step, active: row.active, createdAt: row.created_at, lastSeenAt: row.last_seen_at }
}

export async function findStaff(db: Db, id: Id<'stf'>): Promise<Kept | undefined> {
  const { rows } = await db.query<Row>(sql`select * from staff where id = ${id}`)
  return rows[0] && kept(rows[0])
}

export async function findByEmail(db: Db, email: string): Promise<Kept | undefined> {
  const { rows } = await db.query<Row>(sql`select * from staff where email = ${email}`)
  return rows[0] && kept(rows[0])
}

export async function listStaff(db: Db): Promise<Kept[]> {
  const { rows } = await db.query<Row>(sql`select * from staff order by created_at`)
  return rows.map(kept)
}

export async function countStaff(db: Db): Promise<number> {
  const { rows } = await db.query<{ n: number }>(sql`select count(*)::int as n from staff`)
  return rows[0]?.n ?? 0
}

/** Locks the owners, so that two changes cannot both take the last one away. */
export async function countActiveOwners(db: Db): Promise<number> {
  const { rows } = await db.query<{ id: string }>(sql`select id from staff where role = 'owner' and active for no key update`)
  return rows.length
}

/** False when the e-mail address is taken. */
export async function insertStaff(db: Db, staff: Pick<Kept, 'id' | 'name' | 'email' | 'role' | 'passwordHash' | 'createdAt'>): Promise<boolean> {
  const { count } = await db.query(sql`
    insert into staff (id, name, email, role, password_hash, created_at) values (${staff.id}, ${staff.name}, ${staff.email}, ${staff.role}, ${staff.passwordHash}, ${staff.createdAt})
    on conflict (email) do nothing`)
  return count > 0
}

export async function updateStaff(db: Db, id: Id<'stf'>, staff: Pick<Kept, 'name' | 'role' | 'active' | 'passwordHash'>): Promise<void> {
  await db.query(sql`update staff set name = ${staff.name}, role = ${staff.role}, active = ${staff.active}, password_hash = ${staff.passwordHash} where id = ${id}`)
}

/** The secret on offer does not count until a code has proved it. */
export async function updatePendingTotp(db: Db, id: Id<'stf'>, pending: string): Promise<void> {
  await db.query(sql`update staff set totp_pending = ${pending} where id = ${id}`)
}

export async function updateTotp(db: Db, id: Id<'stf'>, totp: { secret: string | null; step: number }): Promise<void> {
  await db.query(sql`update staff set totp_secret = ${totp.secret}, totp_on = ${totp.secret !== null}, totp_step = ${totp.step}, totp_pending = null where id = ${id}`)
}

/** False when a code of this step, or a later one, has been used meanwhile. */
export async function spendTotpStep(db: Db, id: Id<'stf'>, step: number): Promise<boolean> {
  const { count } = await db.query(sql`update staff set totp_step = ${step} where id = ${id} and totp_step < ${step}`)
  return count > 0
}

export async function insertSession(db: Db, session: { tokenHash: string; id: Id<'ses'>; staff: Id<'stf'>; at: Date; expiresAt: Date }): Promise<void> {
  await db.query(sql`insert into staff_sessions (token_hash, id, staff_id, created_at, expires_at) values (${session.tokenHash}, ${session.id}, ${session.staff}, ${session.at}, ${session.expiresAt})`)
  await db.query(sql`update staff set last_seen_at = ${session.at} where id = ${session.staff}`)
}

export async function findSession(db: Db, tokenHash: string, now: Date): Promise<{ id: Id<'ses'>; staff: Kept } | undefined> {
  const { rows } = await db.query<Row & { session: Id<'ses'> }>(sql`
    select s.*, t.id as session from staff_sessions t join staff s on s.id = t.staff_id
    where t.token_hash = ${tokenHash} and t.ended_at is null and t.expires_at > ${now} and s.active`)
  const [row] = rows
  return row && { id: row.session, staff: kept(row) }
}

/** Ends one session, or all of an operator but one. */
export async function endSessions(db: Db, which: { session?: Id<'ses'>; staff?: Id<'stf'>; except?: Id<'ses'> }, at: Date): Promise<void> {
  await db.query(sql`
    update staff_sessions set ended_at = ${at}
    where ended_at is null and (id = ${which.session ?? null} or staff_id = ${which.staff ?? null}) and id is distinct from ${which.except ?? null}`)
}

export async function insertFailure(db: Db, email: string, address: string, at: Date): Promise<void> {
  await db.query(sql`insert into staff_failures (email, address, at) values (${email}, ${address}, ${at})`)
}

export async function countFailures(db: Db, email: string, address: string, since: Date): Promise<Failures> {
  const { rows } = await db.query<Failures>(sql`
    select count(*) filter (where email = ${email} and address = ${address})::int as both, count(*) filter (where address = ${address})::int as address, count(*) filter (where email = ${email})::int as email
    from staff_failures where at > ${since} and (email = ${email} or address = ${address})`)
  return rows[0] ?? { both: 0, address: 0, email: 0 }
}

export async function deleteFailures(db: Db, email: string, address: string): Promise<void> {
  await db.query(sql`delete from staff_failures where email = ${email} and address = ${address}`)
}

/** Two set-ups at once must not both find an empty academy. */
export async function lockSetup(db: Db): Promise<void> {
  await db.query(sql`lock table staff in share row exclusive mode`)
}
