// Offers: set by operators, chosen and quoted by learners, and kept mirrored in WeChat's item list.
import type { AcademySettings } from '#contracts/academy.ts'
import type { Picture } from '#contracts/shapes.ts'
import type { Sale } from '#contracts/channels.ts'
import type { CoinPack } from '#contracts/coins.ts'
import type { Offer, OfferChoice, OfferTerms, Quote } from '#contracts/offers.ts'
import type { Period } from '#contracts/plans.ts'
import type { PolicyTerms } from '#contracts/policies.ts'
import type { Id } from '#contracts/words/id.ts'
import { ZERO, percentOf, type Cents } from '#contracts/words/money.ts'
import { instant } from '#contracts/words/time.ts'
import { inTransaction, type Ctx, type Knobs, type TxCtx } from '#kernel/ctx.ts'
import { newId } from '#kernel/ids.ts'
import { openShelf, standingEdition, type Shelf } from '#kernel/kept.ts'
import { refuse } from '#kernel/refuse.ts'
import { audit } from '#modules/academy/audit/actions.ts'
import { hadPlan, plansOf } from '#modules/content/access/actions.ts'
import { agreementInForce, readSettings } from '#modules/academy/settings/actions.ts'
import { allPlans, planOf, type KeptPlan } from '#modules/content/plans/actions.ts'
import { courseOf, coversOf, type KeptCourse } from '#modules/content/catalog/actions.ts'
import { lessonsOf } from '#modules/content/outline/actions.ts'
import { goodsOf, isPayable, saleFor } from '#modules/trade/channels/actions.ts'
import { coinOnSale, priceOfPack, waysToPay } from '#modules/trade/coins/actions.ts'
import { policyAt } from '#modules/trade/policies/actions.ts'
import { priceFor, type Priced } from '#modules/trade/prices/actions.ts'
import { setLimit, stocksOf, type Stock } from '#modules/trade/stock/actions.ts'
import { isStanding, misfitOf, mostPiecesOf, productIdOf, titleOf, whyNotPlan } from './rules.ts'
import { findItem, findOffer, insertItem, listItems, listOffers, listUnreadyItems, updateItem, upsertOffer, type Item, type KeptOffer } from './store.ts'

/** For each course (all when null) the tier that a button names: the cheapest that stands today. */
export async function offersOf(ctx: TxCtx, courses: Id<'crs'>[] | null): Promise<Map<Id<'crs'>, KeptOffer>> {
  const standing = (await listOffers(ctx.db, courses)).filter((offer) => offer.kind === 'course' && isStanding(offer, ctx.now()) && (!offer.parcel || canSell(ctx, offer)))
  const cheapestLast = standing.toSorted((a, b) => a.price - b.price).toReversed()
  return new Map(cheapestLast.flatMap((offer) => offer.courses.map((course) => [course, offer] as const)))
}

/** An offer by its handle, on sale or not. */
export async function offerOf(ctx: TxCtx, id: Id<'ofr'>): Promise<KeptOffer | undefined> {
  return findOffer(ctx.db, id)
}

/** Every way to get a course here today: its tiers, the cheapest first, then bundles of published courses that hold it, then the goods beside it. */
export async function choicesOf(ctx: TxCtx, course: Id<'crs'>): Promise<OfferChoice[]> {
  const offers = (await listOffers(ctx.db, [course])).filter((offer) => isStanding(offer, ctx.now()) && canSell(ctx, offer))
  const [stocks, promised] = [await stocksOf(ctx, offers.map((offer) => offer.id)), await policyAt(ctx, ctx.now())]
  const choices = await Promise.all(offers.map(async (offer) => {
    const courses = (await Promise.all(offer.courses.map((id) => courseOf(ctx, id)))).filter((one) => one !== undefined)
    if (courses.some((one) => one.state !== 'published')) return undefined
    return { id: offer.id, kind: offer.kind, title: offer.title, price: offer.price, accessDays: offer.accessDays, until: offer.until && instant(offer.until), seatsLeft: leftOf(stocks.get(offer.id)), courses: courses.map((one) => one.title), ships: offer.parcel?.goods ?? null, policy: promiseOf(offer, promised) }
  }))
  const place = (choice: OfferChoice) => (choice.kind === 'course' ? 0 : choice.kind === 'bundle' ? 1 : 2)
  return choices.filter((choice) => choice !== undefined).toSorted((a, b) => place(a) - place(b) || a.price - b.price)
}

function canSell(ctx: TxCtx, offer: KeptOffer): boolean {
  return isPayable(ctx, wantedBy(offer), offer.price)
}

