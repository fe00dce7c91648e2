// Placing orders, reading them, and the moves that payments and refunds make on them.
import { randomInt } from 'node:crypto'
import type { Order, OrderEvent } from '#contracts/orders.ts'
import type { PolicyTerms } from '#contracts/policies.ts'
import { isId, type Id } from '#contracts/words/id.ts'
import { ZERO, minus, type Cents } from '#contracts/words/money.ts'
import { dayOf, instant } from '#contracts/words/time.ts'
import { inTransaction, type TxCtx } from '#kernel/ctx.ts'
import { newId } from '#kernel/ids.ts'
import { idBefore } from '#kernel/places.ts'
import { refuse } from '#kernel/refuse.ts'
import { grantCourse, grantPlan, isWorth, ownedCourses, type Source } from '#modules/content/access/actions.ts'
import { coversOf } from '#modules/content/catalog/actions.ts'
import { lessonsOf } from '#modules/content/outline/actions.ts'
import { isItemReady, mirror, quote, whyNoPlan, type Contents, type Quoted } from '#modules/trade/offers/actions.ts'
import { isPayable, saleFor } from '#modules/trade/channels/actions.ts'
import { hasAll } from '#modules/trade/prices/actions.ts'
import { isOut, keepParcel, parcelsOf, readdress, readyParcel, shownParcel, stopParcel } from '#modules/trade/parcels/actions.ts'
import { hold, holdAgain, release, setLimit } from '#modules/trade/stock/actions.ts'
import { actionsOf, isSameBargain, kindsOf, mayBecome, opensSomething, orderNumber, whyNotPlaced, type OrderState, type WhyNot } from './rules.ts'
import { findByKeyOrOpen, findByNumber, findOrder, insertEvent, insertOrder, insertRepeat, listByMember, listDue, listEvents, listOrders, lockOrder, searchOrders, updateRefunded, updateState, type Event, type Gives, type KeptOrder, type Search } from './store.ts'

export { bucketsOf, goodsIn, kindsOf, soldBy } from './rules.ts'
export type { Gives, KeptOrder }

type Happened = Event & { at: Date }
type Wish = { offer: Id<'ofr'>; total: Cents; agreementVersion: number; policy: PolicyTerms; requestKey: string; pieces?: number; address?: Id<'adr'> }

/** One open order a member and offer: a repeated wish, by key or by offer, is answered with the order that is there. */
export async function placeOrder(ctx: TxCtx, member: Id<'mem'>, wish: Wish): Promise<Order> {
  return inTransaction(ctx, async (ctx) => {
    const quoted = await quote(ctx, member, wish.offer, wish.pieces)
    if (!quoted.isSoldHere) refuse('payment.channel_closed', quoted.sale)
    const fresh = await waitForItem(ctx, freshOrder(ctx, member, wish, quoted))
    const why = whyNotPlaced(quoted, wish)
    if (why) return showStanding(ctx, fresh, wish.address, why)
    // In this order: the insert waits for whoever is getting the same offer in the same instant, and only then it is told who owns it.
    const [isNew, isOwned] = await Promise.all([insertOrder(ctx.db, fresh), whyHas(ctx, member, fresh.gives)])
    if (!isNew) return showStanding(ctx, fresh, wish.address)
    if (isOwned) refuse(isOwned)
    await holdAll(ctx, fresh, quoted.isLimited)
    if (fresh.gives.parcel && wish.address) await keepParcel(ctx, fresh.id, fresh.gives.parcel, member, wish.address)
    if (needsItem(fresh)) await mirror(ctx, { id: fresh.offer }, fresh.total)
    await ctx.tell('order.placed', { order: fresh.id })
    return fresh.total === 0 ? completeFree(ctx, fresh) : showNew(ctx, fresh, quoted)
  })
}

/** Virtual payment sells what WeChat has an item for, at that very price. */
function needsItem({ platform, gives, total }: KeptOrder): boolean {
  return platform === 'wechat' && !gives.parcel && gives.coins === undefined && total > 0
}

/** WeChat takes ten minutes to half an hour to publish an item. */
const ITEM_MS = 40 * 60_000

/** A price that nobody had before, as that of an upgrade, gets its item with the order: it stays open so much longer. */
async function waitForItem(ctx: TxCtx, order: KeptOrder): Promise<KeptOrder> {
  if (!order.closesAt || !needsItem(order) || (await isItemReady(ctx, order.offer, order.total))) return order
  return { ...order, closesAt: new Date(order.closesAt.getTime() + ITEM_MS) }
}

