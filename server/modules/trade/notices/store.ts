// Remembers every notice that came in, once.
import type { Notice } from '#contracts/payments.ts'
import type { Id } from '#contracts/words/id.ts'
import { sql, type Db } from '#kernel/db.ts'

type NoticeRow = { id: Id<'ntc'>; source: Notice['source']; notice_id: string; event: string; out_trade_no: string | null; payload: unknown; received_at: Date; handled_at: Date | null; outcome: Notice['outcome']; why: string | null }
export type KeptNotice = { id: Id<'ntc'>; source: Notice['source']; noticeId: string; event: string; outTradeNo: string | null; payload: unknown; receivedAt: Date; handledAt: Date | null; outcome: Notice['outcome']; why: string | null }

function keptNotice(row: NoticeRow): KeptNotice {
  return { id: row.id, source: row.source, noticeId: row.notice_id, event: row.event, outTradeNo: row.out_trade_no, payload: row.payload, receivedAt: row.received_at, handledAt: row.handled_at, outcome: row.outcome, why: row.why }
}

/** False when this notice is in the inbox already. */
export async function insertNotice(db: Db, notice: Pick<KeptNotice, 'id' | 'source' | 'noticeId' | 'event' | 'outTradeNo' | 'payload' | 'receivedAt'>): Promise<boolean> {
  const { count } = await db.query(sql`
    insert into notices (id, source, notice_id, event, out_trade_no, payload, received_at)
    values (${notice.id}, ${notice.source}, ${notice.noticeId}, ${notice.event}, ${notice.outTradeNo}, ${JSON.stringify(notice.payload)}, ${notice.receivedAt})
    on conflict (source, notice_id) do nothing`)
  return count > 0
}

export async function findNotice(db: Db, id: Id<'ntc'>): Promise<KeptNotice | undefined> {
  const { rows } = await db.query<NoticeRow>(sql`select * from notices where id = ${id}`)
  return rows[0] && keptNotice(rows[0])
}

/** Those that wait longest first. */
export async function listUnhandled(db: Db, limit: number): Promise<KeptNotice[]> {
  const { rows } = await db.query<NoticeRow>(sql`select * from notices where handled_at is null order by received_at limit ${limit}`)
  return rows.map(keptNotice)
}

/** False when it was handled already. */
export async function updateNotice(db: Db, id: Id<'ntc'>, outcome: NonNullable<Notice['outcome']>, why: string | null, at: Date): Promise<boolean> {
  const { count } = await db.query(sql`update notices set outcome = ${outcome}, why = ${why}, handled_at = ${at} where id = ${id} and handled_at is null`)
  return count > 0
}

export async function listNotices(db: Db, attentionOnly: boolean, before: string | null, limit: number): Promise<KeptNotice[]> {
  const { rows } = await db.query<NoticeRow>(sql`
    select * from notices where (not ${attentionOnly}::boolean or outcome in ('mismatched', 'unknown_order')) and (${before}::text is null or id < ${before})
    order by id desc limit ${limit}`)
  return rows.map(keptNotice)
}
