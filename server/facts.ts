// Everything that can happen, and what it carries: ids only.
import type { Id } from '#contracts/words/id.ts'

declare module '#kernel/ctx.ts' {
  interface Facts {
    'member.joined': { member: Id<'mem'> }
    'asset.ready': { asset: Id<'ast'> }
    'asset.failed': { asset: Id<'ast'> }
    'course.published': { course: Id<'crs'> }
    'plan.changed': { plan: Id<'pln'> }
    'offer.changed': { offer: Id<'ofr'> }
    'order.placed': { order: Id<'ord'> }
    'order.paid': { order: Id<'ord'> }
    'order.closed': { order: Id<'ord'> }
    'order.refunded': { order: Id<'ord'> }
  }
}