async function showNew(ctx: TxCtx, order: KeptOrder, quoted: Quoted): Promise<Order> {
  const parcel = order.gives.parcel && (await parcelsOf(ctx, [order.id])).get(order.id)
  return shown(ctx, order, quoted, null, [{ at: order.placedAt, what: 'placed', detail: null }], parcel ? shownParcel(ctx, parcel) : null)
}

/** The order that a repeated wish finds, on its way to the address named last; a wish that repeats nothing is refused for the reason given. */
async function showStanding(ctx: TxCtx, fresh: KeptOrder, address?: Id<'adr'>, why?: WhyNot): Promise<Order> {
  const standing = await findByKeyOrOpen(ctx.db, fresh.member, fresh.requestKey, fresh.offer)
  if (!standing || (why && !standing.isByKey && standing.order.total !== fresh.total)) return why ? refuse(why.code, why.details) : refuse('thing.changed_meanwhile')
  const { order, isByKey } = standing
  if (!isByKey) {
    if (!isSameBargain(order, fresh)) refuse('order.other_open', { order: order.id, title: order.title })
    await insertRepeat(ctx.db, order.member, fresh.requestKey, order.id)
  }
  if (address && order.state === 'placed' && order.gives.parcel) await readdress(ctx, order.id, fresh.member, address)
  return showOne(ctx, order)
}

function freshOrder(ctx: TxCtx, member: Id<'mem'>, wish: Wish, quoted: Quoted): KeptOrder {
  const { settings } = quoted
  const now = ctx.now()
  return {
    id: newId('ord'),
    number: orderNumber(dayOf(now, settings.zone), randomInt(10_000_000_000)),
    member,
    course: quoted.course,
    offer: wish.offer,
    requestKey: wish.requestKey,
    state: 'placed',
    title: quoted.pieces > 1 ? `${quoted.title} × ${quoted.pieces}` : quoted.title,
    gives: givesOf(quoted, quoted),
    lines: quoted.lines,
    total: quoted.total,
    refunded: ZERO,
    accessDays: quoted.accessDays,
    refundRule: null,
    policy: quoted.policy,
    agreementVersion: quoted.agreementVersion,
    platform: ctx.client.platform,
    system: ctx.client.system,
    placedAt: now,
    paidAt: null,
    closesAt: quoted.total === 0 ? null : new Date(now.getTime() + settings.closeUnpaidMinutes * 60_000),
  }
}

/** What an offer gives; `paid` is what it is worth when lower tiers went into its price. */
export function givesOf({ courses, accessDays, plan, period, parcel, vat, giftDays, coins }: Contents, paid?: Pick<Quoted, 'total' | 'lines' | 'spends' | 'pieces' | 'goodsPart'>): Gives {
  const given = { courses: courses.map(({ id, title }) => ({ course: id, title, days: accessDays })), vat, ...(parcel ? { parcel: parcelOf(parcel, paid) } : {}), ...(coins === null ? {} : { coins }) }
  if (!plan || !period) return given
  const credit = paid?.lines.find((line) => line.step === 'upgrade_credit')?.amount ?? ZERO
  return { ...given, plan: { plan: plan.id, title: plan.title, rank: plan.rank, period, days: accessDays, ...(giftDays > 0 ? { giftDays } : {}), worth: minus(paid?.total ?? ZERO, credit), ends: paid?.spends.map((one) => one.right) ?? [], credits: paid?.spends.map((one) => one.credit) ?? [] } }
}

function parcelOf({ goods, worth, vat }: NonNullable<Contents['parcel']>, paid?: Pick<Quoted, 'pieces' | 'goodsPart'>): NonNullable<Gives['parcel']> {
  return { goods, pieces: paid?.pieces ?? 1, ...(paid?.goodsPart == null ? {} : { paid: paid.goodsPart }), ...(worth === undefined ? {} : { worth }), ...(vat === undefined ? {} : { vat }) }
}

async function completeFree(ctx: TxCtx, order: KeptOrder): Promise<Order> {
  if (!(await hasCredit(ctx, order))) refuse('thing.changed_meanwhile')
  await moveOrder(ctx, order, 'paid', openedBy(order))
  await ctx.tell('order.paid', { order: order.id })
  return showOwn(ctx, order.member, order.id)
}

