// Later work about coins: those of a pack whose money stayed return to the purse.
import type { Id } from '#contracts/words/id.ts'
import type { Ctx } from '#kernel/ctx.ts'
import { restorePack } from './actions.ts'

type Pack = { member: Id<'mem'>; number: string; coins: number }

declare module '#kernel/ctx.ts' {
  interface Jobs {
    'coins.restore': Pack
  }
}

export const jobs = {
  'coins.restore': (ctx: Ctx, pack: Pack) => restorePack(ctx, pack),
}