function wantedBy({ parcel, kind }: KeptOffer) {
  return goodsOf({ sends: parcel !== null, opens: kind !== 'goods', fills: kind === 'coins' })
}

/** What somebody here can fill their purse with today, the smallest pack first. */
export async function listPacks(ctx: TxCtx): Promise<{ items: CoinPack[]; sale: Sale }> {
  const sale = saleFor(ctx, ['coins'])
  if (!(await coinOnSale(ctx))) return { items: [], sale }
  const packs = (await listOffers(ctx.db, null)).filter((offer) => offer.kind === 'coins' && isStanding(offer, ctx.now()) && canSell(ctx, offer))
  return { items: packs.map(({ id, coins, price }) => ({ offer: id, coins: coins ?? 0, price })).toSorted((a, b) => a.coins - b.coins), sale }
}

export async function showOffers(ctx: TxCtx, course: Id<'crs'> | undefined): Promise<{ items: Offer[] }> {
  const offers = await listOffers(ctx.db, course ? [course] : null)
  return { items: await Promise.all(offers.map((offer) => shown(ctx, offer))) }
}

export async function addOffer(ctx: TxCtx, { kind, ...terms }: OfferTerms & { kind: Offer['kind'] }): Promise<Offer> {
  return inTransaction(ctx, (ctx) => keepOffer(ctx, { id: newId('ofr'), kind }, terms, null))
}

export async function changeOffer(ctx: TxCtx, id: Id<'ofr'>, terms: OfferTerms): Promise<Offer> {
  return inTransaction(ctx, async (ctx) => {
    const before = (await findOffer(ctx.db, id)) ?? refuse('thing.not_found', { what: 'offer' })
    return keepOffer(ctx, before, terms, before)
  })
}

async function keepOffer(ctx: TxCtx, { id, kind }: Pick<KeptOffer, 'id' | 'kind'>, terms: OfferTerms, before: KeptOffer | null): Promise<Offer> {
  for (const course of terms.courses) if (!(await courseOf(ctx, course))) refuse('thing.not_found', { what: 'course' })
  if (terms.plan && !(await planOf(ctx, terms.plan))) refuse('thing.not_found', { what: 'plan' })
  const misfit = misfitOf(kind, terms)
  if (misfit) refuse('request.invalid', { in: 'body', ...misfit })
  const { seats, from, until, parcel = null, vat = 'services', giftDays = 0, coins = null, policy = null, ...plain } = terms
  const price = coins === null ? terms.price : await priceOfPack(ctx, coins)
  const offer: KeptOffer = { id, kind, ...plain, price, coins, title: coins === null ? terms.title.trim() : `${coins} ${(await coinOnSale(ctx))?.name ?? ''}`, from: from && new Date(from), until: until && new Date(until), updatedAt: ctx.now(), parcel, vat, giftDays, policy }
  await upsertOffer(ctx.db, offer)
  if (!(await setLimit(ctx, id, seats))) refuse('offer.seats_taken', { taken: (await stocksOf(ctx, [id])).get(id)?.taken ?? 0 })
  await mirrorAll(ctx, offer, await allPlans(ctx))
  await audit(ctx, { action: 'offer.set', subject: id, before, after: terms })
  await ctx.tell('offer.changed', { offer: id })
  return shown(ctx, offer)
}

/** The list price, and what members of each plan pay: these are known before anybody buys. What is sent is never sold by virtual payment, and coins have a price there already. */
async function mirrorAll(ctx: TxCtx, offer: KeptOffer, plans: KeptPlan[]): Promise<void> {
  if (offer.parcel || offer.kind === 'coins') return
  const shares = offer.kind === 'plan' ? [] : plans.flatMap((plan) => plan.discountBasisPoints ?? [])
  for (const price of new Set([offer.price, ...shares.map((share) => percentOf(offer.price, share))])) await mirror(ctx, offer, price)
}

/** A plan that gives another discount makes other prices. */
export async function mirrorForPlans(ctx: TxCtx): Promise<void> {
  const plans = await allPlans(ctx)
  for (const offer of await listOffers(ctx.db, null)) if (offer.onSale) await mirrorAll(ctx, offer, plans)
}

/** Asks for the item at WeChat that a price needs, once more when it failed. */
export async function mirror(ctx: TxCtx, offer: { id: Id<'ofr'> }, price: Cents): Promise<void> {
  if (price === 0 || ctx.knobs.xpayOfferId === '') return
  await insertItem(ctx.db, { productId: productIdOf(offer.id, price), offer: offer.id, price, at: ctx.now() })
  await ctx.later('offers.sync_items', {})
}

