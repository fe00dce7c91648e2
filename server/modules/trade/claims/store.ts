// Remembers claims and what was decided about them.
import type { Claim, ClaimSum } from '#contracts/claims.ts'
import type { Id } from '#contracts/words/id.ts'
import { ZERO, type Cents } from '#contracts/words/money.ts'
import { sql, type Db } from '#kernel/db.ts'

/** What the sums of older claims do not say. */
type Younger = 'goods' | 'below' | 'above'
type Row = {
  id: Id<'clm'>; order_id: Id<'ord'>; member_id: Id<'mem'>; state: Claim['state']; reason: string; asked_at: Date
  fault: ClaimSum['fault'] | null; computed: (Omit<ClaimSum, Younger> & Partial<Pick<ClaimSum, Younger>>) | null; amount: Cents | null; answer: string | null; decided_at: Date | null; decided_by: string | null; refund_id: Id<'rfd'> | null
}
export type KeptClaim = {
  id: Id<'clm'>; order: Id<'ord'>; member: Id<'mem'>; state: Claim['state']; reason: string; askedAt: Date
  sum: ClaimSum | null; amount: Cents | null; answer: string | null; decidedAt: Date | null; decidedBy: string | null; refund: Id<'rfd'> | null
}
export type Decision = Pick<KeptClaim, 'sum' | 'amount' | 'answer' | 'decidedAt' | 'decidedBy' | 'refund'> & { state: Claim['state'] }

function kept(row: Row): KeptClaim {
  return {
    id: row.id, order: row.order_id, member: row.member_id, state: row.state, reason: row.reason, askedAt: row.asked_at,
    sum: row.computed && { below: ZERO, above: ZERO, goods: null, ...row.computed }, amount: row.amount, answer: row.answer, decidedAt: row.decided_at, decidedBy: row.decided_by, refund: row.refund_id,
  }
}

/** False when one is open already. */
export async function insertClaim(db: Db, claim: Pick<KeptClaim, 'id' | 'order' | 'member' | 'reason' | 'askedAt'>): Promise<boolean> {
  const { count } = await db.query(sql`
    insert into claims (id, order_id, member_id, state, reason, asked_at) values (${claim.id}, ${claim.order}, ${claim.member}, 'asked', ${claim.reason}, ${claim.askedAt})
    on conflict (order_id) where state = 'asked' do nothing`)
  return count > 0
}

export async function lockClaim(db: Db, id: Id<'clm'>): Promise<KeptClaim | undefined> {
  const { rows } = await db.query<Row>(sql`select * from claims where id = ${id} for no key update`)
  return rows[0] && kept(rows[0])
}

export async function findClaim(db: Db, id: Id<'clm'>): Promise<KeptClaim | undefined> {
  const { rows } = await db.query<Row>(sql`select * from claims where id = ${id}`)
  return rows[0] && kept(rows[0])
}

export async function listByOrder(db: Db, order: Id<'ord'>): Promise<KeptClaim[]> {
  const { rows } = await db.query<Row>(sql`select * from claims where order_id = ${order} order by asked_at desc`)
  return rows.map(kept)
}

export async function listClaims(db: Db, isOpenOnly: boolean, offset: number, limit: number): Promise<KeptClaim[]> {
  const { rows } = await db.query<Row>(sql`
    select * from claims where not ${isOpenOnly} or state = 'asked' order by (state = 'asked') desc, asked_at desc, id offset ${offset} limit ${limit}`)
  return rows.map(kept)
}

/** False when somebody decided before. */
export async function updateDecided(db: Db, id: Id<'clm'>, { state, sum, amount, answer, decidedAt, decidedBy, refund }: Decision): Promise<boolean> {
  const { count } = await db.query(sql`
    update claims set state = ${state}, fault = ${sum?.fault ?? null}, computed = ${sum && JSON.stringify(sum)}, amount = ${amount}, answer = ${answer}, decided_at = ${decidedAt}, decided_by = ${decidedBy}, refund_id = ${refund}
    where id = ${id} and state = 'asked'`)
  return count > 0
}
