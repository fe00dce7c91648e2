// Writing down what an operator did, and reading it.
import type { AuditEntry } from '#contracts/staff.ts'
import { instant } from '#contracts/words/time.ts'
import type { TxCtx } from '#kernel/ctx.ts'
import { newId } from '#kernel/ids.ts'
import { idBefore } from '#kernel/places.ts'
import { insertEntry, listEntries } from './store.ts'

/** Belongs in the transaction of the change itself. Never give it a secret or a whole phone number. */
export async function audit(ctx: TxCtx, entry: { action: string; subject: string; before: unknown; after: unknown }): Promise<void> {
  const who = ctx.actor.kind === 'operator' ? ctx.actor : null
  await insertEntry(ctx.db, { id: newId('adt'), at: ctx.now(), staff: who?.staff ?? null, staffName: who?.name ?? null, address: ctx.address, ...entry })
}

/** What a thing holds in the fields of a change: the other half of a line in the audit log. */
export function sameFields<T extends object>(thing: T, change: Partial<T>): Partial<T> {
  return Object.fromEntries(Object.keys(change).map((name) => [name, thing[name as keyof T]])) as Partial<T>
}

export async function showAudit(ctx: TxCtx, ask: { q?: string; cursor?: string; limit?: number }) {
  const limit = ask.limit ?? 20
  const entries = await listEntries(ctx.db, ask.q?.trim() || null, idBefore('adt', ask.cursor), limit + 1)
  const items: AuditEntry[] = entries.slice(0, limit).map(({ at, ...entry }) => ({ ...entry, at: instant(at) }))
  return { items, next: entries.length > limit ? (items.at(-1)?.id ?? null) : null }
}