/** All that a quote and an order are made from, besides who asks. */
type Wares = { offer: KeptOffer; courses: KeptCourse[]; plan: KeptPlan | null; plans: KeptPlan[]; worths: Cents[]; policy: PolicyTerms; settings: AcademySettings; agreementVersion: number; cover: Picture | null; firstLesson: Id<'lsn'> | null; isLimited: boolean }
/** A quote, and what else an order of it needs. */
export type Quoted = Quote & Pick<Wares, 'settings' | 'cover' | 'firstLesson' | 'plan' | 'isLimited'> & Pick<KeptOffer, 'parcel' | 'vat' | 'coins'> & Pick<Priced, 'spends'> & { isSoldHere: boolean }

const KEPT_MS = 60_000
const shelves = new WeakMap<Knobs, Shelf<Wares | undefined>>()

/** Made once for the edition that this very transaction sees. */
async function waresOf(ctx: TxCtx, id: Id<'ofr'>): Promise<Wares | undefined> {
  const shelf = shelves.get(ctx.knobs) ?? openShelf<Wares | undefined>(KEPT_MS)
  shelves.set(ctx.knobs, shelf)
  return shelf.answer(id, await standingEdition(ctx.db), ctx.now().getTime(), () => findWares(ctx, id))
}

async function findWares(ctx: TxCtx, id: Id<'ofr'>): Promise<Wares | undefined> {
  const [offer, agreement, settings, plans, promised] = await Promise.all([findOffer(ctx.db, id), agreementInForce(ctx, 'purchase'), readSettings(ctx), allPlans(ctx), policyAt(ctx, ctx.now())])
  if (!offer) return undefined
  const beside = (await Promise.all(offer.courses.map((course) => courseOf(ctx, course)))).filter((course) => course !== undefined)
  const courses = offer.kind === 'goods' ? [] : beside
  const [main] = beside
  const alone = offer.kind === 'bundle' ? await offersOf(ctx, offer.courses) : new Map<Id<'crs'>, KeptOffer>()
  const [covers, [first], stocks] = await Promise.all([coversOf(ctx, offer.courses), main ? lessonsOf(ctx, [main.id]) : [], stocksOf(ctx, [id])])
  const worths = courses.map((course) => alone.get(course.id)?.price ?? ZERO)
  const plan = plans.find((one) => one.id === offer.plan) ?? null
  return { offer, courses, plan, plans, worths, policy: promiseOf(offer, promised), settings, agreementVersion: agreement?.version ?? 0, cover: (main && covers.get(main.id)) ?? null, firstLesson: first?.id ?? null, isLimited: stocks.has(id) }
}

/** What is promised to whoever buys it now: its own policy, else the academy's. */
function promiseOf({ policy }: KeptOffer, { days, mostPercent }: PolicyTerms): PolicyTerms {
  return policy ?? { days, mostPercent }
}

/** What an offer gives whoever gets it. */
export type Contents = Pick<Quoted, 'title' | 'courses' | 'accessDays' | 'plan' | 'period' | 'parcel' | 'vat' | 'giftDays' | 'coins'>

/** What an offer gives now, on sale or not. */
export async function contentsOf(ctx: TxCtx, id: Id<'ofr'>): Promise<Contents | undefined> {
  const wares = await waresOf(ctx, id)
  return wares && { title: titleOf(wares.offer, wares.courses, wares.plan), courses: wares.courses.map((course) => ({ id: course.id, title: course.title })), accessDays: wares.offer.accessDays, plan: wares.plan, period: wares.offer.period, parcel: wares.offer.parcel, vat: wares.offer.vat, giftDays: wares.offer.giftDays, coins: wares.offer.coins }
}

async function isSold(ctx: TxCtx, { offer, courses }: Wares): Promise<boolean> {
  if (!isStanding(offer, ctx.now()) || courses.some((course) => course.state !== 'published')) return false
  return offer.kind !== 'coins' || (await coinOnSale(ctx)) !== undefined
}

