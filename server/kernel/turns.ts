// Work that one process does at a time, however often it is asked for: whoever does it says again and again that it is still there.
import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { TxCtx } from './ctx.ts'

const SAY_EVERY_MS = 3000
const GONE_AFTER_MS = 10_000
const LOOK_EVERY_MS = 250

export type Turn<T> = {
  /** Ours from now on; undefined when it is done, or when another was seen at it since. */
  claim(by: string, since: Date): Promise<T | undefined>
  isDone(): Promise<boolean>
  /** False when it is no longer ours. */
  sayAgain(claimed: T): Promise<boolean>
  release(claimed: T): Promise<unknown>
}

/** Whoever was not seen since has died. */
export function goneBefore(ctx: TxCtx): Date {
  return new Date(ctx.now().getTime() - GONE_AFTER_MS)
}

/** Does the work, or waits until another has done it or is gone. The signal is aborted when the work was taken from us. */
export async function inTurn<T>(ctx: TxCtx, turn: Turn<T>, work: (claimed: T, lost: AbortSignal) => Promise<void>): Promise<void> {
  const by = randomUUID()
  let claimed = await turn.claim(by, goneBefore(ctx))
  while (claimed === undefined) {
    if (await turn.isDone()) return
    await pause(LOOK_EVERY_MS)
    claimed = await turn.claim(by, goneBefore(ctx))
  }
  const ours = claimed
  try {
    await whileSaying(ctx, () => turn.sayAgain(ours), (lost) => work(ours, lost))
  } finally {
    await turn.release(ours)
  }
}

async function whileSaying(ctx: TxCtx, sayAgain: () => Promise<boolean>, work: (lost: AbortSignal) => Promise<void>): Promise<void> {
  const lost = new AbortController()
  const say = async () => {
    try {
      if (!(await sayAgain())) lost.abort(new Error('another has taken this work over'))
    } catch (error) {
      // A database that does not answer says nothing about whose the work is.
      ctx.log.warn({ error: String(error) }, 'could not say that the work goes on')
    }
  }
  const timer = setInterval(() => void say(), SAY_EVERY_MS)
  try {
    await work(lost.signal)
  } finally {
    clearInterval(timer)
  }
}
