// Finding kept notices that nobody handled.
import type { Ctx } from '#kernel/ctx.ts'
import { sweepNotices } from './actions.ts'

declare module '#kernel/ctx.ts' {
  interface Jobs {
    'notices.sweep': Record<string, never>
  }
}

export const jobs = {
  'notices.sweep': (ctx: Ctx) => sweepNotices(ctx),
}
