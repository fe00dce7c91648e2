// Which edition of the pages stands: the number grows with every change of what they show.
import { sql, type Db } from '#kernel/db.ts'

type Row = { edition: number }

export async function getEdition(db: Db): Promise<string> {
  const { rows } = await db.query<Row>(sql`select edition from page_editions`)
  return String(rows[0]?.edition ?? '')
}