/** Moves an order that the caller has locked, writes what happened, and does what the move means: paid gives what was agreed, closed gives back what was held. A move that the table does not know is a bug. */
export async function moveOrder(ctx: TxCtx, order: KeptOrder, to: OrderState, events: Event[]): Promise<void> {
  if (!mayBecome(order.state, to)) throw new Error(`order ${order.id} cannot go from ${order.state} to ${to}`)
  if (!(await updateState(ctx.db, order.id, order.state, to, events, ctx.now()))) throw new Error(`order ${order.id} was moved without a lock`)
  if (to === 'paid') await fulfil(ctx, order)
  if (to === 'closed' && order.gives.parcel) await stopParcel(ctx, order.id)
  if (to === 'closed') await release(ctx, order.id)
}

async function fulfil(ctx: TxCtx, order: KeptOrder): Promise<void> {
  await give(ctx, { member: order.member, order: order.id, reason: order.total === 0 ? 'free' : 'bought', note: '' }, order.gives)
  if (order.gives.parcel) await readyParcel(ctx, order.id)
}

/** What the timeline says is open once an order is paid; goods alone open nothing. */
export function openedBy(order: KeptOrder): Event[] {
  return opensSomething(order.gives) ? [{ what: 'access_granted', detail: null }] : []
}


/** Gives everything that was agreed. */
export async function give(ctx: TxCtx, source: Source, { courses, plan }: Gives): Promise<void> {
  for (const course of courses) await grantCourse(ctx, source, course)
  if (plan) await grantPlan(ctx, source, plan)
}

/** Why somebody needs none of this, or undefined; goods alone may be bought again and again. */
export async function whyHas(ctx: TxCtx, member: Id<'mem'>, { courses, plan }: Gives) {
  if (plan) return whyNoPlan(ctx, member, plan)
  if (courses.length === 0) return undefined
  return (await hasAll(ctx, member, courses.map((one) => one.course), courses[0]?.days ?? null)) ? 'offer.already_owned' : undefined
}

/** Holds a seat or the pieces, and what is left of lower tiers: one upgrade at a time spends it. */
async function holdAll(ctx: TxCtx, order: KeptOrder, isLimited: boolean): Promise<void> {
  const ends = order.gives.plan?.ends ?? []
  for (const right of ends) await setLimit(ctx, right, 1)
  if (ends.length > 0 && !(await hold(ctx, order.id, ends.map((subject) => ({ subject, count: 1 }))))) refuse('order.credit_in_use')
  if (isLimited && !(await hold(ctx, order.id, [{ subject: order.offer, count: order.gives.parcel?.pieces ?? 1 }]))) refuse('offer.sold_out')
}

/** True while every right whose worth went into the price lives and is worth as much; they stay so until the transaction ends. */
export async function hasCredit(ctx: TxCtx, { gives: { plan } }: KeptOrder): Promise<boolean> {
  return !plan || isWorth(ctx, plan.ends.map((right, at) => ({ right, credit: plan.credits?.[at] ?? ZERO })))
}

/** For money that comes after closing: holds again what closing gave back. False when the buyer has it otherwise by now, or somebody else got the last one. */
export async function reopen(ctx: TxCtx, order: KeptOrder): Promise<boolean> {
  return !(await whyHas(ctx, order.member, order.gives)) && holdAgain(ctx, order.id)
}

/** A refunded order holds no seat any longer; goods that left the house do not come back by themselves. */
export async function releaseRefunded(ctx: TxCtx, id: Id<'ord'>): Promise<void> {
  await inTransaction(ctx, async (ctx) => {
    const order = await lockOrder(ctx.db, id)
    if (order?.state === 'refunded' && !(order.gives.parcel && (await isOut(ctx, id)))) await release(ctx, id)
  })
}

export async function noteEvent(ctx: TxCtx, order: Id<'ord'>, what: OrderEvent['what'], detail: string | null = null): Promise<void> {
  await insertEvent(ctx.db, order, { what, detail }, ctx.now())
}

export async function noteRefunded(ctx: TxCtx, order: Id<'ord'>, amount: Cents): Promise<void> {
  await updateRefunded(ctx.db, order, amount)
}

export async function lockedOrder(ctx: TxCtx, id: Id<'ord'>): Promise<KeptOrder> {
  return (await lockOrder(ctx.db, id)) ?? refuse('thing.not_found', { what: 'order' })
}

export async function ordersOf(ctx: TxCtx, ids: Id<'ord'>[]): Promise<KeptOrder[]> {
  return listOrders(ctx.db, ids)
}

export async function orderOf(ctx: TxCtx, id: Id<'ord'>): Promise<KeptOrder | undefined> {
  return findOrder(ctx.db, id)
}

/** By its handle, or by the number that people read out. */
export async function orderNamed(ctx: TxCtx, key: string): Promise<KeptOrder | undefined> {
  return isId('ord', key) ? findOrder(ctx.db, key) : findByNumber(ctx.db, key)
}

