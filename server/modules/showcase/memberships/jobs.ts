// Telling members once a day whose membership ends soon.
import type { Ctx } from '#kernel/ctx.ts'
import { remindEnding } from './actions.ts'

declare module '#kernel/ctx.ts' {
  interface Jobs {
    'memberships.remind': Record<string, never>
  }
}

export const jobs = {
  'memberships.remind': (ctx: Ctx) => remindEnding(ctx),
}
