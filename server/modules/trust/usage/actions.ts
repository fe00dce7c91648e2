// The record of what was used under which right: written as it happens, read by whoever must show it.
import type { Id } from '#contracts/words/id.ts'
import type { TxCtx } from '#kernel/ctx.ts'
import { tenthsOf } from './rules.ts'
import { insertUsage, listUsages, mergeRanges } from './store.ts'

type Use = { right: Id<'ent'>; member: Id<'mem'>; lesson: Id<'lsn'>; course: Id<'crs'> }

/** Belongs in the transaction that takes the report. `ranges` are those of this one report, a multirange; `length` is that of the lesson. */
export async function noteUsage(ctx: TxCtx, use: Use, ranges: string, length: number): Promise<void> {
  const used = await mergeRanges(ctx.db, use, ranges)
  if (used !== undefined) await insertUsage(ctx.db, { ...use, tenths: tenthsOf(used, length), at: ctx.now() })
}

/** How far every lesson was used under these rights, in tenths of it. */
export async function usagesOf(ctx: TxCtx, rights: Id<'ent'>[]) {
  return listUsages(ctx.db, rights)
}