/** Unpaid orders whose time is over. */
export async function dueOrders(ctx: TxCtx, limit: number): Promise<Id<'ord'>[]> {
  return listDue(ctx.db, ctx.now(), limit)
}

export async function findOrders(ctx: TxCtx, search: Search, before: string | null, limit: number): Promise<KeptOrder[]> {
  return searchOrders(ctx.db, search, before, limit)
}

/** The order when it is this member's own; somebody else's does not exist for them. */
export async function ownOrder(ctx: TxCtx, member: Id<'mem'>, id: Id<'ord'>): Promise<KeptOrder> {
  const order = await findOrder(ctx.db, id)
  if (order?.member !== member) refuse('thing.not_found', { what: 'order' })
  return order
}

export async function showOwn(ctx: TxCtx, member: Id<'mem'>, id: Id<'ord'>): Promise<Order> {
  return showOne(ctx, await ownOrder(ctx, member, id))
}

export async function listOwn(ctx: TxCtx, member: Id<'mem'>, ask: { state?: OrderState; cursor?: string; limit?: number }) {
  const limit = ask.limit ?? 20
  const orders = await listByMember(ctx.db, member, ask.state ?? null, idBefore('ord', ask.cursor), limit + 1)
  return { items: await showAll(ctx, member, orders.slice(0, limit)), next: orders.length > limit ? (orders[limit - 1]?.id ?? null) : null }
}

export async function timelineOf(ctx: TxCtx, id: Id<'ord'>): Promise<OrderEvent[]> {
  return (await listEvents(ctx.db, [id])).map(({ at, what, detail }) => ({ at: instant(at), what, detail }))
}

async function showOne(ctx: TxCtx, order: KeptOrder): Promise<Order> {
  const [shown] = await showAll(ctx, order.member, [order])
  return shown ?? refuse('thing.not_found', { what: 'order' })
}

async function showAll(ctx: TxCtx, member: Id<'mem'>, orders: KeptOrder[]): Promise<Order[]> {
  const courses = [...new Set(orders.map(mainOf).filter((course) => course !== undefined))]
  const [parcels, events, covers, owned, lessons] = await Promise.all([parcelsOf(ctx, orders.filter((order) => order.gives.parcel).map((order) => order.id)), listEvents(ctx.db, orders.map((order) => order.id)), coversOf(ctx, courses), ownedCourses(ctx, member), lessonsOf(ctx, courses)])
  return orders.map((order) => {
    const main = mainOf(order)
    const face = { cover: (main && covers.get(main)) ?? null, firstLesson: lessons.find((lesson) => lesson.course === main)?.id ?? null }
    const parcel = parcels.get(order.id)
    return shown(ctx, order, face, (main && owned.get(main)) ?? null, events.filter((event) => event.order === order.id), parcel ? shownParcel(ctx, parcel) : null)
  })
}

/** The course an order shows the face of. */
function mainOf(order: KeptOrder): Id<'crs'> | undefined {
  return order.gives.courses[0]?.course
}

/** What was paid is told everywhere, as a receipt; what was not is told only where such a price may be shown. */
function shown(ctx: TxCtx, order: KeptOrder, { cover, firstLesson }: Pick<Quoted, 'cover' | 'firstLesson'>, until: Date | null, events: Happened[], parcel: Order['parcel']): Order {
  const sale = saleFor(ctx, kindsOf(order.gives), order.total)
  const isTold = order.paidAt !== null || order.state === 'paid' || order.total === 0 || sale.price === 'shown'
  return {
    id: order.id,
    number: order.number,
    state: order.state,
    course: order.course,
    courses: order.gives.courses.map(({ course, title }) => ({ id: course, title })),
    plan: order.gives.plan?.plan ?? null,
    coins: order.gives.coins ?? null,
    title: order.title,
    cover,
    lines: isTold ? order.lines : [],
    total: isTold ? order.total : null,
    refunded: order.refunded,
    sale,
    placedAt: instant(order.placedAt),
    paidAt: order.paidAt && instant(order.paidAt),
    closesAt: order.state === 'placed' && order.closesAt ? instant(order.closesAt) : null,
    accessUntil: until && instant(until),
    firstLesson,
    timeline: events.map(({ at, what, detail }) => ({ at: instant(at), what, detail })),
    refundRule: order.refundRule,
    policy: order.policy,
    parcel,
    can: actionsOf(order.state, opensSomething(order.gives), isPayable(ctx, kindsOf(order.gives), order.total)),
  }
}
