// Setting a price, quoting it, and keeping its mirror in WeChat's item list.
import type { AcademySettings } from '#contracts/academy.ts'
import type { Picture } from '#contracts/shapes.ts'
import type { Offer, Quote } from '#contracts/offers.ts'
import type { Id } from '#contracts/words/id.ts'
import type { Cents } from '#contracts/words/money.ts'
import { instant } from '#contracts/words/time.ts'
import { inTransaction, type Ctx, type Knobs, type TxCtx } from '#kernel/ctx.ts'
import { newId } from '#kernel/ids.ts'
import { openShelf, standingEdition, type Shelf } from '#kernel/kept.ts'
import { refuse } from '#kernel/refuse.ts'
import { audit } from '#modules/academy/audit/actions.ts'
import { agreementInForce, readSettings } from '#modules/academy/settings/actions.ts'
import { courseOf, coversOf, lessonsOf, type KeptCourse } from '#modules/content/catalog/actions.ts'
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

/** All that a quote and an order are made from, besides who asks. */
type Wares = { offer: KeptOffer; course: KeptCourse; settings: AcademySettings; agreementVersion: number; cover: Picture | null; firstLesson: Id<'lsn'> | null }
/** A quote, and what else an order of it needs. */
export type Quoted = Quote & Pick<Wares, 'settings' | 'cover' | 'firstLesson'>

const KEPT_MS = 60_000
const shelves = new WeakMap<Knobs, Shelf<Wares | undefined>>()

/** Made once for the edition that this very transaction sees. */
async function waresOf(ctx: TxCtx, id: Id<'ofr'>): Promise<Wares | undefined> {
  const shelf = shelves.get(ctx.knobs) ?? openShelf<Wares | undefined>(KEPT_MS)
  shelves.set(ctx.knobs, shelf)
  return shelf.answer(id, await standingEdition(ctx.db), ctx.now().getTime(), () => findWares(ctx, id))
}

async function findWares(ctx: TxCtx, id: Id<'ofr'>): Promise<Wares | undefined> {
  const [offer, agreement, settings] = await Promise.all([findOffer(ctx.db, id), agreementInForce(ctx, 'purchase'), readSettings(ctx)])
  if (!offer) return undefined
  const [course, covers, [first]] = await Promise.all([courseOf(ctx, offer.course), coversOf(ctx, [offer.course]), lessonsOf(ctx, offer.course)])
  return course && { offer, course, settings, agreementVersion: agreement?.version ?? 0, cover: covers.get(course.id) ?? null, firstLesson: first?.id ?? null }
}

/** What an offer costs this caller now; the order computes the same from the same function. */
export async function quote(ctx: TxCtx, id: Id<'ofr'>): Promise<Quoted> {
  const wares = await waresOf(ctx, id)
  if (!wares) return refuse('thing.not_found', { what: 'offer' })
  const { offer, course, settings, agreementVersion, cover, firstLesson } = wares
  if (!offer.onSale || course.state !== 'published') refuse('offer.not_on_sale')
  const lines = priceLines({ kind: offer.kind, price: offer.price, title: course.title })
  return {
    offer: offer.id,
    course: offer.course,
    title: course.title,
    lines,
    total: totalOf(lines),
    accessDays: offer.accessDays,
    refundRule: settings.refundRule,
    agreementVersion,
    channels: channelsFor(ctx),
    settings,
    cover,
    firstLesson,
  }
}

export async function showQuote(ctx: TxCtx, id: Id<'ofr'>): Promise<Quote> {
  const { settings: _settings, cover: _cover, firstLesson: _first, ...told } = await quote(ctx, id)
  return told
}

/** The published item for a price, or a refusal that says to try again later. */
export async function readyItem(ctx: TxCtx, offer: Id<'ofr'>, price: Cents): Promise<{ productId: string }> {
  const item = await findItem(ctx.db, offer, price)
  if (item?.state !== 'ready') refuse('payment.item_not_ready', { state: item?.state ?? 'missing' })
  return { productId: item.productId }
}

/** Brings every unready item one step on: uploaded, then published, then ready. WeChat works on one batch at a time. */
export async function syncItems(ctx: Ctx): Promise<void> {
  const items = await listUnreadyItems(ctx.db)
  const at = (state: Item['state']) => items.filter((item) => item.state === state)
  if (at('publishing').length > 0) await followPublish(ctx, at('publishing'))
  else if (at('uploading').length > 0) await followUpload(ctx, at('uploading'))
  else if (at('waiting').length > 0) await beginUpload(ctx, at('waiting'))
  if (items.some((item) => item.state !== 'failed')) await ctx.later('offers.sync_items', {}, { afterSeconds: 3, key: 'again' })
}

async function beginUpload(ctx: Ctx, items: Item[]): Promise<void> {
  const goods = await Promise.all(items.map(async (item) => ({ id: item.productId, name: await titleOf(ctx, item.offer), price: item.price })))
  const told = await ctx.gateways.wechat.virtual.uploadGoods(goods)
  if (told.outcome === 'done') for (const item of items) await updateItem(ctx.db, item.productId, 'waiting', 'uploading', null, ctx.now())
}

async function followUpload(ctx: Ctx, items: Item[]): Promise<void> {
  const told = await ctx.gateways.wechat.virtual.findUpload()
  if (told.outcome !== 'done' || told.value.state === 'running') return
  const failed = new Map(told.value.items.filter((item) => item.state === 'failed').map((item) => [item.id, item.why ?? '']))
  for (const item of items) if (failed.has(item.productId)) await updateItem(ctx.db, item.productId, 'uploading', 'failed', failed.get(item.productId) ?? '', ctx.now())
  const uploaded = items.filter((item) => !failed.has(item.productId))
  const begun = uploaded.length > 0 ? await ctx.gateways.wechat.virtual.publishGoods(uploaded.map((item) => item.productId)) : undefined
  if (begun?.outcome === 'done') for (const item of uploaded) await updateItem(ctx.db, item.productId, 'uploading', 'publishing', null, ctx.now())
}

async function followPublish(ctx: Ctx, items: Item[]): Promise<void> {
  const told = await ctx.gateways.wechat.virtual.findPublish()
  if (told.outcome !== 'done' || told.value.state === 'running') return
  const failed = new Map(told.value.items.filter((item) => item.state === 'failed').map((item) => [item.id, item.why ?? '']))
  for (const item of items) {
    const why = failed.get(item.productId)
    await updateItem(ctx.db, item.productId, 'publishing', why === undefined ? 'ready' : 'failed', why ?? null, ctx.now())
  }
}

async function titleOf(ctx: TxCtx, id: Id<'ofr'>): Promise<string> {
  const offer = await findOffer(ctx.db, id)
  return (offer && (await courseOf(ctx, offer.course))?.title) ?? id
}

function shown(offer: KeptOffer, item: Item | undefined): Offer {
  const { updatedAt, ...rest } = offer
  return { ...rest, updatedAt: instant(updatedAt), virtualItem: item ? { state: item.state, productId: item.productId, why: item.why } : null }
}
