// Placing orders, reading them, and the moves that payments and refunds make on them.
import { randomInt } from 'node:crypto'
import type { Order, OrderEvent } from '#contracts/orders.ts'
import type { Id } from '#contracts/words/id.ts'
import { ZERO, type Cents } from '#contracts/words/money.ts'
import { dayOf, instant } from '#contracts/words/time.ts'
import { inTransaction, type TxCtx } from '#kernel/ctx.ts'
import { newId } from '#kernel/ids.ts'
import { idBefore } from '#kernel/places.ts'
import { refuse } from '#kernel/refuse.ts'
import { grantByOrder, ownedCourses, ownsCourse } from '#modules/content/access/actions.ts'
import { coversOf, lessonsOfAll } from '#modules/content/catalog/actions.ts'
import { quote, type Quoted } from '#modules/trade/offers/actions.ts'
import { actionsOf, mayBecome, orderNumber, type OrderState } from './rules.ts'
import { findByKeyOrOpen, findOrder, insertEvents, insertOrder, listByMember, listEvents, lockOrder, searchOrders, updateRefunded, updateState, type KeptOrder, type Search } from './store.ts'

export type { KeptOrder }
type Wish = { offer: Id<'ofr'>; total: Cents; agreementVersion: number; requestKey: string }

/** One open order a member and course: a repeated wish, by key or by course, is answered with the order that is there. */
export async function placeOrder(ctx: TxCtx, member: Id<'mem'>, wish: Wish): Promise<Order> {
  return inTransaction(ctx, async (ctx) => {
    const quoted = await quote(ctx, wish.offer)
    const before = await findByKeyOrOpen(ctx.db, member, wish.requestKey, quoted.course)
    if (before && (before.requestKey === wish.requestKey || before.total === quoted.total)) return showOne(ctx, before)
    if (quoted.total !== wish.total) refuse('order.price_changed', { total: quoted.total })
    if (quoted.agreementVersion !== wish.agreementVersion) refuse('order.agreement_missing', { agreementVersion: quoted.agreementVersion })
    if (quoted.total > 0 && quoted.channels.length === 0) refuse('payment.channel_closed')
    const fresh = freshOrder(ctx, member, wish, quoted)
    if (!(await insertOrder(ctx.db, fresh))) return showOne(ctx, (await findByKeyOrOpen(ctx.db, member, wish.requestKey, fresh.course)) ?? refuse('thing.changed_meanwhile'))
    // Only now: the insert waited for whoever was getting the same course in the same instant.
    if (await ownsCourse(ctx, member, fresh.course)) refuse('offer.already_owned')
    await noteEvent(ctx, fresh.id, 'placed')
    await ctx.tell('order.placed', { order: fresh.id })
    if (fresh.total === 0) return completeFree(ctx, fresh)
    const [shown] = await Promise.all([showOne(ctx, fresh), ctx.later('payments.close_unpaid', { order: fresh.id }, { afterSeconds: secondsUntil(fresh.closesAt, ctx.now()) })])
    return shown
  })
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
    title: quoted.title,
    lines: quoted.lines,
    total: quoted.total,
    refunded: ZERO,
    accessDays: quoted.accessDays,
    refundRule: quoted.refundRule,
    agreementVersion: quoted.agreementVersion,
    platform: ctx.client.platform,
    system: ctx.client.system,
    placedAt: now,
    paidAt: null,
    closesAt: quoted.total === 0 ? null : new Date(now.getTime() + settings.closeUnpaidMinutes * 60_000),
  }
}

async function completeFree(ctx: TxCtx, order: KeptOrder): Promise<Order> {
  await moveOrder(ctx, order, 'paid')
  await grantByOrder(ctx, { member: order.member, course: order.course, order: order.id, reason: 'free', days: order.accessDays })
  await noteEvent(ctx, order.id, 'access_granted')
  await ctx.tell('order.paid', { order: order.id })
  return showOwn(ctx, order.member, order.id)
}

/** Moves an order that the caller has locked; a move that the table does not know is a bug. */
export async function moveOrder(ctx: TxCtx, order: KeptOrder, to: OrderState): Promise<void> {
  if (!mayBecome(order.state, to)) throw new Error(`order ${order.id} cannot go from ${order.state} to ${to}`)
  if (!(await updateState(ctx.db, order.id, order.state, to, ctx.now()))) throw new Error(`order ${order.id} was moved without a lock`)
}

export async function noteEvent(ctx: TxCtx, order: Id<'ord'>, what: OrderEvent['what'], detail: string | null = null): Promise<void> {
  await noteEvents(ctx, order, [{ what, detail }])
}

/** What happened in the same instant, in this order. */
export async function noteEvents(ctx: TxCtx, order: Id<'ord'>, events: Pick<OrderEvent, 'what' | 'detail'>[]): Promise<void> {
  await insertEvents(ctx.db, order, events, ctx.now())
}

export async function noteRefunded(ctx: TxCtx, order: Id<'ord'>, amount: Cents): Promise<void> {
  await updateRefunded(ctx.db, order, amount)
}

export async function lockedOrder(ctx: TxCtx, id: Id<'ord'>): Promise<KeptOrder> {
  return (await lockOrder(ctx.db, id)) ?? refuse('thing.not_found', { what: 'order' })
}

export async function orderOf(ctx: TxCtx, id: Id<'ord'>): Promise<KeptOrder | undefined> {
  return findOrder(ctx.db, id)
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
  const courses = [...new Set(orders.map((order) => order.course))]
  const [events, covers, owned, lessons] = await Promise.all([listEvents(ctx.db, orders.map((order) => order.id)), coversOf(ctx, courses), ownedCourses(ctx, member), lessonsOfAll(ctx, courses)])
  return orders.map((order) => ({
    id: order.id,
    number: order.number,
    state: order.state,
    course: order.course,
    title: order.title,
    cover: covers.get(order.course) ?? null,
    lines: order.lines,
    total: order.total,
    refunded: order.refunded,
    placedAt: instant(order.placedAt),
    paidAt: order.paidAt && instant(order.paidAt),
    closesAt: order.state === 'placed' && order.closesAt ? instant(order.closesAt) : null,
    accessUntil: untilOf(owned.get(order.course)),
    firstLesson: lessons.find((lesson) => lesson.course === order.course)?.id ?? null,
    timeline: events.filter((event) => event.order === order.id).map(({ at, what, detail }) => ({ at: instant(at), what, detail })),
    refundRule: order.refundRule,
    can: actionsOf(order.state),
  }))
}

function untilOf(until: Date | null | undefined) {
  return until ? instant(until) : null
}

function secondsUntil(at: Date | null, now: Date): number {
  return at ? Math.max(1, Math.round((at.getTime() - now.getTime()) / 1000)) : 1
}
