// Remembers withdrawals from virtual payment to the bank.
import type { Withdrawal } from '#contracts/withdrawals.ts'
import type { Id } from '#contracts/words/id.ts'
import type { Cents } from '#contracts/words/money.ts'
import { sql, type Db } from '#kernel/db.ts'

export type WithdrawalState = Withdrawal['state']
type Row = { id: Id<'wdr'>; number: string; request_key: string; amount: Cents; state: WithdrawalState; by_name: string; problem: string | null; made_at: Date; settled_at: Date | null }
export type KeptWithdrawal = { id: Id<'wdr'>; number: string; requestKey: string; amount: Cents; state: WithdrawalState; by: string; problem: string | null; madeAt: Date; settledAt: Date | null }

function kept(row: Row): KeptWithdrawal {
  return { id: row.id, number: row.number, requestKey: row.request_key, amount: row.amount, state: row.state, by: row.by_name, problem: row.problem, madeAt: row.made_at, settledAt: row.settled_at }
}

/** False when it was asked for with this key before, or another one is open. */
export async function insertWithdrawal(db: Db, one: Pick<KeptWithdrawal, 'id' | 'number' | 'requestKey' | 'amount' | 'by' | 'madeAt'>): Promise<boolean> {
  const { count } = await db.query(sql`
    insert into withdrawals (id, number, request_key, amount, state, by_name, made_at) values (${one.id}, ${one.number}, ${one.requestKey}, ${one.amount}, 'sending', ${one.by}, ${one.madeAt})
    on conflict do nothing`)
  return count > 0
}

export async function findWithdrawal(db: Db, id: Id<'wdr'>): Promise<KeptWithdrawal | undefined> {
  const { rows } = await db.query<Row>(sql`select * from withdrawals where id = ${id}`)
  return rows[0] && kept(rows[0])
}

export async function findByKey(db: Db, requestKey: string): Promise<KeptWithdrawal | undefined> {
  const { rows } = await db.query<Row>(sql`select * from withdrawals where request_key = ${requestKey}`)
  return rows[0] && kept(rows[0])
}

export async function listWithdrawals(db: Db, isOpenOnly: boolean, limit: number): Promise<KeptWithdrawal[]> {
  const { rows } = await db.query<Row>(sql`select * from withdrawals where not ${isOpenOnly} or state in ('sending', 'under_way') order by id desc limit ${limit}`)
  return rows.map(kept)
}

/** False when somebody was first. */
export async function updateWithdrawal(db: Db, { id, state }: Pick<KeptWithdrawal, 'id' | 'state'>, to: WithdrawalState, change: { problem: string | null; settledAt?: Date }): Promise<boolean> {
  const { count } = await db.query(sql`update withdrawals set state = ${to}, problem = ${change.problem}, settled_at = ${change.settledAt ?? null} where id = ${id} and state = ${state}`)
  return count > 0
}
