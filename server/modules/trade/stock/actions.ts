// What is limited: how many there are, and orders that hold some until they are closed or given back.
import type { Id } from '#contracts/words/id.ts'
import type { TxCtx } from '#kernel/ctx.ts'
import { deleteStock, giveBack, insertHold, listHolders, listReleased, listStocks, takeFrom, updateHold, updateReleased, upsertStock, type Hold, type Stock } from './store.ts'

export type { Hold, Stock }

/** Limits a subject, or lifts its limit (null). False when more are held than the new limit allows. */
export async function setLimit(ctx: TxCtx, subject: string, total: number | null): Promise<boolean> {
  if (total !== null) return upsertStock(ctx.db, subject, total)
  await deleteStock(ctx.db, subject)
  return true
}

/** The limited ones among the subjects. */
export async function stocksOf(ctx: TxCtx, subjects: string[]): Promise<Map<string, Stock>> {
  return new Map((await listStocks(ctx.db, subjects)).map((stock) => [stock.subject, stock]))
}

/** Holds everything asked for or nothing; replies whether it was there. What has no limit is always there. */
export async function hold(ctx: TxCtx, order: Id<'ord'>, wanted: Hold[]): Promise<boolean> {
  const limited = await stocksOf(ctx, wanted.map((one) => one.subject))
  const taken: Hold[] = []
  // In one order for all, so that two orders never wait for each other.
  for (const one of wanted.filter((each) => limited.has(each.subject)).toSorted((a, b) => (a.subject < b.subject ? -1 : 1))) {
    if (!(await takeFrom(ctx.db, one))) {
      for (const back of taken) await giveBack(ctx.db, back)
      return false
    }
    taken.push(one)
  }
  for (const one of taken) await insertHold(ctx.db, order, one, ctx.now())
  return true
}

/** Gives back what an order holds, all of it or of those subjects, however often it is called. */
export async function release(ctx: TxCtx, order: Id<'ord'>, subjects: string[] | null = null): Promise<void> {
  for (const one of (await updateReleased(ctx.db, order, subjects, ctx.now())).toSorted((a, b) => (a.subject < b.subject ? -1 : 1))) await giveBack(ctx.db, one)
}

/** Gives back some of what an order holds; all of it when it holds no more. */
export async function releaseSome(ctx: TxCtx, order: Id<'ord'>, some: Hold): Promise<void> {
  if (await updateHold(ctx.db, order, some)) await giveBack(ctx.db, some)
  else await release(ctx, order)
}

/** The orders that hold something of the subjects. */
export async function holdersOf(ctx: TxCtx, subjects: string[]): Promise<{ order: Id<'ord'>; subject: string }[]> {
  return subjects.length === 0 ? [] : listHolders(ctx.db, subjects)
}

/** Holds again what an order gave back when it was closed; false when somebody else has it by now. */
export async function holdAgain(ctx: TxCtx, order: Id<'ord'>): Promise<boolean> {
  return hold(ctx, order, await listReleased(ctx.db, order))
}