/** What an offer costs somebody now; preview and order both ask here. */
export async function quote(ctx: TxCtx, member: Id<'mem'> | undefined, id: Id<'ofr'>, pieces = 1): Promise<Quoted> {
  const wares = await waresOf(ctx, id)
  if (!wares) return refuse('thing.not_found', { what: 'offer' })
  const { offer, courses, plan, plans, worths, policy, settings, agreementVersion, cover, firstLesson, isLimited } = wares
  if (!(await isSold(ctx, wares))) refuse('offer.not_on_sale')
  if (pieces > 1 && offer.kind !== 'goods') refuse('offer.one_by_one')
  const title = titleOf(offer, courses, plan)
  const seatsLeft = isLimited ? leftOf((await stocksOf(ctx, [id])).get(id)) : null
  const parts = offer.kind === 'bundle' ? courses.map((course, at) => ({ course: course.id, title: course.title, worth: worths[at] ?? ZERO })) : []
  const { total, spends, ...priced } = await priceFor(ctx, member, { title, price: offer.price, pieces, days: offer.accessDays, parts, plan, plans: offer.kind === 'coins' ? [] : plans, shipping: offer.parcel })
  return {
    offer: offer.id,
    pieces,
    mostPieces: mostPiecesOf(offer.kind, seatsLeft),
    course: offer.kind === 'course' ? (courses[0]?.id ?? null) : null,
    title,
    courses: courses.map((course) => ({ id: course.id, title: course.title })),
    ...priced,
    total,
    accessDays: offer.accessDays,
    until: offer.until && instant(offer.until),
    seatsLeft,
    ships: offer.parcel?.goods ?? null,
    policy,
    agreementVersion,
    coins: offer.coins,
    ...(await waysToPay(ctx, wantedBy(offer), total)),
    settings,
    cover,
    firstLesson,
    plan,
    isLimited,
    period: offer.period,
    parcel: offer.parcel,
    vat: offer.vat,
    giftDays: offer.giftDays,
    spends,
  }
}

/** Where it cannot be paid there is no quote: its price may have to be hidden. */
export async function showQuote(ctx: TxCtx, id: Id<'ofr'>, pieces?: number): Promise<Quote> {
  const { isSoldHere, settings: _settings, cover: _cover, firstLesson: _first, plan: _plan, parcel: _parcel, vat: _vat, isLimited: _limited, spends: _spends, ...told } = await quote(ctx, ctx.actor.kind === 'member' ? ctx.actor.member : undefined, id, pieces)
  return isSoldHere ? told : refuse('payment.channel_closed', told.sale)
}

/** Times of plans that stand today, the cheapest first. */
export async function planOffers(ctx: TxCtx): Promise<KeptOffer[]> {
  return (await listOffers(ctx.db, null)).filter((offer) => offer.kind === 'plan' && isStanding(offer, ctx.now())).toSorted((a, b) => a.price - b.price)
}

/** Why somebody may not have this time of a plan; undefined when they may. */
export async function whyNoPlan(ctx: TxCtx, member: Id<'mem'>, wish: { plan: Id<'pln'>; rank: number; period: Period }) {
  const held = (await plansOf(ctx, member)).map((one) => ({ rank: one.plan.rank, until: one.until }))
  return whyNotPlan({ ...wish, had: await hadPlan(ctx, member, wish.plan) }, held)
}

function leftOf(stock: Stock | undefined): number | null {
  return stock ? stock.total - stock.taken : null
}

export async function isItemReady(ctx: TxCtx, offer: Id<'ofr'>, price: Cents): Promise<boolean> {
  return (await findItem(ctx.db, offer, price))?.state === 'ready'
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
  if (items.length > 0) await ctx.later('offers.sync_items', {}, { afterSeconds: 3, key: 'again' })
}

async function beginUpload(ctx: Ctx, items: Item[]): Promise<void> {
  const goods = await Promise.all(items.map(async (item) => ({ id: item.productId, name: await nameOf(ctx, item.offer), price: item.price })))
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

async function nameOf(ctx: TxCtx, id: Id<'ofr'>): Promise<string> {
  const offer = await findOffer(ctx.db, id)
  const courses = await Promise.all((offer?.courses ?? []).map((course) => courseOf(ctx, course)))
  return offer ? titleOf(offer, courses.filter((course) => course !== undefined), offer.plan && (await planOf(ctx, offer.plan))) : id
}

const MOST_ITEMS = 20

async function shown(ctx: TxCtx, offer: KeptOffer): Promise<Offer> {
  const [items, stocks] = [await listItems(ctx.db, offer.id, MOST_ITEMS), await stocksOf(ctx, [offer.id])]
  const stock = stocks.get(offer.id)
  return {
    ...offer,
    from: offer.from && instant(offer.from),
    until: offer.until && instant(offer.until),
    seats: stock?.total ?? null,
    seatsTaken: stock?.taken ?? 0,
    updatedAt: instant(offer.updatedAt),
    virtualItems: items.toSorted((a, b) => Number(b.price === offer.price) - Number(a.price === offer.price)).map(({ price, state, productId, why }) => ({ price, state, productId, why })),
  }
}
