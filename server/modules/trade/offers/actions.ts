// Setting a price, quoting it, and keeping its mirror in WeChat's item list.
import type { Offer, Quote } from '#contracts/offers.ts'
import type { Id } from '#contracts/words/id.ts'
import type { Cents } from '#contracts/words/money.ts'
import { instant } from '#contracts/words/time.ts'
import { inTransaction, type Ctx, type TxCtx } from '#kernel/ctx.ts'
import { newId } from '#kernel/ids.ts'
import { refuse } from '#kernel/refuse.ts'
import { audit } from '#modules/academy/audit/actions.ts'
import { agreementInForce, readSettings } from '#modules/academy/settings/actions.ts'
import { courseOf } from '#modules/content/catalog/actions.ts'
import { channelsFor } from '#modules/trade/channels/actions.ts'
import { priceLines, productIdOf, totalOf } from './rules.ts'
import { findItem, findOffer, insertItem, listOffersOf, listUnreadyItems, updateItem, upsertOffer, type Item, type KeptOffer } from './store.ts'

export type Terms = { kind: 'one_off' | 'free'; price: Cents; accessDays: number | null; onSale: boolean }

export async function offersOf(ctx: TxCtx, courses: Id<'crs'>[]): Promise<Map<Id<'crs'>, KeptOffer>> {
  return new Map((await listOffersOf(ctx.db, courses)).map((offer) => [offer.course, offer]))
}

export async function showOffer(ctx: TxCtx, course: Id<'crs'>): Promise<{ offer: Offer | null }> {
  if (!(await courseOf(ctx, course))) refuse('thing.not_found', { what: 'course' })
  const [offer] = await listOffersOf(ctx.db, [course])
  return { offer: offer ? shown(offer, await findItem(ctx.db, offer.id, offer.price)) : null }
}

export async function setOffer(ctx: TxCtx, courseId: Id<'crs'>, terms: Terms): Promise<Offer> {
  if ((terms.kind === 'free') !== (terms.price === 0)) refuse('request.invalid', { in: 'body', field: 'price', problem: 'a free offer costs 0, any other more' })
  return inTransaction(ctx, async (ctx) => {
    const course = await courseOf(ctx, courseId)
    if (!course) refuse('thing.not_found', { what: 'course' })
    const [before] = await listOffersOf(ctx.db, [course.id])
    const offer = await upsertOffer(ctx.db, { id: before?.id ?? newId('ofr'), course: course.id, ...terms, updatedAt: ctx.now() })
    if (offer.kind === 'one_off' && ctx.knobs.xpayOfferId !== '') {
      await insertItem(ctx.db, { productId: productIdOf(offer.id, offer.price), offer: offer.id, price: offer.price, at: ctx.now() })
      await ctx.later('offers.sync_items', {})
    }
    await audit(ctx, { action: 'offer.set', subject: course.id, before: before ?? null, after: terms })
    await ctx.tell('offer.changed', { offer: offer.id })
    return shown(offer, await findItem(ctx.db, offer.id, offer.price))
  })
}

/** What an offer costs this caller now; the order computes the same from the same function. */
export async function quote(ctx: TxCtx, id: Id<'ofr'>): Promise<Quote & { offerKept: KeptOffer }> {
  const offer = await findOffer(ctx.db, id)
  const course = offer && (await courseOf(ctx, offer.course))
  if (!offer || !course) refuse('thing.not_found', { what: 'offer' })
  if (!offer.onSale || course.state !== 'published') refuse('offer.not_on_sale')
  const lines = priceLines({ kind: offer.kind, price: offer.price, title: course.title })
  const agreement = await agreementInForce(ctx, 'purchase')
  return {
    offer: offer.id,
    course: offer.course,
    title: course.title,
    lines,
    total: totalOf(lines),
    accessDays: offer.accessDays,
    refundRule: (await readSettings(ctx)).refundRule,
    agreementVersion: agreement?.version ?? 0,
    channels: channelsFor(ctx),
    offerKept: offer,
  }
}

export async function showQuote(ctx: TxCtx, id: Id<'ofr'>): Promise<Quote> {
  const { offerKept: _kept, ...told } = await quote(ctx, id)
  return told
}

/** The published item for a price, or a refusal that says to try again later. */
export async function readyItem(ctx: TxCtx, offer: Id<'ofr'>, price: Cents): Promise<{ productId: string }> {
  const item = await findItem(ctx.db, offer, price)
  if (item?.state !== 'ready') refuse('payment.item_not_ready', { state: item?.state ?? 'missing' })
  return { productId: item.productId }
}

/** Brings every unready item one step on: upload, then publish, then ready. WeChat takes minutes for each. */
export async function syncItems(ctx: Ctx): Promise<void> {
  const items = await listUnreadyItems(ctx.db)
  for (const item of items) await syncOne(ctx, item)
  if (items.some((item) => item.state !== 'failed')) await ctx.later('offers.sync_items', {}, { afterSeconds: 5, key: 'again' })
}

async function syncOne(ctx: Ctx, item: Item): Promise<void> {
  const offer = await findOffer(ctx.db, item.offer)
  const course = offer && (await courseOf(ctx, offer.course))
  if (!course) return
  const step = await ctx.gateways.wechat.virtual.syncItem({ productId: item.productId, name: course.title, price: item.price, picture: course.coverUrl ? ctx.knobs.publicUrl + course.coverUrl : '' }, item.state)
  await updateItem(ctx.db, item.productId, item.state, step.state, step.why, ctx.now())
}

function shown(offer: KeptOffer, item: Item | undefined): Offer {
  const { updatedAt, ...rest } = offer
  return { ...rest, updatedAt: instant(updatedAt), virtualItem: item ? { state: item.state, productId: item.productId, why: item.why } : null }
}
