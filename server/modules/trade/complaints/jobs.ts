// Later work about complaints: reading what a notice named, telling decisions, sweeping, and the address of notices.
import type { Id } from '#contracts/words/id.ts'
import type { Ctx } from '#kernel/ctx.ts'
import { checkComplaint, keepAddress, sweepComplaints, tellDecision } from './actions.ts'

declare module '#kernel/ctx.ts' {
  interface Jobs {
    'complaints.check': { complaint: string }
    'complaints.tell': { complaint: Id<'cpl'> }
    'complaints.sweep': Record<string, never>
    'complaints.keep_address': Record<string, never>
  }
}

export const jobs = {
  'complaints.check': (ctx: Ctx, { complaint }: { complaint: string }) => checkComplaint(ctx, complaint),
  'complaints.tell': (ctx: Ctx, { complaint }: { complaint: Id<'cpl'> }) => tellDecision(ctx, complaint),
  'complaints.sweep': async (ctx: Ctx) => void (await sweepComplaints(ctx)),
  'complaints.keep_address': (ctx: Ctx) => keepAddress(ctx),
}
