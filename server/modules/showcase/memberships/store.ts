// Remembers whom a text told that a membership ends.
import type { Id } from '#contracts/words/id.ts'
import { sql, type Db } from '#kernel/db.ts'

export type Reminder = { member: Id<'mem'>; plan: Id<'pln'>; until: Date }

/** False when somebody was first. */
export async function insertReminder(db: Db, { member, plan, until }: Reminder, at: Date): Promise<boolean> {
  const { count } = await db.query(sql`
    insert into plan_reminders (member_id, plan_id, until_at, state, at) values (${member}, ${plan}, ${until}, 'sending', ${at}) on conflict do nothing`)
  return count > 0
}

export async function updateReminder(db: Db, { member, plan, until }: Reminder, state: 'sent' | 'refused'): Promise<void> {
  await db.query(sql`update plan_reminders set state = ${state} where member_id = ${member} and plan_id = ${plan} and until_at = ${until}`)
}
