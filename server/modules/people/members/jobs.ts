// What members of earlier versions still need.
import type { Ctx } from '#kernel/ctx.ts'
import { printTails } from './actions.ts'

declare module '#kernel/ctx.ts' {
  interface Jobs {
    'members.print_tails': object
  }
}

export const jobs = {
  'members.print_tails': (ctx: Ctx) => printTails(ctx),
}
