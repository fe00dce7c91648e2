// The record of what was used: written as it happens, read by whoever must show it.
import type { Id } from '#contracts/words/id.ts'
import type { TxCtx } from '#kernel/ctx.ts'
import { tenthsOf } from './rules.ts'
import { insertUsage, listUsages } from './store.ts'

/** Belongs in the transaction that takes the report. `basisPoints` is how much of the lesson has been watched or read in all. */
export async function noteUsage(ctx: TxCtx, member: Id<'mem'>, lesson: { id: Id<'lsn'>; course: Id<'crs'> }, basisPoints: number): Promise<void> {
  await insertUsage(ctx.db, { member, lesson: lesson.id, course: lesson.course, tenths: tenthsOf(basisPoints), at: ctx.now() })
}

/** How far every lesson of these courses was used since an hour, in tenths of it. */
export async function usagesOf(ctx: TxCtx, member: Id<'mem'>, courses: Id<'crs'>[], after: Date) {
  return listUsages(ctx.db, member, courses, after)
}
