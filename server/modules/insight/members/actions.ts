// Members as operators see them: masked, with what they own and spent.
import type { MemberRow } from '#contracts/members.ts'
import type { Id } from '#contracts/words/id.ts'
import { cents } from '#contracts/words/money.ts'
import { instant } from '#contracts/words/time.ts'
import { inTransaction, type TxCtx } from '#kernel/ctx.ts'
import { idBefore } from '#kernel/places.ts'
import { refuse } from '#kernel/refuse.ts'
import { audit } from '#modules/academy/audit/actions.ts'
import { findCard, newestMembers, phoneOf, type Card } from '#modules/people/members/actions.ts'
import { countStanding } from './store.ts'

export async function listForDesk(ctx: TxCtx, ask: { q?: string; cursor?: string; limit?: number }) {
  const limit = ask.limit ?? 20
  const cards = await newestMembers(ctx, ask.q?.trim() || null, idBefore('mem', ask.cursor), limit + 1)
  const items = await rowsOf(ctx, cards.slice(0, limit))
  return { items, next: cards.length > limit ? (items.at(-1)?.id ?? null) : null }
}

export async function showForDesk(ctx: TxCtx, id: Id<'mem'>): Promise<MemberRow> {
  const card = (await findCard(ctx, id)) ?? refuse('thing.not_found', { what: 'member' })
  const [row] = await rowsOf(ctx, [card])
  return row ?? refuse('thing.not_found', { what: 'member' })
}

/** The number is only shown once the reason is written down. */
export async function viewPhone(ctx: TxCtx, id: Id<'mem'>, reason: string): Promise<{ phone: string | null }> {
  return inTransaction(ctx, async (ctx) => {
    const phone = await phoneOf(ctx, id)
    await audit(ctx, { action: 'member.phone_viewed', subject: id, before: null, after: { reason } })
    return { phone }
  })
}

async function rowsOf(ctx: TxCtx, cards: Card[]): Promise<MemberRow[]> {
  const standings = await countStanding(ctx.db, cards.map((card) => card.id), ctx.now())
  return cards.map((card) => ({
    id: card.id,
    nickname: card.nickname,
    phone: card.phoneMasked,
    platforms: card.platforms,
    ...(standings.get(card.id) ?? { courses: 0, spent: cents(0) }),
    createdAt: instant(card.createdAt),
    lastSeenAt: card.lastSeenAt && instant(card.lastSeenAt),
    closed: card.closedAt !== null,
  }))
}
