// Work that follows an answer at once, in this very process. What is lost with the process, a sweep finds again.
import type { TxCtx } from './ctx.ts'

/** Begins when what is being done now has been done; nobody waits for it. */
export function doSoon(ctx: Pick<TxCtx, 'log'>, what: string, work: () => Promise<unknown>): void {
  setImmediate(() => void tryAlone(ctx, what, work))
}

/** One that fails is logged, and takes none of its neighbours along. */
export async function tryAlone(ctx: Pick<TxCtx, 'log'>, what: string, work: () => Promise<unknown>): Promise<void> {
  try {
    await work()
  } catch (error) {
    ctx.log.error({ what, message: error instanceof Error ? error.message : String(error), stack: error instanceof Error ? error.stack : undefined }, 'this failed and will be tried again')
  }
}
