// Publishing at the hour that was set.
import type { Ctx } from '#kernel/ctx.ts'
import { publishDue } from './actions.ts'

declare module '#kernel/ctx.ts' {
  interface Jobs {
    'catalog.publish_due': Record<string, never>
  }
}

export const jobs = {
  'catalog.publish_due': (ctx: Ctx) => publishDue(ctx),
}
